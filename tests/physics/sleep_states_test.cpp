// SPDX-License-Identifier: Apache-2.0
// Sleep states: which one is slept in, what does waking cost, and what is left of memory?
#include <catch2/catch.hpp>

#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

const std::string kStates =
    "  sleep_states:\n"
    "    - {name: deep, current: 1 uA, wake: 2 ms, wake_charge: 5 uC, retains: ram}\n"
    "    - {name: dead, current: 0 A, wake: 1 ms, wake_charge: 1 uC, retains: none}\n";

/// 1 mF at 3 V, 10 ms of work at 1 mA, then nothing to do.
std::string once(const std::string& sleep_in) {
    return "name: once\nduration: 3.5 s\n"
           "source: {model: {type: constant_power, power: 0 W}}\n"
           "store: {type: capacitor, capacitance: 1 mF, initial: 3 V, max: 5 V}\n"
           "mcu:\n  turn_on: 2.5 V\n  turn_off: 1 V\n  initial: powered\n"
           "  boot: {time: 0 s, charge: 0 C}\n  active: {current: 1 mA}\n  off_current: 0 A\n"
           "  sleep: {current: 100 uA, wake: 0 s}\n" +
           kStates + "workload: {tasks: [{name: work, time: 10 ms}]" + sleep_in + "}\n";
}

/// A device whose policy saves and waits for voltage again and again.
std::string waiting(const std::string& sleep_in) {
    return "name: waits\nduration: 5 s\n"
           "source: {model: {type: constant_power, power: 1 mW}}\n"
           "store: {type: capacitor, capacitance: 100 uF, initial: 3 V, max: 4 V}\n"
           "mcu:\n  turn_on: 2.5 V\n  turn_off: 1.8 V\n  initial: powered\n"
           "  boot: {time: 4 ms, charge: 8 uC}\n  active: {current: 2 mA}\n  off_current: 0 A\n"
           "  sleep: {current: 10 uA, wake: 1 ms}\n" +
           kStates +
           "nvm: {capacity: 64 kB, atomic: 1 B, cut: old, read_time: 1 us, write_time: 2 us, "
           "read_energy: 1 nJ, write_energy: 2 nJ, standby: 0 A, sleep: 0 A, endurance: "
           "unlimited}\n"
           "workload: {repeat: true, tasks: [{name: init, time: 1 ms, once_per_boot: true}, {name: "
           "work, time: 45 ms}]}\n"
           "checkpoint: {policy: jit, save_at: 2.2 V, restore_at: 2.9 V, state: 256 B" +
           sleep_in + "}\n";
}

}  // namespace

TEST_CASE("does a device without work sleep in the state that the workload names?") {
    // 3.49 s of sleep from 2.99 V: the integral of V i is charge times mean voltage.
    const auto slept_j = [](const std::string& sleep_in) {
        return result_of(once(sleep_in)).energy_j.sinks[Sink::sleep];
    };
    CHECK(slept_j(", sleep_in: deep") ==
          Approx(1e-6 * 3.49 * (2.99 - 0.5 * 3.49e-3)).epsilon(1e-12));
    CHECK(slept_j("") == Approx(100e-6 * 3.49 * (2.99 - 0.5 * 0.349)).epsilon(1e-12));
    CHECK(slept_j(", sleep_in: dead") == 0.0);
}

TEST_CASE("does waking draw its own charge in place of the active load?") {
    EventList events;
    const Result r = run(scenario_of(waiting(", sleep_in: deep")), {}, &events);
    const auto woken = static_cast<double>(events.times_of("wake").size());
    REQUIRE(woken > 3.0);
    // Idle is nothing but waking here: 5 uC near 2.9 V, each time.
    CHECK(r.energy_j.sinks[Sink::idle] == Approx(woken * 5e-6 * 2.9).epsilon(0.02));
    CHECK(r.energy_j.sinks[Sink::boot] == 0.0);
    CHECK(r.checkpoint.restored == 0);
}

TEST_CASE("does a sleep without memory end in a boot and a recovery, and is no power cycle?") {
    const Result keeps = result_of(waiting(""));
    EventList events;
    const Result loses = run(scenario_of(waiting(", sleep_in: dead")), {}, &events);
    const auto woken = static_cast<std::int64_t>(events.times_of("wake").size());
    REQUIRE(woken > 3);
    CHECK(loses.power.boots == 0);
    CHECK(loses.power.brown_outs == 0);
    CHECK(loses.checkpoint.restored == woken);
    CHECK(loses.checkpoint.unused <= 1);
    CHECK(loses.energy_j.sinks[Sink::boot] ==
          Approx(static_cast<double>(woken) * 8e-6 * 2.9).epsilon(0.03));
    CHECK(loses.energy_j.sinks[Sink::restore] > 0.0);
    CHECK(loses.work.tasks[0].done == woken + 1);  // once per boot
    CHECK(keeps.work.tasks[0].done == 1);
    CHECK(keeps.checkpoint.restored == 0);
    // What a snapshot holds of a unit is not done again behind the task that each boot begins with:
    // some 38 ms of work a cycle, 45 ms a task.
    CHECK(loses.work.tasks[1].done > 3 * woken / 4);
}

TEST_CASE("does the slow witness sleep and wake alike in every state?") {
    for (const char* state : {"", ", sleep_in: deep", ", sleep_in: dead"}) {
        INFO(state);
        const Result fast = result_of(waiting(state));
        const Result slow = result_of(waiting(state), {}, true);
        CHECK(fast.work.tasks[1].done > 5);
        CHECK(fast.work.tasks[1].done == slow.work.tasks[1].done);
        CHECK(fast.checkpoint.restored == slow.checkpoint.restored);
        CHECK(fast.power.sleeps == slow.power.sleeps);
        CHECK(fast.kernel.decisions == slow.kernel.decisions);
        CHECK(fast.energy_j.sinks[Sink::compute] ==
              Approx(slow.energy_j.sinks[Sink::compute]).epsilon(1e-9));
        CHECK(fast.energy_j.sinks[Sink::boot] ==
              Approx(slow.energy_j.sinks[Sink::boot]).epsilon(1e-9));
    }
}
