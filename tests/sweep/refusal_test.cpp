// SPDX-License-Identifier: Apache-2.0
/// Mistakes of a sweep file: each with its place, before anything runs.
#include "tests/sweep/sweeping.hpp"

using namespace ebb;
using namespace ebb::test;
using Catch::Matchers::Contains;

namespace {

std::string refused(const std::string& sweep, const std::string& more = {}) {
    const SweepFolder folder;
    folder.write("s.yaml", kCircuitA + sweep);
    const Outcome outcome = folder.ebb("sweep s.yaml --out out " + more);
    INFO(outcome.text);
    CHECK(outcome.status == 2);
    CHECK(!std::filesystem::exists(folder / "out/results.sqlite"));
    return outcome.text;
}

std::size_t errors_in(const std::string& text) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(": error: ", at)) != std::string::npos; ++at) {
        ++count;
    }
    return count;
}

}  // namespace

TEST_CASE(
    "a path, unit, name or value that is wrong in every point is refused once, with its place") {
    const std::string text = refused(
        "sweep:\n"
        "  grid:\n"
        "    store.capacitance: [47 uF, 100 uV]\n"
        "    mcu.turn_on: [3 V, 3.2]\n"
        "    checkpoint.policy: [none, jitt]\n"
        "    store.max: {range: {from: 5 V, to: 6 A, count: 3}}\n"
        "  where: store.capacitence > 3\n");
    CHECK_THAT(text, Contains("s.yaml:4:32: error: store.capacitance must be a capacitance"));
    CHECK_THAT(text, Contains("s.yaml:5:24: error: mcu.turn_on needs a unit"));
    CHECK_THAT(text, Contains("s.yaml:6:31: error: checkpoint.policy cannot be 'jitt'"));
    CHECK_THAT(text, Contains("s.yaml:7:40: error: store.max must be a voltage"));
    CHECK_THAT(text, Contains("s.yaml:8:10: error: there is nothing called 'store.capacitence'"));
    CHECK_THAT(text, Contains("did you mean 'store.capacitance_f'?"));
    CHECK_THAT(refused("sweep: {grid: {store.capacitence: [47 uF, 100 uF]}}\n"),
               Contains("s.yaml:2:22: error: unknown key 'capacitence'") &&
                   Contains("did you mean 'capacitance'?"));
    CHECK_THAT(refused("sweep: {grid: {store.capacitance: [-47 uF]}}\n"), Contains("s.yaml:2:36"));
    CHECK_THAT(refused("sweep: {grid: {mcu.turn_on: [1 V, 1.5 V]}}\n"),
               Contains("mcu.turn_off is 1.8 V, not below mcu.turn_on"));
    CHECK_THAT(refused("sweep: {grid: {workload.tasks[3].time: [1 ms]}}\n"), Contains("tasks"));
}

