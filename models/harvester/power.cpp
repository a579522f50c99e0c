// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/power.hpp"

#include <memory>

#include "models/core/component.hpp"

namespace ebb {

void register_harvester_power(Registry& registry) {
    registry.add<SourceModel>({"harvester", "power", "power of a trace, whatever the voltage",
                               "P = sample; reads a trace of power_w"},
                              ParamTable<NoParams>{},
                              [](const NoParams&) { return std::make_shared<RecordedPower>(); });
}

}  // namespace ebb
