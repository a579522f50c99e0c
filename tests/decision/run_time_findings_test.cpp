// SPDX-License-Identifier: Apache-2.0
/// Hopeless but valid runs end well and say why, with numbers; where a finding names a value that
/// would do, a run with that value does.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "sim/device/findings.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/scenarios.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;
using Catch::Matchers::Contains;

const std::string kDevice =
    "name: small\nduration: 20 s\n"
    "source: {model: {type: constant_power, power: 0.3 mW}}\n"
    "store: {type: capacitor, capacitance: 10 uF, initial: 1.8 V, max: 20 V}\n"
    "mcu:\n"
    "  {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 1 ms, charge: 1 uC},\n"
    "   active: {current: 2 mA}, sleep: {current: 2 uA, wake: 20 us}, off_current: 0 A}\n"
    "workload: {repeat: true, tasks: [{name: sense, time: 3 ms}, {name: infer, time: 20 ms}]}\n";

const std::string kNvm =
    "nvm={capacity: 1 MB, atomic: 1 B, cut: old, read_time: 25 ns, write_time: 1 us, read_energy: "
    "0.2 nJ,"
    " write_energy: 20 nJ, standby: 0 A, sleep: 0 A, endurance: unlimited}";

Finding only_finding(const Sets& sets) { return only_finding_of(kDevice, sets); }

Sets with(Sets sets, const std::string& another) {
    sets.push_back(another);
    return sets;
}

/// The device fails as `sets` say; with the advised value in `key` it makes progress.
void advice_holds(const Sets& sets, const std::string& code, const std::string& name,
                  const std::string& key, const std::string& unit) {
    const Finding f = only_finding(sets);
    CHECK(f.code == code);
    CHECK(number(f, "needed_j") > number(f, "given_j"));
    CHECK(number(f, "cycles_without_progress") >= 3);
    const double value = number(f, name);
    const std::string advised = fmt::format("{}={:.10g} {}", key, value, unit);
    INFO(f.text << "\ntried: " << advised);
    const Result r = result_of(kDevice, with(sets, advised));
    CHECK(r.work.jobs_done >= 2);
    CHECK(find(r, code) == nullptr);
}

TEST_CASE("a source without energy is named, and the run is fine otherwise") {
    const Finding f = only_finding({"source.model.power=0 W"});
    CHECK(f.code == "no_energy");
    CHECK(number(f, "harvested_j") == 0.0);
}

TEST_CASE("a store that settles below turn-on is named with the voltage at which it settles") {
    const Finding f =
        only_finding({"source.model.power=2 uW", "store.leakage={resistance: 1 MOhm}"});
    CHECK(f.code == "never_turns_on");
    CHECK(number(f, "settles_at_v") == Approx(std::sqrt(2.0)).epsilon(1e-9));  // P = V^2/R
    CHECK_THAT(f.text, Contains("1.41 V") && Contains("3 V"));
}

TEST_CASE("what the unpowered device draws counts where the store settles") {
    const Finding f = only_finding({"source.model.power=2 uW", "mcu.off_current=1 uA"});
    CHECK(f.code == "never_turns_on");
    CHECK(number(f, "settles_at_v") == Approx(2.0).epsilon(1e-9));  // P = V I
}

TEST_CASE("a store that settles just below turn-on is not said to settle at turn-on") {
    const Finding f =
        only_finding({"source.model.power=8.999 uW", "store.leakage={resistance: 1 MOhm}"});
    CHECK(f.code == "never_turns_on");
    CHECK_THAT(f.text, Contains("2.999833"));
}

TEST_CASE("a turn-on exactly where the store settles is called a matter of rounding, once") {
    const Finding f =
        only_finding({"source.model.power=9 uW", "store.leakage={resistance: 1 MOhm}"});
    CHECK(f.code == "threshold_at_equilibrium");
}

TEST_CASE("a store that is too large to fill in time is told apart from one that never fills") {
    const Finding f = only_finding({"store.capacitance=1 F"});
    CHECK(f.code == "never_turned_on");
    CHECK(number(f, "needed_j") == Approx(0.5 * (9.0 - 3.24)));
    CHECK(number(f, "harvested_j") == Approx(20 * 0.3e-3));
}

TEST_CASE("a job that never fits is named with a capacitance and a turn-on, and both would do") {
    advice_holds({}, "unit_never_fits", "capacitance_that_would_do_f", "store.capacitance", "F");
    advice_holds({}, "unit_never_fits", "turn_on_that_would_do_v", "mcu.turn_on", "V");
}

TEST_CASE("the need of a job that never fits is its charge at the middle voltage") {
    const Finding f = only_finding({});
    // 23 ms at 2 mA and a boot of 1 uC, at 2.4 V
    CHECK(number(f, "needed_j") == Approx((23e-3 * 2e-3 + 1e-6) * 2.4));
    CHECK(number(f, "given_j") == Approx(0.5 * 10e-6 * (9.0 - 3.24)));
    CHECK(number(f, "best_cycle_j") < number(f, "needed_j"));
    CHECK(number(f, "capacitance_that_would_do_f") == 47e-6);
}

