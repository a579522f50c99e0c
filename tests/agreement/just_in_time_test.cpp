// SPDX-License-Identifier: Apache-2.0
/// Does saving just in time progress as its closed forms say? A device that saves at V_S, is off
/// until V_R and restores (LENS-TUGraz/simba, Simulations/sim_example_iin_capsize.py, MIT):
///
///   t_on = (V_R - (I_r - I_h) t_r/C - V_S) C/(I_a - I_h)      v_s = V_S - (I_s - I_h) t_s/C
///   t_off = (V_R - v_s) C/(I_h - I_off)     progress = t_on/(t_r + t_on + t_s + t_off)
///
/// and two non-volatile processors (HPCA 2015, as restated in charleyXuTO/thumbulator): a backup
/// behind every instruction, and one on demand.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "tests/support/scenarios.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

constexpr double kHarvest = 400e-6, kActive = 1000e-6, kRestore = 971e-6, kSave = 811e-6;
constexpr double kOff = 26e-6, kRestore_s = 5e-3, kSave_s = 5e-3;
constexpr double kResume = 3.3, kSaveAt = 2.1, kLowest = 1.8;

struct Cycle {
    double progress, period_s, saved_s;  ///< saved: from the begin of the cycle to the snapshot
};

Cycle closed_form(double c) {
    const double on =
        (kResume - (kRestore - kHarvest) * kRestore_s / c - kSaveAt) * c / (kActive - kHarvest);
    const double saved = kSaveAt - (kSave - kHarvest) * kSave_s / c;
    const double off = (kResume - saved) * c / (kHarvest - kOff);
    const double period = kRestore_s + on + kSave_s + off;
    return {on / period, period, kRestore_s + on + kSave_s};
}

/// Restoring is a boot out of a sleep that loses everything; saving draws what mcu.active says.
std::string device(double c_f, double duration_s) {
    return fmt::format(
        "name: jit\nduration: {:.17g} s\n"
        "source: {{model: {{type: constant_current, current: 400 uA}}}}\n"
        "store: {{type: capacitor, capacitance: {:.17g} F, initial: 3.3 V, max: 5 V}}\n"
        "mcu: {{turn_on: 3.3 V, turn_off: 1.8 V, initial: unpowered, off_current: 26 uA, boot: "
        "{{time: 5 ms, charge: 4.855 uC}}, active: {{current: 811 uA}}, sleep_states: [{{name: "
        "off, "
        "current: 26 uA, wake: 0 s, retains: none}}]}}\n"
        "nvm: {{capacity: 1 kB, atomic: 1 B, cut: old, read_time: 0 s, write_time: 50 us, "
        "read_energy: 0 J, write_energy: 0 J, standby: 0 A, sleep: 0 A, endurance: 1e12}}\n"
        "workload: {{repeat: true, tasks: [{{name: work, time: 100 us, current: 1000 uA}}]}}\n"
        "checkpoint: {{policy: jit, save_at: 2.1 V, restore_at: 3.3 V, state: 92 B, sleep_in: "
        "off}}\n",
        duration_s, c_f);
}

}  // namespace

TEST_CASE("a just-in-time cycle lasts and works as long as its closed form says") {
    for (const double c_f : {7e-6, 10e-6, 22e-6, 50e-6, 100e-6, 470e-6}) {
        CAPTURE(c_f);
        const Cycle expected = closed_form(c_f);
        // The twentieth snapshot ends neither a billionth before its time nor behind it.
        const double saved_s = 19 * expected.period_s + expected.saved_s;
        const auto saves = [&](double end_s) {
            return run(scenario_of(device(c_f, end_s)), {}, nullptr);
        };
        CHECK(saves(saved_s * (1 - 1e-9)).checkpoint.completed == 19);
        const Result r = saves(saved_s * (1 + 1e-9));
        CHECK(r.checkpoint.completed == 20);
        CHECK(r.power.brown_outs == 0);
        // Work in whole units of 100 us; the one in hand goes on behind the next restore.
        const double worked_s = 20 * expected.progress * expected.period_s;
        CHECK(std::fabs(1e-4 * static_cast<double>(r.work.units_done) - worked_s) <= 1.0001e-4);
    }
}

TEST_CASE("the smallest capacitance on which a snapshot is done is that of the closed form") {
    const double least_f = (kSave - kHarvest) * kSave_s / (kSaveAt - kLowest);
    CHECK(least_f == Approx(6.85e-6).epsilon(1e-12));
    const auto torn = [&](double c_f) {
        return run(scenario_of(device(c_f, 1.0)), {}, nullptr).checkpoint.torn;
    };
    CHECK(torn(least_f * (1.0 + 1e-9)) == 0);
    CHECK(torn(least_f * (1.0 - 1e-9)) > 0);
}

