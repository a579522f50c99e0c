// SPDX-License-Identifier: Apache-2.0
/// What only shows while a run is under way is refused with the simulated time, in finite time, and
/// the next run of the process is as good as the first.
#include <sys/wait.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
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

/// 30 Ohm: the slow clock's 1 mA take 30 mV, the fast one's 5 mA 150 mV.
const std::string kClockChatter =
    "name: clock chatter\nduration: 20 s\n"
    "source: {model: {type: constant_power, power: 0 W}}\n"
    "store: {type: capacitor, capacitance: 1 mF, initial: 3 V, max: 6 V, esr: 30 Ohm}\n"
    "mcu:\n"
    "  {turn_on: 3.0 V, turn_off: 1.8 V, initial: powered, boot: {time: 0 s, charge: 0 C},\n"
    "   active: {current: 1 mA}, off_current: 0 A,\n"
    "   clocking: {work_at: 1 MHz, use: by_voltage, hysteresis: 50 mV, points: [\n"
    "     {name: slow, clock: 1 MHz, from: 1.8 V, current: 1 mA},\n"
    "     {name: fast, clock: 8 MHz, from: 2.4 V, current: 5 mA}]}}\n"
    "workload: {repeat: true, tasks: [{name: work, time: 10 ms}]}\n";

