// SPDX-License-Identifier: Apache-2.0
/// The smallest (or largest) of an ordered list of values at which a goal is met.
///
/// A goal need not be monotone: a larger capacitor bridges longer gaps and takes longer to fill. So
/// values spread over the whole list are probed first; where none meets the goal, more of them, up
/// to `most_probes`. Between the first probe that meets it (from the wanted end) and the one
/// before, the list is bisected until the two neighbours are found of which one meets the goal and
/// the next does not. If the goal fails again beyond, that is told. What lies between probes that
/// agree is not looked at.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

/// What was found out about one value.
struct Trial {
    double value = 0.0;
    bool meets = false;
    std::size_t runs = 0, misses = 0;  ///< runs made (fewer where the verdict was certain sooner)
    double lower_bound = 0.0;          ///< of the share of starts, or of the mean margin
    std::string why_not;               ///< not empty: this value cannot be run
};

struct SearchOptions {
    bool largest = false;
    std::size_t probes = 9, most_probes = 65;
};

struct SearchResult {
    std::optional<Trial> found;   ///< the wanted value
    std::optional<Trial> beyond;  ///< its neighbour towards the wanted end; none at the list's end
    std::vector<Trial> trials;    ///< all, by value
    bool monotone = true;         ///< as far as was looked
};

/// `values` ascend. `judge` is called once per value.
[[nodiscard]] SearchResult search_size(const std::vector<double>& values,
                                       const std::function<Trial(double)>& judge,
                                       const SearchOptions& options);

/// From low to high in equal ratios (equal steps where low is not above 0), each at most
/// `resolution` above the one before, rounded to as few digits as that allows.
[[nodiscard]] std::vector<double> ladder(double low, double high, double resolution);

}  // namespace ebb
