// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/samoyed.hpp"

namespace ebb {

StartVoltages Samoyed::start_at(const PolicyFacts& facts) const {
    const double v = params_.start_at_v.value_or(highest(facts.start_v) + params_.margin_v);
    return StartVoltages(facts.start_v.size(), v);
}

void register_checkpoint_samoyed(Registry& registry);

void register_checkpoint_samoyed(Registry& registry) {
    const ParamTable<SamoyedParams> table = {
        param("start_at", &SamoyedParams::start_at_v, unit::volt, optional, above_up_to(0, 1000),
              "store voltage, rising, at which work begins; left out: what the heaviest region "
              "needs"),
        param("margin", &SamoyedParams::margin_v, unit::volt, 0.01, range(0, 1000),
              "added to a voltage that is derived"),
        param("granularity", &SamoyedParams::granularity, granularity_names(), Granularity::unit,
              "what runs without a power failure and is recorded as done"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "samoyed",
         "one fixed voltage to begin at; region after region until one fails",
         "class: replayed; behind a region that was done the next begins at once"},
        table, [](const SamoyedParams& p) { return std::make_shared<Samoyed>(p); },
        [](const SamoyedParams& p, CheckContext& context) {
            check_guard(context, "samoyed");
            if (p.start_at_v) {
                check_start_voltage(context, "start_at", *p.start_at_v);
            }
        });
}

}  // namespace ebb
