// SPDX-License-Identifier: Apache-2.0
/// The same table, bit by bit, however many workers, shards and attempts it took.
#include <thread>

#include "tests/sweep/sweeping.hpp"

using namespace ebb;
using namespace ebb::test;
using Catch::Matchers::Contains;

namespace {

/// 60 points, some of which fail, with repeats: failures and draws must not depend on the way.
const std::string kSweep =
    kCircuitA +
    "sweep:\n"
    "  grid:\n"
    "    store.capacitance: {range: {from: 20 uF, to: 400 uF, count: 10, scale: log}}\n"
    "    mcu.turn_on: [1.7 V, 2.5 V, 3 V]\n"
    "    converter: [{type: none}, {type: diode, drop: 0.2 V}]\n"
    "  repeats: {count: 3, tolerances: {store.initial: 5 %}}\n"
    "  derive: {per_job_j: energy_j.harvested / work.jobs_done}\n";

std::vector<std::string> table(const SweepFolder& folder, const std::string& name) {
    return rows_of(folder / (name + "/results.sqlite"));
}

}  // namespace

TEST_CASE("one, two and seven workers write the same table") {
    const SweepFolder folder;
    folder.write("s.yaml", kSweep);
    for (const char* jobs : {"1", "2", "7"}) {
        const Outcome outcome =
            folder.ebb(std::string("sweep s.yaml --jobs ") + jobs + " --out j" + jobs);
        INFO(outcome.text);
        REQUIRE(outcome.status == 3);
        CHECK_THAT(outcome.text, Contains("120 of 180 runs done, 60 failed"));
    }
    const auto one = table(folder, "j1");
    CHECK(one.size() == 180);
    CHECK(one == table(folder, "j2"));
    CHECK(one == table(folder, "j7"));
}

TEST_CASE("one, three and eight shards merge into the same table, and missing ones are named") {
    const SweepFolder folder;
    folder.write("s.yaml", kSweep);
    REQUIRE(folder.ebb("sweep s.yaml --out whole").status == 3);
    const auto whole = table(folder, "whole");
    for (const int shards : {3, 8}) {
        const std::string out = "n" + std::to_string(shards);
        for (int i = 0; i < shards; ++i) {
            const Outcome part = folder.ebb("sweep s.yaml --shard " + std::to_string(i) + "/" +
                                            std::to_string(shards) + " --out " + out);
            INFO(part.text);
            REQUIRE((part.status == 0 || part.status == 3));
        }
        const Outcome merged = folder.ebb("merge " + out + " --out " + out);
        INFO(merged.text);
        CHECK(merged.status == 3);  // runs failed
        CHECK_THAT(merged.text, Contains("120 of 180 runs done, 60 failed"));
        CHECK(table(folder, out) == whole);
        // A sweep goes on from a merged table.
        CHECK_THAT(folder.ebb("sweep s.yaml --out " + out).text,
                   Contains("120 were there already"));
        CHECK(table(folder, out) == whole);
    }
    std::filesystem::remove(folder / "n8/results.5-of-8.sqlite");
    std::filesystem::remove(folder / "n8/results.sqlite");
    const Outcome merged = folder.ebb("merge n8 --out lost");
    CHECK(merged.status == 3);
    CHECK_THAT(merged.text, Contains("1 of 8 shards are missing: 5"));
}

TEST_CASE("shards of different sweeps do not merge") {
    const SweepFolder folder;
    folder.write("s.yaml", kSweep);
    REQUIRE(folder.ebb("sweep s.yaml --shard 0/2 --out a").status == 3);
    REQUIRE(folder.ebb("sweep s.yaml --shard 1/2 --out a --set duration=9s").status == 3);
    const Outcome merged = folder.ebb("merge a --out b");
    CHECK(merged.status == 2);
    CHECK_THAT(merged.text, Contains("not of the same sweep"));
    CHECK(folder.ebb("merge nowhere --out b").status == 2);
}

TEST_CASE("the same command again runs nothing, and a changed axis only what is missing") {
    const SweepFolder folder;
    const auto sweep = [&](const std::string& values) {
        folder.write("s.yaml", kCircuitA +
                                   "sweep: {grid: {mcu.turn_on: [3 V], store.capacitance: [" +
                                   values + "]}}\n");
        const Outcome outcome = folder.ebb("sweep s.yaml --out out --json");
        INFO(outcome.text);
        REQUIRE(outcome.status == 0);
        return outcome.text;
    };
    CHECK_THAT(sweep("47 uF, 100 uF, 220 uF"), Contains("\"ran\": 3"));
    CHECK_THAT(sweep("47 uF, 100 uF, 220 uF"), Contains("\"ran\": 0"));
    CHECK_THAT(sweep("47 uF, 220 uF, 330 uF, 0.1 mF"), Contains("\"ran\": 1"));  // 0.1 mF is 100 uF
    const auto changed = table(folder, "out");
    CHECK(changed.size() == 4);
    // What left the plan is not lost: it comes back without a run.
    CHECK_THAT(sweep("330 uF"), Contains("\"ran\": 0"));
    CHECK(table(folder, "out").size() == 1);
    CHECK_THAT(sweep("47 uF, 220 uF, 330 uF, 0.1 mF"), Contains("\"ran\": 0"));
    CHECK(table(folder, "out") == changed);
    std::filesystem::remove_all(folder / "out");
    CHECK_THAT(sweep("47 uF, 220 uF, 330 uF, 0.1 mF"), Contains("\"ran\": 4"));
    CHECK(table(folder, "out") == changed);
}

TEST_CASE("another formula or comment runs nothing, another input runs again") {
    const SweepFolder folder;
    folder.write("trace.csv", "time_s,power_w\n0,0.001\n50,0.002\n");
    folder.write(
        "s.yaml",
        "name: x\nduration: 10 s\n"
        "source: {trace: trace.csv, model: {type: power}, at_end: loop}\n"
        "store: {type: capacitor, capacitance: 100 uF, initial: 2 V, max: 6 V}\n"
        "mcu: {turn_on: 3 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 0 s, charge: "
        "0 C}, active: {current: 1 mA}, off_current: 0 A}\n"
        "workload: {tasks: [{name: load, until_power_fails: true}]}\n"
        "sweep: {grid: {store.capacitance: [47 uF, 100 uF]}}\n");
    REQUIRE(folder.ebb("sweep s.yaml --out out --quiet").status == 0);
    const std::string text = folder.read("s.yaml");
    folder.write("s.yaml", "# a comment\n" + text + "# and more\n");
    CHECK_THAT(folder.ebb("sweep s.yaml --out out --json").text, Contains("\"ran\": 0"));
    folder.write("s.yaml", text.substr(0, text.size() - 2) + ", derive: {x: power.boots + 1}}\n");
    CHECK_THAT(folder.ebb("sweep s.yaml --out out --json").text, Contains("\"ran\": 0"));
    CHECK(value_of(folder / "out/results.sqlite",
                   "SELECT SUM(x = \"power.boots\" + 1) FROM runs") == "2");
    folder.write("trace.csv", "time_s,power_w\n0,0.001\n50,0.003\n");
    CHECK_THAT(folder.ebb("sweep s.yaml --out out --json").text, Contains("\"ran\": 2"));
    CHECK_THAT(folder.ebb("sweep s.yaml --out out --json --set source.scale=2").text,
               Contains("\"ran\": 2"));
}
