// SPDX-License-Identifier: Apache-2.0
/// Mementos and Hibernus++ read the voltage through a converter: when do they look, what do they
/// see, and what follows? Truth: hand calculation at constant currents.
#include <cmath>

#include "models/trigger/adc.hpp"
#include "sim/device/device.hpp"
#include "sim/device/kernel.hpp"
#include "tests/decision/saving_device.hpp"

using namespace ebb;
using namespace ebb::test;
using Catch::Contains;

namespace {

constexpr double kC = 100e-6, kIn = 0.4e-3, kActive = 1e-3;
constexpr double kFall = (kActive - kIn) / kC;  // V/s while it works

/// 110 B in 5.5 ms, conversions of 1 ms, and the threshold.
std::string mementos(const std::string& more) {
    return "{policy: mementos, state: 102 B, adc: {time: 1 ms, energy: 0 J}, " + more + "}";
}

}  // namespace

TEST_CASE("a converter gives whole steps, and a threshold the lowest code that promises it") {
    const AdcParams adc{10, 2.5, 3.0, 0.0, 0.0};
    CHECK(adc.step_v() == 7.5 / 1024);
    CHECK(adc.code(2.5) == 341);
    CHECK(adc.code(2.4) == 327);
    CHECK(adc.code(9.0) == 1023);
    CHECK(adc.code(-1.0) == 0);
    CHECK(adc.code_from(2.5) == 342);
    CHECK(adc.code_from(100 * adc.step_v()) == 100);
    for (double v = 0.1; v < 7.0; v += 0.0137) {
        const auto code = static_cast<double>(adc.code_from(v));
        CHECK(code * adc.step_v() >= v * (1 - 1e-12));
        CHECK((code - 1) * adc.step_v() < v);
    }
}

TEST_CASE("mementos looks behind each tile, saves when the code is low, and never sleeps") {
    SavingDevice d{mementos("save_at: 2.5 V"), "380 ms"};
    d.task = "10 ms";
    // Looks end 11 ms apart; the first below code 342 (2.5049 V) is the eighth, at 88 ms. Then a
    // look and a snapshot behind each task until 1.8 V; a boot at 2.4 V goes on behind the last.
    REQUIRE(3.0 - kFall * 77e-3 > 342 * 7.5 / 1024);
    REQUIRE(3.0 - kFall * 88e-3 < 342 * 7.5 / 1024);
    const double off_s = 1.2 / kFall;
    const double boot_s = off_s + 0.6 * kC / kIn;
    std::vector<double> saves;
    for (double t = 88e-3; t < off_s; t += 16.5e-3) {
        saves.push_back(t);
    }
    REQUIRE(saves.size() == 7);
    saves.push_back(boot_s + 11e-3);
    saves.push_back(boot_s + 27.5e-3);
    for (const bool reference : {false, true}) {
        CAPTURE(reference);
        const Watched w = watch(d, reference);
        check_times(w.events, "save", saves);
        check_times(w.events, "brown_out", {off_s});
        CHECK(w.result.power.sleeps == 0);
        CHECK(w.result.checkpoint.restored == 1);
        CHECK(w.result.checkpoint.torn == 0);
        // Eight tasks by the first save, six more by the last; 7.5 ms of the fifteenth are lost.
        CHECK(w.result.work.units_done == 14 + 2);
        CHECK(w.result.work.units_repeated == 0);
        // 14 + 2 looks: 1 ms at 1 mA each, and the snapshots, all of it the policy's.
        CHECK(w.result.energy_j.sinks[Sink::checkpoint] > 0.0);
    }
}

TEST_CASE("a timer puts a look off to the first tile behind its interval") {
    SavingDevice d{mementos("save_at: 2.9 V, trigger: timer, interval: 25 ms"), "90 ms"};
    d.task = "10 ms";
    // Flags at 25, 50, 75 ms; looks behind the tasks that end at 30, 56.5 and 83 ms, each too low.
    check_times(watch(d).events, "save", {31e-3, 57.5e-3, 84e-3});
}

TEST_CASE("behind returns it looks once for each layer, behind latches once for each row") {
    const auto looks = [](const std::string& trigger) {
        const Scenario scenario = scenario_of(
            "name: n\nduration: 20 s\nuntil: {jobs: 1}\n"
            "source: {model: {type: constant_power, power: 1 W}}\n"
            "store: {type: capacitor, capacitance: 100 mF, initial: 3 V, max: 3.1 V}\n"
            "mcu: {part: stm32u385, turn_on: 3 V, turn_off: 1.8 V, initial: powered, active: "
            "{power: 3 mW}}\nnvm: {part: mr25h40, standby: 0 A}\n"
            "workload: {network: mlperf_tiny_ic, platform: cortex_m33_stm32u385}\n"
            "checkpoint: {policy: mementos, save_at: 2.5 V, unsafe: true, adc: {time: 1 ms, "
            "energy: 1 uJ}, trigger: " +
            trigger + "}\n");
        const Result r = run(scenario, {}, nullptr);
        REQUIRE(r.work.jobs_done == 1);
        REQUIRE(r.checkpoint.attempted == 0);
        const double n = r.energy_j.sinks[Sink::checkpoint] / 4e-6;
        CHECK(n == Approx(std::round(n)).epsilon(1e-9));
        return std::lround(n);
    };
    // Nine convolutions and a dense layer, behind which the run is over; a row of outputs is a
    // tile.
    const long layers = looks("return");
    CHECK(layers == 9);
    CHECK(looks("latch") > 10 * layers);
}

