// SPDX-License-Identifier: Apache-2.0
/// From which voltage is a region of work done? Against the store law, and per task.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "models/core/store_law.hpp"
#include "models/workload/start_voltage.hpp"
#include "sim/device/device.hpp"
#include "sim/device/kernel.hpp"
#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

TEST_CASE("a region of one kind of load ends exactly at the end voltage") {
    const double c_f = 22e-6;
    const double by_power = start_voltage({1e-3 * 5e-3, 0.0, 0.0}, 1.8, c_f);
    CHECK(StoreLaw({-1e-3, 0.0, 0.0}, c_f).advance(by_power, 5e-3) == Approx(1.8).epsilon(1e-13));
    const double by_current = start_voltage({0.0, 1e-3 * 5e-3, 0.0}, 1.8, c_f);
    CHECK(StoreLaw({0.0, -1e-3, 0.0}, c_f).advance(by_current, 5e-3) == Approx(1.8).epsilon(1e-13));
}

TEST_CASE("a region of mixed loads never ends below the end voltage, whatever their order") {
    std::mt19937_64 random(7);
    const auto draw = [&random](double lo, double hi) {
        return lo * std::pow(hi / lo, 0x1p-64 * static_cast<double>(random()));
    };
    for (int i = 0; i < 300; ++i) {
        const double c_f = draw(1e-6, 1e-3);
        const double end_v = draw(1.0, 3.0);
        const Terms loads[] = {{-draw(1e-5, 1e-2), 0.0, 0.0},
                               {0.0, -draw(1e-6, 1e-2), 0.0},
                               {0.0, 0.0, -draw(1e-8, 1e-4)}};
        double times_s[3];
        for (double& t : times_s) {
            t = draw(1e-5, 1e-2) * c_f / 1e-5;
        }
        const double from_v = start_voltage(
            {-loads[0].a_w * times_s[0], -loads[1].b_a * times_s[1], -loads[2].c_s * times_s[2]},
            end_v, c_f);
        int order[] = {0, 1, 2};
        std::shuffle(std::begin(order), std::end(order), random);
        double v = from_v;
        for (const int k : order) {
            v = StoreLaw(loads[k], c_f).advance(v, times_s[k]);
        }
        CAPTURE(i, from_v);
        CHECK(v >= end_v * (1.0 - 1e-12));
    }
    CHECK(std::isinf(start_voltage({0.0, 0.0, 1.0}, 1.8, 1e-6)));
}

TEST_CASE("a device that would save as soon as it resumes is refused with what would do") {
    const Scenario scenario = scenario_of(
        "name: t\nduration: 1 s\nsource: {model: {type: constant_power, power: 1 mW}}\n"
        "store: {type: capacitor, capacitance: 1 uF, initial: 3 V, max: 5 V}\n"
        "mcu: {turn_on: 3 V, turn_off: 1.8 V, initial: unpowered, off_current: 0 A, boot: {time: 0 "
        "s, charge: 0 C}, active: {current: 1 mA}, sleep: {current: 0 A, wake: 0 s}}\n"
        "nvm: {part: msp430fr599x_fram}\nworkload: {repeat: true, tasks: [{name: a, time: 1 ms}]}\n"
        "checkpoint: {policy: jit, state: 60 kB}\n");
    Kernel::renew();
    CHECK_THROWS_WITH(Device(scenario, {}, nullptr),
                      Catch::Contains("would save again at once") && Catch::Contains("would do"));
}

TEST_CASE("each task is guarded by its own need, not by its neighbour's") {
    const Scenario scenario = scenario_of(
        "name: t\nduration: 1 s\nsource: {model: {type: constant_power, power: 1 mW}}\n"
        "store: {type: capacitor, capacitance: 10 uF, initial: 3 V, max: 5 V}\n"
        "mcu: {turn_on: 2 V, turn_off: 1.8 V, initial: unpowered, off_current: 0 A, boot: {time: 0 "
        "s, charge: 0 C}, active: {current: 0 A}, sleep: {current: 0 A, wake: 0 s}}\n"
        "nvm: {capacity: 1 kB, atomic: 1 B, cut: old, read_time: 0 s, write_time: 0 s, "
        "read_energy: "
        "0 J, write_energy: 0 J, standby: 0 A, sleep: 0 A, endurance: 1e12}\n"
        "workload: {tasks: [{name: a, time: 1 ms, current: 1 mA}, {name: b, time: 9 ms, current: 1 "
        "mA}, {name: c, time: 2 ms, current: 1 mA}]}\ncheckpoint: {policy: optic}\n");
    Kernel::renew();
    const Device device(scenario, {}, nullptr);
    const auto v = start_voltages(device.workload().config().plan, 1.8, 10e-6);
    REQUIRE(v.size() == 3);
    CHECK(v[0] == Approx(1.9).epsilon(1e-12));
    CHECK(v[1] == Approx(2.7).epsilon(1e-12));
    CHECK(v[2] == Approx(2.0).epsilon(1e-12));
}
