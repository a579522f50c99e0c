// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/current.hpp"

#include <memory>

#include "models/core/component.hpp"

namespace ebb {

void register_harvester_current(Registry& registry) {
    registry.add<SourceModel>({"harvester", "current", "current of a trace, whatever the voltage",
                               "I = sample; reads a trace of current_a"},
                              ParamTable<NoParams>{},
                              [](const NoParams&) { return std::make_shared<RecordedCurrent>(); });
}

}  // namespace ebb
