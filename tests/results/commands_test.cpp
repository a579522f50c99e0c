// SPDX-License-Identifier: Apache-2.0
/// The commands that read finished runs, as a user calls them.
#include "sim/result/run_files.hpp"
#include "tests/results/toy_run.hpp"
#include "tests/support/shell.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>

using namespace ebb;
using namespace ebb_test;
using Catch::Matchers::Contains;
using ebb::test::Outcome;
using ebb::test::shell;

namespace {

Outcome ebb_says(const std::string& arguments) {
    return shell(std::string(EBB_EXECUTABLE) + " " + arguments);
}

void save(const std::string& path, int cycles, RecordLevel level = RecordLevel::events) {
    RunFolder folder(path);
    FileRecorder recorder(folder, level);
    toy_cycles(recorder, cycles, 20);
    Result result;
    result.time.simulated_s = cycles;
    result.power.boots = cycles;
    result.power.on_s = 0.2 * cycles;
    result.power.off_s = 0.8 * cycles;
    result.energy_j.offered = 1e-3;
    result.energy_j.sinks[Sink::compute] = 1e-3;
    Scenario scenario;
    scenario.resolved_yaml = "name: toy\nmcu: {turn_on: 3 V, turn_off: 1.8 V}\n";
    write_run(folder, scenario, result, {}, recorder);
}

}  // namespace

TEST_CASE("ebb compare ends with 0 whether runs differ or not, and with 2 for what is no run") {
    TemporaryFolder temporary;
    save(temporary / "a", 2);
    save(temporary / "b", 3);
    const Outcome differing =
        ebb_says(std::string("compare ") + temporary / "a" + " " + temporary / "b");
    CHECK(differing.status == 0);
    CHECK_THAT(differing.text, Contains("power.boots") && Contains("+50.00 %"));
    const Outcome same =
        ebb_says(std::string("compare ") + temporary / "a" + " " + temporary / "a");
    CHECK(same.status == 0);
    CHECK_THAT(same.text, Contains("results are equal"));
    CHECK(
        ebb_says(std::string("compare ") + temporary / "a" + " " + temporary / "nowhere").status ==
        2);
}

TEST_CASE("ebb compare --json is one JSON document") {
    TemporaryFolder temporary;
    save(temporary / "a", 2);
    save(temporary / "b", 3);
    const Outcome outcome =
        ebb_says(std::string("--json compare ") + temporary / "a" + " " + temporary / "b");
    INFO(outcome.text);
    CHECK(outcome.status == 0);
    const auto json = nlohmann::json::parse(outcome.text);
    CHECK(json["differing"].size() >= 3);
}

TEST_CASE("ebb export --vcd writes a dump, and none for a run without recordings") {
    TemporaryFolder temporary;
    save(temporary / "a", 2);
    CHECK(ebb_says("export " + temporary / "a" + " --vcd").status == 0);
    CHECK_THAT(text_of(temporary / "a/run.vcd"),
               Contains("$enddefinitions") && Contains("#800000000"));
    CHECK(ebb_says("export " + temporary / "a" + " --vcd --out " + temporary / "x.vcd").status ==
          0);
    CHECK(text_of(temporary / "x.vcd") == text_of(temporary / "a/run.vcd"));

    save(temporary / "bare", 2, RecordLevel::none);
    const Outcome refused = ebb_says("export " + temporary / "bare" + " --vcd");
    CHECK(refused.status == 2);
    CHECK_THAT(refused.text, Contains("--record events"));
    CHECK_FALSE(std::filesystem::exists(temporary / "bare/run.vcd"));
    CHECK_FALSE(std::filesystem::exists(temporary / "bare/run.vcd.part"));
}

TEST_CASE("tools/plot_run.py draws two cycles and five hundred") {
    if (shell("/usr/bin/python3 -c 'import pandas, matplotlib, yaml'").status != 0) {
        WARN("skipped: python3-pandas, python3-matplotlib or python3-yaml is not installed");
        return;
    }
    const int cycles = GENERATE(2, 500);
    TemporaryFolder temporary;
    save(temporary / "a", cycles);
    const Outcome outcome =
        shell(std::string("/usr/bin/python3 ") + EBB_SOURCE_DIR + "/tools/plot_run.py " +
              temporary / "a" + " --out " + temporary / "a.svg");
    INFO(outcome.text);
    CHECK(outcome.status == 0);
    CHECK_THAT(text_of(temporary / "a.svg"), Contains("</svg>"));
}
