// SPDX-License-Identifier: Apache-2.0
// Leaps over repeated units against walking every phase, and against the plain law.
#include "models/core/unit_leap.hpp"
#include "tests/physics/reference.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace ebb;
using ebb::test::Random;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Three phases (2, 3, 4 mA for 20/60/20 % of the unit) under a supply and 1 Mohm.
std::vector<UnitPhase> three_phases(double unit_s, double supply_w) {
    return {{{supply_w, -2e-3, -1e-6}, 0.2 * unit_s},
            {{supply_w, -3e-3, -1e-6}, 0.6 * unit_s},
            {{supply_w, -4e-3, -1e-6}, 0.2 * unit_s}};
}

std::vector<UnitPhase> power_phases(double unit_s, double supply_w) {
    return {{{supply_w - 4e-3, 0.0, -1e-6}, 0.3 * unit_s},
            {{supply_w - 9e-3, 0.0, -1e-6}, 0.5 * unit_s},
            {{supply_w - 1e-3, 0.0, -1e-6}, 0.2 * unit_s}};
}

UnitRun run_of(double v0, std::int64_t count, double lower, double upper) {
    return {100e-6, v0, count, lower, upper};
}

void same(const UnitLeap& leap, const UnitLeap& walk) {
    CHECK(leap.units == walk.units);
    CHECK(leap.v == Approx(walk.v).epsilon(1e-12).margin(0));
    REQUIRE(leap.per_phase.size() == walk.per_phase.size());
    for (std::size_t j = 0; j < walk.per_phase.size(); ++j) {
        CAPTURE(j);
        CHECK(leap.per_phase[j].v_dt == Approx(walk.per_phase[j].v_dt).epsilon(1e-12).margin(0));
        CHECK(leap.per_phase[j].v2_dt == Approx(walk.per_phase[j].v2_dt).epsilon(1e-12).margin(0));
    }
}

void leap_equals_walk(const std::vector<UnitPhase>& phases, const UnitRun& run) {
    UnitLeap leap;
    UnitLeap walk;
    leap_units(phases, run, leap);
    walk_units(phases, run, walk);
    CAPTURE(run.v0, run.count, run.lower_v, run.upper_v, static_cast<int>(leap.method));
    same(leap, walk);
}

/// As above, and by the method that is meant.
void leap_by(LeapMethod method, const std::vector<UnitPhase>& phases, const UnitRun& run) {
    UnitLeap leap;
    leap_units(phases, run, leap);
    CAPTURE(run.v0, run.count, run.lower_v, run.upper_v);
    CHECK(leap.method == method);
    leap_equals_walk(phases, run);
}

}  // namespace

TEST_CASE("every count of units from 1 to 200 leaps to where walking ends") {
    Catch::StringMaker<double>::precision = 17;
    for (std::int64_t n = 1; n <= 200; ++n) {
        leap_equals_walk(three_phases(50e-6, 0.3e-3), run_of(3.0, n, kNone, kNone));
        leap_equals_walk(power_phases(50e-6, 0.3e-3), run_of(3.0, n, kNone, kNone));
        leap_equals_walk({{{1e-3, -2e-3, -1e-6}, 40e-6}}, run_of(3.0, n, 1.8, kNone));
    }
}

TEST_CASE("falling units are counted as walking counts them") {
    Catch::StringMaker<double>::precision = 17;
    for (const double unit_s : {20e-6, 50e-6, 200e-6}) {
        CAPTURE(unit_s);
        leap_by(LeapMethod::logarithm, three_phases(unit_s, 0.3e-3),
                run_of(3.0, 100000, 2.0, kNone));
        leap_by(LeapMethod::geometric, power_phases(unit_s, 0.3e-3),
                run_of(3.0, 100000, 2.0, kNone));
    }
}

TEST_CASE("rising units are counted as walking counts them") {
    leap_by(LeapMethod::logarithm, three_phases(200e-6, 12e-3), run_of(2.0, 100000, kNone, 2.9));
    leap_by(LeapMethod::logarithm, three_phases(200e-6, 12e-3), run_of(2.0, 2000, kNone, 5.0));
    leap_by(LeapMethod::geometric, power_phases(200e-6, 9e-3), run_of(2.0, 100000, 1.0, 2.9));
}

TEST_CASE("units that settle at a fixed point are leapt over from near and far") {
    const auto phases = three_phases(200e-6, 8.9e-3);
    for (const std::int64_t n : {300, 1000, 3000, 10000, 100000, 300000}) {
        leap_by(LeapMethod::logarithm, phases, run_of(2.5, n, 2.0, 3.5));
        leap_by(LeapMethod::logarithm, phases, run_of(3.4, n, 2.0, 3.5));
    }
}

TEST_CASE("a fixed point between the start and a threshold lets every unit pass") {
    UnitLeap leap;
    leap_units(three_phases(200e-6, 8.9e-3), run_of(2.5, 10000000, 2.0, 3.2), leap);
    REQUIRE(leap.units == 10000000);
    REQUIRE(leap.v > 2.9);
    REQUIRE(leap.v < 3.1);
}

TEST_CASE("a unit that leads back to its start repeats for ever") {
    const std::vector<UnitPhase> phases = {{{2e-3, 0.0, 0.0}, 1e-3}, {{-2e-3, 0.0, 0.0}, 1e-3}};
    UnitLeap leap;
    leap_units(phases, run_of(2.0, 5000000, 1.9, 2.1), leap);
    REQUIRE(leap.units == 5000000);
    REQUIRE(leap.v == Approx(2.0).epsilon(1e-12));
    REQUIRE(leap.per_phase[0].v2_dt == Approx(5000000 * 1e-3 * (4.0 + 0.02)).epsilon(1e-12));
}

