// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "models/core/error.hpp"
#include "sim/analysis/ranking.hpp"
#include "sim/analysis/sensitivity.hpp"
#include "sim/analysis/sensitivity_designs.hpp"
#include "sim/analysis/statistics.hpp"

namespace ebb {

namespace {

/// Do two axes always change together, level for level? Then they are one input.
bool one_to_one(const std::vector<double>& a, const std::vector<double>& b) {
    std::map<double, double> there, back;
    for (std::size_t p = 0; p < a.size(); ++p) {
        if (there.emplace(a[p], b[p]).first->second != b[p] ||
            back.emplace(b[p], a[p]).first->second != a[p]) {
            return false;
        }
    }
    return true;
}

/// Axes of a zip are one input. Where all axes change together (a list, a random sample) there is
/// nothing to tell apart, and the design stays as it is.
Design without_twins(const Design& design) {
    Design out{{}, {}, design.y, design.noise};
    for (std::size_t i = 0; i < design.axes.size(); ++i) {
        bool twin = false;
        for (std::size_t k = 0; k < out.axes.size() && !twin; ++k) {
            twin = one_to_one(out.cells[k], design.cells[i]);
            if (twin) {
                out.axes[k] += " with " + design.axes[i];
            }
        }
        if (!twin) {
            out.axes.push_back(design.axes[i]);
            out.cells.push_back(design.cells[i]);
        }
    }
    return out.axes.size() > 1 ? out : design;
}

}  // namespace

Design design_of(const SweepData& table, const Expression& metric) {
    const std::vector<double> values = values_of(table, metric);
    const std::vector<std::size_t> axes = axes_of(table);
    Design design;
    for (const std::size_t axis : axes) {
        design.axes.push_back(table.columns[axis].name);
        design.cells.emplace_back();
    }
    double squares = 0.0;
    std::size_t repeated = 0;
    for (const PointRows& point : points_of(table)) {
        std::vector<double> mine;
        for (const std::size_t row : point.rows) {
            if (table.done[row]) {
                mine.push_back(values[row]);
            }
        }
        for (std::size_t i = 0; i < axes.size(); ++i) {
            const double cell = table.columns[axes[i]].cells[point.rows.front()];
            // An input that is not given is a level like any other, and NaN equals nothing.
            design.cells[i].push_back(std::isnan(cell) ? -INFINITY : cell);
        }
        const double mean = mean_interval(mine).mean;
        design.y.push_back(mine.empty() ? std::nan("") : mean);
        if (mine.size() > 1 && !std::isnan(mean)) {
            const auto n = static_cast<double>(mine.size());
            double spread = 0.0;
            for (const double x : mine) {
                spread += (x - mean) * (x - mean);
            }
            squares += spread / (n - 1.0) / n;
            ++repeated;
        }
    }
    design.noise = repeated == 0 ? 0.0 : squares / static_cast<double>(repeated);
    return design;
}

Sensitivity sensitivity(const Design& given, double confidence) {
    if (given.axes.empty()) {
        throw InputError("the sweep varies no input, so there is nothing to be sensitive to");
    }
    const Design design = without_twins(given);
    std::optional<Sensitivity> found = saltelli_sensitivity(design, confidence);
    if (!found) {
        found = grid_sensitivity(design);
    }
    if (!found) {
        throw InputError(fmt::format(
            "{} points over {} inputs are neither a full grid nor a Saltelli design, and no other "
            "has "
            "Sobol indices that can be told from chance: sweep a grid, or sample with the method "
            "saltelli",
            design.y.size(), design.axes.size()));
    }
    if (!(found->variance > 0.0)) {
        throw InputError(
            "the result is the same at every point: it has no variance to be explained");
    }
    found->noise_share = design.noise / found->variance;
    return *found;
}

}  // namespace ebb
