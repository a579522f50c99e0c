// SPDX-License-Identifier: Apache-2.0
/// Parameters of the store of rearranged cells (see array.hpp for the rules).
#pragma once

#include "models/store/polled_ladder.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ebb {

struct ArrayCell {
    std::string name;
    double capacitance_f = 0.0;
    std::optional<double> initial_v;  ///< none: 0 V
};

struct ArrayConfiguration {
    std::string name;
    /// "a + b | c, d": strings side by side, a string's groups in series, cells of a group side by
    /// side; none: all cells are off
    std::optional<std::string> strings;
    std::optional<double> up_v;    ///< terminal, rising: the next configuration
    std::optional<double> down_v;  ///< terminal, falling: the one before
};

struct ArrayParams {
    double capacitance_f = 0.0;  ///< always at the node
    double initial_v = 0.0;
    double max_v = 0.0;
    std::optional<double> leak_time_s;  ///< R C of every capacitor here
    double hold_s = 1e-3;               ///< rules wait so long after one has switched
    std::vector<ArrayCell> cells;
    std::vector<ArrayConfiguration> configurations;
    /// Walks the ladder in place of the configurations' own thresholds.
    std::optional<PolledLadderParams> controller;
};

/// Cells of the strings of a configuration, by index. `unknown` gets the first name that is no cell
/// or is there twice.
using ArrayGroup = std::vector<std::size_t>;
using ArrayString = std::vector<ArrayGroup>;
using ArrayStrings = std::vector<ArrayString>;
[[nodiscard]] ArrayStrings strings_of(const ArrayParams& params,
                                      const ArrayConfiguration& configuration,
                                      std::string& unknown);

}  // namespace ebb
