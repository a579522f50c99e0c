// SPDX-License-Identifier: Apache-2.0
#include "sim/device/snapshot_check.hpp"

#include <fmt/format.h>

#include <cmath>

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

}  // namespace

void check_snapshot(const Scenario& scenario, const Plan& plan, const PolicyFacts& facts) {
    const double resumes_v = scenario.checkpoint->restore_at_v().value_or(facts.turn_on_v);
    const std::optional<double> save_v = scenario.checkpoint->save_at_v(facts);
    if (!save_v || *save_v < resumes_v) {
        return;
    }
    const double margin_v = *save_v - facts.snapshot_v;
    std::string hint;
    if (const double from_v = resumes_v - margin_v; from_v > facts.turn_off_v) {
        const double c_f = capacitance_for(snapshot_withdrawals(plan), from_v, facts.turn_off_v,
                                           facts.capacitance_f);
        hint = fmt::format("more than {} would do, or a higher restore_at", engineering(c_f, "F"));
    }
    throw InputError({Mistake{
        {},
        std::isfinite(*save_v)
            ? fmt::format("a snapshot would have to begin at {} to be done before {} ({}), and "
                          "work resumes at {}: the device would save again at once",
                          engineering(*save_v, "V"), engineering(facts.turn_off_v, "V"),
                          engineering(facts.capacitance_f, "F"), engineering(resumes_v, "V"))
            : std::string("a snapshot draws more than the store holds at any voltage"),
        hint,
        "see: ebb describe checkpoint.jit"}});
}

}  // namespace ebb
