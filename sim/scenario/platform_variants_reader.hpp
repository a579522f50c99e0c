// SPDX-License-Identifier: Apache-2.0
/// The block `variants` of a platform file: measured totals per network, and the way in which a
/// layer is priced: coefficients per class, an NPU's cycles, a systolic array, or the totals alone.
/// One of the blocks that platform_reader.cpp puts together; each has its forms, its table and one
/// function that checks what was read and puts it into the platform.
#pragma once

#include "models/core/param_table.hpp"
#include "models/workload/platform.hpp"
#include "sim/scenario/facts.hpp"
#include "sim/scenario/mistake_list.hpp"
#include "sim/scenario/platform_array_reader.hpp"
#include "sim/scenario/platform_npu_reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ebb {

/// A pair of coefficients as the file groups them.
struct CyclesForm {
    double fc = 0.0, conv = 0.0;
};
struct EnergyForm {
    double fc_j = 0.0, conv_j = 0.0;
};
struct TotalForm {
    std::string network;
    double latency_s = 0.0;
    std::optional<double> energy_j, dw_pw_cycles_per_mac, dw_pw_energy_per_mac_j, macs;
};
struct VariantForm {
    std::string label;
    std::optional<double> clock_hz, core_voltage_v;
    std::optional<CyclesForm> cycles_per_mac;
    std::optional<EnergyForm> energy_per_mac;
    std::optional<NpuForm> npu;
    std::optional<ArrayForm> array;
    std::vector<TotalForm> networks;
};
[[nodiscard]] const ParamTable<VariantForm>& variant_table();

/// Checks the rules between values (those that were read right), and appends the variants. `path`
/// is the block's, "platform.variants".
void add_variants(const std::vector<VariantForm>& forms, const std::string& path,
                  const Facts& facts, MistakeList& mistakes, Platform& platform);

}  // namespace ebb
