// SPDX-License-Identifier: Apache-2.0
// Operating points: does the work go with the clock, and the clock with the voltage?
#include <catch2/catch.hpp>

#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

/// 1 mF that falls from `initial` to 1.8 V under work that is stated for 8 MHz.
std::string falling(const std::string& initial, const std::string& use,
                    const std::string& task = "{name: work, time: 10 ms}") {
    return "name: clocking\nduration: 20 s\n"
           "source: {model: {type: constant_power, power: 0 W}}\n"
           "store: {type: capacitor, capacitance: 1 mF, initial: " +
           initial +
           ", max: 5 V}\n"
           "mcu:\n  turn_on: 2.9 V\n  turn_off: 1.8 V\n  initial: powered\n"
           "  boot: {time: 0 s, charge: 0 C}\n  active: {current: 1 mA}\n  off_current: 0 A\n"
           "  clocking:\n    work_at: 8 MHz\n    use: " +
           use +
           "\n    hysteresis: 50 mV\n    points:\n"
           "      - {name: slow, clock: 4 MHz, from: 1.8 V, current: 600 uA}\n"
           "      - {name: fast, clock: 16 MHz, from: 2.5 V, current: 2 mA}\n"
           "workload: {repeat: true, tasks: [" +
           task + "]}\n";
}

/// A device with everything that has a place of its own in the plan.
std::string busy(const std::string& policy) {
    return "name: busy\nduration: 6 s\n"
           "source: {model: {type: constant_power, power: 5 mW}}\n"
           "store: {type: capacitor, capacitance: 150 uF, initial: 0 V, max: 4 V, esr: 0.5 Ohm}\n"
           "mcu:\n  turn_on: 2.6 V\n  turn_off: 1.8 V\n  initial: unpowered\n"
           "  boot: {time: 1 ms, charge: 1 uC}\n  active: {power: 3 mW}\n"
           "  sleep: {current: 5 uA, wake: 1 ms}\n  off_current: 1 uA\n"
           "  clocking:\n    work_at: 8 MHz\n    use: by_voltage\n    hysteresis: 80 mV\n"
           "    points:\n"
           "      - {name: slow, clock: 1 MHz, from: 1.8 V, power: 0.8 mW}\n"
           "      - {name: middle, clock: 8 MHz, from: 2.2 V, power: 3 mW}\n"
           "      - {name: fast, clock: 16 MHz, from: 2.7 V, power: 9 mW}\n"
           "nvm: {capacity: 64 kB, atomic: 1 B, cut: old, read_time: 1 us, write_time: 2 us, "
           "read_energy: 1 nJ, write_energy: 2 nJ, standby: 1 uA, sleep: 0 A, endurance: "
           "unlimited}\n" +
           policy +
           "workload: {repeat: true, tasks: [{name: think, time: 7 ms}, {name: own, time: 3 ms, "
           "power: 4 mW}, {name: wait, time: 2 ms, fixed_time: true}]}\n";
}

void check_both_ways(const std::string& text) {
    const Result fast = result_of(text);
    const Result slow = result_of(text, {}, true);
    CHECK(fast.work.units_done > 20);
    CHECK(fast.work.units_done == slow.work.units_done);
    CHECK(fast.work.units_repeated == slow.work.units_repeated);
    CHECK(fast.power.brown_outs == slow.power.brown_outs);
    CHECK(fast.checkpoint.completed == slow.checkpoint.completed);
    CHECK(fast.kernel.decisions == slow.kernel.decisions);
    CHECK(fast.power.on_s == Approx(slow.power.on_s).epsilon(1e-9));
    const double through = fast.energy_j.offered;
    CHECK(fast.energy_j.sinks[Sink::compute] ==
          Approx(slow.energy_j.sinks[Sink::compute]).margin(1e-9 * through).epsilon(0));
}

}  // namespace

