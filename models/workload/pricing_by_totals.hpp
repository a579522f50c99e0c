// SPDX-License-Identifier: Apache-2.0
/// Layers priced from measured totals of whole networks and nothing else: platforms of which no
/// more is public.
///
///   latency(layer) = total latency x MACs(layer)/MACs of the network     [s], energy likewise
///
/// A network that was measured has its total, split by MACs: an estimate. Another network takes the
/// latency and energy per MAC of all measured ones together: an estimate throughout, and a poor one
/// (small layers use an accelerator badly); the leave-one-network-out errors say how poor. Layers
/// without MACs cost nothing of their own.
#pragma once

#include "models/workload/layer_pricing.hpp"

namespace ebb {

/// For variants with measured networks and no coefficients.
[[nodiscard]] const LayerPricing& totals_pricing() noexcept;

}  // namespace ebb
