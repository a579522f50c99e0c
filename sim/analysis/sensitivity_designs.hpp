// SPDX-License-Identifier: Apache-2.0
/// The two designs of sensitivity.hpp. Each gives nothing if the points are not of its kind.
#pragma once

#include <optional>

#include "sim/analysis/sensitivity.hpp"

namespace ebb {

[[nodiscard]] std::optional<SobolIndices> saltelli_sensitivity(const Design& design,
                                                               double confidence);
/// Throws InputError if it is a grid but a point has no value.
[[nodiscard]] std::optional<SobolIndices> grid_sensitivity(const Design& design);

}  // namespace ebb
