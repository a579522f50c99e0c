// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/constant_current.hpp"

#include <memory>

#include "models/core/component.hpp"

namespace ebb {

void register_harvester_constant_current(Registry& registry) {
    const ParamTable<ConstantCurrentParams> table = {
        param("current", &ConstantCurrentParams::current_a, unit::ampere, required, range(0, 1e3),
              "current at the converter's input"),
    };
    registry.add<SourceModel>(
        {"harvester", "constant_current", "the same current for ever",
         "I = current; reads no trace"},
        table, [](const ConstantCurrentParams& p) { return std::make_shared<ConstantCurrent>(p); });
}

}  // namespace ebb
