// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/store/store_model.hpp"
#include "sim/device/charge_budget.hpp"
#include "sim/device/finding_parts.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

/// A threshold this near (relative) to an equilibrium is met late, or never, by rounding.
constexpr double kNearEquilibrium = 1e-9;
/// A last sleep that takes more than this share of the run is no night between two days.
constexpr double kMuchOfTheRun = 0.5;

/// What the device draws that is off, or that sleeps until a voltage.
LoadPhase off_phase(const Scenario& scenario) {
    LoadPhase off = RailLoads(scenario.mcu, scenario.nvm).phase({}, false, 0.0);
    for (Draw* draw : {&off.regulated, &off.drop_out}) {
        draw->add({Sink::quiescent, {0.0, scenario.mcu.off_current_a, 0.0}, {}});
    }
    return off;
}

LoadPhase asleep_phase(const Scenario& scenario) {
    const RailLoads loads(scenario.mcu, scenario.nvm);
    if (const SleepParams* state = loads.sleep_state(scenario.checkpoint->sleep_in())) {
        return loads.phase(loads.sleep(*state), true, 0.0);
    }
    std::vector<RailLoad> rail = loads.active(Sink::idle);
    for (const RailLoad& standby : loads.standby()) {
        rail.push_back(standby);
    }
    return loads.phase(rail, true, 0.0);
}

/// Voltage at which the largest value of the supply just feeds the store's own losses and the
/// device; empty if it still rises at the store's maximum.
std::optional<double> resting_v(const Scenario& scenario, const Device& device,
                                const LoadPhase& load) {
    const double border = scenario.mcu.regulator->drop_out_below_v();
    const auto net = [&](double v) {
        const Draw& draw = v < border ? load.drop_out : load.regulated;
        return device.supply().largest_power_at(v) - scenario.store->leakage_w(v) -
               draw.total.power_at(v) - draw.rational.power_at(v);
    };
    double high = scenario.store->max_v();
    if (net(high) >= 0.0) {
        return std::nullopt;
    }
    double low = 0.0;
    for (int i = 0; i < 200; ++i) {
        const double middle = 0.5 * (low + high);
        (net(middle) > 0.0 ? low : high) = middle;
    }
    return low;
}

bool at_equilibrium(double rest_v, double threshold_v) {
    return std::fabs(rest_v - threshold_v) <= kNearEquilibrium * threshold_v;
}

/// "2.31 V", with all digits where three would not tell it from another voltage.
std::string volts_beside(double v, double other) {
    const std::string text = engineering(v, "V");
    return text == engineering(other, "V") ? fmt::format("{:.10g} V", v) : text;
}

/// `since`: it sleeps and stays powered; else each of its sleeps ends in a brown-out.
Finding never_wakes(const Scenario& scenario, const Device& device, double rest_v,
                    std::optional<Time> since) {
    const McuModule& mcu = device.mcu();
    const double wake_v = mcu.wake_at_v();
    const double save_v =
        scenario.checkpoint->save_at_v(device.facts()).value_or(scenario.mcu.turn_off_v);
    Finding f;
    f.code = "never_wakes";
    f.time_s = since ? since->seconds() : 0.0;
    f.numbers = {{"settles_at_v", rest_v},
                 {"restore_at_v", wake_v},
                 {"waits", static_cast<double>(mcu.stats().waits)}};
    f.text = fmt::format(
        "{}, waiting for {} ({}), which cannot come: even at the source's best moment the store "
        "settles at {} with the sleeping device on it{}",
        since ? fmt::format("the device has slept since {}", duration_text(since->seconds()))
              : "the device sleeps after each boot until it browns out",
        volts_beside(wake_v, rest_v),
        scenario.checkpoint->guards()         ? "where its guard lets work begin"
        : scenario.checkpoint->restore_at_v() ? "checkpoint.restore_at"
                                              : "mcu.turn_on, as checkpoint.restore_at is left out",
        volts_beside(rest_v, wake_v),
        scenario.mcu.sleep ? "" : ", which draws its active load, as mcu.sleep is left out");
    // Well below where it settles, or it takes for ever; in hundredths of a volt.
    const double lower_v = std::floor(rest_v * 98.0) / 100.0;
    if (scenario.checkpoint->guards()) {
        if (const auto capacitance_f =
                ChargeFit(scenario, device, lower_v).capacitance_that_would_do()) {
            f.numbers.emplace_back("start_that_would_do_v", lower_v);
            f.numbers.emplace_back("capacitance_that_would_do_f", *capacitance_f);
            f.text += fmt::format("; with {} it could begin at {}",
                                  engineering(*capacitance_f, "F"), engineering(lower_v, "V"));
        }
    } else if (lower_v > save_v) {
        f.numbers.emplace_back("restore_at_that_would_do_v", lower_v);
        f.text += fmt::format("; restore_at {} would do", engineering(lower_v, "V"));
    }
    return f;
}

