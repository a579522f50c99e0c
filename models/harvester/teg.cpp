// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/teg.hpp"

#include <memory>

#include "models/core/component.hpp"

namespace ebb {

void register_harvester_teg(Registry& registry) {
    const ParamTable<TegParams> table = {
        param("seebeck", &TegParams::seebeck_v_per_k, unit::number, required, above_up_to(0, 10),
              "open-circuit voltage over temperature difference, of the whole module [V/K]"),
        param("resistance", &TegParams::resistance_ohm, unit::ohm, required, range(1e-3, 1e9),
              "inner resistance of the module"),
        param("temperature_difference", &TegParams::difference_k, unit::number, optional,
              range(-1000, 1000), "between the module's sides [K]; left out, the trace gives it"),
    };
    registry.add<SourceModel>(
        {"harvester", "teg", "a thermoelectric generator",
         "I = (S dT - V)/R; reads a trace of temperature_difference_k unless it is given"},
        table, [](const TegParams& p) { return std::make_shared<Teg>(p); });
}

}  // namespace ebb
