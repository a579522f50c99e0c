// SPDX-License-Identifier: Apache-2.0
/// Findings about devices that sleep for ever, work in vain, wear their memory out, or were
/// described in a way worth a remark.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "sim/device/findings.hpp"
#include "tests/support/findings.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;
using Catch::Matchers::Contains;

/// Saves at 2.1 V and sleeps; 10 uW feed 2 uA of sleep and 1 MOhm of leak up to 2.317 V.
const std::string kSleeper =
    "name: sleeper\nduration: 100 s\n"
    "source: {model: {type: constant_power, power: 10 uW}}\n"
    "store: {type: capacitor, capacitance: 100 uF, initial: 3 V, max: 5 V,\n"
    "        leakage: {resistance: 1 MOhm}}\n"
    "mcu:\n"
    "  {turn_on: 3.0 V, turn_off: 1.8 V, initial: powered, boot: {time: 1 ms, charge: 1 uC},\n"
    "   active: {current: 2 mA}, sleep: {current: 2 uA, wake: 20 us}, off_current: 0 A}\n"
    "nvm: {capacity: 1 MB, atomic: 1 B, cut: old, read_time: 25 ns, write_time: 1 us,\n"
    "      read_energy: 0.2 nJ, write_energy: 20 nJ, standby: 0 A, sleep: 0 A,\n"
    "      endurance: unlimited}\n"
    "workload: {repeat: true, tasks: [{name: sense, time: 3 ms}, {name: infer, time: 20 ms}]}\n"
    "checkpoint: {policy: jit, save_at: 2.1 V, restore_at: 2.8 V, state: 256 B}\n";

/// V with V^2/R + I V = P.
double settles_at(double power_w, double current_a, double leak_ohm) {
    const double b = current_a * leak_ohm;
    return 0.5 * (std::sqrt(b * b + 4.0 * power_w * leak_ohm) - b);
}

TEST_CASE("a device that sleeps for ever is named, with where the store settles") {
    const Finding f = only_finding_of(kSleeper, {});
    CHECK(f.code == "never_wakes");
    CHECK(number(f, "settles_at_v") == Approx(settles_at(10e-6, 2e-6, 1e6)).epsilon(1e-9));
    CHECK(number(f, "restore_at_v") == 2.8);
    CHECK(number(f, "waits") == 1.0);
    CHECK_THAT(f.text, Contains("2.8 V (checkpoint.restore_at)") && Contains("2.32 V") &&
                           Contains("has slept since 45.3 ms"));
    CHECK(f.time_s == Approx(0.0453).epsilon(1e-2));
}

TEST_CASE("with the advised voltage to restore at the sleeper wakes and works") {
    const double advised = number(only_finding_of(kSleeper, {}), "restore_at_that_would_do_v");
    const Result r = result_of(
        kSleeper, {fmt::format("checkpoint.restore_at={:.10g} V", advised), "duration=10 min"});
    CHECK(r.findings.empty());
    CHECK(r.power.sleeps > 3);
    CHECK(r.work.jobs_done > 1);
}

TEST_CASE("without a voltage that would do none is named") {
    const Finding f = only_finding_of(kSleeper, {"source.model.power=8 uW"});
    CHECK(f.code == "never_wakes");
    CHECK(settles_at(8e-6, 2e-6, 1e6) < 2.1);  // below save_at: it would save again at once
    CHECK_THAT(f.text, !Contains("would do"));
}

TEST_CASE("turn-on is named as what the sleeper waits for if restore_at is left out") {
    const Finding f =
        only_finding_of(kSleeper, {"checkpoint={policy: jit, save_at: 2.1 V, state: 256 B}"});
    CHECK(f.code == "never_wakes");
    CHECK_THAT(f.text, Contains("3 V (mcu.turn_on, as checkpoint.restore_at is left out)"));
}

TEST_CASE("a device without a sleep state is told that it waits at its active load") {
    const std::string text = kSleeper;
    const std::string sleep = ", sleep: {current: 2 uA, wake: 20 us}";
    std::string awake = text;
    awake.erase(awake.find(sleep), sleep.size());
    // The active load empties the store: it boots, waits for 4 V, and browns out, again and again.
    const Finding f =
        only_finding_of(awake, {"checkpoint.restore_at=4 V", "duration=1000 s",
                                "mcu.initial=unpowered", "source.model.power=0.3 mW"});
    CHECK(f.code == "never_wakes");
    CHECK(number(f, "waits") > 3.0);
    CHECK_THAT(f.text, Contains("sleeps after each boot until it browns out") &&
                           Contains("mcu.sleep is left out"));
}

TEST_CASE(
    "a sleeper that browns out, boots and goes on with its work is not said to sleep for ever") {
    // 15 uA of sleep drain the store to turn-off; the device that is off charges to turn-on again.
    const Result r = result_of(kSleeper, {"mcu.sleep.current=15 uA", "duration=1000 s"});
    CHECK(r.power.brown_outs > 3);
    CHECK(r.work.jobs_done > 10);
    CHECK(find(r, "never_wakes") == nullptr);
}

TEST_CASE("a sleep that a longer run would end is said to be that") {
    const Sets sets = {"source.model.power=30 uW", "store.capacitance=1 mF"};
    Sets brief = sets;
    brief.emplace_back("duration=60 s");
    const Finding f = only_finding_of(kSleeper, brief);
    CHECK(f.code == "slept_to_the_end");
    CHECK(f.time_s + number(f, "asleep_s") == Approx(60.0));
    const double v = number(f, "store_v");
    CHECK((v > 2.1 && v < 2.8));
    CHECK(number(f, "needed_j") == Approx(0.5e-3 * (2.8 * 2.8 - v * v)));
    Sets longer = sets;
    longer.emplace_back("duration=300 s");
    CHECK(result_of(kSleeper, longer).findings.empty());
}

