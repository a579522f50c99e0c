// SPDX-License-Identifier: Apache-2.0
/// What only shows while a run is under way is refused with the simulated time, in finite time, and
/// the next run of the process is as good as the first.
#include <sys/wait.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "tests/support/scenarios.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;
using Catch::Matchers::Contains;

/// The load's step across the ESR (1.9 V) is wider than the hysteresis (1.2 V) and nothing takes
/// time: on at 3.0 V, down to 1.1 V at once, off, back at 3.0 V at once, on, ...
const std::string kChatter =
    "name: chatter\nduration: 20 s\n"
    "source: {model: {type: constant_power, power: 0.3 mW}}\n"
    "store: {type: capacitor, capacitance: 10 uF, initial: 1.8 V, max: 6 V, esr: 950 Ohm}\n"
    "mcu:\n"
    "  {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 0 s, charge: 0 C},\n"
    "   active: {current: 2 mA}, off_current: 0 A}\n"
    "workload: {repeat: true, tasks: [{name: work, time: 10 ms}]}\n";

std::string refusal_of(const std::string& text, std::vector<std::string> sets = {},
                       bool reference = false) {
    try {
        static_cast<void>(result_of(text, std::move(sets), reference));
    } catch (const InputError& error) {
        return error.what();
    }
    return "was not refused";
}

double simulated_time(const std::string& text) {
    const std::regex at("^at ([0-9.]+) s");
    std::smatch found;
    REQUIRE(std::regex_search(text, found, at));
    return std::stod(found[1]);
}

TEST_CASE(
    "a load step wider than the hysteresis, in no time, is refused with the moment it begins") {
    const std::string said = refusal_of(kChatter);
    INFO(said);
    CHECK_THAT(said, Contains("decisions without time passing"));
    // 10 uF from 1.8 V to 3.0 V at 0.3 mW; the ESR lifts the terminal by i R on the way.
    const double t = simulated_time(said);
    CHECK(t < 0.5 * 10e-6 * (3.0 * 3.0 - 1.8 * 1.8) / 0.3e-3);
    CHECK(t > 0.9 * 0.5 * 10e-6 * (2.905 * 2.905 - 1.8 * 1.8) / 0.3e-3);
}

TEST_CASE("the slow witness refuses the same at the same time") {
    const std::string fast = refusal_of(kChatter);
    const std::string slow = refusal_of(kChatter, {}, true);
    CHECK(simulated_time(slow) == Approx(simulated_time(fast)).epsilon(1e-9));
}

TEST_CASE("a step that stays inside the hysteresis is not refused") {
    CHECK_NOTHROW(result_of(kChatter, {"store.esr=300 Ohm"}));
}

TEST_CASE("a boot that takes time turns the same step into boots and brown-outs") {
    const Result r = result_of(kChatter, {"mcu.boot={time: 1 ms, charge: 1 uC}"});
    CHECK(r.power.brown_outs > 10);
    CHECK(r.work.units_done == 0);
}

TEST_CASE("a memory that cannot hold the activations is refused with the sum") {
    const std::string text =
        "name: small memory\nduration: 1 s\n"
        "source: {model: {type: constant_power, power: 1 mW}}\n"
        "store: {type: capacitor, capacitance: 100 uF, initial: 1.8 V, max: 6 V}\n"
        "mcu: {part: stm32u385, turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered}\n"
        "nvm: {capacity: 2 kB, atomic: 1 B, cut: old, read_time: 1 us, write_time: 1 us, "
        "read_energy: 1 nJ,\n"
        "      write_energy: 2 nJ, standby: 0 A, sleep: 0 A, endurance: unlimited}\n"
        "workload: {network: mlperf_tiny_kws, platform: cortex_m33_stm32u385}\n"
        "checkpoint: {policy: commit, granularity: layer}\n";
    CHECK_THAT(refusal_of(text),
               Contains("holds 2000 B") && Contains("activations need") && Contains("together"));
}

TEST_CASE("a run after a refused one is as if it were the first") {
    const std::string good = "name: good\n" + kChatter.substr(kChatter.find('\n') + 1);
    const std::vector<std::string> sets = {"store.esr=0 Ohm"};
    const Result before = result_of(good, sets);
    static_cast<void>(refusal_of(kChatter));
    const Result after = result_of(good, sets);
    CHECK(after.power.on_s == before.power.on_s);
    CHECK(after.energy_j.residual == before.energy_j.residual);
    CHECK(after.kernel.events == before.kernel.events);
}

TEST_CASE("the program ends a refused run with status 2 and leaves no half-written folder") {
    namespace fs = std::filesystem;
    std::string pattern = (fs::temp_directory_path() / "ebb_XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    const std::string folder = pattern;
    std::ofstream(folder + "/x.yaml") << kChatter;
    const std::string command = std::string(EBB_EXECUTABLE) + " run --out " + folder + "/out " +
                                folder + "/x.yaml >" + folder + "/said 2>&1 </dev/null";
    const int state = std::system(command.c_str());
    std::ifstream in(folder + "/said");
    std::ostringstream said;
    said << in.rdbuf();
    INFO(said.str());
    CHECK(WIFEXITED(state));
    CHECK(WEXITSTATUS(state) == 2);
    CHECK_THAT(said.str(), Contains("error: at 0.0"));
    CHECK_FALSE(fs::exists(folder + "/out"));
    fs::remove_all(folder);
}

}  // namespace
