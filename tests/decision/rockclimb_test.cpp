// SPDX-License-Identifier: Apache-2.0
// Does rockclimb begin at once where the charge is there, and else wait until the store is charged?
#include <catch2/catch.hpp>

#include <string>

#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

// 1 mA for 1 ms from 10 uF: 0.1 V, less 1 mV that 10 uA bring meanwhile.
Result run_with(const std::string& policy) {
    return run(
        scenario_of("name: regions of 0.1 V\nduration: 10 s\n"
                    "source: {model: {type: constant_current, current: 10 uA}}\n"
                    "store: {type: capacitor, capacitance: 10 uF, initial: 3.0 V, max: 3.6 V}\n"
                    "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: powered, off_current: 0 A, "
                    "boot: {time: 0 s, charge: 0 C}, sleep: {current: 0 A, wake: 0 s}, active: "
                    "{current: 0 A}}\n"
                    "nvm: {capacity: 1 kB, atomic: 1 B, cut: old, read_time: 0 s, write_time: 0 s, "
                    "read_energy: 0 J, write_energy: 0 J, standby: 0 A, sleep: 0 A, endurance: "
                    "1e12}\n"
                    "workload: {repeat: true, tasks: [{name: a, time: 1 ms, current: 1 mA, atomic: "
                    "true}]}\n"
                    "checkpoint: {" +
                    policy + "}\n"),
        {}, nullptr);
}

}  // namespace

TEST_CASE(
    "regions follow each other down to what one needs; then the store is charged to turn-on") {
    // Needs 1.8 + 0.1 + 0.01 V: begun at 3.0 - 0.099 k, k = 0 .. 11. From 1.812 V to 3.0 V: 1.188
    // s.
    const Result r = run_with("policy: rockclimb");
    CHECK(r.work.tasks.at(0).done == 9 * 12);  // a cycle takes 1.2 s
    CHECK(r.power.sleeps == 9);
    CHECK(r.power.brown_outs == 0);
}

TEST_CASE("a lower voltage to charge to gives shorter sleeps, and as much work") {
    // 2.5 - 0.099 k, k = 0 .. 5; the first cycle from 3.0 V as above.
    const Result r = run_with("policy: rockclimb, charge_to: 2.5 V");
    CHECK(r.work.tasks.at(0).done == 12 + 16 * 6);
    CHECK(r.power.sleeps == 1 + 16);
    CHECK(r.power.brown_outs == 0);
}

TEST_CASE("a region that needs more than the store is charged to waits for what it needs") {
    const Result r = run_with("policy: rockclimb, charge_to: 1.85 V");
    CHECK(r.power.brown_outs == 0);
    // Behind the first twelve: asleep from 1.812 V to 1.91 V (98 ms), then a region every 100 ms.
    CHECK(r.work.tasks.at(0).done == 12 + 99);
}
