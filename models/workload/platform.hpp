// SPDX-License-Identifier: Apache-2.0
/// What a network costs on a processor, at the levels of detail that its sources allow: `variants`
/// (what a network costs layer by layer) or `operations` (costs per operation, from which a layer's
/// cost follows by its tiles). A platform has at least one of them.
///
/// A variant is one software and operating point. How it prices a layer depends on what is known,
/// and each way is a LayerPricing (layer_pricing.hpp):
///
///   coefficients per class of layer, rescaled to measured totals   pricing_by_class.hpp
///   measured totals alone, spread over the layers by MACs          pricing_by_totals.hpp
///   cycles per layer of a table                                    npu_cycles.hpp
///   a systolic array                                               pricing_by_array.hpp
///
/// `weight_memory`: weights that do not survive a power failure, and what it costs to have them
/// again.
#pragma once

#include "models/workload/npu_params.hpp"
#include "models/workload/operation_table.hpp"
#include "models/workload/systolic_array.hpp"
#include "models/workload/weight_memory.hpp"

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
    std::optional<double> macs{};  ///< of the network; totals alone price others by it
};

struct PlatformVariant {
    std::string label;  ///< software and round, e.g. "X-CUBE-AI 10.2"
    double clock_hz = 0.0;
    double fc_cycles_per_mac = 0.0, conv_cycles_per_mac = 0.0;  ///< 0 = no coefficients
    std::optional<double> fc_energy_per_mac_j, conv_energy_per_mac_j;
    std::vector<NetworkTotal> networks;
    std::optional<double> core_voltage_v{};  ///< of the operating point
    std::optional<NpuParams> npu{};
    std::optional<SystolicArrayParams> array{};
};

struct Platform {
    std::string name;
    std::string core;
    std::string source;
    std::string file;
    int element_bytes = 1;
    std::vector<PlatformVariant> variants;
    std::optional<OperationTable> operations;
    std::optional<WeightMemoryParams> weight_memory{};
};

}  // namespace ebb
