// SPDX-License-Identifier: Apache-2.0
/// Which unit texts each dimension accepts, and which of them output uses. Private to
/// quantity*.cpp.
#pragma once

#include <vector>

#include "models/core/quantity.hpp"

namespace ebb {

/// One accepted unit text: value = number * 10^shift * factor.
struct UnitText {
    const char* symbol;
    int shift;
    double factor;
};

struct DimensionInfo {
    const char* name;
    const char* si;
    const char* example;
    std::vector<UnitText> units;   ///< smallest first; the SI unit is among them
    std::vector<UnitText> format;  ///< those that output uses, smallest first
};

[[nodiscard]] const DimensionInfo& info_of(Dimension d);

/// Every dimension that has units of its own.
[[nodiscard]] const std::vector<Dimension>& dimensions_with_units();

}  // namespace ebb
