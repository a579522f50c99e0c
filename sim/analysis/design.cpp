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

/// What is left of the runs once the means of their point and of their repeat are taken away, as
/// the variance of a point's mean. A repeat's own mean moves all points alike and no index.
double noise_of(const SweepData& table, const std::vector<double>& values) {
    std::map<std::int64_t, std::vector<double>> of_point, of_repeat;
    std::vector<double> all;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (!std::isnan(values[row])) {
            of_point[table.point[row]].push_back(values[row]);
            of_repeat[table.repeat[row]].push_back(values[row]);
            all.push_back(values[row]);
        }
    }
    const auto points = static_cast<double>(of_point.size());
    const auto repeats = static_cast<double>(of_repeat.size());
    if (points < 2.0 || repeats < 2.0 || static_cast<double>(all.size()) != points * repeats) {
        return std::nan("");  // unbalanced: some runs failed, or there is one repeat
    }
    std::map<std::int64_t, double> point_mean, repeat_mean;
    for (const auto& [point, mine] : of_point) {
        point_mean[point] = mean_interval(mine).mean;
    }
    for (const auto& [repeat, mine] : of_repeat) {
        repeat_mean[repeat] = mean_interval(mine).mean;
    }
    const double mean = mean_interval(all).mean;
    double squares = 0.0;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (!std::isnan(values[row])) {
            const double left =
                values[row] - point_mean[table.point[row]] - repeat_mean[table.repeat[row]] + mean;
            squares += left * left;
        }
    }
    return squares / ((points - 1.0) * (repeats - 1.0)) / repeats;
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
        design.y.push_back(mine.empty() ? std::nan("") : mean_interval(mine).mean);
    }
    design.noise = noise_of(table, values);
    return design;
}

SobolIndices sensitivity(const Design& given, double confidence) {
    if (given.axes.empty()) {
        throw InputError("the sweep varies no input, so there is nothing to be sensitive to");
    }
    const Design design = without_twins(given);
    std::optional<SobolIndices> found = saltelli_sensitivity(design, confidence);
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