TEST_CASE("left out, mementos' threshold covers a task, a look and a snapshot behind a look") {
    SavingDevice d{mementos("margin: 0 V")};
    d.task = "10 ms";
    const auto threshold_v = [](const SavingDevice& device) {
        const Scenario scenario = scenario_of(device.text());
        Kernel::renew();
        const Device built(scenario, {}, nullptr);
        return scenario.checkpoint->save_at_v(built.facts()).value();
    };
    CHECK(threshold_v(d) == Approx(1.8 + 16.5e-3 * kActive / kC).epsilon(1e-12));
    d.checkpoint = mementos("margin: 0 V, trigger: timer, interval: 25 ms");
    CHECK(threshold_v(d) == Approx(1.8 + 41.5e-3 * kActive / kC).epsilon(1e-12));
    // Without inflow it is enough from any voltage, and a step of the converter less is not.
    d.source = "0 A";
    d.duration = "2 s";
    int torn_below = 0;
    for (double initial_v = 2.5; initial_v < 2.7; initial_v += 0.0101) {
        d.initial = fmt::format("{} V", initial_v);
        d.checkpoint = mementos("trigger: latch");
        const Result r = watch(d).result;
        CHECK(r.checkpoint.completed > 0);
        d.checkpoint = mementos("save_at: 1.9 V, unsafe: true");
        torn_below += watch(d).result.checkpoint.completed == 0 ? 1 : 0;
    }
    CHECK(torn_below > 0);
}

TEST_CASE("a converter that cannot read the threshold is refused with a divider that can") {
    SavingDevice d{"{policy: mementos, save_at: 2 V, adc: {divider: 1, reference: 1.5 V}}"};
    CHECK_THAT(refusal_of(d.text()), Contains("reads up to 1.5 V") && Contains("divider: 1.6"));
    d.checkpoint = "{policy: mementos, save_at: 2 V, adc: {divider: 1.6, reference: 1.5 V}}";
    CHECK(refusal_of(d.text()) == "was not refused");
    d.checkpoint = mementos("save_at: 1.81 V");
    CHECK_THAT(refusal_of(d.text()),
               Contains("the work between two looks") && Contains("save_at: 1.875 V"));
}

TEST_CASE("hibernus_pp measures its save at the first boot, with the source off, and keeps V_H") {
    SavingDevice d{
        "{policy: hibernus_pp, ram: 28 B, margin: 50 mV, adc: {bits: 14, time: 1 ms, energy: 0 J}}",
        "3 s"};
    d.initial = "0 V";
    d.powered = "unpowered";
    d.turn_on = "3 V";
    const AdcParams adc{14, 2.5, 3.0, 1e-3, 0.0};
    const double boot_s = 3.0 * kC / kIn;
    const double slope = kActive / kC;  // nothing comes in
    const double first_v = 3.0 - slope * 1e-3;
    const double second_v = first_v - slope * 6e-3;
    const double v_h =
        1.85 + static_cast<double>(adc.code(first_v) - adc.code(second_v) + 1) * adc.step_v();
    CHECK(v_h == Approx(1.85 + 0.06).margin(2 * adc.step_v()));
    // The word: 8 B in 0.4 ms, with the source on again.
    const double run_s = boot_s + 7e-3 + 0.4e-3;
    const double run_v = second_v - kFall * 0.4e-3;
    const double save_s = run_s + (run_v - v_h) / kFall;
    for (const bool reference : {false, true}) {
        CAPTURE(reference);
        const Watched w = watch(d, reference);
        const std::vector<Time> saves = w.events.times_of("save");
        REQUIRE(saves.size() > 3);
        CHECK(saves[0].seconds() == Approx(boot_s + 1e-3).epsilon(1e-9));
        CHECK(saves[1].seconds() == Approx(save_s).epsilon(1e-9));
        CHECK(w.result.checkpoint.torn == 0);
        CHECK(w.result.power.brown_outs == 0);
        // From then on a cycle of Hibernus between V_H and 3 V.
        const double period_s =
            (3.0 - v_h) / kFall + 5e-3 + (3.0 - v_h + kFall * 5e-3) * kC / (kIn - 26e-6);
        CHECK(saves[3].since(saves[2]) == Approx(period_s).epsilon(1e-9));
    }
}

TEST_CASE("a calibration outlives power failures, and one that was cut is done again") {
    SavingDevice d{"{policy: hibernus_pp, ram: 28 B, adc: {bits: 14, time: 1 ms, energy: 0 J}}",
                   "8 s"};
    d.turn_on = "3 V";
    d.sleep = "500 uA";  // more than comes in: a power failure behind each snapshot
    const Watched w = watch(d);
    REQUIRE(w.result.power.brown_outs > 3);
    // One snapshot for each outage, and the one of the calibration.
    CHECK(w.result.checkpoint.completed == w.result.power.brown_outs + 1);
    CHECK(w.result.checkpoint.restored == w.result.power.boots);
    CHECK(w.result.work.units_repeated == 0);
    // Calibrating at a voltage that cannot carry it is refused, with one that can.
    d.checkpoint = "{policy: hibernus_pp, ram: 800 B, restore_at: 2.5 V, calibrate_at: 2.2 V}";
    CHECK_THAT(refusal_of(d.text()), Contains("it needs 2.236 V"));
}
