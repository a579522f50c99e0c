// SPDX-License-Identifier: Apache-2.0
/// `ebb size`: the smallest capacitor, the smallest cell, the highest rate that meets a goal; found
/// by bracketing (size_search.hpp), judged by runs (size_runs.hpp), confirmed with fresh starts at
/// the value found. Where fresh starts do not confirm it, they join the others and the search goes
/// on from there.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/analysis/size_runs.hpp"
#include "sim/analysis/size_search.hpp"

namespace ebb {

struct SizeQuestion {
    std::string name;            ///< of the scenario
    std::vector<double> values;  ///< ascending
    double resolution = 0.01;    ///< of the list; 0 for preferred values
    int series = 0;              ///< 12 for E12; 0: none
    SearchOptions search;
};

struct SizeAnswer {
    SearchResult result;             ///< of the last search
    std::optional<Trial> confirmed;  ///< the value found, with fresh starts
    std::size_t starts = 0, allowed_misses = 0, runs = 0;
    std::size_t rounds = 1;  ///< of searching with more starts
    bool certain = false;
};

[[nodiscard]] SizeAnswer find_size(const SizeQuestion& question, SizeRuns& runs);

[[nodiscard]] std::string size_text(const SizeQuestion& question, const SizeRuns& runs,
                                    const SizeAnswer& answer);
[[nodiscard]] nlohmann::ordered_json size_json(const SizeQuestion& question, const SizeRuns& runs,
                                               const SizeAnswer& answer);

}  // namespace ebb