Finding slept_to_the_end(const Scenario& scenario, const Device& device, Time since,
                         const Result& result) {
    const double wake_v = device.mcu().wake_at_v();
    const double v = device.store().store().inner_v();
    const double asleep_s = result.time.simulated_s - since.seconds();
    const double all_f = scenario.store->capacitance_f() +
                         scenario.mcu.regulator->output_capacitor().beside_store_f();
    const double need_j = 0.5 * all_f * (wake_v * wake_v - v * v);
    return {
        "slept_to_the_end",
        since.seconds(),
        fmt::format("the device slept from {} to the end ({}), waiting for {}: the store is at "
                    "{}, {} short of it",
                    duration_text(since.seconds()), duration_text(asleep_s),
                    volts_beside(wake_v, v), volts_beside(v, wake_v), engineering(need_j, "J")),
        {{"asleep_s", asleep_s}, {"restore_at_v", wake_v}, {"store_v", v}, {"needed_j", need_j}}};
}

}  // namespace

void find_hopeless_supply(const Scenario& scenario, const Device& device, Result& result) {
    if (result.power.boots > 0 || scenario.mcu.initially_powered) {
        return;
    }
    const double turn_on = scenario.mcu.turn_on_v;
    if (device.supply().largest_x() <= 0.0) {
        result.findings.push_back(
            {"no_energy",
             0.0,
             "the source never offers any energy, and the device never turned on",
             {{"harvested_j", result.energy_j.harvested}, {"turn_on_v", turn_on}}});
        return;
    }
    const std::optional<double> rest = resting_v(scenario, device, off_phase(scenario));
    if (rest && *rest <= turn_on) {
        if (at_equilibrium(*rest, turn_on)) {
            return;  // near_equilibrium says so
        }
        const std::string settles = engineering(*rest, "V");
        const bool close = settles == engineering(turn_on, "V");
        result.findings.push_back(
            {"never_turns_on",
             0.0,
             fmt::format("the store can never reach turn-on: even at the source's best moment it "
                         "settles at {}, below {}",
                         close ? fmt::format("{:.10g} V", *rest) : settles,
                         close ? fmt::format("{:.10g} V", turn_on) : engineering(turn_on, "V")),
             {{"settles_at_v", *rest}, {"turn_on_v", turn_on}}});
        return;
    }
    const double need =
        0.5 * scenario.store->capacitance_f() *
        (turn_on * turn_on - scenario.store->initial_v() * scenario.store->initial_v());
    result.findings.push_back(
        {"never_turned_on",
         result.time.simulated_s,
         fmt::format(
             "the store did not reach turn-on at {} within {}: filling it takes {}, {} were "
             "harvested",
             engineering(turn_on, "V"), duration_text(result.time.simulated_s),
             engineering(need, "J"), engineering(result.energy_j.harvested, "J")),
         {{"turn_on_v", turn_on}, {"needed_j", need}, {"harvested_j", result.energy_j.harvested}}});
}

