// SPDX-License-Identifier: Apache-2.0
/// The block `npu` of a platform's variant: cycles per layer from the network's table.
#pragma once

#include "models/core/param_table.hpp"
#include "models/workload/npu_params.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ebb {

struct NpuNetworkForm {
    std::string network;
    double weight_traffic_b = 0.0;
    std::optional<double> processor_cycles;
};
struct NpuForm {
    std::string cycles;
    double macs_per_cycle = 0.0;
    std::optional<double> power_w;
    std::vector<NpuNetworkForm> networks;
};

[[nodiscard]] const ParamTable<NpuForm>& npu_table();
[[nodiscard]] NpuParams npu_of(const NpuForm& form);

}  // namespace ebb
