// SPDX-License-Identifier: Apache-2.0
/// Costs per layer in the form that lowering needs: plain numbers per layer with MACs, whatever way
/// the platform's variant has of knowing them (layer_pricing.hpp).
///
/// Where a variant prices layers without MACs too (an accelerator's addition or pooling), their
/// cost is added to the nearest layer with MACs before them, or after them at the head of the
/// network, since they run as a part of it: sums are kept.
#pragma once

#include "models/workload/layer_pricing.hpp"
#include "models/workload/network.hpp"
#include "models/workload/platform.hpp"
#include "models/workload/pricing_by_class.hpp"

#include <optional>
#include <vector>

namespace ebb {

struct LayerCost {
    double latency_s = 0.0;
    double energy_j = 0.0;
};

/// The measured total of this network, or null: then costs are estimates.
[[nodiscard]] const NetworkTotal* measured_total(const Network& network,
                                                 const PlatformVariant& variant) noexcept;

/// True if energy is known for this network on this variant.
[[nodiscard]] bool has_energy(const Network& network, const PlatformVariant& variant) noexcept;

/// Latency per layer [s], in the order of the network's layers; needs no energy data.
/// Throws InputError if the variant cannot price the network, saying what is missing.
[[nodiscard]] std::vector<double> layer_latencies(const Network& network, const Platform& platform,
                                                  const PlatformVariant& variant);

/// Latency and energy per layer, in the order of the network's layers. Throws InputError if the
/// variant holds no energy for this network.
[[nodiscard]] std::vector<LayerCost> layer_costs(const Network& network, const Platform& platform,
                                                 const PlatformVariant& variant);

/// Leave-one-network-out: relative error of the latency that the other networks would give this
/// one. Empty if the network is the only source of a class that it needs, has no measured total,
/// or if the variant's way of pricing learns nothing from measured networks.
[[nodiscard]] std::optional<double> left_out_error(const Network& network,
                                                   const PlatformVariant& variant) noexcept;

}  // namespace ebb