TEST_CASE("a save voltage that is left out is the one a snapshot needs, and no other") {
    // Without inflow, so that the derived voltage has no reserve but its margin.
    const auto torn = [](const std::string& checkpoint) {
        const Scenario scenario = scenario_of(
            "name: t\nduration: 10 s\nsource: {model: {type: constant_current, current: 0 A}}\n"
            "store: {type: capacitor, capacitance: 22 uF, initial: 3.3 V, max: 5 V}\n"
            "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: powered, off_current: 0 A, boot: "
            "{time: "
            "0 s, charge: 0 C}, active: {current: 1 mA}, sleep: {current: 0 A, wake: 0 s}}\n"
            "nvm: {capacity: 10 kB, atomic: 1 B, cut: old, read_time: 0 s, write_time: 1 us, "
            "read_energy: 0 J, write_energy: 2 nJ, standby: 0 A, sleep: 0 A, endurance: 1e12}\n"
            "workload: {repeat: true, tasks: [{name: packet, time: 2 ms, current: 3 mA, atomic: "
            "true}, "
            "{name: rest, time: 7 ms}]}\n"
            "checkpoint: " +
            checkpoint + "\n");
        const Result r = run(scenario, {}, nullptr);
        REQUIRE(r.checkpoint.attempted == 1);
        return r.checkpoint.torn;
    };
    CHECK(torn("{policy: jit, state: 4000 B, margin: 0 V}") == 0);
    CHECK(torn("{policy: jit, state: 4000 B, save_at: 2.0 V}") == 1);
}

namespace {

/// Instructions that a non-volatile processor keeps per power cycle: 31.25 pJ each in 1/8000 s, on
/// a charge of E = C (V_on^2 - V_off^2)/2, restored with 250 pJ.
double instructions_per_cycle(double charge_j, const std::string& source, const std::string& nvm,
                              const std::string& checkpoint) {
    const double on_v = std::sqrt(1.0 + 2.0 * charge_j / 470e-9);
    const Scenario scenario = scenario_of(fmt::format(
        "name: nvp\nduration: 1e7 s\nuntil: {{jobs: 20000}}\nsource: {1}\n"
        "store: {{type: capacitor, capacitance: 470 nF, initial: {0:.17g} V, max: 5 V}}\n"
        "mcu: {{turn_on: {0:.17g} V, turn_off: 1 V, initial: unpowered, off_current: 0 A, boot: "
        "{{time: 1 us, energy: 250 pJ}}, active: {{power: 0 W}}, sleep_states: [{{name: off, "
        "current: "
        "0 A, wake: 0 s, retains: none}}]}}\n"
        "nvm: {{capacity: 1 kB, atomic: 1 B, cut: old, read_time: 0 s, read_energy: 0 J, standby: "
        "0 "
        "A, sleep: 0 A, endurance: 1e12, {2}}}\n"
        "workload: {{repeat: true, tasks: [{{name: instruction, time: 125 us, power: 250 nW}}]}}\n"
        "checkpoint: {3}\n",
        on_v, source, nvm, checkpoint));
    const Result r = run(scenario, {}, nullptr);
    const auto cycles = std::max(r.power.brown_outs, r.checkpoint.completed);
    REQUIRE(r.work.units_done > 0);
    return static_cast<double>(r.work.units_done) /
           static_cast<double>(r.power.brown_outs > 0 ? r.power.brown_outs : cycles);
}

}  // namespace

TEST_CASE("a processor with a backup behind every instruction keeps what its energies say") {
    // 125 pJ in two cycles for each backup, 12 B long; nothing flows in while it runs.
    for (const double charge_j : {1e-9, 1.1875e-9, 1.5e-9, 4e-9, 20e-9}) {
        CAPTURE(charge_j);
        const double kept = instructions_per_cycle(
            charge_j, "{model: {type: constant_power, power: 1 nW}, harvest_while_on: false}",
            fmt::format("write_time: {:.17g} s, write_energy: {:.17g} J", 250e-6 / 12,
                        125e-12 / 12),
            "{policy: commit, granularity: unit}");
        const double limit = 0.2 * (1.0 - 0.25e-9 / charge_j) * charge_j / 31.25e-12;
        CHECK(std::fabs(kept - limit) <= 1.0);  // whole instructions; the last cycle is not whole
    }
}

TEST_CASE("a processor that saves on demand keeps what its energies say") {
    // 750 pJ in 35 cycles for a backup of 92 + 8 B; a faint source while it runs.
    for (const double charge_j : {1.1875e-9, 1.5e-9, 4e-9, 20e-9}) {
        CAPTURE(charge_j);
        const double kept =
            instructions_per_cycle(charge_j, "{model: {type: constant_power, power: 0.01 pW}}",
                                   fmt::format("write_time: {:.17g} s, write_energy: {:.17g} J",
                                               35.0 / 8000 / 100, 750e-12 / 100),
                                   "{policy: jit, state: 92 B, margin: 1 nV, sleep_in: off}");
        const double expected = (charge_j - 1e-9) / 31.25e-12;
        CHECK(std::fabs(kept - expected) <= 1.0);
    }
}
