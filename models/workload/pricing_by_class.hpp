// SPDX-License-Identifier: Apache-2.0
/// Layers priced by coefficients per class, rescaled to what was measured.
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
/// A network without a measured total takes the coefficients as they are (depthwise and 1x1: the
/// mean of the measured networks); then the total is an estimate too. A measured network without a
/// depthwise and 1x1 coefficient of its own takes that of standard convolution.
/// Source of method and coefficients: MLPerf Tiny results, see models/workload/platforms.
#pragma once

#include "models/workload/layer_pricing.hpp"

namespace ebb {

enum class CostClass { none, fc, conv, dw_pw };

/// The class that decides a layer's coefficient; `none` for a layer without MACs.
[[nodiscard]] CostClass cost_class(const Layer& layer) noexcept;
/// "fc", "conv", "dw_pw" or "none", as in platform files.
[[nodiscard]] const char* name_of(CostClass c) noexcept;

/// For variants with cycles_per_mac.
[[nodiscard]] const LayerPricing& class_pricing() noexcept;

}  // namespace ebb