TEST_CASE("mistakes of keys, paths, units, names, conditions and columns are told in one pass") {
    const std::string text = refused(
        "sweep:\n"
        "  grid:\n"
        "    store.capacitanc: [47 uF, 100 V]\n"
        "    mcu.turn_on: {range: {from: 2 V, to: 3 A}}\n"
        "    checkpoint.policy: [none, nonsuch]\n"
        "  zip:\n"
        "    store.max: []\n"
        "    store.esr: [1 Ohm, 2 Ohm]\n"
        "  where: mcu.turn_on_v > store.capacitance and turn_onn > 1\n"
        "  derive:\n"
        "    a: energy_j.harvestd / store.capacitance_f\n"
        "    b: a * store.max_v + (policy == 'none')\n"
        "    c: b *\n"
        "  repeats: {count: 3, tolerances: {store.capacitanc: 10 %, store.ezr: 5 %}}\n");
    CHECK_THAT(text, Contains("s.yaml:4:11: error: unknown key 'capacitanc'"));
    CHECK_THAT(text, Contains("did you mean 'capacitance'?"));
    CHECK_THAT(text, Contains("s.yaml:5:26: error: mcu.turn_on: range needs 'count'"));
    CHECK_THAT(text, Contains("s.yaml:5:42: error: mcu.turn_on must be a voltage"));
    CHECK_THAT(text, Contains("s.yaml:6:31: error: checkpoint.policy cannot be 'nonsuch'"));
    CHECK_THAT(text, Contains("s.yaml:8:5: error: axis 'store.max' has no values"));
    CHECK_THAT(text, Contains("s.yaml:10:48: error: there is nothing called 'turn_onn'"));
    CHECK_THAT(text, Contains("s.yaml:12:8: error: there is nothing called 'energy_j.harvestd'"));
    CHECK_THAT(text, Contains("s.yaml:14:11: error: the formula ends too soon"));
    CHECK_THAT(text, Contains("s.yaml:15:42: error: unknown key 'capacitanc'"));
    CHECK_THAT(text, Contains("s.yaml:15:60: error: 'store.ezr' is no number of this scenario"));
    // And none that only follows from one of these.
    CHECK(errors_in(text) == 10);
}

TEST_CASE("a mistake of the scenario does not hide those of its sweep") {
    const std::string base =
        "scenario: {name: A, duration: 10 s, mcu: {turn_on: 3 V, turn_off: 1.8 V,\n"
        "    initial: unpowered, boot: {time: 0 s, charge: 0 C}, active: {current: 1 mA},\n"
        "    off_current: 0 A}, workload: {tasks: [{name: load, until_power_fails: true}]},\n"
        "  source: {model: {type: constant_power, power: 1.5 mA}},\n"
        "  store: {type: capacitor, initial: 1.8 V, max: 6 V}}\n";
    const SweepFolder folder;
    folder.write("s.yaml", base +
                               "sweep:\n"
                               "  grid:\n"
                               "    store.capacitance: {range: {from: 1 V, count: 3}}\n"
                               "    mcu.turn_onn: [3 V]\n"
                               "  where: capacitance > \n");
    const Outcome outcome = folder.ebb("sweep s.yaml --out out");
    const std::string& text = outcome.text;
    INFO(text);
    CHECK(outcome.status == 2);
    CHECK_THAT(text, Contains("s.yaml:4:49: error: source.model.power must be a power"));
    CHECK_THAT(text, Contains("s.yaml:8:32: error: store.capacitance: range needs 'to'"));
    CHECK_THAT(text, Contains("s.yaml:9:9: error: unknown key 'turn_onn'"));
    CHECK_THAT(text, Contains("s.yaml:10:23: error: the formula ends too soon"));
    CHECK(errors_in(text) == 4);
}

