// SPDX-License-Identifier: Apache-2.0
// A regulator's output capacitor, charged from the store at each boot.
#include "tests/physics/stores.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/scenarios.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ebb;
using namespace ebb::test;

namespace {

constexpr double kC = 100e-6;

/// 100 uF at 3 V boots at once and draws 10 uA until 2 V; nothing comes in.
std::string device(const std::string& regulator, const std::string& store =
                                                     "{type: capacitor, capacitance: 100 uF, "
                                                     "initial: 3 V, max: 5 V}") {
    return "name: inrush\nduration: 60 s\n"
           "source: {model: {type: constant_power, power: 0 W}}\n"
           "store: " +
           store +
           "\nmcu: {turn_on: 2.9 V, turn_off: 2 V, initial: unpowered, boot: {time: 0 s, charge: 0 "
           "C}, off_current: 0 A, regulator: {" +
           regulator +
           ", quiescent: 0 A, quiescent_off: 0 A}}\n"
           "workload: {tasks: [{name: load, current: 10 uA, until_power_fails: true}]}\n";
}

const std::string kLdo = "type: ldo, output: 1.8 V";
const std::string kBuck = "type: buck, output: 1.8 V, efficiency: 80 %";

/// All stores that a scenario can name, about 100 uF at 3 V.
const std::vector<std::string>& all_stores() {
    static const std::vector<std::string> kAll = {
        "{type: capacitor, capacitance: 100 uF, initial: 3 V, max: 5 V, leakage: {resistance: 1 "
        "MOhm}}",
        "{type: capacitor, capacitance: 100 uF, initial: 3 V, max: 5 V, esr: 2 Ohm}",
        "{type: capacitor, capacitance: 100 uF, initial: 3 V, max: 5 V, esr: 2 Ohm, decoupling: 47 "
        "uF}",
        "{type: mlcc, capacitance: 150 uF, bias: 5 V, initial: 3 V, max: 5 V}",
        "{type: supercapacitor, immediate: {resistance: 2 Ohm, capacitance: 80 uF, per_volt: 5 "
        "uF}, branches: [{resistance: 1 kOhm, capacitance: 20 uF}], initial: 3 V, max: 5 V}",
        "{type: banks, capacitance: 80 uF, initial: 3 V, max: 5 V, banks: [{capacitance: 30 uF, "
        "connect: 4 V, disconnect: 2.4 V, initial: 3 V, connected: true}]}",
        "{type: array, capacitance: 47 uF, initial: 3 V, max: 5 V, cells: [{name: a, capacitance: "
        "100 uF, initial: 1.6 V}, {name: b, capacitance: 120 uF, initial: 1.4 V}], "
        "configurations: [{name: stacked, strings: a + b, up: 4 V}, {name: side, strings: \"a, "
        "b\", down: 2.1 V}]}",
    };
    return kAll;
}

}  // namespace

TEST_CASE("does an LDO's output capacitor take C_out V_out from the store at boot?") {
    for (const bool reference : {false, true}) {
        const Result r =
            result_of(device(kLdo + ", output_capacitor: 22 uF"), {"duration=1 s"}, reference);
        const double v1 = 3.0 - 22e-6 * 1.8 / kC;
        const double v2 = v1 - 10e-6 * 1.0 / kC;
        const double held = 0.5 * 22e-6 * 1.8 * 1.8;
        const double given = 0.5 * kC * (9.0 - v1 * v1);
        CHECK(r.energy_j.sinks[Sink::boot] == Approx(held).epsilon(1e-12));
        CHECK(r.energy_j.sinks[Sink::compute] == Approx(1.8 * 10e-6).epsilon(1e-12));
        CHECK(r.energy_j.sinks[Sink::regulator_loss] ==
              Approx(given - held + 10e-6 * (0.5 * (v1 + v2) - 1.8)).epsilon(1e-11));
        CHECK(r.energy_j.stored_change == Approx(0.5 * kC * (v2 * v2 - 9.0)).epsilon(1e-12));
    }
}