TEST_CASE("a night's sleep is no finding") {
    const Result r = run(scenario_file("examples/solar_jit.yaml"), {}, nullptr);
    CHECK(find(r, "never_wakes") == nullptr);
    CHECK(find(r, "slept_to_the_end") == nullptr);
}

/// Powered from the stated power, nothing durable but by `checkpoint`.
const std::string kWorker =
    "name: worker\nduration: 60 s\n"
    "source: {model: {type: constant_power, power: 50 uW}}\n"
    "store: {type: capacitor, capacitance: 100 uF, initial: 1.8 V, max: 20 V}\n"
    "mcu:\n"
    "  {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 1 ms, charge: 1 uC},\n"
    "   active: {current: 2 mA}, off_current: 0 A}\n"
    "workload: {repeat: true, tasks: [{name: sense, time: 10 ms, current: 6 mA},\n"
    "                                 {name: infer, time: 20 ms, power: 6.8 mW}]}\n";

TEST_CASE("work that fits on average but not in its order is called no progress, with both sums") {
    // The current comes first, at a high voltage, and costs more there than at the middle voltage.
    const Finding f = only_finding_of(kWorker, {});
    CHECK(f.code == "no_forward_progress");
    CHECK(number(f, "needed_j") == Approx((60e-6 + 1e-6) * 2.4 + 20e-3 * 6.8e-3));
    CHECK(number(f, "given_j") == Approx(0.5 * 100e-6 * (9.0 - 3.24)));
    CHECK(number(f, "cycles_without_progress") >= 3.0);
    CHECK_THAT(f.text, Contains("a whole job needs 282 uJ") && Contains("gives 288 uJ"));
}

TEST_CASE("with more capacitance the same work makes progress and has no finding") {
    const Result r = result_of(kWorker, {"store.capacitance=120 uF"});
    CHECK(r.findings.empty());
    CHECK(r.work.jobs_done > 3);
}

TEST_CASE("a device that has nothing to do and browns out at rest is not called stuck") {
    const std::string text =
        "name: idle\nduration: 60 s\n"
        "source: {model: {type: constant_power, power: 1 mW}}\n"
        "store: {type: capacitor, capacitance: 100 uF, initial: 1.8 V, max: 6 V}\n"
        "mcu: {part: stm32u385, turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered,\n"
        "      sleep: {current: 3 mA, wake: 20 us}}\n"
        "nvm: {part: mb85rs256ty}\n"
        "workload: {network: mlperf_tiny_kws, platform: cortex_m33_stm32u385,\n"
        "           arrival: {every: 1000 s}}\n"
        "checkpoint: {policy: commit, granularity: tile}\n";
    const Result r = result_of(text);
    CHECK(r.work.jobs_done == 1);
    CHECK(r.power.brown_outs > 30);
    CHECK(r.findings.empty());
}

const std::string kFragile =
    "nvm={capacity: 1 MB, atomic: 1 B, cut: old, read_time: 25 ns, write_time: 1 us, read_energy: "
    "0.2 nJ,"
    " write_energy: 20 nJ, standby: 0 A, sleep: 0 A, endurance: 10}";

TEST_CASE("a memory that is written more often than it endures is called worn out") {
    const Sets sets = {kFragile, "checkpoint={policy: commit, granularity: unit}",
                       "duration=300 s"};
    const Finding f = only_finding_of(kWorker, sets);
    CHECK(f.code == "worn_out");
    CHECK(number(f, "endurance_cycles") == 10.0);
    CHECK(number(f, "max_writes_per_cell") > 10.0);
    CHECK_THAT(f.text, Contains(fmt::format("{:.0f} times", number(f, "max_writes_per_cell"))) &&
                           Contains("endures 10 writes"));
}

TEST_CASE("wear does not ask whether the power failed") {
    const Sets sets = {kFragile, "checkpoint={policy: commit, granularity: unit}",
                       "source.model.power=30 mW", "mcu.initial=powered", "store.initial=3 V"};
    const Result r = result_of(kWorker, sets);
    CHECK(r.power.brown_outs == 0);
    CHECK(find(r, "worn_out") != nullptr);
}

TEST_CASE("a memory within its endurance is not worn out") {
    Sets sets = {kFragile, "checkpoint={policy: commit, granularity: unit}", "duration=20 s"};
    const Result r = result_of(kWorker, sets);
    CHECK(r.nvm.max_writes_per_cell > 0.0);
    CHECK(r.nvm.max_writes_per_cell <= 10.0);
    CHECK(r.findings.empty());
}

TEST_CASE("a remark of the reader comes with the result, with its numbers") {
    const Finding f = only_finding_of(
        kWorker,
        {"store.capacitance=1 mF", "duration=200 s",
         "mcu.regulator={type: ldo, output: 2.0 V, quiescent: 1 uA, quiescent_off: 1 uA}"});
    CHECK(f.code == "input_note");
    CHECK_THAT(f.text, Contains("rail of 2 V sags") && Contains("mcu.turn_off is 1.8 V"));
}

TEST_CASE("every finding of these runs is in the list of codes, once") {
    const auto& codes = finding_codes();
    for (const char* code :
         {"never_wakes", "slept_to_the_end", "no_forward_progress", "worn_out", "input_note"}) {
        INFO(code);
        CHECK(std::count(codes.begin(), codes.end(), code) == 1);
    }
}

}  // namespace