TEST_CASE("a unit that ends at a threshold does not pass, a hair before it does") {
    Catch::StringMaker<double>::precision = 17;
    for (const auto& phases : {three_phases(100e-6, 0.3e-3), power_phases(100e-6, 0.3e-3)}) {
        for (const std::int64_t k : {1, 2, 3, 79, 80, 81, 82, 83, 150, 200}) {
            UnitLeap before;
            UnitLeap after;
            walk_units(phases, run_of(3.0, k, kNone, kNone), before);
            walk_units(phases, run_of(3.0, k + 1, kNone, kNone), after);
            const double fall = before.v - after.v;
            for (const double share : {-1e-9, -1e-12, 1e-12, 1e-9}) {
                // The border of unit k lies `share` of a unit beyond the threshold.
                const double lower = before.v + share * fall;
                leap_equals_walk(phases, run_of(3.0, 1000, lower, kNone));
                UnitLeap leap;
                leap_units(phases, run_of(3.0, 1000, lower, kNone), leap);
                CAPTURE(k, share);
                REQUIRE(leap.units == (share > 0.0 ? k - 1 : k));
            }
        }
    }
    // Exactly at the threshold: numbers without rounding.
    const std::vector<UnitPhase> exact = {{{0.0, -1.0, 0.0}, 0.0078125}};
    UnitLeap leap;
    leap_units(exact, {1.0, 4.0, 1000, 2.0, kNone}, leap);
    REQUIRE(leap.units == 255);
    leap_units(exact, {1.0, 4.0, 256, 2.0, kNone}, leap);
    REQUIRE(leap.units == 255);
    leap_units(exact, {1.0, 4.0, 255, 2.0, kNone}, leap);
    REQUIRE(leap.units == 255);
}

TEST_CASE("a dip inside a unit counts, not only its end") {
    // Drains by 0.12 V, then recovers all but 0.2 mV: the dip meets 2.5 V long before the end does.
    const std::vector<UnitPhase> phases = {{{0.0, -12e-3, 0.0}, 1e-3},
                                           {{0.0, 11.98e-3, 0.0}, 1e-3}};
    const UnitRun run = run_of(3.0, 100000, 2.5, kNone);
    leap_by(LeapMethod::logarithm, phases, run);
    UnitLeap leap;
    leap_units(phases, run, leap);
    REQUIRE(leap.units == 1900);
}

TEST_CASE("one phase leaps as the plain law flows") {
    const std::vector<UnitPhase> phase = {{{1.5e-3, -1e-3, -1e-6}, 30e-6}};
    const StoreLaw law(phase[0].q, 100e-6);
    UnitLeap leap;
    leap_units(phase, run_of(3.0, 5000, 1.8, kNone), leap);
    REQUIRE(leap.method == LeapMethod::flow);
    REQUIRE(leap.units == 5000);
    REQUIRE(leap.v == Approx(law.advance(3.0, 5000 * 30e-6)).epsilon(1e-14));
}

TEST_CASE("laws without a current leap the same way by sums and by logarithm") {
    auto phases = power_phases(50e-6, 0.3e-3);
    UnitLeap geometric;
    leap_units(phases, run_of(3.0, 900, kNone, kNone), geometric);
    for (UnitPhase& phase : phases) {
        phase.q.b_a = 1e-300;  // no physics, but no longer the special case
    }
    UnitLeap logarithm;
    leap_units(phases, run_of(3.0, 900, kNone, kNone), logarithm);
    REQUIRE(geometric.method == LeapMethod::geometric);
    REQUIRE(logarithm.method == LeapMethod::logarithm);
    same(logarithm, geometric);
}

TEST_CASE("without currents the sums of V^2 are closed forms, and those of V are not asked for") {
    UnitRun run = run_of(3.0, 900, kNone, kNone);
    UnitLeap walk;
    walk_units(power_phases(50e-6, 0.3e-3), run, walk);
    run.v_dt_needed = false;
    UnitLeap leap;
    leap_units(power_phases(50e-6, 0.3e-3), run, leap);
    REQUIRE(leap.method == LeapMethod::geometric);
    REQUIRE(leap.units == 900);
    for (std::size_t j = 0; j < 3; ++j) {
        REQUIRE(leap.per_phase[j].v2_dt ==
                Approx(walk.per_phase[j].v2_dt).epsilon(1e-13).margin(0));
        REQUIRE(std::isnan(leap.per_phase[j].v_dt));
    }
}

TEST_CASE("random units leap as they walk") {
    constexpr std::uint64_t kSeed = 20260110;
    Random random(kSeed);
    int leapt = 0;
    for (int i = 0; i < 300; ++i) {
        const double cap = random.log_uniform(1e-5, 1e-3);
        const double v0 = random.uniform(1.5, 4.0);
        const double unit_s = cap * v0 / 5e-3 * random.log_uniform(1e-5, 2e-3);
        const double supply_w = random.uniform(0.0, 15e-3);
        const double leak_s = -1.0 / random.log_uniform(1e3, 1e8);
        std::vector<UnitPhase> phases(static_cast<std::size_t>(random.integer(2, 6)));
        for (UnitPhase& phase : phases) {
            phase = {{supply_w, -random.uniform(0.0, 6e-3), leak_s},
                     unit_s * random.uniform(0.1, 1.0)};
        }
        const UnitRun run{cap, v0, random.integer(200, 3000),
                          random.unit() < 0.5 ? 0.6 * v0 : kNone,
                          random.unit() < 0.5 ? 1.4 * v0 : kNone};
        INFO("seed " << kSeed << ", case " << i);
        leap_equals_walk(phases, run);
        UnitLeap leap;
        leap_units(phases, run, leap);
        leapt += leap.method == LeapMethod::logarithm ? 1 : 0;
    }
    REQUIRE(leapt > 200);
}
