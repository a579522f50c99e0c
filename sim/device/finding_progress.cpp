// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <string>
#include <utility>

#include "models/store/store_model.hpp"
#include "sim/device/charge_budget.hpp"
#include "sim/device/finding_parts.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

/// "(boot 2 uJ, recovery 0.3 uJ, commit 0.2 uJ of it)"; empty without any of them.
std::string shares(const ChargeBudget& b) {
    std::string text;
    const auto add = [&text](const char* name, double joules) {
        if (joules > 0.0) {
            text +=
                fmt::format("{}{} {}", text.empty() ? "" : ", ", name, engineering(joules, "J"));
        }
    };
    add("boot", b.boot_j);
    add("recovery", b.recovery_j);
    add("commit", b.piece.commit_j);
    return text.empty() ? text : fmt::format(" ({} of it)", text);
}

struct Words {
    const char *code, *start, *name;
};

Words words_of(FallsFrom from) {
    switch (from) {
        case FallsFrom::snapshot:
            return {"snapshot_never_fits", "save_at", "save_at_that_would_do_v"};
        case FallsFrom::guard:
            return {"unit_never_fits", "where the guard lets it begin", "start_that_would_do_v"};
        default:
            return {"unit_never_fits", "turn-on", "turn_on_that_would_do_v"};
    }
}

/// "; 47 uF or turn-on at 3.3 V would do", the numbers into the finding; empty if nothing would.
std::string advice(const ChargeFit& fit, Finding& finding) {
    const Words words = words_of(fit.falls_from());
    std::string text;
    if (const auto capacitance_f = fit.capacitance_that_would_do()) {
        finding.numbers.emplace_back("capacitance_that_would_do_f", *capacitance_f);
        text = engineering(*capacitance_f, "F");
    }
    if (const auto start_v = fit.start_that_would_do()) {
        finding.numbers.emplace_back(words.name, *start_v);
        text += fmt::format("{}{} at {}", text.empty() ? "" : " or ",
                            fit.falls_from() == FallsFrom::guard ? "a start" : words.start,
                            engineering(*start_v, "V"));
    }
    return text.empty() ? text : "; " + text + " would do";
}

/// Nothing became durable, though what must fit would fit on average: the order in which currents
/// and powers come, or a leak, takes the rest.
Finding stuck(const ChargeFit& fit, std::int64_t cycles, const Result& result) {
    const ChargeBudget budget = fit.budget();
    Finding finding;
    finding.code = "no_forward_progress";
    finding.time_s = result.time.simulated_s;
    finding.text = fmt::format(
        "nothing became durable in the last {} power cycles, though {} {} {} and a "
        "cycle gives {}",
        cycles, budget.piece.name, budget.piece.needs, engineering(budget.need_j, "J"),
        engineering(budget.given_j, "J"));
    if (!fit.fits_now()) {
        finding.text += advice(fit, finding);
    }
    return finding;
}

/// The load's step across the series resistance is as large as the room between the thresholds.
Finding step_too_large(const Scenario& scenario, const ChargeFit& fit, const Result& result) {
    const double start_v = fit.lowest_v();
    return {
        "load_step_too_large",
        result.time.simulated_s,
        fmt::format("the load pulls the terminal down by {} across the store's series resistance, "
                    "and turn-on lies only {} above turn-off: it browns out as it begins, with any "
                    "capacitance; less store.esr, or turn-on well above {}, would help",
                    engineering(fit.drop_v(), "V"),
                    engineering(fit.from_v() - scenario.mcu.turn_off_v, "V"),
                    engineering(start_v, "V")),
        {{"step_v", fit.drop_v()}, {"turn_on_above_v", start_v}}};
}

