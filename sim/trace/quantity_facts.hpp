// SPDX-License-Identifier: Apache-2.0
/// What is known of each quantity of a trace, in one table: its unit, its integral over time, what
/// a plausible value is, and the thresholds at which it is usually looked at.
#pragma once

#include "models/core/series.hpp"

#include <vector>

namespace ebb {

struct QuantityFacts {
    Quantity quantity = Quantity::none;
    const char* unit = "";           ///< "W"
    const char* integral_name = "";  ///< what value * time is called; empty = nothing of use
    const char* integral_unit = "";  ///< "J"
    double largest = 1e3;            ///< beyond it a number is a mistake of unit or of parsing
    bool either_sign = false;
    double lowest_offset = 0.0;  ///< values from here to 0 are a sensor's offset and become 0
    std::vector<double> thresholds;
};

[[nodiscard]] const QuantityFacts& facts_of(Quantity quantity);

}  // namespace ebb