TEST_CASE("a unit that never fits between two commits is named, and the advice would do") {
    const Sets commit = {kNvm, "checkpoint={policy: commit, granularity: unit}"};
    CHECK_THAT(only_finding(commit).text, Contains("task infer needs"));
    advice_holds(commit, "unit_never_fits", "capacitance_that_would_do_f", "store.capacitance",
                 "F");
    advice_holds(commit, "unit_never_fits", "turn_on_that_would_do_v", "mcu.turn_on", "V");
}

TEST_CASE("a load of constant power, through a regulator, gets advice that would do") {
    const std::string work =
        "workload={repeat: true, tasks: [{name: infer, time: 20 ms, power: 6 mW}]}";
    const std::string ldo =
        "mcu.regulator={type: ldo, output: 1.6 V, quiescent: 2 uA, quiescent_off: 1 uA}";
    for (const Sets& sets : {Sets{work}, Sets{ldo}, Sets{work, ldo}}) {
        CAPTURE(sets);
        advice_holds(sets, "unit_never_fits", "capacitance_that_would_do_f", "store.capacitance",
                     "F");
        advice_holds(sets, "unit_never_fits", "turn_on_that_would_do_v", "mcu.turn_on", "V");
    }
}

TEST_CASE("the share of a series resistance is in the advice") {
    const Sets esr = {"store.esr=200 Ohm"};
    advice_holds(esr, "unit_never_fits", "capacitance_that_would_do_f", "store.capacitance", "F");
    advice_holds(esr, "unit_never_fits", "turn_on_that_would_do_v", "mcu.turn_on", "V");
}

TEST_CASE(
    "a snapshot that never fits is named with a capacitance and a voltage to save at, and both "
    "would do") {
    // 1 kB in 1 ms: 20 uJ of memory, and 2 mA meanwhile; 10 uF give 1.85 uJ between 1.9 V and 1.8
    // V.
    const Sets jit = {kNvm, "checkpoint={policy: jit, save_at: 1.9 V, state: 1 kB}"};
    advice_holds(jit, "snapshot_never_fits", "capacitance_that_would_do_f", "store.capacitance",
                 "F");
    const Sets roomy = {kNvm, "mcu.turn_on=6 V",
                        "checkpoint={policy: jit, save_at: 1.9 V, state: 1 kB}"};
    advice_holds(roomy, "snapshot_never_fits", "save_at_that_would_do_v", "checkpoint.save_at",
                 "V");
}

TEST_CASE("a load step wider than the hysteresis is named as such, not as a small capacitor") {
    const Finding f = only_finding({"store.esr=900 Ohm"});
    CHECK(f.code == "load_step_too_large");
    CHECK(number(f, "step_v") > 1.2);
    // No capacitance helps...
    CHECK(find(result_of(kDevice, {"store.esr=900 Ohm", "store.capacitance=1 mF"}),
               "load_step_too_large") != nullptr);
    // ... and what the text names instead does.
    CHECK(result_of(kDevice, {"store.esr=90 Ohm", "store.capacitance=100 uF"}).work.jobs_done >= 2);
}

TEST_CASE("power that comes while the store is full is named with its share") {
    const Finding f = only_finding({"store.max=3.1 V", "mcu.turn_on=3.0 V",
                                    "store.capacitance=1 mF", "source.model.power=30 mW"});
    CHECK(f.code == "much_clipped");
    CHECK(number(f, "clipped_j") / number(f, "offered_j") > 0.5);
}

TEST_CASE("a store that loses much to its switches is named with its share, and what helps does") {
    // A large cell is filled from a small capacitor in packets, each pulling it far down.
    const auto with_steps = [](const std::string& cells, const std::string& configurations) {
        return result_of(
            kDevice, {"source.model.power=3 mW", "duration=2 s",
                      "store={type: array, capacitance: 47 uF, initial: 0 V, max: 5 V, cells: [" +
                          cells + "], configurations: [" + configurations + "]}"});
    };
    const Result coarse =
        with_steps("{name: a, capacitance: 1 mF}",
                   "{name: alone, up: 2.9 V}, {name: joined, strings: a, down: 1.9 V}");
    const Finding* const f = find(coarse, "much_switched");
    REQUIRE(f != nullptr);
    CHECK(number(*f, "share") > 0.2);
    CHECK(number(*f, "switch_loss_j") == coarse.energy_j.sinks[Sink::switch_loss]);
    CHECK_THAT(f->text, Contains("of the harvested energy"));
    const Result fine =
        with_steps("{name: a, capacitance: 10 uF}",
                   "{name: alone, up: 2.9 V}, {name: joined, strings: a, down: 1.9 V}");
    CHECK(fine.energy_j.sinks[Sink::switch_loss] > 0.0);
    CHECK(find(fine, "much_switched") == nullptr);
}

TEST_CASE("a run without trouble has no findings") {
    CHECK(result_of(kDevice, {"store.capacitance=100 uF"}).findings.empty());
}

TEST_CASE("every finding of these runs is in the list of codes") {
    const auto& codes = finding_codes();
    for (const char* code : {"no_energy", "never_turns_on", "never_turned_on", "unit_never_fits",
                             "snapshot_never_fits", "load_step_too_large",
                             "threshold_at_equilibrium", "much_clipped"}) {
        CHECK(std::count(codes.begin(), codes.end(), code) == 1);
    }
}

}  // namespace