bool find_endless_sleep(const Scenario& scenario, const Device& device, Result& result) {
    const PowerStats& power = device.mcu().stats();
    const std::optional<Time> since = device.mcu().waits_since();
    const bool stuck = power.cycles_without_progress >= kIdleCycles;
    if (power.waits == 0 || power.wakes > 0 || (!since && !stuck)) {
        return false;
    }
    const std::optional<double> rest = resting_v(scenario, device, asleep_phase(scenario));
    if (rest && *rest <= device.mcu().wake_at_v()) {
        // Below turn-off a sleep ends in a brown-out, and the next boot may go on with the work.
        const bool for_ever = since && *rest > scenario.mcu.turn_off_v;
        if (for_ever || stuck) {
            result.findings.push_back(
                never_wakes(scenario, device, *rest, for_ever ? since : std::nullopt));
        }
        return for_ever || stuck;
    }
    if (since &&
        result.time.simulated_s - since->seconds() > kMuchOfTheRun * result.time.simulated_s) {
        result.findings.push_back(slept_to_the_end(scenario, device, *since, result));
    }
    return false;
}

void find_never_charged(const Scenario& scenario, const Device& device, Result& result) {
    const auto charging = device.mcu().charging();
    if (!charging) {
        return;
    }
    const double waited_s = result.time.simulated_s - charging->since.seconds();
    if (waited_s <= kMuchOfTheRun * result.time.simulated_s) {
        return;
    }
    result.findings.push_back(
        {"never_charged",
         charging->since.seconds(),
         fmt::format("a task waited from {} to the end ({}) for capacitor '{}' to be charged",
                     duration_text(charging->since.seconds()), duration_text(waited_s),
                     scenario.store->rails().at(charging->rail)),
         {{"waited_s", waited_s}}});
}

bool find_inrush(const Scenario& scenario, const Device& device, Result& result) {
    const PowerStats& power = device.mcu().stats();
    if (power.starved_boots == 0 || power.starved_boots < power.boots) {
        return false;
    }
    const OutputCapacitor out = scenario.mcu.regulator->output_capacitor();
    const McuParams& mcu = scenario.mcu;
    const double low_v = mcu.supervision ? mcu.supervision->brown_out_v : mcu.turn_off_v;
    const double span_v = mcu.turn_on_v - low_v;
    const double least_f = out.at_store ? out.capacitance_f * low_v / span_v
                           : out.efficiency > 0.0
                               ? 2.0 * out.energy_j() / (span_v * (mcu.turn_on_v + low_v))
                               : out.charge_c() / span_v;
    result.findings.push_back(
        {"inrush_too_large",
         0.0,
         fmt::format(
             "at {} the {}output capacitor ({}) took all that the store held above {}, "
             "and the device browned out at once: from {} that needs a store of more than {}",
             power.boots == 1 ? "its one boot" : fmt::format("each of {} boots", power.boots),
             out.at_store ? "" : "regulator's ", engineering(out.capacitance_f, "F"),
             engineering(low_v, "V"), engineering(mcu.turn_on_v, "V"), engineering(least_f, "F")),
         {{"boots", static_cast<double>(power.boots)},
          {"output_capacitor_f", out.capacitance_f},
          {"capacitance_that_would_do_f", least_f}}});
    return true;
}

void find_near_equilibrium(const Scenario& scenario, const Device& device, Result& result) {
    const std::optional<double> rest = resting_v(scenario, device, off_phase(scenario));
    const double turn_on = scenario.mcu.turn_on_v;
    if (rest && at_equilibrium(*rest, turn_on)) {
        result.findings.push_back({"threshold_at_equilibrium",
                                   0.0,
                                   "turn-on lies within 1e-9 of the voltage at which the store "
                                   "comes to rest: whether it is "
                                   "reached is a matter of rounding",
                                   {{"settles_at_v", *rest}, {"turn_on_v", turn_on}}});
    }
}

}  // namespace ebb
