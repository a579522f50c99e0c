// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/optic.hpp"

namespace ebb {

StartVoltages Optic::start_at(const PolicyFacts& facts) const {
    return raised(facts.start_v, params_.margin_v);
}

void register_checkpoint_optic(Registry& registry);

void register_checkpoint_optic(Registry& registry) {
    const ParamTable<OpticParams> table = {
        param("margin", &OpticParams::margin_v, unit::volt, 0.01, range(0, 1000),
              "added to what a region needs"),
        param("granularity", &OpticParams::granularity, granularity_names(), Granularity::unit,
              "what runs without a power failure and is recorded as done"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "optic", "each region at the voltage that it needs, and a sleep behind each",
         "class: replayed; needs are exact numbers of the program, not learned ones"},
        table, [](const OpticParams& p) { return std::make_shared<Optic>(p); },
        [](const OpticParams&, CheckContext& context) { check_guard(context, "optic"); });
}

}  // namespace ebb
