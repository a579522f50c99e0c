// SPDX-License-Identifier: Apache-2.0
/// Is the moment right? Circuit A: 1.5 mW into 100 uF with 1 MOhm across it, a 1 mA load
/// between 3.0 V and 1.8 V. Truth: the state equation integrated with DOP853 (relative tolerance
/// 1e-12, terminal events), cross-checked with Radau and ngspice.
#include <array>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/scenarios.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

struct CircuitA {
    EventList events;
    Result result = run(scenario_file("examples/circuit_a.yaml"), {}, &events);
};

TEST_CASE("circuit A turns on and off at the digits given") {
    const CircuitA a;
    const std::vector<Time> on = a.events.times_of("boot");
    const std::vector<Time> off = a.events.times_of("brown_out");
    REQUIRE(on.size() == 18);
    REQUIRE(off.size() == 18);
    const std::array<double, 4> on_s = {0.192786808, 0.744374632, 1.295962456, 1.847550280};
    const std::array<double, 4> off_s = {0.551587824, 1.103175648, 1.654763472, 2.206351296};
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(on[i].seconds() == Approx(on_s[i]).epsilon(0).margin(5.1e-10));
        CHECK(off[i].seconds() == Approx(off_s[i]).epsilon(0).margin(5.1e-10));
    }
    CHECK(off[17].seconds() == Approx(9.928580831).epsilon(0).margin(5.1e-10));
}

TEST_CASE("circuit A's energies are right to the digits given") {
    const Result r = CircuitA().result;
    CHECK(r.energy_j.harvested == Approx(0.015).epsilon(1e-12));
    CHECK(r.energy_j.sinks[Sink::compute] == Approx(0.0148367553).epsilon(4e-9));
    CHECK(r.energy_j.sinks[Sink::leakage] == Approx(5.64236288e-5).epsilon(1e-9));
    CHECK(r.energy_j.stored_change == Approx(1.06821046e-4).epsilon(5e-9));
    CHECK(std::fabs(r.energy_j.residual) <= 1e-12 * r.energy_j.harvested);
}

TEST_CASE("the store's voltage after ten seconds of circuit A is right") {
    const CircuitA a;
    CHECK(a.events.all().back().event == "end");
    CHECK(a.events.all().back().v == Approx(2.318711049).epsilon(0).margin(5.1e-10));
}

TEST_CASE("circuit A costs at most ten kernel events a power cycle") {
    const Result r = CircuitA().result;
    CHECK(r.kernel.events <= 10 * 18 + 2);
}

TEST_CASE("an entry exactly at the end of the run is processed, one behind it is not") {
    // The load takes a whole number of nanoseconds: 4 x 2.5 ms end exactly at 10 ms.
    const std::string text =
        "name: t\nduration: DURATION\n"
        "source: {model: {type: constant_power, power: 1 mW}}\n"
        "store: {type: capacitor, capacitance: 1 mF, initial: 3 V, max: 6 V}\n"
        "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: powered, boot: {time: 0 s, charge: 0 C},"
        " off_current: 0 A}\n"
        "workload: {repeat: true, tasks: [{name: work, time: 2.5 ms, current: 1 mA}]}\n";
    const auto done = [&](const std::string& duration) {
        std::string t = text;
        t.replace(t.find("DURATION"), 8, duration);
        return result_of(t).work.tasks.at(0).done;
    };
    CHECK(done("10 ms") == 4);
    CHECK(done("9.999999 ms") == 3);
}

TEST_CASE("a simulated year of crossings is right to the nanosecond and closes") {
    // Circuit A with 10 F: 571 cycles of 15 h. Truth: textbook partial fractions in 50 digits, of
    // the values as the doubles that they are read into (their own rounding is worth 2 ns a year).
    using Real = boost::multiprecision::cpp_bin_float_50;
    const Real c = 10;
    const Real p(1.5e-3);
    const Real i(1e-3);
    const Real g(1.0 / 1e6);
    const Real low(1.8);
    const Real high = 3;
    const Real charge = c / (2 * g) * log((p - g * low * low) / (p - g * high * high));
    const Real root = sqrt(i * i + 4 * g * p);
    const Real r1 = (-i + root) / (2 * g);
    const Real r2 = (-i - root) / (2 * g);
    const Real discharge =
        c / (g * (r1 - r2)) *
        (r1 * log((high - r1) / (low - r1)) - r2 * log((high - r2) / (low - r2)));

    EventList events;
    const Result r = run(scenario_file("examples/circuit_a.yaml",
                                       {"duration=365 d", "store.capacitance=10 F", "expect={}"}),
                         {}, &events);
    const std::vector<Time> on = events.times_of("boot");
    REQUIRE(on.size() > 500);
    const Real last = charge + (charge + discharge) * static_cast<int>(on.size() - 1);
    const Real ours = (Real(on.back().ns()) + Real(on.back().fraction())) / Real(1'000'000'000);
    INFO("last boot of the year: off by " << static_cast<double>(ours - last) << " s");
    CHECK(abs(ours - last) <= Real("1e-9"));
    CHECK(std::fabs(r.energy_j.residual) <= 1e-9 * r.energy_j.harvested);
}

TEST_CASE("a simulated year of hourly tasks is right to the nanosecond") {
    const Result r = result_of(
        "name: t\nduration: 365 d\n"
        "source: {model: {type: constant_power, power: 4 mW}}\n"
        "store: {type: capacitor, capacitance: 1 F, initial: 3 V, max: 3 V}\n"
        "mcu: {turn_on: 2.9 V, turn_off: 1.8 V, initial: powered, boot: {time: 0 s, charge: 0 C},"
        " off_current: 0 A}\n"
        "workload: {repeat: true, tasks: [{name: work, time: 1 h, current: 1 mA}]}\n");
    CHECK(r.work.tasks.at(0).done == 365 * 24);
    CHECK(std::fabs(r.power.on_s - 365.0 * 86400.0) <= 4e-9);  // one ulp of a year in seconds
}

TEST_CASE("a duration beyond the range of the clock is refused, one inside is not") {
    CHECK_THROWS_AS(scenario_file("examples/circuit_a.yaml", {"duration=110000 d"}), InputError);
    CHECK_NOTHROW(scenario_file("examples/circuit_a.yaml", {"duration=106000 d"}));
}

}  // namespace
