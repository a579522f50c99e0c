// SPDX-License-Identifier: Apache-2.0
// A device without a regulator that has a capacitor behind its switch.
#include "tests/support/findings.hpp"
#include "tests/support/scenarios.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ebb;
using namespace ebb::test;

namespace {

constexpr double kC = 100e-6;
constexpr double kOut = 22e-6;
constexpr double kAll = kC + kOut;

/// 100 uF at 3 V boots at once and draws 10 uA until 2 V; nothing comes in.
std::string device(const std::string& store =
                       "{type: capacitor, capacitance: 100 uF, "
                       "initial: 3 V, max: 5 V}",
                   const std::string& out = "22 uF") {
    return "name: switch\nduration: 60 s\n"
           "source: {model: {type: constant_current, current: 0 A}}\n"
           "store: " +
           store +
           "\nmcu: {turn_on: 2.9 V, turn_off: 2 V, initial: unpowered, boot: {time: 0 s, charge: 0 "
           "C}, off_current: 0 A, regulator: {type: none, output_capacitor: " +
           out +
           "}}\n"
           "workload: {tasks: [{name: load, current: 10 uA, until_power_fails: true}]}\n";
}

/// Stores of about 100 uF at 3 V with a capacitor at their terminal.
const std::vector<std::string>& stores() {
    static const std::vector<std::string> kAllStores = {
        "{type: capacitor, capacitance: 100 uF, initial: 3 V, max: 5 V, leakage: {resistance: 1 "
        "MOhm, current: 1 uA}}",
        "{type: capacitor, capacitance: 100 uF, initial: 3 V, max: 5 V, leakage: {exponential: "
        "{current: 20 nA, per_e: 0.8 V}}}",
        "{type: capacitor, capacitance: 100 uF, initial: 3 V, max: 5 V, esr: 2 Ohm, decoupling: "
        "220 uF}",
        "{type: mlcc, capacitance: 100 uF, initial: 3 V, max: 5 V}",
        "{type: supercapacitor, immediate: {resistance: 2 Ohm, capacitance: 80 uF, per_volt: 5 "
        "uF}, branches: [{resistance: 1 kOhm, capacitance: 20 uF}], decoupling: 150 uF, initial: 3 "
        "V, max: 5 V}",
        "{type: supercapacitor, immediate: {resistance: 2 Ohm, capacitance: 80 uF}, "
        "branches: [{resistance: 1 kOhm, capacitance: 20 uF}], decoupling: 150 uF, initial: 3 "
        "V, max: 5 V}",
        "{type: banks, capacitance: 120 uF, initial: 3 V, max: 5 V, banks: [{capacitance: 30 uF, "
        "connect: 2.7 V, disconnect: 2.4 V, initial: 2 V}]}",
        "{type: array, capacitance: 100 uF, initial: 3 V, max: 5 V, leak_time: 20 s, cells: "
        "[{name: "
        "a, capacitance: 100 uF, initial: 1.6 V}, {name: b, capacitance: 120 uF, initial: 1.4 V}], "
        "configurations: [{name: stacked, strings: a + b, up: 4 V}, {name: side, strings: \"a, "
        "b\", down: 2.1 V}]}",
        "{type: isolated_banks, capacitance: 100 uF, drop: 0.2 V, initial: 3 V, max: 5 V, "
        "banks: [{capacitance: 100 uF, initial: 2.9 V, charge: 2.8 V, stop: 2.5 V}]}",
        "{type: react, capacitance: 100 uF, initial: 3 V, max: 5 V, leak_time: 20 s, banks: "
        "[{capacitance: 30 uF, count: 2, initial: 0.5 V}], controller: {period: 10 ms, up: 2.4 V, "
        "down: 2.2 V, energy: 10 nJ}}",
        "{type: morphy, capacitance: 800 uF, initial: 3 V, max: 5 V, leak_time: 20 s, controller: "
        "{period: 50 ms, up: 3.4 V, down: 2.1 V, energy: 10 nJ}}"};
    return kAllStores;
}

}  // namespace

TEST_CASE("an output capacitor behind a plain switch takes its share of the store's charge") {
    for (const bool reference : {false, true}) {
        const Result r = result_of(device(), {"duration=1 s"}, reference);
        const double v1 = 3.0 * kC / kAll;
        const double v2 = v1 - 10e-6 / kAll;
        CHECK(r.energy_j.sinks[Sink::switch_loss] ==
              Approx(0.5 * kC * kOut / kAll * 9.0).epsilon(1e-13));
        CHECK(r.energy_j.sinks[Sink::compute] == Approx(10e-6 * 0.5 * (v1 + v2)).epsilon(1e-12));
        CHECK(r.energy_j.sinks[Sink::boot] == 0.0);
        CHECK(r.energy_j.stored_change ==
              Approx(0.5 * kAll * v2 * v2 - 0.5 * kC * 9.0).epsilon(1e-12));
    }
}

