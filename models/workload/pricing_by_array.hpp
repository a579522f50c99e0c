// SPDX-License-Identifier: Apache-2.0
/// Layers priced by a systolic array: accesses and cycles by systolic_array.hpp, with the tiling
/// that moves the fewest bytes.
///
///   latency(layer) = cycles/clock     [s]
///   energy(layer)  = MACs, accesses and static power at the array's energies     [J]
///
/// Layers without MACs cost nothing of their own. All figures are a model's; how far the model is
/// from another one stands in docs/models/systolic_array.md.
#pragma once

#include "models/workload/layer_pricing.hpp"

namespace ebb {

/// For variants with `array`.
[[nodiscard]] const LayerPricing& array_pricing() noexcept;

}  // namespace ebb
