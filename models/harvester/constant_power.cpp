// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/constant_power.hpp"

#include <memory>

#include "models/core/component.hpp"

namespace ebb {

void register_harvester_constant_power(Registry& registry) {
    const ParamTable<ConstantPowerParams> table = {
        param("power", &ConstantPowerParams::power_w, unit::watt, required, range(0, 1e6),
              "power at the converter's input")
            .allow_dbm(),
    };
    registry.add<SourceModel>(
        {"harvester", "constant_power", "the same power for ever", "P = power; reads no trace"},
        table, [](const ConstantPowerParams& p) { return std::make_shared<ConstantPower>(p); });
}

}  // namespace ebb
