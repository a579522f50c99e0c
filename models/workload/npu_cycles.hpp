// SPDX-License-Identifier: Apache-2.0
/// Layers priced by cycles that an estimator of the processor gave for each of them, column
/// `cycles_<name>` of the network's table.
///
///   latency(layer) = cycles(layer)/clock      [s]
///   energy(layer)  = latency x power          [J], only where the power is given
///
/// Such cycles are the largest of what the arithmetic, the working memory and the streamed weights
/// take, so arithmetic and weight traffic are told apart (`npu_layer`): the arithmetic takes at
/// least MACs/macs_per_cycle; the rest is waiting, which a faster memory can shorten and a faster
/// array cannot. Weights stream in anew with every inference; a layer's share of a network's
/// (compressed) traffic goes by the size of its weights, an estimate.
///
/// The figures are an estimator's, not measured; no error of theirs is known.
/// Source: Vela 3.10 for Arm Ethos-U55, see models/workload/platforms.
#pragma once

#include "models/workload/layer_pricing.hpp"
#include "models/workload/npu_params.hpp"

#include <cstdint>
#include <vector>

namespace ebb {

/// One layer, arithmetic and weight traffic apart.
struct NpuLayer {
    std::int64_t cycles = 0;        ///< of the table
    double mac_cycles = 0.0;        ///< of the arithmetic, at least
    double weight_traffic_b = 0.0;  ///< streamed in; as stored where the traffic is not known

    /// Cycles beyond the arithmetic.
    [[nodiscard]] double waiting_cycles() const noexcept {
        return static_cast<double>(cycles) - mac_cycles;
    }
};

/// One entry per layer of the network; zero where the table has no cycles.
[[nodiscard]] std::vector<NpuLayer> npu_layers(const Network& network, const NpuParams& npu);

/// For variants with `npu`.
[[nodiscard]] const LayerPricing& npu_pricing() noexcept;

}  // namespace ebb
