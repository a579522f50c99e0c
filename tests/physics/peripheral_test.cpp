// SPDX-License-Identifier: Apache-2.0
// Peripherals: how long are they on, what do they draw, and who pays for it?
#include <catch2/catch.hpp>

#include "models/peripheral/peripheral_params.hpp"
#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

PeripheralUse use(std::size_t i, double start_s, double start_c, double current_a,
                  std::optional<double> time_s) {
    PeripheralUse u;
    u.peripheral = i;
    u.start = {start_s, start_c};
    u.state.current_a = current_a;
    u.state.time_s = time_s;
    return u;
}

/// A store that gives one volt for each millicoulomb, and a device that is on from the start.
std::string device(const std::string& rest) {
    return "name: peripherals\nduration: 1 s\n"
           "source: {model: {type: constant_power, power: 0 W}}\n"
           "store: {type: capacitor, capacitance: 1 mF, initial: 3 V, max: 5 V}\n" +
           rest;
}

const std::string kMcu =
    "mcu: {turn_on: 2.5 V, turn_off: 1.8 V, initial: powered, boot: {time: 0 s, charge: 0 C}, "
    "active: {current: 100 uA}, sleep: {current: 10 uA, wake: 0 s}, off_current: 0 A}\n";

}  // namespace

TEST_CASE("are several peripherals ready together, each after its own start-up?") {
    const auto before =
        start_up({use(0, 1e-3, 2e-6, 0, {}), use(1, 3e-3, 9e-6, 0, {}), use(2, 0.0, 0.0, 0, {})});
    REQUIRE(before.size() == 2);
    CHECK(before[0].time_s == 1e-3);
    REQUIRE(before[0].in_use.size() == 2);
    CHECK(before[0].in_use[0].current_a == Approx(2e-3).epsilon(1e-15));
    CHECK(before[0].in_use[1].current_a == Approx(3e-3).epsilon(1e-15));
    CHECK(before[1].time_s == Approx(2e-3).epsilon(1e-15));
    REQUIRE(before[1].in_use.size() == 1);  // the first is ready and stands by
    CHECK(before[1].in_use[0].peripheral == 1);
}

TEST_CASE("does a state with a time of its own end before the task does?") {
    const auto work = in_use({use(0, 0, 0, 1e-3, {}), use(1, 0, 0, 2e-3, 4e-3)}, 10e-3);
    REQUIRE(work.size() == 2);
    CHECK(work[0].time_s == 4e-3);
    CHECK(work[0].in_use.size() == 2);
    CHECK(work[1].time_s == Approx(6e-3).epsilon(1e-15));
    REQUIRE(work[1].in_use.size() == 1);
    CHECK(work[1].in_use[0].peripheral == 0);
    CHECK(in_use({use(0, 0, 0, 1e-3, 5e-3)}, 5e-3).size() == 1);
}

TEST_CASE("does each peripheral draw its charge from the store, and nothing else's?") {
    // The radio starts in 1 ms with 3 uC, sends for 4 ms with 40 uC and stands by for the rest of 1
    // s at 5 uA; the sensor stands by all the time at 2 uA. The MCU works for 5 ms at 100 uA.
    const std::string text =
        device(kMcu +
               "peripherals:\n"
               "  - {name: radio, standby: 5 uA, start: {time: 1 ms, charge: 3 uC},\n"
               "     states: [{name: tx, charge: 40 uC, time: 4 ms}]}\n"
               "  - {name: sensor, standby: 2 uA}\n"
               "workload: {tasks: [{name: send, use: [{peripheral: radio, state: tx}]}]}\n");
    const Result r = result_of(text);
    const double radio_c = 3e-6 + 40e-6 + 5e-6 * (1.0 - 5e-3);
    const double charge_c = radio_c + 2e-6 + 100e-6 * 5e-3 + 10e-6 * (1.0 - 5e-3);
    const double v = 3.0 - charge_c / 1e-3;
    CHECK(r.energy_j.stored_change == Approx(0.5e-3 * (v * v - 9.0)).epsilon(1e-12));
    // Exact integral of V i over each stretch of constant current: mean voltage times charge.
    const double v1 = 3.0 - (3e-6 + (100e-6 + 2e-6) * 1e-3) / 1e-3;
    const double v2 = v1 - (40e-6 + (100e-6 + 2e-6) * 4e-3) / 1e-3;
    const double peripherals = (3e-6 + 2e-6 * 1e-3) * 0.5 * (3.0 + v1) +
                               (40e-6 + 2e-6 * 4e-3) * 0.5 * (v1 + v2) +
                               7e-6 * (1.0 - 5e-3) * 0.5 * (v2 + v);
    CHECK(r.energy_j.sinks[Sink::peripherals] == Approx(peripherals).epsilon(1e-12));
    CHECK(r.work.tasks[0].done == 1);
    CHECK(r.time.simulated_s == 1.0);
}

