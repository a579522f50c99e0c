// SPDX-License-Identifier: Apache-2.0
#include "sim/result/vcd.hpp"
#include "models/core/error.hpp"
#include "tests/results/toy_run.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace ebb;
using namespace ebb_test;
using Catch::Matchers::Contains;

namespace {

constexpr const char* kTimelineHeader = "time_s,v_store_v,p_harvest_w,p_load_w,state\n";
constexpr const char* kEventHeader = "time_s,event,detail,v_store_v\n";

/// A dump as a viewer reads it: changes of each variable by time.
struct Waves {
    std::map<std::string, std::string> name_of_id;
    std::map<std::string, std::vector<std::pair<long long, std::string>>> changes;  ///< by name
    std::vector<long long> stamps;
};

Waves waves_of(const std::string& text) {
    Waves waves;
    bool body = false;
    for (const std::string& line : lines_of(text)) {
        const std::vector<std::string> words = split(line, ' ');
        if (!body) {
            if (words.at(0) == "$var") {
                REQUIRE(words.size() == 6);
                REQUIRE(waves.name_of_id.emplace(words[3], words[4]).second);
            }
            body = words.at(0) == "$enddefinitions";
        } else if (line[0] == '#') {
            waves.stamps.push_back(std::stoll(line.substr(1)));
        } else {
            const bool scalar = words.size() == 1;
            const std::string id = scalar ? line.substr(1) : words.at(1);
            const std::string value = scalar ? line.substr(0, 1) : words.at(0);
            REQUIRE(waves.name_of_id.count(id) == 1);
            waves.changes[waves.name_of_id[id]].emplace_back(waves.stamps.back(), value);
        }
    }
    return waves;
}

std::string dump_of(const std::string& timeline, const std::string& events) {
    TemporaryFolder temporary;
    put(temporary / "timeline.csv", kTimelineHeader + timeline);
    put(temporary / "events.csv", kEventHeader + events);
    std::ostringstream out;
    write_vcd(temporary / "", out);
    return out.str();
}

using Changes = std::vector<std::pair<long long, std::string>>;

}  // namespace

TEST_CASE("a dump shows voltage, powers, state and events at their nanosecond") {
    const Waves waves = waves_of(dump_of("0,1.8,0.001,0,off\n0.5,3,0.001,0.005,active\n",
                                         "0.5,boot,,3\n0.75,task_done,\"a,b\",2.5\n"));
    CHECK(waves.changes.at("v_store_v") == Changes{{0, "r1.8"}, {500'000'000, "r3"}});
    CHECK(waves.changes.at("p_harvest_w") == Changes{{0, "r0.001"}});
    CHECK(waves.changes.at("state") == Changes{{0, "b000"}, {500'000'000, "b010"}});
    CHECK(waves.changes.at("off") == Changes{{0, "1"}, {500'000'000, "0"}});
    CHECK(waves.changes.at("active") == Changes{{0, "0"}, {500'000'000, "1"}});
    CHECK(waves.changes.at("boot").back() == std::pair<long long, std::string>{500'000'000, "1"});
    CHECK(waves.changes.at("task_done") == Changes{{750'000'000, "1"}});
}

TEST_CASE("of repeated stamps the last value stands, and stamps increase strictly") {
    const Waves waves = waves_of(dump_of(
        "0,1,0,0,off\n0.000000001,2,0,0,off\n0.0000000005,3,0,0,boot\n0.000000001,4,0,0,off\n"
        "0.000000002,4,0,0,off\n",
        "0,end,,1\n0,end,,1\n"));
    CHECK(waves.stamps == std::vector<long long>{0, 1});
    CHECK(waves.changes.at("v_store_v") == Changes{{0, "r1"}, {1, "r4"}});
    CHECK(waves.changes.at("boot") == Changes{{0, "0"}});
}

TEST_CASE("an event that happens again shows again") {
    const Waves waves =
        waves_of(dump_of("0,1,0,0,off\n", "0.1,commit,,1\n0.2,commit,,1\n0.3,commit,,1\n"));
    CHECK(waves.changes.at("commit").size() == 3);
}

TEST_CASE("a recorded run becomes a dump with every change of state") {
    TemporaryFolder temporary;
    {
        RunFolder folder(temporary / "run");
        FileRecorder recorder(folder, RecordLevel::events);
        toy_cycles(recorder, 5, 20);
        recorder.finish();
        folder.commit();
    }
    std::ostringstream out;
    write_vcd(temporary / "run", out);
    const Waves waves = waves_of(out.str());
    CHECK(waves.changes.at("state").size() == 10);
    CHECK(waves.changes.at("brown_out").size() == 5);
}

TEST_CASE("stamps are read exactly and rounded up") {
    CHECK(ceil_ns_of_text("0") == 0);
    CHECK(ceil_ns_of_text("1.5") == 1'500'000'000);
    CHECK(ceil_ns_of_text("31536000.000100001234") == 31'536'000'000'100'002);
    CHECK(ceil_ns_of_text("0.000000001000") == 1);
    CHECK(ceil_ns_of_text("9223372035.9") == 9'223'372'035'900'000'000);
    for (const char* wrong : {"", "-1", "1e3", "abc", "1.2.3", "99999999999", " 1"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(ceil_ns_of_text(wrong), std::invalid_argument);
    }
}

TEST_CASE("a run without recordings, or with damaged ones, is refused with file and line") {
    TemporaryFolder temporary;
    std::ostringstream out;
    CHECK_THROWS_WITH(write_vcd(temporary / "", out), Contains("timeline.csv"));
    CHECK_THROWS_WITH(dump_of("0,1,0,0,off\n1,x,0,0,off\n", ""), Contains("timeline.csv:3"));
    CHECK_THROWS_WITH(dump_of("0,1,0,0,flying\n", ""), Contains("flying"));
    CHECK_THROWS_WITH(dump_of("0,1,0,off\n", ""), Contains("4 cells"));
    CHECK_THROWS_WITH(dump_of("2,1,0,0,off\n1,1,0,0,off\n", ""), Contains("goes back"));
    CHECK_THROWS_AS(dump_of("0,1,0,0,off\n", "soon,boot,,1\n"), InputError);
}
