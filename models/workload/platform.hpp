// SPDX-License-Identifier: Apache-2.0
/// What a network costs on a processor, at the levels of detail that its sources allow: `variants`
/// (measured totals and coefficients per class of layer) or `operations` (costs per operation, from
/// which a layer's cost follows by its tiles). A platform has at least one of them.
///
/// Variants: measured totals per known network, and coefficients per class of layer that split a
/// total over the layers (the split is an estimate, the total is not).
///
///   cycles(layer) = MACs * cycles_per_mac(class), rescaled so that the sum equals the measured
///   total energy(layer) = MACs * energy_per_mac(class), rescaled likewise
#pragma once

#include "models/workload/operation_table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ebb {

struct NetworkTotal {
    std::string network;             ///< name of the network table, e.g. "mlperf_tiny_kws"
    double latency_s = 0.0;          ///< one inference, continuous power
    std::optional<double> energy_j;  ///< absent where no energy was measured
    double dw_pw_cycles_per_mac =
        0.0;  ///< class coefficient of this network's 1x1 and depthwise layers
    std::optional<double> dw_pw_energy_per_mac_j;
};

struct PlatformVariant {
    std::string label;  ///< software and round, e.g. "X-CUBE-AI 10.2"
    double clock_hz = 0.0;
    double fc_cycles_per_mac = 0.0, conv_cycles_per_mac = 0.0;
    std::optional<double> fc_energy_per_mac_j, conv_energy_per_mac_j;
    std::vector<NetworkTotal> networks;
};

struct Platform {
    std::string name;
    std::string core;
    std::string source;
    std::string file;
    int element_bytes = 1;
    std::vector<PlatformVariant> variants;
    std::optional<OperationTable> operations;
};

}  // namespace ebb