TEST_CASE("does only what hangs on the store draw while the device is unpowered?") {
    const std::string unpowered =
        "mcu: {turn_on: 4 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 0 s, charge: 0 C}, "
        "active: {current: 1 mA}, off_current: 0 A, regulator: {type: ldo, output: 1.5 V, "
        "quiescent: 1 uA, quiescent_off: 0 A}}\n"
        "workload: {tasks: [{name: load, until_power_fails: true}]}\n";
    const std::string behind = device(unpowered + "peripherals: [{name: clock, standby: 50 uA}]\n");
    const std::string in_front =
        device(unpowered + "peripherals: [{name: clock, standby: 50 uA, always_on: true}]\n");
    CHECK(result_of(behind).energy_j.stored_change == 0.0);
    // 50 uA for 1 s out of 1 mF: 50 mV, straight from the store.
    CHECK(result_of(in_front).energy_j.sinks[Sink::peripherals] ==
          Approx(0.5e-3 * (9.0 - 2.95 * 2.95)).epsilon(1e-12));
}

TEST_CASE(
    "is a task that uses a peripheral started over after a power failure, start-up included?") {
    // 3 V to 1.8 V are 1.2 mC; one sending takes 0.5 mC: two are done, the third is cut.
    const Result r = result_of(
        device("mcu: {turn_on: 2.5 V, turn_off: 1.8 V, initial: powered, boot: {time: 0 s, charge: "
               "0 C}, off_current: 0 A}\n"
               "peripherals: [{name: radio, standby: 0 A, start: {time: 1 ms, charge: 100 uC}, "
               "states: [{name: tx, current: 40 mA}]}]\n"
               "workload: {repeat: true, tasks: [{name: send, time: 10 ms, current: 0 A, use: "
               "[{peripheral: radio, state: tx}]}]}\n"));
    CHECK(r.work.tasks[0].done == 2);
    CHECK(r.work.tasks[0].cut == 1);
    CHECK(r.energy_j.sinks[Sink::peripherals] == Approx(0.5e-3 * (9.0 - 1.8 * 1.8)).epsilon(1e-12));
}

TEST_CASE(
    "do the exact and the slow way agree on a device with radio, sensor, LDO and snapshots?") {
    const std::string text =
        "name: both\nduration: 4 s\n"
        "source: {model: {type: constant_power, power: 4 mW}}\n"
        "store: {type: capacitor, capacitance: 220 uF, initial: 0 V, max: 4 V, esr: 2 Ohm, "
        "leakage: {resistance: 1 MOhm}}\n"
        "mcu: {turn_on: 3 V, turn_off: 2 V, initial: unpowered, boot: {time: 1 ms, charge: 1 uC}, "
        "active: {current: 1 mA}, sleep: {current: 10 uA, wake: 1 ms}, off_current: 1 uA, "
        "regulator: {type: ldo, output: 2.2 V, quiescent: 1 uA, quiescent_off: 0.1 uA, drop_out: "
        "0.1 V}}\n"
        "nvm: {capacity: 64 kB, atomic: 1 B, cut: old, read_time: 1 us, write_time: 2 us, "
        "read_energy: 1 nJ, write_energy: 2 nJ, standby: 1 uA, sleep: 0 A, endurance: unlimited}\n"
        "checkpoint: {policy: jit, save_at: 2.3 V, restore_at: 2.9 V, state: 512 B}\n"
        "peripherals:\n"
        "  - {name: radio, standby: 2 uA, start: {time: 0.5 ms, charge: 2 uC}, states: [{name: tx, "
        "power: 15 mW, time: 5 ms}]}\n"
        "  - {name: sensor, standby: 1 uA, always_on: true, states: [{name: read, current: 700 "
        "uA}]}\n"
        "workload:\n  repeat: true\n  tasks:\n"
        "    - {name: think, time: 20 ms}\n"
        "    - {name: send, time: 7 ms, use: [{peripheral: radio, state: tx}, {peripheral: sensor, "
        "state: read}]}\n";
    const Result fast = result_of(text);
    const Result slow = result_of(text, {}, true);
    CHECK(fast.work.tasks[1].done > 10);
    CHECK(fast.checkpoint.completed > 2);
    CHECK(fast.work.tasks[1].done == slow.work.tasks[1].done);
    CHECK(fast.checkpoint.completed == slow.checkpoint.completed);
    CHECK(fast.power.sleeps == slow.power.sleeps);
    CHECK(fast.energy_j.sinks[Sink::peripherals] ==
          Approx(slow.energy_j.sinks[Sink::peripherals]).epsilon(1e-9));
    CHECK(fast.power.on_s == Approx(slow.power.on_s).epsilon(1e-9));
}

TEST_CASE("does a data sheet bring a peripheral's states, and may the scenario replace them?") {
    const std::string tasks =
        "workload: {repeat: true, tasks: [{name: send, current: 0 A, use: [{peripheral: radio, "
        "state: advertise_0dbm}]}]}\n";
    const Scenario s = scenario_of(
        device(kMcu + "peripherals: [{name: radio, part: bl652_advertising}]\n" + tasks));
    REQUIRE(s.mcu.peripherals.size() == 1);
    CHECK(s.mcu.peripherals[0].standby_a == 2e-6);
    CHECK(s.mcu.peripherals[0].states.size() == 4);
    CHECK(s.workload.tasks->tasks[0].uses[0].state.charge_c.value() == Approx(10.64e-6));
    CHECK_THROWS_AS(scenario_of(device(kMcu +
                                       "peripherals: [{name: radio, part: bl652_advertising, "
                                       "states: [{name: rx, current: 1 mA}]}]\n" +
                                       tasks)),
                    InputError);
}
