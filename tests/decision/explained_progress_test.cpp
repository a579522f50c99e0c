// SPDX-License-Identifier: Apache-2.0
/// Does a run that makes no progress say which piece of work is too large, and is what it says
/// would do enough, and hardly more than that? Truth: runs with what was advised, and with less.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "tests/support/findings.hpp"
#include "tests/support/scenarios.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;
using Catch::Matchers::Contains;

const std::string kTasks =
    "name: tasks\nduration: 20 s\n"
    "source: {model: {type: constant_power, power: 50 uW}}\n"
    "store: {type: capacitor, capacitance: 10 uF, initial: 1.8 V, max: 12 V}\n"
    "mcu:\n"
    "  {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 1 ms, charge: 1 uC},\n"
    "   active: {current: 2 mA}, sleep: {current: 0.2 uA, wake: 20 us}, off_current: 0 A}\n"
    "nvm: {capacity: 32 kB, atomic: 1 B, cut: old, read_time: 1 us, write_time: 2 us, read_energy: "
    "3 nJ, write_energy: 5 nJ, standby: 0 A, sleep: 0 A, endurance: unlimited}\n"
    "workload: {repeat: true, tasks: [{name: sense, time: 3 ms}, {name: infer, time: 20 ms}]}\n";

const std::string kNetwork =
    "name: net\nduration: 20 s\n"
    "source: {model: {type: constant_power, power: 50 uW}}\n"
    "store: {type: capacitor, capacitance: 1.5 uF, initial: 1.8 V, max: 8 V}\n"
    "mcu: {part: stm32u385, turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered}\n"
    "nvm: {part: mb85rs256ty}\n"
    "workload: {network: mlperf_tiny_ad, platform: cortex_m33_stm32u385, arrival: {every: 100 "
    "s}}\n";

Finding of(const std::string& device, const Sets& sets, const std::string& code) {
    const Result r = result_of(device, sets);
    const Finding* const f = find(r, code);
    REQUIRE(f != nullptr);
    INFO(f->text);
    CHECK(r.work.jobs_done == 0);
    CHECK(number(*f, "needed_j") > number(*f, "given_j"));
    return *f;
}

std::int64_t jobs_with(const std::string& device, Sets sets, const std::string& key, double value,
                       const std::string& unit) {
    sets.push_back(fmt::format("{}={:.10g} {}", key, value, unit));
    INFO("tried: " << sets.back());
    return result_of(device, sets).work.jobs_done;
}

/// The advised value lets the work through, the same value less `share` of it does not.
void is_tight(const std::string& device, const Sets& sets, const std::string& code,
              const std::string& name, const std::string& key, const std::string& unit,
              double share) {
    const Finding f = of(device, sets, code);
    INFO(f.text);
    const double value = number(f, name);
    CHECK(jobs_with(device, sets, key, value, unit) >= 1);
    CHECK(jobs_with(device, sets, key, value * (1.0 - share), unit) == 0);
}

/// One step of the E12 series is at most 22 %: the value below is too small for sure.
constexpr double kStepOfE12 = 0.22;
constexpr double kBitLess = 0.03;

TEST_CASE("is a job that restarts with every power cycle named as a whole, with what would do?") {
    const Sets none = {"checkpoint={policy: none}"};
    CHECK_THAT(of(kTasks, none, "unit_never_fits").text,
               Contains("a whole job needs 113 uJ (boot 2.4 uJ of it)") &&
                   Contains("gives 28.8 uJ from turn-on (3 V)") &&
                   Contains("47 uF or turn-on at "));
    is_tight(kTasks, none, "unit_never_fits", "capacitance_that_would_do_f", "store.capacitance",
             "F", kStepOfE12);
    is_tight(kTasks, none, "unit_never_fits", "turn_on_that_would_do_v", "mcu.turn_on", "V",
             kBitLess);
}

