// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/thevenin.hpp"

#include <memory>

#include "models/core/component.hpp"

namespace ebb {

void register_harvester_thevenin(Registry& registry) {
    const ParamTable<TheveninParams> table = {
        param("voltage", &TheveninParams::voltage_v, unit::volt, optional, range(0, 1e4),
              "open-circuit voltage; left out, the trace gives it"),
        param("resistance", &TheveninParams::resistance_ohm, unit::ohm, required, range(1e-3, 1e12),
              "inner resistance of the source"),
    };
    registry.add<SourceModel>(
        {"harvester", "thevenin", "a voltage behind a resistor",
         "I = (v - V)/R; reads a trace of voltage_v unless voltage is given"},
        table, [](const TheveninParams& p) { return std::make_shared<Thevenin>(p); });
}

}  // namespace ebb
