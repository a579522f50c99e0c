// SPDX-License-Identifier: Apache-2.0
#include "sim/result/run_folder.hpp"
#include "models/core/error.hpp"
#include "sim/result/run_files.hpp"
#include "tests/results/toy_run.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace ebb;
using namespace ebb_test;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

namespace {

Scenario small_scenario() {
    Scenario scenario;
    scenario.name = "Small";
    scenario.seed = 18'446'744'073'709'551'615U;
    scenario.resolved_yaml = "name: Small\n";
    scenario.inputs = {{"scenario", "small.yaml", "abc123"}};
    scenario.notes = {"something worth saying"};
    return scenario;
}

void run_into(const std::string& path, RecordLevel level) {
    RunFolder folder(path);
    FileRecorder recorder(folder, level);
    toy_cycles(recorder, 2, 10);
    Result result = result_of_distinct_numbers();
    write_run(folder, small_scenario(), result, {"0.1.0", "c0ffee", "ebb run small.yaml"},
              recorder);
}

std::vector<std::string> files_in(const std::string& path) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path)) {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

TEST_CASE("a run leaves its five files, and nothing else") {
    TemporaryFolder temporary;
    run_into(temporary / "deep/down/run", RecordLevel::events);
    CHECK(files_in(temporary / "deep/down/run") ==
          std::vector<std::string>{"events.csv", "manifest.json", "resolved.yaml", "summary.json",
                                   "timeline.csv"});
    CHECK(text_of(temporary / "deep/down/run/resolved.yaml") == "name: Small\n");
}

TEST_CASE("the manifest says how to repeat the run") {
    TemporaryFolder temporary;
    run_into(temporary / "run", RecordLevel::events);
    const auto manifest = nlohmann::json::parse(text_of(temporary / "run/manifest.json"));
    CHECK(manifest["program"] == "ebb");
    CHECK(manifest["version"] == "0.1.0");
    CHECK(manifest["commit"] == "c0ffee");
    CHECK(manifest["command"] == "ebb run small.yaml");
    CHECK(manifest["seed"] == 18'446'744'073'709'551'615U);
    CHECK(manifest["inputs"][0]["sha256"] == "abc123");
    CHECK(manifest["notes"][0] == "something worth saying");
    CHECK(manifest["recording"]["level"] == "events");
    CHECK(manifest["recording"]["timeline_rows"].get<int>() > 10);
    CHECK_THAT(manifest["platform"]["compiler"].get<std::string>(), Contains("."));
    CHECK_THAT(manifest["platform"]["c_library"].get<std::string>(), Contains("glibc"));
    CHECK(manifest["platform"]["cpu_features"].is_array());
    CHECK(manifest["wall_s"].is_number());
}

TEST_CASE("a second run replaces the first and leaves none of its files behind") {
    TemporaryFolder temporary;
    run_into(temporary / "run", RecordLevel::events);
    put(temporary / "run/run.vcd", "of the first run");
    put(temporary / "run/my notes.txt", "keep");
    run_into(temporary / "run", RecordLevel::none);
    CHECK(files_in(temporary / "run") == std::vector<std::string>{"manifest.json", "my notes.txt",
                                                                  "resolved.yaml", "summary.json"});
}

TEST_CASE("a folder with somebody else's files is refused and stays as it is") {
    TemporaryFolder temporary;
    fs::create_directory(temporary / "thesis");
    put(temporary / "thesis/chapter.tex", "years of work");
    CHECK_THROWS_WITH(RunFolder(temporary / "thesis"), Contains("chapter.tex"));
    put(temporary / "thesis/manifest.json", "{\"name\": \"a web app\"}");
    CHECK_THROWS_AS(RunFolder(temporary / "thesis"), InputError);
    put(temporary / "thesis/manifest.json", "not json");
    CHECK_THROWS_AS(RunFolder(temporary / "thesis"), InputError);
    CHECK(files_in(temporary / "thesis").size() == 2);
}

TEST_CASE("an empty folder, or one with the leftovers of an interrupted run, is taken") {
    TemporaryFolder temporary;
    fs::create_directory(temporary / "run");
    put(temporary / "run/.ebb-events.csv", "half a line");
    run_into(temporary / "run", RecordLevel::events);
    CHECK(files_in(temporary / "run").size() == 5);
}

TEST_CASE("a run that does not come to its end leaves no trace") {
    TemporaryFolder temporary;
    {
        RunFolder folder(temporary / "new/run");
        FileRecorder recorder(folder, RecordLevel::events);
        toy_cycles(recorder, 2, 10);
    }
    CHECK_FALSE(fs::exists(temporary / "new"));

    run_into(temporary / "old", RecordLevel::events);
    const std::string before = text_of(temporary / "old/summary.json");
    {
        RunFolder folder(temporary / "old");
        folder.write("summary.json", "half");
    }
    CHECK(text_of(temporary / "old/summary.json") == before);
    CHECK(files_in(temporary / "old").size() == 5);
}

TEST_CASE("a place that cannot be a folder is refused with the reason") {
    TemporaryFolder temporary;
    put(temporary / "file", "");
    CHECK_THROWS_WITH(RunFolder(temporary / "file"), Contains("is a file"));
    CHECK_THROWS_WITH(RunFolder(temporary / "file/below"), Contains("cannot create"));
    CHECK_THROWS_AS(RunFolder(""), InputError);
}

TEST_CASE("a full disk is an error with the file's name, not a silent loss") {
    if (!fs::exists("/dev/full")) {
        WARN("skipped: there is no /dev/full");
        return;
    }
    OutputFile file("/dev/full", "out/summary.json");
    file.write("{}");
    file.close();
    CHECK_THAT(file.failure(), Contains("out/summary.json") && Contains("space"));
}
