// SPDX-License-Identifier: Apache-2.0
/// What an estimate of a network's cost is worth, learnt from the networks that were measured.
///
/// Left out. One measured network is predicted as if it had not been measured: in the way in which
/// the variant prices other networks (layer_pricing.hpp); where that cannot be done without it, as
/// it is the only source of a class of layers, by the cost per MAC of all that the others do:
///
///   t' = MACs * sum of t_o / sum of MACs_o,   error = t' / t - 1;   energy likewise
///
/// Other point. One measured network is carried over from another variant of the platform, another
/// clock, voltage or software, on the assumption that its cycles stay as they are, and that its
/// energy goes with the square of the core's voltage, or stays where the voltages are not known:
///
///   t' = t_w f_w / f_v,   E' = E_w (V_v / V_w)^2
///
/// A network that was not measured has to expect what the measured ones show: the range of their
/// errors. The MACs of the others come from their tables, or stand beside their totals.
#pragma once

#include "models/workload/network.hpp"
#include "models/workload/platform.hpp"

#include <optional>
#include <vector>

namespace ebb {

/// Relative errors, from the lowest to the highest.
struct ErrorRange {
    double low = 0.0, high = 0.0;
};

struct EstimateErrors {
    std::optional<ErrorRange> latency, energy;  ///< empty: nothing to learn from

    void include(const EstimateErrors& other);
};

/// Of this network if it was measured, else of all measured networks. `tables`: what is known of
/// those.
[[nodiscard]] EstimateErrors left_out_errors(const Network& network, const PlatformVariant& variant,
                                             const std::vector<const Network*>& tables);

/// Of this network if it was measured on both variants, else of all that were; over all other
/// variants of the platform.
[[nodiscard]] EstimateErrors other_point_errors(const Network& network,
                                                const PlatformVariant& variant,
                                                const Platform& platform);

}  // namespace ebb