TEST_CASE("does a buck take the energy of its output capacitor over its efficiency?") {
    for (const bool reference : {false, true}) {
        const Result r =
            result_of(device(kBuck + ", output_capacitor: 47 uF"), {"duration=1 s"}, reference);
        const double held = 0.5 * 47e-6 * 1.8 * 1.8;
        const double v1 = std::sqrt(9.0 - 47e-6 / kC * 1.8 * 1.8 / 0.8);
        const double v2 = std::sqrt(v1 * v1 - 2.0 / kC * 1.8 * 10e-6 / 0.8);
        CHECK(r.energy_j.sinks[Sink::boot] == Approx(held).epsilon(1e-12));
        CHECK(r.energy_j.sinks[Sink::regulator_loss] ==
              Approx(0.25 * (held + 1.8 * 10e-6)).epsilon(1e-11));
        CHECK(r.energy_j.stored_change == Approx(0.5 * kC * (v2 * v2 - 9.0)).epsilon(1e-12));
    }
}

TEST_CASE("does a buck with a table start at the efficiency of its largest current?") {
    const Result r = result_of(
        device("type: buck, output: 1.8 V, efficiency_over_current: [{current: 1 uA, value: 0.4}, "
               "{current: 10 mA, value: 0.9}], output_capacitor: 47 uF"),
        {"duration=1 s"});
    const double held = 0.5 * 47e-6 * 1.8 * 1.8;
    CHECK(r.energy_j.sinks[Sink::boot] == Approx(held).epsilon(1e-12));
    const double eta = 0.4 + 0.5 * std::log(10.0) / std::log(1e4);
    CHECK(r.energy_j.sinks[Sink::regulator_loss] ==
          Approx(held * (1.0 / 0.9 - 1.0) + 1.8 * 10e-6 * (1.0 / eta - 1.0)).epsilon(1e-11));
}

TEST_CASE("does every store give the same to an output capacitor as its slow witness?") {
    for (const std::string& store : all_stores()) {
        for (const std::string& regulator : {kLdo, kBuck}) {
            INFO(store << " " << regulator);
            const std::string text = device(regulator + ", output_capacitor: 10 uF", store);
            const std::vector<std::string> weak_sun = {
                "source.model.power=1 mW", "workload.tasks[0].current=1 mA", "duration=1 s"};
            const Result fast = result_of(text, weak_sun);
            const Result slow = result_of(text, weak_sun, true);
            CHECK(fast.power.boots >= 2);
            CHECK(fast.power.boots == slow.power.boots);
            CHECK(fast.power.brown_outs == slow.power.brown_outs);
            CHECK(fast.power.on_s == Approx(slow.power.on_s).epsilon(1e-9));
            const double scale = fast.energy_j.harvested;
            for (std::size_t i = 0; i < kSinkCount; ++i) {
                const auto sink = static_cast<Sink>(i);
                INFO(name_of(sink));
                CHECK(std::fabs(fast.energy_j.sinks[sink] - slow.energy_j.sinks[sink]) <=
                      1e-9 * scale);
            }
            CHECK(fast.energy_j.sinks[Sink::boot] ==
                  Approx(static_cast<double>(fast.power.boots) * 0.5 * 10e-6 * 1.8 * 1.8)
                      .epsilon(1e-11));
        }
    }
}

TEST_CASE("does a battery's node give the inrush, and the cell fill it again?") {
    const std::vector<std::string> cell = {"store={part: lipo_pl383562, initial: 60 %, node: 1 mF}",
                                           "mcu.turn_on=3.3 V", "mcu.turn_off=2.5 V",
                                           "duration=2 s", "workload.tasks[0].current=20 mA"};
    for (const std::string& regulator : {kLdo, kBuck}) {
        const std::string text = device(regulator + ", output_capacitor: 47 uF");
        const Result fast = result_of(text, cell);
        const Result slow = result_of(text, cell, true);
        CHECK(fast.power.boots == 1);
        CHECK(fast.energy_j.sinks[Sink::boot] == Approx(0.5 * 47e-6 * 1.8 * 1.8).epsilon(1e-12));
        CHECK(fast.energy_j.sinks[Sink::regulator_loss] ==
              Approx(slow.energy_j.sinks[Sink::regulator_loss]).epsilon(1e-9));
        CHECK(fast.energy_j.sinks[Sink::esr_loss] ==
              Approx(slow.energy_j.sinks[Sink::esr_loss]).epsilon(1e-8));
    }
}

