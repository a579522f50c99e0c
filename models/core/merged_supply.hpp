// SPDX-License-Identifier: Apache-2.0
/// Several supplies on one store node, as one.
///
///   p(V) = sum of p_i(V)       offered(V) = sum of offered_i(V)          [W]
///
/// A stretch of the merged supply lasts until one of its parts changes. Within it the terms add; a
/// border of any part (a diode's reach, an efficiency table's cell) is a border of the sum; where
/// parts have curves the sum has one. Samples are held: straight lines between samples are not
/// merged.
///
/// Powers that lose the same share, currents with the same drop, and constants of one of these
/// kinds whatever they lose, are one supply of that kind again: stores pass it as fast as one
/// source.
#pragma once

#include "models/core/supply.hpp"

#include <cstdint>
#include <vector>

namespace ebb {

/// From time 0 to `duration_ns`, held beyond. Throws Defect for a part of straight lines,
/// InputError if the changes do not fit into memory.
[[nodiscard]] Supply merge_supplies(std::vector<Supply> parts, std::int64_t duration_ns);

}  // namespace ebb
