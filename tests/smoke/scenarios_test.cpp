// SPDX-License-Identifier: Apache-2.0
/// Does every shipped scenario run, from nothing but the source tree, and twice the same?
#include "tests/smoke/command.hpp"

using namespace ebb::test;

namespace {

/// A scenario whose recording is neither shipped nor in the mirror cannot run here.
bool lacks_recording(const Said& said) {
    return said.status == 2 && said.err.find("is not on this machine") != std::string::npos;
}

}  // namespace

TEST_CASE("every shipped scenario checks, runs, meets what it expects and leaves less than 1 MB") {
    const auto names = shipped_scenarios();
    REQUIRE(names.size() >= 6);
    for (const std::string& name : names) {
        const Desk desk;
        const std::string arguments =
            fmt::format("'{}' --offline{}", shipped(name), mirror_option());
        const Said checked = desk.ebb("check " + arguments);
        if (lacks_recording(checked)) {
            WARN("skipped " << name << ": its recording would be read from $EBB_TEST_DATA/traces");
            CHECK(mirror_option().empty());
            continue;
        }
        const Said said = desk.ebb("run --out run " + arguments);
        INFO(name << "\n" << said.out << said.err);
        CHECK(checked.status == 0);
        CHECK(said.status == 0);
        CHECK(said.err.empty());
        CHECK(desk.home_is_empty());
        CHECK(folder_bytes(desk.file("run")) < 1'000'000);
        for (const char* file :
             {"summary.json", "events.csv", "timeline.csv", "resolved.yaml", "manifest.json"}) {
            CHECK(std::filesystem::file_size(desk.file(std::string("run/") + file)) > 0);
        }
    }
}

TEST_CASE("two runs of a shipped scenario have equal summaries, events and timelines") {
    for (const std::string& name : shipped_scenarios()) {
        const Desk desk;
        const std::string arguments =
            fmt::format(" --quiet '{}' --offline{}", shipped(name), mirror_option());
        const Said first = desk.ebb("run --out first" + arguments);
        if (lacks_recording(first)) {
            WARN("skipped " << name << ": its recording would be read from $EBB_TEST_DATA/traces");
            continue;
        }
        INFO(name);
        REQUIRE(first.status == 0);
        REQUIRE(desk.ebb("run --out second" + arguments).status == 0);
        CHECK(lasting(text_of(desk.file("first/summary.json"))) ==
              lasting(text_of(desk.file("second/summary.json"))));
        for (const char* file : {"/events.csv", "/timeline.csv", "/resolved.yaml"}) {
            CHECK(text_of(desk.file("first") + file) == text_of(desk.file("second") + file));
        }
    }
}

TEST_CASE("the quickstart needs nothing beside the source tree") {
    const Desk desk;  // no home, no cache, no mirror, no way to the network
    const Said said = desk.ebb("run --json '" + shipped("quickstart.yaml") + "'");
    INFO(said.err);
    CHECK(said.status == 0);
    CHECK(said.err.empty());
    CHECK(desk.home_is_empty());
    const auto summary = nlohmann::json::parse(said.out);
    CHECK(summary["work"]["jobs_done"] >= 10);
    CHECK(summary["power"]["brown_outs"] >= 20);
}

TEST_CASE("a resolved scenario runs again to the same result") {
    const Desk desk;
    REQUIRE(desk.ebb("run --quiet --out first '" + shipped("quickstart.yaml") + "'").status == 0);
    const Said again = desk.ebb("run --quiet --out second first/resolved.yaml");
    INFO(again.err);
    REQUIRE(again.status == 0);
    CHECK(lasting(text_of(desk.file("first/summary.json"))) ==
          lasting(text_of(desk.file("second/summary.json"))));
}

TEST_CASE("a new scenario, as ebb new writes it, runs") {
    const Desk desk;
    REQUIRE(desk.ebb("new mine.yaml").status == 0);
    const Said said = desk.ebb("run mine.yaml");
    INFO(said.out << said.err);
    CHECK(said.status == 0);
}