TEST_CASE("does each kind of store give a charge and an energy, and keep its account?") {
    for (const StoreUnderTest& kind : stores_under_test()) {
        for (const double esr : {0.0, 3.0}) {
            for (const bool by_charge : {true, false}) {
                INFO(kind.name << ", " << esr << " Ohm, by charge " << by_charge);
                CapacitorParams p = capacitor(kC, 3.0);
                p.esr_ohm = esr;
                const Supply none = Supply::constant(shape(SupplyTag::power), 0.0);
                const auto store = kind.make(p);
                store->reset(none);
                Withdrawal wanted;
                (by_charge ? wanted.charge_c : wanted.energy_j) = by_charge ? 40e-6 : 110e-6;
                const double v1 = by_charge ? 2.6 : std::sqrt(9.0 - 2.2);
                const Withdrawn got = store->take(wanted);
                CHECK(got.whole);
                CHECK(store->inner_v() == Approx(v1).epsilon(1e-14));
                CHECK(got.charge_c == Approx(kC * (3.0 - v1)).epsilon(1e-12));
                CHECK(got.energy_j == Approx(0.5 * kC * (9.0 - v1 * v1)).epsilon(1e-12));
                CHECK(imbalance(*store, got.energy_j) == Approx(0.0).margin(1e-18));

                wanted.lowest_v = 2.5;
                const Withdrawn rest = store->take(wanted);
                CHECK_FALSE(rest.whole);
                CHECK(store->inner_v() == Approx(2.5).epsilon(1e-14));
                CHECK(rest.energy_j == Approx(0.5 * kC * (v1 * v1 - 6.25)).epsilon(1e-12));
                wanted.lowest_v = 2.7;
                const Withdrawn nothing = store->take(wanted);
                CHECK_FALSE(nothing.whole);
                CHECK(nothing.energy_j == 0.0);
                CHECK(store->inner_v() == Approx(2.5).epsilon(1e-14));
            }
        }
    }
}

TEST_CASE(
    "is a device that cannot charge its output capacitor switched off at once, and told so?") {
    for (const std::string& regulator : {kLdo, kBuck}) {
        INFO(regulator);
        const std::string starved = device(regulator + ", output_capacitor: 220 uF");
        const Result r = result_of(starved, {"source.model.power=100 uW"});
        CHECK(r.power.boots > 2);
        CHECK(r.power.brown_outs == r.power.boots);
        CHECK(r.power.on_s == 0.0);
        CHECK(r.energy_j.sinks[Sink::compute] == 0.0);
        const Finding* const f = find(r, "inrush_too_large");
        REQUIRE(f != nullptr);
        CHECK(number(*f, "boots") == static_cast<double>(r.power.boots));
        // With a little more than advised the device comes up.
        const double advised = number(*f, "capacitance_that_would_do_f");
        CHECK(advised == Approx(regulator == kLdo ? 220e-6 * 1.8 / 0.9
                                                  : 220e-6 * 1.8 * 1.8 / 0.8 / (8.41 - 4.0)));
        for (const double share : {0.99, 1.01}) {
            const std::string c = std::to_string(advised * share * 1e6);
            const Result other =
                result_of(starved, {"source.model.power=100 uW", "store.capacitance=" + c + " uF",
                                    "store.initial=2.8 V"});
            CHECK(other.power.boots > 0);
            CHECK((find(other, "inrush_too_large") == nullptr) == (share > 1.0));
            CHECK((other.power.on_s > 0.0) == (share > 1.0));
        }
    }
}

