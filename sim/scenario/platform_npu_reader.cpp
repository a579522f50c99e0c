// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/platform_npu_reader.hpp"

namespace ebb {

const ParamTable<NpuForm>& npu_table() {
    static const ParamTable<NpuNetworkForm> kNetwork = {
        param("network", &NpuNetworkForm::network, required, "name of the network"),
        param("weight_traffic", &NpuNetworkForm::weight_traffic_b, unit::byte, required, above(0),
              "compressed weights that stream in per inference"),
        param("processor_cycles", &NpuNetworkForm::processor_cycles, unit::number, optional,
              above(0), "cycles of the unit alone, with memories that never wait"),
    };
    static const ParamTable<NpuForm> kTable = {
        param("cycles", &NpuForm::cycles, required,
              "whose cycles: the network's table has them in its column cycles_<this>"),
        param("macs_per_cycle", &NpuForm::macs_per_cycle, unit::number, required,
              above_up_to(0, 1e9), "multiply-accumulates per clock cycle, at most"),
        param("power", &NpuForm::power_w, unit::watt, optional, above_up_to(0, 1e3),
              "drawn while it runs; left out, its energy is not known"),
        list("networks", &NpuForm::networks, kNetwork, optional, 0, 1000,
             "what the estimator says of whole networks"),
    };
    return kTable;
}

NpuParams npu_of(const NpuForm& form) {
    NpuParams npu;
    npu.cycles = form.cycles;
    npu.macs_per_cycle = form.macs_per_cycle;
    npu.power_w = form.power_w;
    for (const NpuNetworkForm& n : form.networks) {
        npu.networks.push_back({n.network, n.weight_traffic_b, n.processor_cycles});
    }
    return npu;
}

}  // namespace ebb
