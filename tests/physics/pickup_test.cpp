// SPDX-License-Identifier: Apache-2.0
// A mains hum that the comparators see beside the store's voltage.
#include "tests/support/scenarios.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ebb;
using namespace ebb::test;

namespace {

constexpr double kPi = 3.14159265358979323846;

/// 1 mF, emptied by 1 mA from 3 V: 1 V each second.
std::string emptied(const std::string& more) {
    return "name: hum\nduration: 2 s\n"
           "source: {model: {type: constant_power, power: 0 W}}\n"
           "store: {type: capacitor, capacitance: 1 mF, initial: 3 V, max: 5 V}\n"
           "mcu: {turn_on: 2.8 V, turn_off: 2 V, initial: powered, boot: {time: 0 s, charge: 0 C}, "
           "off_current: 0 A" +
           more +
           "}\n"
           "workload: {tasks: [{name: load, current: 1 mA, until_power_fails: true}]}\n";
}

double brown_out_s(const std::string& text) {
    EventList events;
    static_cast<void>(run(scenario_of(text), {}, &events));
    for (const auto& e : events.all()) {
        if (e.event == "brown_out") {
            return e.at.seconds();
        }
    }
    return -1.0;
}

/// 100 uF on 0.1 mA, emptied by 3 mA: off for 0.7 s, without hum.
std::string cycles(const std::string& more) {
    return "name: cycles\nduration: 40 s\n"
           "source: {model: {type: constant_current, current: 100 uA}}\n"
           "store: {type: capacitor, capacitance: 100 uF, initial: 3.1 V, max: 5 V}\n"
           "mcu: {turn_on: 3.1 V, turn_off: 2.4 V, initial: powered, boot: {time: 0 s, charge: 0 "
           "C}, off_current: 0 A" +
           more +
           "}\n"
           "workload: {tasks: [{name: load, current: 3 mA, until_power_fails: true}]}\n";
}

/// How far the mean power cycle is from a whole number of 20 ms, in periods.
double off_lock(const Result& r) {
    const double periods = (r.power.mean_on_s.value() + r.power.mean_off_s.value()) / 0.02;
    return std::abs(periods - std::round(periods));
}

}  // namespace

TEST_CASE("does power fail where store and hum together reach the threshold?") {
    for (const double phase : {0.0, 0.3, 0.8}) {
        const double found =
            brown_out_s(emptied(", pickup: {amplitude: 10 mV, frequency: 50 Hz, phase: " +
                                std::to_string(phase) + "}"));
        // The first zero of 3 - t + a sin(2 pi (f t + phase)) - 2, by small steps.
        double exact = 0.9;
        while (1.0 - exact + 0.01 * std::sin(2.0 * kPi * (50.0 * exact + phase)) > 0.0) {
            exact += 1e-6;
        }
        CAPTURE(phase);
        CHECK(found == Approx(exact).margin(0.02 / 64));
        CHECK(std::abs(found - 1.0) > 1e-3);  // without hum
    }
}

TEST_CASE("does a hum without strength change nothing?") {
    CHECK(brown_out_s(emptied("")) == Approx(1.0).epsilon(1e-12));
    CHECK(brown_out_s(emptied(", pickup: {amplitude: 1 nV, frequency: 50 Hz}")) ==
          Approx(1.0).epsilon(1e-8));
}

TEST_CASE("do power cycles lock to the mains, and does no charge move?") {
    const Result alone = result_of(cycles(""));
    const Result hum = result_of(cycles(", pickup: {amplitude: 15 mV, frequency: 50 Hz}"));
    CHECK(off_lock(alone) > 0.1);
    CHECK(off_lock(hum) < 0.01);
    // What comes in is drawn: I (on + off) = 3 mA on, with and without.
    for (const Result* r : {&alone, &hum}) {
        const double on = r->power.mean_on_s.value();
        CHECK(1e-4 * (on + r->power.mean_off_s.value()) == Approx(3e-3 * on).epsilon(5e-3));
    }
    // The device starts near the crest: it is off for less than without.
    CHECK(hum.power.mean_off_s.value() < alone.power.mean_off_s.value());
}
