// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/irradiance_efficiency.hpp"

#include <memory>

#include "models/core/component.hpp"

namespace ebb {

void register_harvester_irradiance_efficiency(Registry& registry) {
    const ParamTable<IrradianceEfficiencyParams> table = {
        param("area", &IrradianceEfficiencyParams::area_m2, unit::square_metre, required,
              above_up_to(0, 1e4), "area of the panel"),
        param("efficiency", &IrradianceEfficiencyParams::efficiency, unit::ratio, required,
              above_up_to(0, 1), "electric power over light on the area"),
    };
    registry.add<SourceModel>(
        {"harvester", "irradiance_efficiency", "a fixed share of the light on an area",
         "P = area efficiency G; reads a trace of irradiance_w_m2"},
        table, [](const IrradianceEfficiencyParams& p) {
            return std::make_shared<IrradianceEfficiency>(p);
        });
}

}  // namespace ebb