TEST_CASE("what is behind the switch serves the work, and is lost when the power fails") {
    for (const bool reference : {false, true}) {
        const Result r = result_of(device(), {}, reference);
        CHECK(r.power.on_s == Approx((3.0 * kC / kAll - 2.0) * kAll / 10e-6).epsilon(1e-12));
        CHECK(r.energy_j.sinks[Sink::boot] == Approx(0.5 * kOut * 4.0).epsilon(1e-13));
        CHECK(r.energy_j.stored_change == Approx(0.5 * kC * (4.0 - 9.0)).epsilon(1e-12));
    }
}

TEST_CASE("each boot of a thousand finds the output capacitor empty") {
    // 20 uA come in and 120 uA go out: straight lines between 2 V and 2.9 V.
    const std::vector<std::string> cycles = {
        "source.model.current=20 uA", "workload.tasks[0].current=120 uA", "store.initial=2 V"};
    const double v1 = 2.9 * kC / kAll;
    const double off_s = 0.9 * kC / 20e-6;
    const double on_s = (v1 - 2.0) * kAll / 100e-6;
    for (const bool reference : {false, true}) {
        const double n = reference ? 20.0 : 1000.0;
        std::vector<std::string> sets = cycles;
        sets.push_back("duration=" + std::to_string(n * (off_s + on_s) + 1e-3) + " s");
        const Result r = result_of(device(), sets, reference);
        CHECK(r.power.boots == static_cast<std::int64_t>(n));
        CHECK(r.power.brown_outs == r.power.boots);
        CHECK(r.power.mean_on_s.value() == Approx(on_s).epsilon(1e-12));
        CHECK(r.power.mean_off_s.value() == Approx(off_s).epsilon(1e-12));
        CHECK(r.energy_j.sinks[Sink::switch_loss] ==
              Approx(n * 0.5 * kC * kOut / kAll * 2.9 * 2.9).epsilon(1e-12));
        CHECK(r.energy_j.sinks[Sink::boot] == Approx(n * 0.5 * kOut * 4.0).epsilon(1e-12));
        CHECK(r.energy_j.sinks[Sink::compute] ==
              Approx(n * 120e-6 * on_s * 0.5 * (v1 + 2.0)).epsilon(1e-12));
    }
}

TEST_CASE("units of work leap over the store with its output capacitor as over one capacitor") {
    // From where the charge is shared on, a store of the sum does the same.
    const std::vector<std::string> work = {
        "workload={repeat: true, tasks: [{name: a, time: 1 ms, power: 300 uW}, {name: b, time: 2 "
        "ms, current: 50 uA}]}",
        "mcu.active={current: 1 mA}", "duration=10 s"};
    const Result shared = result_of(device(), work);
    std::vector<std::string> sum = work;
    sum.insert(sum.end(),
               {"mcu.regulator.output_capacitor=0 F", "store.capacitance=122 uF",
                "store.initial=" + std::to_string(3.0 * kC / kAll) + " V", "mcu.turn_on=2.4 V"});
    const Result one = result_of(device(), sum);
    CHECK(shared.work.units_done == one.work.units_done);
    CHECK(shared.work.units_done > 100);
    CHECK(shared.power.on_s == Approx(one.power.on_s).epsilon(1e-6));  // the voltage has 6 decimals
    CHECK(shared.kernel.segments <= one.kernel.segments + 5);
}

TEST_CASE("every store with a capacitor at its terminal shares it as its slow witness does") {
    for (const std::string& store : stores()) {
        INFO(store);
        const std::vector<std::string> sun = {"source.model={type: constant_power, power: 1 mW}",
                                              "workload.tasks[0].current=1 mA", "duration=3 s"};
        const Result fast = result_of(device(store, "10 uF"), sun);
        const Result slow = result_of(device(store, "10 uF"), sun, true);
        CHECK(fast.power.boots >= 2);
        CHECK(fast.power.boots == slow.power.boots);
        CHECK(fast.power.brown_outs == slow.power.brown_outs);
        CHECK(fast.power.on_s == Approx(slow.power.on_s).epsilon(1e-8));
        const double scale = fast.energy_j.harvested;
        for (std::size_t i = 0; i < kSinkCount; ++i) {
            const auto sink = static_cast<Sink>(i);
            INFO(name_of(sink));
            CHECK(std::fabs(fast.energy_j.sinks[sink] - slow.energy_j.sinks[sink]) <= 1e-8 * scale);
        }
        CHECK(std::fabs(fast.energy_j.residual) <= 1e-11 * scale);
        CHECK(
            fast.energy_j.sinks[Sink::boot] ==
            Approx(static_cast<double>(fast.power.brown_outs) * 0.5 * 10e-6 * 4.0).epsilon(1e-11));
        CHECK(fast.energy_j.sinks[Sink::switch_loss] > 0.0);
    }
}

