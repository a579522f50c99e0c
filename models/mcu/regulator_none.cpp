// SPDX-License-Identifier: Apache-2.0
#include "models/mcu/regulator_none.hpp"

#include <memory>

#include "models/core/component.hpp"

namespace ebb {

void NoRegulator::draw(const std::vector<RailLoad>& rail, bool /*powered*/, Draw& regulated,
                       Draw& drop_out) const {
    for (const RailLoad& load : rail) {
        const Share share{load.sink, {load.power_w, load.current_a, load.current_per_volt_s}, {}};
        regulated.add(share);
        drop_out.add(share);
    }
}

void register_mcu_regulator_none(Registry& registry) {
    const ParamTable<NoRegulatorParams> table = {
        param("output_capacitor", &NoRegulatorParams::output_f, unit::farad, 0.0, range(0, 1),
              "capacitor behind the device's switch; empty at each boot, it shares the store's "
              "charge"),
    };
    registry.add<Regulator>(
        {"regulator", "none", "the device runs straight from the store",
         "the rail is the store's terminal"},
        table, [](const NoRegulatorParams& p) { return std::make_shared<NoRegulator>(p); });
}

}  // namespace ebb
