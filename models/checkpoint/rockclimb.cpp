// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/rockclimb.hpp"

namespace ebb {

StartVoltages Rockclimb::start_at(const PolicyFacts& facts) const {
    return raised(facts.start_v, params_.margin_v);
}

std::optional<double> Rockclimb::charges_to(const PolicyFacts& facts) const {
    return params_.charge_to_v.value_or(facts.turn_on_v);
}

void register_checkpoint_rockclimb(Registry& registry);

void register_checkpoint_rockclimb(Registry& registry) {
    const ParamTable<RockclimbParams> table = {
        param("charge_to", &RockclimbParams::charge_to_v, unit::volt, optional,
              above_up_to(0, 1000),
              "store voltage, rising, at which a sleep ends; left out: mcu.turn_on"),
        param("margin", &RockclimbParams::margin_v, unit::volt, 0.01, range(0, 1000),
              "added to what a region needs"),
        param("granularity", &RockclimbParams::granularity, granularity_names(), Granularity::unit,
              "what runs without a power failure and is recorded as done"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "rockclimb",
         "each region at once where its voltage is there, else behind a sleep until charged",
         "class: replayed; needs are exact numbers of the program; how far it charges is "
         "unconfirmed"},
        table, [](const RockclimbParams& p) { return std::make_shared<Rockclimb>(p); },
        [](const RockclimbParams& p, CheckContext& context) {
            check_guard(context, "rockclimb");
            if (p.charge_to_v) {
                check_start_voltage(context, "charge_to", *p.charge_to_v);
            }
        });
}

}  // namespace ebb
