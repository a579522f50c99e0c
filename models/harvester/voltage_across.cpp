// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/voltage_across.hpp"

#include "models/core/component.hpp"

#include <memory>

namespace ebb {

void register_harvester_voltage_across(Registry& registry) {
    const ParamTable<VoltageAcrossParams> table = {
        param("resistance", &VoltageAcrossParams::resistance_ohm, unit::ohm, required,
              range(1e-3, 1e12), "the resistor across which the voltage was recorded"),
    };
    registry.add<SourceModel>(
        {"harvester", "voltage_across", "power of a voltage recorded across a resistor",
         "P = v^2/R; reads a trace of voltage_v"},
        table, [](const VoltageAcrossParams& p) { return std::make_shared<VoltageAcross>(p); });
}

}  // namespace ebb