TEST_CASE("keys of a sweep file that do not exist or do not fit are refused") {
    CHECK_THAT(refused("sweep: {gridd: {store.capacitance: [47 uF]}}\n"),
               Contains("did you mean 'grid'?"));
    CHECK_THAT(refused("sweep: {grid: {store.capacitance: []}}\n"), Contains("has no values"));
    CHECK_THAT(refused("sweep: {grid: {store.capacitance: {rnge: {from: 1 uF}}}}\n"),
               Contains("has no values"));
    CHECK_THAT(refused("sweep: {grid: {store.capacitance: {range: {from: 1 uF, count: 2}}}}\n"),
               Contains("needs 'to'"));
    CHECK_THAT(refused("sweep: {grid: {store.esr: {range: {from: 0 Ohm, to: 1 Ohm, count: 3, "
                       "scale: log}}}}\n"),
               Contains("must be above zero"));
    CHECK_THAT(refused("sweep: {grid: {store.capacitance: {series: E13, from: 1 uF, to: 1 mF}}}\n"),
               Contains("did you mean 'E12'?") || Contains("E3 | E6"));
    CHECK_THAT(refused("sweep: {grid: {checkpoint: {range: {from: 1 uF, to: 2 uF, count: 2}}}}\n"),
               Contains("s.yaml:2"));
    CHECK_THAT(refused("sweep: {zip: {store.capacitance: [1 uF, 2 uF], mcu.turn_on: [3 V]}}\n"),
               Contains("walk together"));
    CHECK_THAT(refused("sweep: {list: [{store.capacitance: 1 uF}, {mcu.turn_on: 3 V}]}\n"),
               Contains("the same keys"));
    CHECK_THAT(refused("sweep: {grid: {mcu.turn_on: [3 V]}, list: [{mcu.turn_on: 3 V}]}\n"),
               Contains("an axis twice"));
    CHECK_THAT(refused("sweep: {sample: {method: sobol, count: 0, over: {mcu.turn_on: [3 V]}}}\n"),
               Contains("count is 0"));
    CHECK_THAT(refused("sweep: {repeats: {count: 5}}\n"), Contains("all be the same run"));
    CHECK_THAT(refused("sweep: {repeats: {count: 5, starts: circular}}\n"),
               Contains("need a trace"));
    CHECK_THAT(refused("sweep: {repeats: {count: 5, tolerances: {store.capacity: 5 %}}}\n"),
               Contains("store.capacity"));
    CHECK_THAT(refused("sweep: {grid: {mcu.turn_on: [3 V]}, derive: {x: energy_j.harvestd / 2}}\n"),
               Contains("did you mean 'energy_j.harvested'?") && Contains("s.yaml:2:49"));
    CHECK_THAT(refused("sweep: {grid: {mcu.turn_on: [3 V]}, derive: {status: power.boots}}\n"),
               Contains("already"));
    CHECK_THAT(refused("sweep: {grid: {mcu.turn_on: [3 V]}, where: mcu.turn_on_v > }\n"),
               Contains("s.yaml:2:59: error: the formula ends too soon"));
    CHECK_THAT(refused("sweep: {grid: {mcu.turn_on: [3 V]}, where: mcu.turn_on_v > 4}\n"),
               Contains("none of the points"));
    CHECK_THAT(refused("sweep: {grid: {mcu.turn_on: [3 V]}, limits: {time: 3}}\n"),
               Contains("needs a unit"));
    CHECK_THAT(refused("swept: {}\n"), Contains("needs 'sweep'"));
    CHECK_THAT(refused("sweep: {grid: {mcu.turn_on: [3 V]}}\n", "--shard 3/3"), Contains("0/8"));
    CHECK_THAT(refused("sweep: {grid: {mcu.turn_on: [3 V]}}\n", "--shard x"), Contains("no shard"));
    CHECK_THAT(refused("sweep: {grid: {mcu.turn_on: [3 V]}}\n", "--limit-time 5"),
               Contains("needs a unit"));
}

TEST_CASE("a combination that does not fit fails alone, with its reason") {
    const SweepFolder folder;
    folder.write("s.yaml", kCircuitA +
                               "sweep: {grid: {mcu.turn_on: [1.7 V, 3 V], store.max: [6 V, 2.9 V], "
                               "checkpoint: [{policy: none}, {policy: jit, margin: 0 V}]}}\n");
    const Outcome outcome = folder.ebb("sweep s.yaml --out out");
    INFO(outcome.text);
    CHECK(outcome.status == 3);
    const std::string db = folder / "out/results.sqlite";
    CHECK(value_of(db, "SELECT COUNT(*) FROM runs") == "8");
    CHECK(column_of(db, "SELECT point FROM runs WHERE status = 'done'") == std::vector<double>{4});
    CHECK_THAT(value_of(db, "SELECT reason FROM runs WHERE point = 0"), Contains("mcu.turn_off"));
    CHECK_THAT(value_of(db, "SELECT reason FROM runs WHERE point = 6"), Contains("store.max"));
    CHECK_THAT(value_of(db, "SELECT reason FROM runs WHERE point = 5"), Contains("nvm"));
}