TEST_CASE("does a point by name scale the time of computing and its load?") {
    // 16 MHz: 5 ms at 2 mA, 10 uC a piece. From 3.0005 V to 2.5 V would be 50; to 1.8 V 120.
    std::string text = falling("3.0005 V", "fast");
    text.replace(text.find("from: 2.5 V"), 11, "from: 1.8 V");
    const Result r = result_of(text);
    CHECK(r.work.units_done == 120);
    CHECK(r.power.on_s == Approx(1.2005e-3 / 2e-3).epsilon(1e-12));
    // A load of its own is scaled by the same share, 2 mA over 1 mA; fixed time is not scaled.
    text = falling("3.0005 V", "slow", "{name: own, time: 10 ms, current: 3 mA}");
    CHECK(result_of(text).power.on_s == Approx(1.2005e-3 / (0.6 * 3e-3)).epsilon(1e-12));
    CHECK(result_of(text).work.units_done == 33);  // 20 ms at 1.8 mA: 36 uC
    text = falling("3.0005 V", "slow", "{name: own, time: 10 ms, fixed_time: true}");
    CHECK(result_of(text).work.units_done == 200);  // 10 ms at 0.6 mA: 6 uC
}

TEST_CASE("is the unit in progress cut exactly where the voltage leaves the fast point?") {
    // Fast: 503 uC down to 2.5 V at 10 uC a task are 50.3 tasks. Slow: 700 uC at 12 uC a task.
    const Result r = result_of(falling("3.003 V", "by_voltage"));
    CHECK(r.power.on_s == Approx(503e-6 / 2e-3 + 700e-6 / 0.6e-3).epsilon(1e-12));
    CHECK(r.work.units_done == 108);  // 50.3 + 58.33
    CHECK(r.power.brown_outs == 1);
}

TEST_CASE("does a faster point begin only above its border and the hysteresis?") {
    // Charged by 5 mA against 0.6 mA: slow up to 2.55 V, then 5 - 2 = 3 mA up to the clip.
    std::string text = falling("2.2 V", "by_voltage");
    text.replace(text.find("constant_power, power: 0 W"), 26, "constant_current, current: 5 mA");
    const auto run_for = [&](double seconds) {
        return result_of(text, {"duration=" + std::to_string(seconds) + " s"});
    };
    const double rise_s = 0.35e-3 / 4.4e-3;
    // Just before, and 0.1 s after: 10 ms of work take 20 ms, then 5 ms.
    CHECK(run_for(rise_s).work.units_done == 3);         // 3.977
    CHECK(run_for(rise_s + 0.1).work.units_done == 23);  // 3.977 + 20
}

TEST_CASE("does the slow witness agree while the clock follows the voltage?") {
    check_both_ways(busy(""));
    check_both_ways(
        busy("checkpoint: {policy: jit, save_at: 2 V, restore_at: 2.8 V, state: 1 kB}\n"));
    check_both_ways(busy("checkpoint: {policy: commit, granularity: unit}\n"));
}

TEST_CASE("does a network's compute follow the clock, its memory not?") {
    const auto jobs = [](const std::string& point, const char* power = "50 mW",
                         bool reference = false) {
        return result_of(
            std::string(
                "name: net\nduration: 20 s\nsource: {model: {type: constant_power, power: ") +
                power +
                "}}\n"
                "store: {type: capacitor, capacitance: 1 mF, initial: 3 V, max: 3.3 V}\n"
                "mcu: {turn_on: 2.5 V, turn_off: 1.8 V, initial: powered, boot: {time: 0 s, "
                "charge: 0 "
                "C}, active: {power: 3 mW}, off_current: 0 A, clocking: {work_at: 96 MHz, use: " +
                point +
                ", hysteresis: 50 mV, points: [{name: half, clock: 48 MHz, from: 1.8 V, power: 1 "
                "mW}, "
                "{name: full, clock: 96 MHz, from: " +
                (point == "by_voltage" ? "2.4 V" : "1.8 V") +
                ", power: 3 mW}]}}\n"
                "workload: {network: mlperf_tiny_kws, platform: cortex_m33_stm32u385, arrival: "
                "back_to_back}\n",
            {}, reference);
    };
    const Result half = jobs("half");
    const Result full = jobs("full");
    CHECK(half.work.latency_p50_s.value() ==
          Approx(2.0 * full.work.latency_p50_s.value()).epsilon(1e-9));
    const Result follows = jobs("by_voltage", "3 mW");
    const Result witness = jobs("by_voltage", "3 mW", true);
    CHECK(follows.work.units_done == witness.work.units_done);
    CHECK(follows.work.jobs_done == witness.work.jobs_done);
    CHECK(follows.work.jobs_done > 20);
    CHECK(follows.energy_j.sinks[Sink::compute] ==
          Approx(witness.energy_j.sinks[Sink::compute]).epsilon(1e-9));
    CHECK(static_cast<std::int64_t>(follows.kernel.decisions) <
          follows.work.units_done / 20);  // leaps
}
