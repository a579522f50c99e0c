// SPDX-License-Identifier: Apache-2.0
#include "sim/result/compare.hpp"
#include "models/core/error.hpp"
#include "sim/result/run_files.hpp"
#include "sim/result/summary_json.hpp"
#include "sim/result/text_format.hpp"
#include "tests/results/toy_run.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace ebb;
using namespace ebb_test;
using Catch::Matchers::Contains;

namespace {

void save(const std::string& path, Result result, const std::string& yaml) {
    RunFolder folder(path);
    FileRecorder recorder(folder, RecordLevel::none);
    Scenario scenario;
    scenario.name = "toy";
    scenario.resolved_yaml = yaml;
    write_run(folder, scenario, result, {}, recorder);
}

std::vector<std::string> paths_of(const Comparison& c) {
    std::vector<std::string> paths;
    for (const ResultDifference& d : c.differing) {
        paths.push_back(d.path);
    }
    return paths;
}

}  // namespace

TEST_CASE("a run compared with itself is equal in every result") {
    TemporaryFolder temporary;
    save(temporary / "a", result_of_distinct_numbers(), "name: toy\n");
    const SavedRun a = read_run(temporary / "a");
    const Comparison c = compare(a, a);
    CHECK(c.differing.empty());
    CHECK(c.settings.empty());
    CHECK(c.equal.size() == a.results.size());
    CHECK_THAT(comparison_text(a, a, c), Contains("All 64 results are equal"));
}

TEST_CASE(
    "what was achieved comes before reasons and housekeeping, great changes before small ones") {
    Result one = result_of_distinct_numbers();
    Result two = one;
    two.time.wall_s *= 100.0;
    two.energy_j.clipped *= 10.0;
    two.work.jobs_done += 1;
    two.power.boots *= 2;
    two.work.latency_p95_s.reset();
    TemporaryFolder temporary;
    save(temporary / "a", one, "");
    save(temporary / "b", two, "");
    const Comparison c = compare(read_run(temporary / "a"), read_run(temporary / "b"));
    CHECK(paths_of(c) == std::vector<std::string>{"work.jobs_done", "work.latency_p95_s",
                                                  "power.boots", "energy_j.clipped",
                                                  "time.wall_s"});
    CHECK(*c.differing[0].difference == 1.0);
    CHECK_FALSE(c.differing[1].relative.has_value());
    CHECK(*c.differing[2].relative == 1.0);
}

TEST_CASE("a difference in the last digits is close, not equal and not a difference") {
    Result one, two;
    one.energy_j.offered = 1.0;
    two.energy_j.offered = 1.0 + 4e-15;
    TemporaryFolder temporary;
    save(temporary / "a", one, "");
    save(temporary / "b", two, "");
    const Comparison c = compare(read_run(temporary / "a"), read_run(temporary / "b"));
    CHECK(c.differing.empty());
    CHECK(c.close == std::vector<std::string>{"energy_j.offered"});
}

TEST_CASE("settings that differ are named, also those that only one run has") {
    TemporaryFolder temporary;
    save(temporary / "a", {}, "store: {capacitance: 47 uF, max: 5 V}\nlist: [1, 2]\n");
    save(temporary / "b", {},
         "store: {capacitance: 100 uF, max: 5 V}\nlist: [1, 3]\nnvm: {part: x}\n");
    const SavedRun a = read_run(temporary / "a");
    const SavedRun b = read_run(temporary / "b");
    const Comparison c = compare(a, b);
    REQUIRE(c.settings.size() == 3);
    CHECK(c.settings[0].path == "store.capacitance");
    CHECK(c.settings[0].a == "47 uF");
    CHECK(c.settings[0].b == "100 uF");
    CHECK(c.settings[1].path == "list[1]");
    CHECK(c.settings[2].path == "nvm.part");
    CHECK(c.settings[2].a.empty());
    const auto json = comparison_json(a, b, c);
    CHECK(json["settings"][0]["b"] == "100 uF");
    CHECK(json["settings"][2]["a"].is_null());
}

TEST_CASE("tasks and findings are compared by name, and none of them counts as zero findings") {
    Result one, two;
    one.work.tasks = {{"sense", 3, 0}};
    two.work.tasks = {{"sense", 4, 0}, {"send", 1, 0}};
    two.findings = {{"no_energy", 0.0, "None.", {}}};
    TemporaryFolder temporary;
    save(temporary / "a", one, "");
    save(temporary / "b", two, "");
    const Comparison c = compare(read_run(temporary / "a"), read_run(temporary / "b"));
    const auto paths = paths_of(c);
    for (const char* path :
         {"work.tasks.sense.done", "work.tasks.send.done", "findings.no_energy"}) {
        CAPTURE(path);
        CHECK(std::count(paths.begin(), paths.end(), path) == 1);
    }
    const auto finding = std::find_if(c.differing.begin(), c.differing.end(),
                                      [](const auto& d) { return d.path == "findings.no_energy"; });
    CHECK(*finding->difference == 1.0);
}

TEST_CASE("a summary.json alone can be compared, without settings") {
    TemporaryFolder temporary;
    put(temporary / "s.json", json_text(summary_json(result_of_distinct_numbers())));
    const SavedRun run = read_run(temporary / "s.json");
    const Comparison c = compare(run, run);
    CHECK_THAT(comparison_text(run, run, c), Contains("Settings are not compared"));
    CHECK(comparison_json(run, run, c)["settings_compared"] == false);
}

TEST_CASE("what is no run is refused by name") {
    TemporaryFolder temporary;
    put(temporary / "junk.json", "{\"a\": ");
    put(temporary / "other.json", "{\"a\": 1}");
    std::filesystem::create_directory(temporary / "empty");
    CHECK_THROWS_AS(read_run(temporary / "junk.json"), InputError);
    CHECK_THROWS_WITH(read_run(temporary / "other.json"), Contains("not the summary of a run"));
    CHECK_THROWS_WITH(read_run(temporary / "empty"), Contains("holds no summary.json"));
    CHECK_THROWS_WITH(read_run(temporary / "nowhere"), Contains("no such file or folder"));
}
