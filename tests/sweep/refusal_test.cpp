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
               Contains("s.yaml:2:56: error: the formula ends too soon"));
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
