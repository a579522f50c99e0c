// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "models/core/error.hpp"
#include "sim/analysis/sensitivity_designs.hpp"

namespace ebb {

namespace {

/// Every combination of the axes' levels exactly once.
bool is_grid(const Design& design) {
    double combinations = 1.0;
    for (const auto& axis : design.cells) {
        combinations *= static_cast<double>(std::set<double>(axis.begin(), axis.end()).size());
    }
    if (combinations != static_cast<double>(design.y.size())) {
        return false;
    }
    std::set<std::vector<double>> seen;
    for (std::size_t p = 0; p < design.y.size(); ++p) {
        std::vector<double> place;
        for (const auto& axis : design.cells) {
            place.push_back(axis[p]);
        }
        if (!seen.insert(place).second) {
            return false;
        }
    }
    return true;
}

/// Variance of the group means, where points with an equal key are a group. All groups of a grid
/// have the same size.
template <class Key>
double variance_of_means(const std::vector<double>& y, double mean, const Key& key) {
    std::map<std::vector<double>, std::pair<double, double>> groups;  // sum, count
    for (std::size_t p = 0; p < y.size(); ++p) {
        auto& [sum, count] = groups[key(p)];
        sum += y[p] - mean;
        count += 1.0;
    }
    double squares = 0.0;
    for (const auto& [place, group] : groups) {
        const double deviation = group.first / group.second;
        squares += deviation * deviation;
    }
    return squares / static_cast<double>(groups.size());
}

}  // namespace

std::optional<SobolIndices> grid_sensitivity(const Design& design) {
    if (!is_grid(design)) {
        return std::nullopt;
    }
    const auto without = static_cast<std::size_t>(
        std::count_if(design.y.begin(), design.y.end(), [](double y) { return std::isnan(y); }));
    if (without > 0) {
        throw InputError(fmt::format(
            "{} of the grid's {} points have no value here; the variances of a grid with holes "
            "cannot be told apart",
            without, design.y.size()));
    }
    SobolIndices out;
    out.method = SobolIndices::Method::grid;
    out.points = design.y.size();
    const auto n = static_cast<double>(design.y.size());
    for (const double y : design.y) {
        out.mean += y / n;
    }
    for (const double y : design.y) {
        out.variance += (y - out.mean) * (y - out.mean) / n;
    }
    std::string levels;
    for (std::size_t i = 0; i < design.axes.size(); ++i) {
        const auto& axis = design.cells[i];
        levels += fmt::format("{}{}", i == 0 ? "" : " x ",
                              std::set<double>(axis.begin(), axis.end()).size());
        InputSensitivity input;
        input.input = design.axes[i];
        if (out.variance > 0.0) {
            input.first =
                variance_of_means(design.y, out.mean,
                                  [&](std::size_t p) { return std::vector<double>{axis[p]}; }) /
                out.variance;
            input.total = 1.0 - variance_of_means(design.y, out.mean, [&](std::size_t p) {
                                    std::vector<double> others;
                                    for (std::size_t k = 0; k < design.axes.size(); ++k) {
                                        if (k != i) {
                                            others.push_back(design.cells[k][p]);
                                        }
                                    }
                                    return others;
                                }) / out.variance;
        }
        out.inputs.push_back(std::move(input));
    }
    out.layout = fmt::format("grid of {} points", levels);
    return out;
}

}  // namespace ebb
