// SPDX-License-Identifier: Apache-2.0
/// Which region of a plan is the heaviest, and where does it begin? Truth: counted by hand.
#include <catch2/catch.hpp>

#include "models/workload/plan_regions.hpp"
#include "tests/support/scenarios.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

/// Units 0 and 1 are work of 1 ms and 2 ms, unit 2 is the commit.
Nest nest_of(Block root) {
    Nest nest;
    nest.name = "layer";
    for (const double time_s : {1e-3, 2e-3}) {
        Unit unit;
        unit.phases.resize(1);
        unit.phases[0].time_s = time_s;
        nest.units.push_back(unit);
    }
    Unit commit;
    commit.role = UnitRole::commit;
    commit.durable = true;
    nest.units.push_back(commit);
    nest.root = std::move(root);
    return nest;
}

/// By the time of work.
Region heaviest_of(const std::vector<Nest>& nests) {
    const Scenario s = scenario_of(
        "name: t\nduration: 1 s\nsource: {model: {type: constant_power, power: 1 mW}}\n"
        "store: {type: capacitor, capacitance: 1 uF, initial: 3 V, max: 5 V}\n"
        "mcu: {turn_on: 3 V, turn_off: 1.8 V, initial: unpowered, off_current: 0 A, boot: {time: 0 "
        "s, charge: 0 C}, active: {current: 1 mA}}\n"
        "workload: {tasks: [{name: t, time: 1 ms}]}\n");
    Program program;
    program.nests = nests;
    const Plan plan = make_plan(program, {}, s.mcu, s.nvm);
    return heaviest_region(plan, [](const UnitPlan& unit) {
        return unit.fresh.empty() ? 0.0 : unit.fresh.front().duration_s;
    });
}

TEST_CASE("is a group of units inside a loop found in its first trip?") {
    const Region r =
        heaviest_of({nest_of(loop(3, {repeat(4, 0), repeat(1, 2), repeat(5, 1), repeat(1, 2)}))});
    CHECK(r.weight == Approx(10e-3));
    CHECK(r.work_units == 5);
    CHECK(r.first == 4);
}

TEST_CASE("is a region that reaches into the next trip counted from where it begins?") {
    const Region r = heaviest_of({nest_of(loop(3, {repeat(2, 0), repeat(1, 2), repeat(3, 1)}))});
    CHECK(r.weight == Approx(8e-3));
    CHECK(r.work_units == 5);
    CHECK(r.first == 2);
    CHECK(r.step == 0);
}

TEST_CASE("is what a loop leaves behind its last commit counted with the next layer?") {
    const Region r = heaviest_of({nest_of(loop(3, {repeat(2, 0), repeat(1, 2), repeat(3, 1)})),
                                  nest_of(loop(1, {repeat(9, 0), repeat(1, 2)}))});
    CHECK(r.weight == Approx(15e-3));
    CHECK(r.work_units == 12);
    CHECK(r.step == 0);
    CHECK(r.first == 12);  // two trips of five, and the two before the last commit
}

TEST_CASE("is the region of a later layer counted within that layer?") {
    const Region r =
        heaviest_of({nest_of(loop(3, {repeat(2, 0), repeat(1, 2)})),
                     nest_of(loop(2, {repeat(1, 0), repeat(1, 2), repeat(7, 1), repeat(1, 2)}))});
    CHECK(r.step == 1);
    CHECK(r.first == 1);
    CHECK(r.work_units == 7);
}

}  // namespace
