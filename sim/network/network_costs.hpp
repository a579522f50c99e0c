// SPDX-License-Identifier: Apache-2.0
/// What one inference of a network costs on each platform that can tell, under continuous power,
/// and what is known of each figure's error. All kinds of platforms meet here: a kind that prices
/// networks in its own way is one function in network_costs.cpp.
///
///   measured   the total is a measurement; its split over the layers is an estimate
///   estimate   from what other networks took
///   model      what a model or an estimator of the hardware says
#pragma once

#include "models/workload/estimate_errors.hpp"
#include "models/workload/network.hpp"
#include "models/workload/platform.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

struct LayerQuote {
    double latency_s = 0.0;
    std::optional<double> energy_j;
};

struct NetworkQuote {
    std::string platform, core;
    std::string variant;  ///< software and operating point; empty where there is one way
    std::string method;   ///< for people: "coefficients per class of layer"
    std::string total;    ///< measured, estimate or model; see above
    double clock_hz = 0.0;
    double latency_s = 0.0;
    std::optional<double> energy_j;
    std::vector<LayerQuote> layers;  ///< in the order of the network's layers
    EstimateErrors left_out;         ///< had this to be estimated from other networks
    EstimateErrors other_point;      ///< had it to be carried over from another variant
    EstimateErrors uncertain;        ///< between the bounds of costs that are estimates themselves
    std::vector<std::string> notes;
};

/// Why a platform does not price a network.
struct NetworkRefusal {
    std::string platform;  ///< "any platform" if it lies in the network
    std::string why;
};

struct NetworkQuotes {
    std::vector<NetworkQuote> quotes;
    std::vector<NetworkRefusal> refusals;
};

/// In the order of the platforms and their variants. `tables`: the networks whose measured totals
/// may be learnt from.
[[nodiscard]] NetworkQuotes network_quotes(
    const Network& network, const std::vector<std::shared_ptr<const Platform>>& platforms,
    const std::vector<const Network*>& tables);

}  // namespace ebb