TEST_CASE("a load step wider than the clock's hysteresis is refused by that name, with the step") {
    for (const bool reference : {false, true}) {
        const std::string said = refusal_of(kClockChatter, {}, reference);
        INFO(said);
        CHECK_THAT(said, Contains("between 'slow' and 'fast' without end") &&
                             Contains("the step of 0.12 V") &&
                             Contains("mcu.clocking.hysteresis (0.05 V)"));
        // 2.4 V at the terminal under 5 mA: 2.55 V inside, from 3 V on.
        CHECK(simulated_time(said) == Approx(1e-3 * 0.45 / 5e-3).epsilon(1e-9));
    }
    const Result r = result_of(kClockChatter, {"mcu.clocking.hysteresis=125 mV"});
    CHECK(r.power.brown_outs == 1);
    CHECK(r.work.units_done > 0);
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

/// What `ebb run` says to a scenario, behind a shell's `prefix`, and whether it left a folder.
struct Program {
    int status = -1;
    std::string said;
    bool folder = false;
};

Program program(const std::string& text, const std::string& options = {},
                const std::string& prefix = {}) {
    namespace fs = std::filesystem;
    std::string pattern = (fs::temp_directory_path() / "ebb_XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    const std::string folder = pattern;
    std::ofstream(folder + "/x.yaml") << text;
    const std::string command = prefix + std::string(EBB_EXECUTABLE) + " run " + options +
                                " --out " + folder + "/out " + folder + "/x.yaml 2>&1 </dev/null" +
                                " | cat >" + folder + "/said; exit ${PIPESTATUS[0]}";
    const int state = std::system(("bash -c '" + command + "'").c_str());
    std::ifstream in(folder + "/said");
    std::ostringstream said;
    said << in.rdbuf();
    Program result{WIFEXITED(state) ? WEXITSTATUS(state) : -1, said.str(),
                   fs::exists(folder + "/out")};
    fs::remove_all(folder);
    return result;
}

TEST_CASE("the program ends a refused run with status 2 and leaves no half-written folder") {
    const Program p = program(kChatter);
    INFO(p.said);
    CHECK(p.status == 2);
    CHECK_THAT(p.said, Contains("error: at 0.0"));
    CHECK_FALSE(p.folder);
}

TEST_CASE("the last line says how far the run had come, never that nothing was run") {
    const Program p = program(kChatter);
    INFO(p.said);
    CHECK(std::regex_search(p.said, std::regex("1 error, the run stopped at [0-9.]+ ms of 20 s")));
    CHECK_THAT(p.said, !Contains("nothing was run"));
}

TEST_CASE("as JSON the moment is a number, and only where a run was under way") {
    const Program during = program(kChatter, "--json");
    const auto stopped = nlohmann::json::parse(during.said);
    CHECK(stopped.at("stopped_at_s").get<double>() ==
          Approx(simulated_time(refusal_of(kChatter))).epsilon(1e-9));
    const Program before = program(kChatter, "--json --set mcu.turn_off=9V");
    CHECK_FALSE(nlohmann::json::parse(before.said).contains("stopped_at_s"));
}

TEST_CASE("what is refused before the first moment of a run still says that nothing was run") {
    const Program p = program(kChatter, "--set mcu.turn_off=9V");
    INFO(p.said);
    CHECK_THAT(p.said, Contains("nothing was run") && !Contains("stopped at"));
}

TEST_CASE("a device built in code that waits without a load is refused when it begins to wait") {
    // From a file this is found before the run; a program that fills a Scenario itself has no
    // reader.
    const std::string text =
        "name: waits\nduration: 20 s\n"
        "source: {model: {type: constant_power, power: 0.3 mW}}\n"
        "store: {type: capacitor, capacitance: 100 uF, initial: 3.0 V, max: 6 V}\n"
        "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: powered, boot: {time: 0 s, charge: 0 C},\n"
        "      sleep: {current: 2 uA, wake: 0 s}, off_current: 0 A}\n"
        "workload: {tasks: [{name: work, time: 2.5 ms, current: 1 mA}]}\n";
    Scenario scenario = scenario_of(text);
    CHECK_NOTHROW(run(scenario, {}, nullptr));
    scenario.mcu.sleep.reset();
    try {
        static_cast<void>(run(scenario, {}, nullptr));
        FAIL("was not refused");
    } catch (const InputError& error) {
        INFO(error.what());
        CHECK_THAT(error.what(), Contains("waits for work") && Contains("give mcu.sleep"));
        CHECK(simulated_time(error.what()) == Approx(2.5e-3).epsilon(1e-9));
        REQUIRE(error.stop());
        CHECK(error.stop()->at_s == Approx(2.5e-3).epsilon(1e-9));
        CHECK(error.stop()->of_s == 20.0);
    }
}

TEST_CASE("a disk that takes no more is not called a run that never was, and leaves no folder") {
    // No file may grow beyond 64 kB: events.csv does not fit.
    const Program p = program(kChatter,
                              "--record all --set store.esr=0Ohm --set duration=1000s "
                              "--set store.capacitance=1uF",
                              "trap \"\" XFSZ; ulimit -f 64; ");
    INFO(p.said);
    CHECK(p.status == 2);
    CHECK_THAT(p.said, Contains("error: cannot write") && Contains("events.csv"));
    CHECK_THAT(p.said, Contains("1 error, after the run had ended; its results were not kept"));
    CHECK_FALSE(p.folder);
}

TEST_CASE(
    "a device that sleeps for ever ends well with a finding, and with 3 if that was asked for") {
    const std::string text =
        "name: sleeper\nduration: 100 s\n"
        "source: {model: {type: constant_power, power: 10 uW}}\n"
        "store: {type: capacitor, capacitance: 100 uF, initial: 3 V, max: 5 V,\n"
        "        leakage: {resistance: 1 MOhm}}\n"
        "mcu:\n"
        "  {turn_on: 3.0 V, turn_off: 1.8 V, initial: powered, boot: {time: 1 ms, charge: 1 uC},\n"
        "   active: {current: 2 mA}, sleep: {current: 2 uA, wake: 20 us}, off_current: 0 A}\n"
        "nvm: {capacity: 1 kB, atomic: 1 B, cut: old, read_time: 25 ns, write_time: 1 us,\n"
        "      read_energy: 0.2 nJ, write_energy: 20 nJ, standby: 0 A, sleep: 0 A,\n"
        "      endurance: unlimited}\n"
        "workload: {repeat: true, tasks: [{name: sense, time: 3 ms}]}\n"
        "checkpoint: {policy: jit, save_at: 2.1 V, restore_at: 2.8 V, state: 256 B}\n";
    const Program p = program(text);
    INFO(p.said);
    CHECK(p.status == 0);
    CHECK_THAT(p.said,
               Contains("never_wakes at") && Contains("restore_at_that_would_do_v = 2.27 V"));
    CHECK(program(text, "--fail-on never_wakes").status == 3);
    CHECK(program(text, "--fail-on never_turns_on").status == 0);
}

}  // namespace
