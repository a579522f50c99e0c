// SPDX-License-Identifier: Apache-2.0
#include "models/store/polled_ladder.hpp"

#include "models/store/store_checks.hpp"

#include <fmt/format.h>

namespace ebb {

ParamTable<PolledLadderParams> polled_ladder_table(const PolledLadderParams& defaults) {
    using P = PolledLadderParams;
    return {
        param("period", &P::period_s, unit::second, defaults.period_s, range(1e-4, 1e6),
              "from one look at the terminal to the next"),
        param("up", &P::up_v, unit::volt, defaults.up_v, above_up_to(0, 1000),
              "above it a step up is taken"),
        param("down", &P::down_v, unit::volt, defaults.down_v, above_up_to(0, 1000),
              "below it a step down is taken"),
        param("cooldown", &P::cooldown, defaults.cooldown, range(0, 1000000),
              "looks that are let pass behind a step"),
        param("energy", &P::energy_j, unit::joule, defaults.energy_j, range(0, 1),
              "what each look takes out of the store"),
    };
}

void check_polled_ladder(const PolledLadderParams& p, double max_v, CheckContext& context) {
    const auto volts = [](double v) { return format_quantity(v, unit::volt); };
    if (p.down_v >= p.up_v) {
        context.mistake("controller.down",
                        fmt::format("store.controller.down is {}, not below its up ({})",
                                    volts(p.down_v), volts(p.up_v)));
    }
    check_not_above_max("controller.up", p.up_v, max_v, context);
}

}  // namespace ebb
