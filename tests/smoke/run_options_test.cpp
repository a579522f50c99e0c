// SPDX-License-Identifier: Apache-2.0
/// Does each option of `ebb run` do what --help says, and is the exit status right?
#include "tests/smoke/command.hpp"

using namespace ebb::test;
using Catch::Matchers::Contains;

namespace {

const std::string kCircuitA = "'" + shipped("examples/circuit_a.yaml") + "'";

}  // namespace

TEST_CASE("--record none writes no events, events some, all every one") {
    const Desk desk;
    for (const char* level : {"none", "events", "all"}) {
        const Said said =
            desk.ebb(fmt::format("run --quiet --record {0} --out {0} {1}", level, kCircuitA));
        INFO(level << said.err);
        REQUIRE(said.status == 0);
    }
    CHECK_FALSE(std::filesystem::exists(desk.file("none/events.csv")));
    CHECK_FALSE(std::filesystem::exists(desk.file("none/timeline.csv")));
    const std::string some = text_of(desk.file("events/events.csv"));
    const std::string every = text_of(desk.file("all/events.csv"));
    CHECK(std::count(some.begin(), some.end(), '\n') ==
          std::count(every.begin(), every.end(), '\n'));
    CHECK(every.size() > some.size());  // more digits
    const auto result = lasting(text_of(desk.file("none/summary.json")));
    CHECK(result == lasting(text_of(desk.file("events/summary.json"))));
    CHECK(result == lasting(text_of(desk.file("all/summary.json"))));
}

TEST_CASE("--json prints what summary.json holds, --quiet prints nothing") {
    const Desk desk;
    const Said json = desk.ebb("run --json --out kept " + kCircuitA);
    REQUIRE(json.status == 0);
    CHECK(json.out == text_of(desk.file("kept/summary.json")));
    CHECK(desk.ebb("run --json " + kCircuitA).out.size() > 500);
    CHECK(desk.ebb("run --quiet " + kCircuitA).out.empty());
}

TEST_CASE("--reference makes the same decisions and agrees to 1e-9") {
    const Desk desk;
    const Said fast = desk.ebb("run --json --set duration=2s --set expect={} " + kCircuitA);
    const Said slow =
        desk.ebb("run --json --reference --set duration=2s --set expect={} " + kCircuitA);
    INFO(slow.err);
    REQUIRE(fast.status == 0);
    REQUIRE(slow.status == 0);
    const auto a = nlohmann::json::parse(fast.out);
    const auto b = nlohmann::json::parse(slow.out);
    for (const char* count : {"boots", "brown_outs"}) {
        CHECK(a["power"][count] == b["power"][count]);
        CHECK(a["power"][count].get<int>() >= 3);
    }
    CHECK(b["power"]["on_s"].get<double>() ==
          Approx(a["power"]["on_s"].get<double>()).epsilon(1e-9));
    for (const char* energy : {"compute", "leakage", "harvested", "stored_change"}) {
        CHECK(b["energy_j"][energy].get<double>() ==
              Approx(a["energy_j"][energy].get<double>()).epsilon(1e-9));
    }
}

TEST_CASE("--set changes the run, and the manifest keeps the command") {
    const Desk desk;
    REQUIRE(
        desk.ebb("run --quiet --out run --set store.capacitance=50uF --set expect={} " + kCircuitA)
            .status == 0);
    const auto summary = nlohmann::json::parse(text_of(desk.file("run/summary.json")));
    CHECK(summary["power"]["brown_outs"] == 36);  // half the capacitance, cycles half as long
    CHECK_THAT(text_of(desk.file("run/manifest.json")), Contains("--set store.capacitance=50uF"));
    CHECK_THAT(text_of(desk.file("run/resolved.yaml")), Contains("capacitance: 50 uF"));
}

TEST_CASE(
    "an expectation that is not met ends with status 3, and the files are written all the same") {
    const Desk desk;
    const Said said =
        desk.ebb("run --out run --set 'expect={power.brown_outs: \"== 17\"}' " + kCircuitA);
    CHECK(said.status == 3);
    CHECK_THAT(said.err, Contains("power.brown_outs is 18, expected == 17"));
    CHECK(std::filesystem::exists(desk.file("run/summary.json")));
    CHECK(desk.ebb("run --set 'expect={power.brown_outs: \"== 18\"}' " + kCircuitA).status == 0);
}

TEST_CASE("--fail-on ends with status 3 if the run has that finding, and only then") {
    const Desk desk;
    const std::string dark = "--set source.model.power=0W --set expect={} " + kCircuitA;
    const Said plain = desk.ebb("run " + dark);
    CHECK(plain.status == 0);
    CHECK_THAT(plain.out, Contains("no_energy"));
    const Said failed = desk.ebb("run --fail-on no_energy " + dark);
    CHECK(failed.status == 3);
    CHECK_THAT(failed.err, Contains("no_energy"));
    CHECK(desk.ebb("run --fail-on unit_never_fits " + dark).status == 0);
    CHECK(desk.ebb("run --fail-on no_energy " + kCircuitA).status == 0);
}

TEST_CASE("a finding that does not exist cannot be waited for") {
    const Said said = Desk().ebb("run --fail-on no_enrgy " + kCircuitA);
    CHECK(said.status == 2);
    CHECK_THAT(said.err, Contains("no_enrgy") && Contains("did you mean 'no_energy'?"));
}

TEST_CASE("an expectation about a result that does not exist is refused before the run") {
    const Desk desk;
    const Said said =
        desk.ebb("run --out run --set 'expect={power.brownouts: \"== 17\"}' " + kCircuitA);
    CHECK(said.status == 2);
    CHECK_THAT(said.err, Contains("power.brownouts") && Contains("did you mean"));
    CHECK_FALSE(std::filesystem::exists(desk.file("run")));
}

TEST_CASE("a folder with somebody's files is not written to") {
    const Desk desk;
    std::filesystem::create_directory(desk.file("mine"));
    desk.write("mine/thesis.txt", "four years");
    const Said said = desk.ebb("run --out mine " + kCircuitA);
    CHECK(said.status == 2);
    CHECK(text_of(desk.file("mine/thesis.txt")) == "four years");
    CHECK_FALSE(std::filesystem::exists(desk.file("mine/summary.json")));
}

TEST_CASE("commands and options that do not exist are refused with the nearest name") {
    const Desk desk;
    const Said command = desk.ebb("rum x.yaml");
    CHECK(command.status == 2);
    CHECK_THAT(command.err, Contains("did you mean 'run'?"));
    const Said option = desk.ebb("run --reord all " + kCircuitA);
    CHECK(option.status == 2);
    CHECK_THAT(option.err, Contains("did you mean '--record'?"));
    CHECK(desk.ebb("").status == 2);
    CHECK(desk.ebb("--version").status == 0);
    CHECK(desk.ebb("--help").status == 0);
}
