// SPDX-License-Identifier: Apache-2.0
/// A neural processing unit whose cycles per layer stand in the network's table, under a name
/// ("ethos_u55_128"). See npu_cycles.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace ebb {

/// What its estimator says of a network as a whole.
struct NpuNetwork {
    std::string network;
    double weight_traffic_b = 0.0;           ///< compressed weights, streamed in per inference
    std::optional<double> processor_cycles;  ///< of the unit alone, with memories that never wait
};

struct NpuParams {
    std::string cycles;             ///< which cycles of the network table
    double macs_per_cycle = 1.0;    ///< at most
    std::optional<double> power_w;  ///< while it runs; empty = energy is not known
    std::vector<NpuNetwork> networks;
};

}  // namespace ebb