TEST_CASE("a battery's node shares its charge, and the cell fills it again") {
    const std::vector<std::string> cell = {"store={part: lipo_pl383562, initial: 60 %, node: 1 mF}",
                                           "mcu.turn_on=3.3 V", "mcu.turn_off=2.5 V",
                                           "duration=2 s", "workload.tasks[0].current=20 mA"};
    const Result fast = result_of(device(), cell);
    const Result slow = result_of(device(), cell, true);
    CHECK(fast.power.boots == 1);
    CHECK(fast.power.brown_outs == 0);
    CHECK(fast.energy_j.sinks[Sink::switch_loss] > 0.0);
    CHECK(fast.energy_j.sinks[Sink::switch_loss] ==
          Approx(slow.energy_j.sinks[Sink::switch_loss]).epsilon(1e-12));
    CHECK(fast.energy_j.sinks[Sink::esr_loss] ==
          Approx(slow.energy_j.sinks[Sink::esr_loss]).epsilon(1e-8));
}

TEST_CASE("a device that is powered from the start has a full output capacitor") {
    for (const std::string& store : stores()) {
        INFO(store);
        const Result r =
            result_of(device(store, "10 uF"), {"mcu.initial=powered", "duration=10 ms"});
        const Result without =
            result_of(device(store, "0 F"), {"mcu.initial=powered", "duration=10 ms"});
        CHECK(r.energy_j.sinks[Sink::boot] == 0.0);
        CHECK(r.energy_j.initially_stored - without.energy_j.initially_stored ==
              Approx(0.5 * 10e-6 * 9.0).epsilon(1e-9));
    }
}

TEST_CASE("a store that cannot bear its output capacitor is told which one would") {
    const std::string starved = device(
        "{type: capacitor, capacitance: 100 uF, initial: 2.8 V, "
        "max: 5 V}",
        "100 uF");
    const std::vector<std::string> sun = {"source.model.current=100 uA"};
    const Result r = result_of(starved, sun);
    CHECK(r.power.boots > 2);
    CHECK(r.power.brown_outs == r.power.boots);
    CHECK(r.power.on_s == 0.0);
    const Finding* const f = find(r, "inrush_too_large");
    REQUIRE(f != nullptr);
    CHECK(number(*f, "capacitance_that_would_do_f") == Approx(100e-6 * 2.0 / 0.9));
    for (const double share : {0.99, 1.01}) {
        const std::string c = std::to_string(100.0 * 2.0 / 0.9 * share);
        const Result other = result_of(starved, {sun[0], "store.capacitance=" + c + " uF"});
        CHECK(other.power.boots > 0);
        CHECK((other.power.on_s > 0.0) == (share > 1.0));
    }
}

TEST_CASE("the capacitance that is advised for a job counts what sharing costs") {
    const std::vector<std::string> work = {"workload={tasks: [{name: long, time: 60 ms}]}",
                                           "source.model.current=100 uA", "store.initial=2.5 V",
                                           "mcu.active={current: 1 mA}", "duration=20 s"};
    const Result r = result_of(device(), work);
    const Finding* const f = find(r, "unit_never_fits");
    REQUIRE(f != nullptr);
    CHECK(r.work.jobs_done == 0);
    const double shared = 2.9 * kC / kAll;
    CHECK(number(*f, "given_j") == Approx(0.5 * kAll * (shared * shared - 4.0)).epsilon(1e-9));
    const double advised = number(*f, "capacitance_that_would_do_f");
    CHECK(advised > kC);
    std::vector<std::string> larger = work;
    larger.push_back("store.capacitance=" + std::to_string(advised * 1e6) + " uF");
    CHECK(result_of(device(), larger).work.jobs_done > 0);
}

TEST_CASE("a sleep that loses memory keeps the output capacitor, a power failure does not") {
    const std::vector<std::string> sets = {
        "mcu.sleep_states=[{name: deep, current: 1 uA, wake: 1 ms, retains: none}]",
        "mcu.active={current: 100 uA}",
        "workload={tasks: [{name: t, time: 10 ms}], sleep_in: deep}", "duration=5 s"};
    const Result r = result_of(device(), sets);
    CHECK(r.power.boots == 1);
    CHECK(r.energy_j.sinks[Sink::switch_loss] ==
          Approx(0.5 * kC * kOut / kAll * 9.0).epsilon(1e-13));
}
