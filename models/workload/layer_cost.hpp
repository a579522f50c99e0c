// SPDX-License-Identifier: Apache-2.0
/// Splits what a network costs on a processor over its layers.
///
///   raw(layer)     = MACs x coefficient(class of the layer)              [cycles], [J]
///   latency(layer) = raw(layer) x measured latency / sum of raw          [s]
///   energy(layer)  = raw(layer) x measured energy  / sum of raw          [J]
///
/// Classes: fully connected; standard convolution with a spatial kernel; depthwise and 1x1
/// convolution pooled (their separate coefficients cannot be told apart from the measurements).
/// Layers without MACs (activation, pooling, addition, reshape) cost nothing of their own: their
/// share is inside the total that is spread over the others.
///
/// The total is measured, the split over the layers is an estimate. A network without a measured
/// total takes the coefficients as they are (depthwise and 1x1: the mean of the measured networks);
/// then the total is an estimate too, and `measured_total` says so by returning null. A measured
/// network without a depthwise and 1x1 coefficient of its own takes that of standard convolution.
/// Source of method and coefficients: MLPerf Tiny results, see models/workload/platforms.
#pragma once

#include "models/workload/network.hpp"
#include "models/workload/platform.hpp"

#include <optional>
#include <vector>

namespace ebb {

struct LayerCost {
    double latency_s = 0.0;
    double energy_j = 0.0;
};

enum class CostClass { none, fc, conv, dw_pw };

/// The class that decides a layer's coefficient; `none` for a layer without MACs.
[[nodiscard]] CostClass cost_class(const Layer& layer) noexcept;
/// "fc", "conv", "dw_pw" or "none", as in platform files.
[[nodiscard]] const char* name_of(CostClass c) noexcept;

/// The measured total of this network, or null: then costs are estimates.
[[nodiscard]] const NetworkTotal* measured_total(const Network& network,
                                                 const PlatformVariant& variant) noexcept;

/// True if energy is known for this network on this variant.
[[nodiscard]] bool has_energy(const Network& network, const PlatformVariant& variant) noexcept;

/// Latency per layer [s], in the order of the network's layers; needs no energy data.
/// Throws InputError if a class that the network needs has no coefficient.
[[nodiscard]] std::vector<double> layer_latencies(const Network& network, const Platform& platform,
                                                  const PlatformVariant& variant);

/// Latency and energy per layer, in the order of the network's layers. Throws InputError if the
/// variant holds no energy for this network.
[[nodiscard]] std::vector<LayerCost> layer_costs(const Network& network, const Platform& platform,
                                                 const PlatformVariant& variant);

/// Leave-one-network-out: relative error of the latency that the other networks' coefficients
/// would give this one. Empty if the network is the only source of a class that it needs, or has no
/// measured total.
[[nodiscard]] std::optional<double> left_out_error(const Network& network,
                                                   const PlatformVariant& variant) noexcept;

}  // namespace ebb
