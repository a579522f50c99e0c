// SPDX-License-Identifier: Apache-2.0
#include "sim/device/snapshot_check.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/core/error.hpp"
#include "models/store/store_model.hpp"
#include "models/workload/start_voltage.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

/// The capacitance on which a snapshot begins at `from_v`: the voltage falls as it grows.
double capacitance_for(const Withdrawals& drawn, double from_v, double end_v, double at_least_f) {
    double low = at_least_f;
    double high = at_least_f;
    while (start_voltage(drawn, end_v, high) > from_v) {
        high *= 2.0;
    }
    for (int i = 0; i < 60; ++i) {
        const double middle = 0.5 * (low + high);
        (start_voltage(drawn, end_v, middle) > from_v ? low : high) = middle;
    }
    return high;
}

[[noreturn]] void refuse(std::string message, std::string hint) {
    throw InputError(
        {Mistake{{}, std::move(message), std::move(hint), "see: ebb describe checkpoint"}});
}

/// Just above what is needed, in steps of a millivolt, so that a rounded number does.
std::string at_least(double v) { return fmt::format("{:.3f} V", std::ceil(v * 1e3) / 1e3); }

/// What a snapshot needs is not there when the device begins to work.
void check_resume(const Scenario& scenario, const Plan& plan, const SaveNeed& need,
                  const PolicyFacts& facts, double from_v) {
    const double resumes_v = scenario.checkpoint->restore_at_v().value_or(facts.turn_on_v);
    if (from_v < resumes_v) {
        return;
    }
    const double margin_v = from_v - facts.snapshot_v;
    std::string hint;
    if (const double highest_v = resumes_v - margin_v; highest_v > facts.turn_off_v) {
        const double c_f = capacitance_for(snapshot_withdrawals(plan, need), highest_v,
                                           facts.turn_off_v, facts.capacitance_f);
        hint = fmt::format("more than {} would do, or a higher {}", engineering(c_f, "F"),
                           need.rules.sleeps_behind ? "restore_at" : "mcu.turn_on");
    }
    if (!std::isfinite(from_v)) {
        refuse("a snapshot draws more than the store holds at any voltage", hint);
    }
    refuse(
        fmt::format("a snapshot would have to begin at {} to be done before {} ({}), and work {}",
                    engineering(from_v, "V"), engineering(facts.turn_off_v, "V"),
                    engineering(facts.capacitance_f, "F"),
                    need.rules.sleeps_behind
                        ? fmt::format("resumes at {}: the device would save again at once",
                                      engineering(resumes_v, "V"))
                        : fmt::format("may begin at {}: power may fail before a snapshot is done",
                                      engineering(resumes_v, "V"))),
        hint);
}

}  // namespace

SaveNeed save_need(const Scenario& scenario, const PolicyFacts& facts,
                   const std::optional<NvmParams>& nvm) {
    SaveNeed need;
    need.rules = scenario.checkpoint->save_rules(facts);
    if (const AdcParams* adc = scenario.checkpoint->adc()) {
        need.look = RailLoads(scenario.mcu, nvm).converting(*adc);
    }
    return need;
}

void check_snapshot(const Scenario& scenario, const Plan& plan, const SaveNeed& need,
                    const PolicyFacts& facts) {
    const double pause_s = need.rules.saves_every_s;
    if (const double save_s = snapshot_time_s(plan);
        pause_s > 0.0 && pause_s < save_s * (1.0 - 1e-12)) {
        refuse(fmt::format("a snapshot takes {}, longer than the {} between two of them: the "
                           "device would save more than it works",
                           engineering(save_s, "s"), engineering(pause_s, "s")),
               fmt::format("at least {}", engineering(save_s, "s")));
    }
    const std::optional<double> save_v = scenario.checkpoint->save_at_v(facts);
    if (!save_v) {
        return;
    }
    if (need.rules.sleeps_behind || need.rules.holds_to_need) {
        check_resume(scenario, plan, need, facts,
                     need.rules.sleeps_behind ? *save_v : facts.snapshot_v);
    }
    if (need.rules.holds_to_need && *save_v < facts.snapshot_v) {
        refuse(fmt::format("a snapshot that begins at {} is not done before {} without inflow: on "
                           "this device ({}) it needs {}{}",
                           engineering(*save_v, "V"), engineering(facts.turn_off_v, "V"),
                           engineering(facts.capacitance_f, "F"), at_least(facts.snapshot_v),
                           need.rules.looks_every_s
                               ? ", the work between two looks at the voltage included"
                               : ", the longest phase that must end first included"),
               fmt::format("save_at: {}, or leave it out; unsafe: true runs it as it is",
                           at_least(facts.snapshot_v)));
    }
}

}  // namespace ebb
