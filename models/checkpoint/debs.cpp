// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/debs.hpp"

namespace ebb {

StartVoltages Debs::start_at(const PolicyFacts& facts) const {
    const double budget = params_.budget_v.value_or(highest(facts.start_v) - facts.turn_off_v);
    return StartVoltages(facts.start_v.size(), facts.turn_off_v + params_.margin_v + budget);
}

void register_checkpoint_debs(Registry& registry);

void register_checkpoint_debs(Registry& registry) {
    const ParamTable<DebsParams> table = {
        param(
            "budget", &DebsParams::budget_v, unit::volt, optional, above_up_to(0, 1000),
            "voltage above mcu.turn_off that a region may use; left out: what the heaviest needs"),
        param("margin", &DebsParams::margin_v, unit::volt, 0.01, range(0, 1000),
              "added to the budget"),
        param("granularity", &DebsParams::granularity, granularity_names(), Granularity::unit,
              "what runs without a power failure and is recorded as done"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "debs", "one budget of voltage for every region, and a sleep behind each",
         "class: replayed; the device sleeps until turn_off + margin + budget"},
        table, [](const DebsParams& p) { return std::make_shared<Debs>(p); },
        [](const DebsParams& p, CheckContext& context) {
            check_guard(context, "debs");
            const auto turn_off = context.number("mcu.turn_off");
            if (p.budget_v && turn_off) {
                check_start_voltage(context, "budget", *turn_off + p.margin_v + *p.budget_v);
            }
        });
}

}  // namespace ebb