TEST_CASE("is the task named that does not fit between two commits, with its shares?") {
    for (const char* granularity : {"unit", "tile", "layer"}) {
        const Sets commit = {
            fmt::format("checkpoint={{policy: commit, granularity: {}}}", granularity)};
        const Finding f = of(kTasks, commit, "unit_never_fits");
        CHECK_THAT(f.text, Contains("task infer needs ") && Contains("recovery") &&
                               Contains("commit") && Contains("39 uF or turn-on at "));
        const double shares = number(f, "boot_j") + number(f, "recovery_j") + number(f, "commit_j");
        // What is left is 20 ms at 2 mA and the memory's standby, at 2.4 V.
        CHECK(number(f, "needed_j") - shares == Approx(20e-3 * 2e-3 * 2.4).epsilon(0.04));
        is_tight(kTasks, commit, "unit_never_fits", "capacitance_that_would_do_f",
                 "store.capacitance", "F", kStepOfE12);
        is_tight(kTasks, commit, "unit_never_fits", "turn_on_that_would_do_v", "mcu.turn_on", "V",
                 kBitLess);
    }
}

TEST_CASE("is the layer of a network named that does not fit, and does the advice hold?") {
    for (const char* granularity : {"tile", "layer"}) {
        const Sets commit = {
            fmt::format("checkpoint={{policy: commit, granularity: {}}}", granularity)};
        const Finding f = of(kNetwork, commit, "unit_never_fits");
        CHECK_THAT(f.text, Contains("the 128 units of fc_0 together need"));
        is_tight(kNetwork, commit, "unit_never_fits", "capacitance_that_would_do_f",
                 "store.capacitance", "F", kStepOfE12);
        is_tight(kNetwork, commit, "unit_never_fits", "turn_on_that_would_do_v", "mcu.turn_on", "V",
                 kBitLess);
    }
}

TEST_CASE("is one unit of a layer named where each is committed?") {
    const Sets unit = {"checkpoint={policy: commit, granularity: unit}", "store.capacitance=500 nF",
                       "duration=300 s"};
    const Finding f = of(kNetwork, unit, "unit_never_fits");
    CHECK_THAT(f.text, Contains("each of 128 units of fc_"));
    is_tight(kNetwork, unit, "unit_never_fits", "turn_on_that_would_do_v", "mcu.turn_on", "V",
             kBitLess);
}

TEST_CASE("is a boot that alone takes more than a charge said to be one?") {
    const Sets boot = {"mcu.boot={time: 1 ms, charge: 20 uC}",
                       "checkpoint={policy: commit, granularity: unit}"};
    const Finding f = of(kTasks, boot, "unit_never_fits");
    CHECK_THAT(f.text, Contains("boot and recovery alone take more than a charge"));
    CHECK(number(f, "boot_j") > number(f, "given_j"));
    is_tight(kTasks, boot, "unit_never_fits", "turn_on_that_would_do_v", "mcu.turn_on", "V",
             kBitLess);
    // An energy per boot counts like a charge.
    const Sets energy = {"mcu.boot={time: 1 ms, energy: 48 uJ}",
                         "checkpoint={policy: commit, granularity: unit}"};
    CHECK(number(of(kTasks, energy, "unit_never_fits"), "boot_j") == Approx(48e-6).epsilon(0.01));
}

TEST_CASE("does a guard that lets work begin too low name the voltage that would do?") {
    const Sets low = {"checkpoint={policy: samoyed, start_at: 3.2 V}"};
    CHECK_THAT(of(kTasks, low, "unit_never_fits").text,
               Contains("where the guard lets it begin (3.2 V)") && Contains("or a start at "));
    is_tight(kTasks, low, "unit_never_fits", "start_that_would_do_v", "checkpoint.start_at", "V",
             kBitLess);
    is_tight(kTasks, low, "unit_never_fits", "capacitance_that_would_do_f", "store.capacitance",
             "F", kStepOfE12);
    const Sets budget = {"checkpoint={policy: debs, budget: 1.4 V, margin: 0 V}"};
    const Finding f = of(kTasks, budget, "unit_never_fits");
    const double start = number(f, "start_that_would_do_v");
    CHECK(jobs_with(kTasks, budget, "checkpoint.budget", start - 1.8, "V") >= 1);
    CHECK(jobs_with(kTasks, budget, "checkpoint.budget", (1.0 - kBitLess) * start - 1.8, "V") == 0);
}