/// A piece of work, or a snapshot, needs more than the store gives for it.
Finding does_not_fit(const ChargeFit& fit, const std::string& outcome, const Result& result) {
    const ChargeBudget b = fit.budget();
    const Words words = words_of(fit.falls_from());
    Finding finding;
    finding.code = words.code;
    finding.time_s = result.time.simulated_s;
    finding.numbers = {
        {"boot_j", b.boot_j}, {"recovery_j", b.recovery_j}, {"commit_j", b.piece.commit_j}};
    const bool never_begins = b.boot_j + b.recovery_j > b.given_j;
    finding.text = fmt::format(
        "{}{} {} {}{}, but the store gives {} from {} ({}) to turn-off, beside what is harvested "
        "meanwhile: {}{}",
        never_begins ? "boot and recovery alone take more than a charge: " : "", b.piece.name,
        b.piece.needs, engineering(b.need_j, "J"), shares(b), engineering(b.given_j, "J"),
        words.start, engineering(fit.from_v(), "V"), outcome, advice(fit, finding));
    return finding;
}

}  // namespace

bool find_guard_out_of_reach(const Scenario& scenario, const Device& device, Result& result) {
    const double wake_v = device.mcu().wake_at_v();
    if (!scenario.checkpoint->guards() || wake_v <= scenario.store->max_v()) {
        return false;
    }
    const ChargeFit fit(scenario, device);
    const ChargeBudget budget = fit.budget();
    Finding finding =
        does_not_fit(fit,
                     fmt::format("it waits for {}, and store.max is {}", engineering(wake_v, "V"),
                                 engineering(scenario.store->max_v(), "V")),
                     result);
    finding.numbers.insert(
        finding.numbers.begin(),
        {{"needed_j", budget.need_j}, {"given_j", budget.given_j}, {"waits_for_v", wake_v}});
    result.findings.push_back(std::move(finding));
    return true;
}

namespace {

/// Below this share of the energy drawn, what was kept came from the first boot, which has nothing
/// to restore.
constexpr double kHardlyAny = 0.01;

/// Snapshot after snapshot of what has just been restored: the voltage to save at is met before any
/// work.
void find_idle_saving(const Scenario& scenario, const Device& device, Result& result) {
    const WorkCounts& work = device.workload().work_counts();
    if (work.snapshots_completed < kIdleCycles ||
        result.work.forward_progress.value_or(1.0) > kHardlyAny) {
        return;
    }
    const ChargeFit fit(scenario, device, FallsFrom::turn_on_to_save);
    const ChargeBudget b = fit.budget();
    if (fit.fits_now() || fit.from_v() <= fit.lowest_v()) {
        return;
    }
    Finding finding;
    finding.code = "no_forward_progress";
    finding.time_s = result.time.simulated_s;
    finding.numbers = {{"needed_j", b.need_j},
                       {"given_j", b.given_j},
                       {"boot_j", b.boot_j},
                       {"recovery_j", b.recovery_j}};
    finding.text = fmt::format(
        "each of {} snapshots saved what had just been restored: boot and recovery need {}{}, and "
        "the store gives {} from turn-on ({}) to save_at ({}), so that no work gets a turn{}",
        work.snapshots_completed, engineering(b.need_j, "J"), shares(b),
        engineering(b.given_j, "J"), engineering(fit.from_v(), "V"),
        engineering(fit.lowest_v(), "V"), advice(fit, finding));
    result.findings.push_back(std::move(finding));
}

}  // namespace

void find_no_progress(const Scenario& scenario, const Device& device, Result& result) {
    const PowerStats& power = device.mcu().stats();
    const std::int64_t cycles = power.cycles_without_progress;
    if (cycles < kIdleCycles) {
        find_idle_saving(scenario, device, result);
        return;
    }
    const ChargeFit fit(scenario, device);
    const ChargeBudget budget = fit.budget();
    Finding finding;
    if (fit.from_v() <= fit.lowest_v()) {
        finding = step_too_large(scenario, fit, result);
    } else if (budget.need_j > budget.given_j) {
        finding = does_not_fit(
            fit, fmt::format("no forward progress in the last {} power cycles", cycles), result);
    } else {
        finding = stuck(fit, cycles, result);
    }
    finding.numbers.insert(finding.numbers.begin(),
                           {{"needed_j", budget.need_j},
                            {"given_j", budget.given_j},
                            {"best_cycle_j", power.best_cycle_drawn_j},
                            {"cycles_without_progress", static_cast<double>(cycles)}});
    result.findings.push_back(std::move(finding));
}

}  // namespace ebb