TEST_CASE("do the numbers of a unit that never fits count the inrush, at the clock in use?") {
    // 22 uF at 1.8 V take 39.6 uC; the middle of 2.9 V and 2 V is 2.45 V, where `fast` is allowed.
    const std::string text = device(kLdo + ", output_capacitor: 22 uF");
    const std::vector<std::string> work = {
        "workload={tasks: [{name: long, time: 1 s}]}", "source.model.power=100 uW",
        "mcu.active={current: 1 mA}",
        "mcu.clocking={work_at: 1 MHz, use: by_voltage, hysteresis: 50 mV, points: [{name: slow, "
        "clock: 1 MHz, from: 1.8 V, current: 1 mA}, {name: fast, clock: 4 MHz, from: 2.4 V, "
        "current: 2 mA}]}"};
    const Result r = result_of(text, work);
    const Finding* const f = find(r, "unit_never_fits");
    REQUIRE(f != nullptr);
    CHECK(number(*f, "needed_j") == Approx(2.45 * (39.6e-6 + 2e-3 * 0.25)).epsilon(1e-9));
}

TEST_CASE("does a device that is powered from the start have its output capacitor charged?") {
    const Result r = result_of(device(kLdo + ", output_capacitor: 22 uF"),
                               {"mcu.initial=powered", "duration=1 s"});
    CHECK(r.energy_j.sinks[Sink::boot] == 0.0);
}

TEST_CASE(
    "does a sampled supervisor let the inrush go below turn-off, down to the brown-out level?") {
    const std::string text = device(kLdo + ", output_capacitor: 50 uF");
    // 90 uC of 100 uF: 3 V to 2.1 V; above turn-off at 2 V or below it at 2.2 V.
    const std::vector<std::string> sampled = {
        "mcu.turn_off=2.2 V", "mcu.supervision={period: 64 ms, brown_out: 1.9 V}", "duration=1 s"};
    const Result r = result_of(text, sampled);
    CHECK(r.power.boots == 1);
    CHECK(r.energy_j.sinks[Sink::boot] == Approx(0.5 * 50e-6 * 1.8 * 1.8).epsilon(1e-12));
    CHECK(r.power.on_s == Approx(0.064).epsilon(1e-12));
}

TEST_CASE("does an output capacitor keep its charge over a short off time?") {
    // 100 uF between 3 V and 2 V on 1 mA: off for 0.1 s; 1.8 V have then become 1.8 exp(-2) V.
    const auto of = [](const std::string& regulator) {
        return result_of(
            "name: kept\nduration: 20 s\n"
            "source: {model: {type: constant_current, current: 1 mA}}\n"
            "store: {type: capacitor, capacitance: 100 uF, initial: 2.5 V, max: 5 V}\n"
            "mcu: {turn_on: 3 V, turn_off: 2 V, initial: unpowered, boot: {time: 0 s, "
            "charge: 0 C}, off_current: 0 A, regulator: {" +
                regulator +
                ", output_capacitor: 22 uF, output_discharge: 50 ms, quiescent: 0 A, "
                "quiescent_off: 0 A}}\n"
                "workload: {tasks: [{name: load, current: 5 mA, until_power_fails: "
                "true}]}\n",
            {}, false);
    };
    const double left_v = 1.8 * std::exp(-2.0);
    for (const std::string& regulator : {kLdo, kBuck}) {
        const Result r = of(regulator);
        CAPTURE(regulator);
        REQUIRE(r.power.boots > 50);
        CHECK(r.power.mean_off_s.value() == Approx(0.1).epsilon(1e-9));
        // The first boot finds it empty.
        const auto later = static_cast<double>(r.power.boots - 1);
        CHECK(r.energy_j.sinks[Sink::boot] ==
              Approx(0.5 * 22e-6 * (1.8 * 1.8 + later * (1.8 * 1.8 - left_v * left_v)))
                  .epsilon(1e-9));
    }
    // 4 mA net empty what the inrush left; the first of some 180 intervals is shorter.
    const Result ldo = of(kLdo);
    const auto on_s = [](double from_v) {
        return (kC * (3.0 - 2.0) - 22e-6 * (1.8 - from_v)) / 4e-3;
    };
    const auto n = static_cast<double>(ldo.power.brown_outs);
    CHECK(ldo.power.mean_on_s.value() ==
          Approx((on_s(0.0) + (n - 1.0) * on_s(left_v)) / n).epsilon(1e-9));
}