TEST_CASE("is a guard that waits for more than the store may hold told so, with a capacitance?") {
    for (const char* policy : {"samoyed", "debs", "optic", "rockclimb"}) {
        const Sets sets = {fmt::format("checkpoint={{policy: {}}}", policy), "store.max=3.6 V"};
        const Finding f = of(kTasks, sets, "unit_never_fits");
        CHECK_THAT(f.text, Contains("task infer needs") && Contains("it waits for 5.8") &&
                               Contains("store.max is 3.6 V"));
        CHECK(number(f, "waits_for_v") > 3.6);
        is_tight(kTasks, sets, "unit_never_fits", "capacitance_that_would_do_f",
                 "store.capacitance", "F", kStepOfE12);
    }
}

TEST_CASE("is a guard whose start the source cannot reach told from where it could begin?") {
    const Sets sets = {"checkpoint={policy: samoyed, start_at: 6 V}",
                       "store.leakage={resistance: 300 kOhm}"};
    const Result r = result_of(kTasks, sets);
    const Finding* const f = find(r, "never_wakes");
    REQUIRE(f != nullptr);
    INFO(f->text);
    CHECK_THAT(f->text, Contains("where its guard lets work begin"));
    Sets better = sets;
    better.push_back(
        fmt::format("store.capacitance={:.10g} F", number(*f, "capacitance_that_would_do_f")));
    better.emplace_back("duration=60 s");
    CHECK(jobs_with(kTasks, better, "checkpoint.start_at", number(*f, "start_that_would_do_v"),
                    "V") >= 1);
}

TEST_CASE("is a device told that saves what it has just restored, again and again?") {
    // 3 uC of a boot pull 10 uF from 3 V to 2.7 V; the sleep behind the snapshot ends in the dark.
    const Sets saving = {"mcu.boot={time: 1 ms, charge: 3 uC}", "mcu.sleep.current=40 uA",
                         "checkpoint={policy: jit, save_at: 2.8 V, state: 500 B}"};
    const Finding f = of(kTasks, saving, "no_forward_progress");
    CHECK_THAT(f.text, Contains("snapshots saved what had just been restored") &&
                           Contains("from turn-on (3 V) to save_at (2.8 V)") &&
                           Contains("uF or turn-on at "));
    CHECK(number(f, "boot_j") == Approx(3e-6 * 2.9).epsilon(1e-9));
    // With less, only the first boot, which has nothing to restore, leaves time for work.
    Sets longer = saving;
    longer.emplace_back("duration=300 s");
    longer.emplace_back("workload={tasks: [{name: infer, time: 4 ms}]}");
    is_tight(kTasks, longer, "no_forward_progress", "capacitance_that_would_do_f",
             "store.capacitance", "F", kStepOfE12);
    is_tight(kTasks, longer, "no_forward_progress", "turn_on_that_would_do_v", "mcu.turn_on", "V",
             kBitLess);
    longer.emplace_back("store.capacitance=22 uF");
    CHECK(*result_of(kTasks, longer).work.forward_progress > 0.0);
    CHECK(find(result_of(kTasks, longer), "no_forward_progress") != nullptr);
}

TEST_CASE("is the task named that is too large, wherever it comes?") {
    const Sets sets = {
        "workload={tasks: [{name: a, time: 1 ms}, {name: b, time: 9 ms}, {name: c, time: 2 ms}]}",
        "checkpoint={policy: commit, granularity: unit}", "store.capacitance=3.3 uF"};
    CHECK_THAT(of(kTasks, sets, "unit_never_fits").text, Contains("task b needs"));
}

}  // namespace
