// SPDX-License-Identifier: Apache-2.0
/// The canary of the renewed kernel: a thousand runs in one process, a third of them ended by an
/// exception, give the bits of a fresh process and do not grow.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/result/summary_json.hpp"
#include "tests/support/scenarios.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

/// Everything that is printed of a result and a run's decisions, doubles to the last bit.
std::string bits_of(const Scenario& scenario, bool reference = false) {
    EventList events;
    Result result = run(scenario, RunOptions{reference}, &events);
    result.time.wall_s = 0.0;
    std::string text = json_text(summary_json(result));
    for (const EventList::Entry& e : events.all()) {
        std::array<char, 96> line{};
        std::snprintf(line.data(), line.size(), "%lld %a %a ", static_cast<long long>(e.at.ns()),
                      e.at.fraction(), e.v);
        text += line.data() + e.event + " " + e.detail + "\n";
    }
    return text;
}

/// Cut by an InputError in the middle of a run: chatter, a load step across the hysteresis.
Scenario chattering() {
    return scenario_file("examples/circuit_a.yaml", {"store.esr=1.9 kOhm", "store.initial=2.5 V"});
}

Scenario busy() { return scenario_file("quickstart.yaml", {"duration=2 s", "expect={}"}); }

/// Resident memory of this process [bytes].
std::size_t resident_bytes() {
    std::ifstream in("/proc/self/statm");
    std::size_t size = 0, resident = 0;
    in >> size >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

TEST_CASE(
    "a thousand runs, one in three ended by an exception, repeat the first bit by bit and do not "
    "grow") {
    const Scenario circuit = scenario_file("examples/circuit_a.yaml");
    const Scenario quick = busy();
    const Scenario wrong = chattering();
    const std::string first_circuit = bits_of(circuit);
    const std::string first_quick = bits_of(quick);
    REQUIRE(first_circuit != first_quick);
    std::size_t refused = 0, different = 0, at_300 = 0;
    for (int i = 0; i < 1000; ++i) {
        if (i % 3 == 1) {
            try {
                static_cast<void>(bits_of(wrong));
            } catch (const InputError&) {
                ++refused;
            }
        } else {
            different +=
                bits_of(i % 3 == 0 ? circuit : quick) != (i % 3 == 0 ? first_circuit : first_quick);
        }
        if (i == 300) {
            at_300 = resident_bytes();
        }
    }
    CHECK(refused == 333);
    CHECK(different == 0);
    const std::size_t grown = std::max(resident_bytes(), at_300) - at_300;
    INFO("grown by " << grown << " bytes in the last 700 runs, from " << at_300);
#if !defined(__SANITIZE_ADDRESS__)  // which keeps freed memory on purpose, and finds leaks itself
    CHECK(grown < 2'000'000);  // less than 3 kB a run: no device, no kernel context is left behind
#endif
}

TEST_CASE("a process that has run a lot gives the bits of a fresh process") {
    for (int i = 0; i < 20; ++i) {
        static_cast<void>(bits_of(i % 2 == 0 ? busy() : scenario_file("examples/botoks.yaml")));
        CHECK_THROWS_AS(bits_of(chattering()), InputError);
    }
    const Result here = run(scenario_file("examples/circuit_a.yaml"), {}, nullptr);
    const std::string command = std::string(EBB_EXECUTABLE) + " run --json " + EBB_SOURCE_DIR +
                                "/scenarios/examples/circuit_a.yaml";
    std::FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string text;
    std::array<char, 4096> block{};
    for (std::size_t n = 0; (n = std::fread(block.data(), 1, block.size(), pipe)) > 0;) {
        text.append(block.data(), n);
    }
    REQUIRE(pclose(pipe) == 0);
    // Doubles are written so that they read back exactly.
    nlohmann::json fresh = nlohmann::json::parse(text);
    nlohmann::json ours = nlohmann::json::parse(json_text(summary_json(here)));
    fresh["time"].erase("wall_s");
    ours["time"].erase("wall_s");
    CHECK(ours == fresh);
}

TEST_CASE("the slow witness leaves nothing behind either") {
    const Scenario scenario =
        scenario_file("examples/circuit_a.yaml", {"duration=1 s", "expect={}"});
    const std::string first = bits_of(scenario, true);
    const std::string fast = bits_of(scenario);
    CHECK(bits_of(scenario, true) == first);
    CHECK(bits_of(scenario) == fast);
}

TEST_CASE("an observer changes no bit of a result") {
    for (const Scenario& scenario : {busy(), scenario_file("examples/circuit_a.yaml")}) {
        Result alone = run(scenario, {}, nullptr);
        EventList events;
        Result watched = run(scenario, {}, &events);
        alone.time.wall_s = watched.time.wall_s = 0.0;
        CHECK(json_text(summary_json(alone)) == json_text(summary_json(watched)));
    }
}

}  // namespace
