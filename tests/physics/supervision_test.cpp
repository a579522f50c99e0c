// SPDX-License-Identifier: Apache-2.0
// A supervisor that looks now and then, and a boot as it was recorded.
#include <catch2/catch.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

/// 1 mF, emptied by 1 mA from 3 V: 1 V each second.
std::string emptied(const std::string& supervision) {
    return "name: looks\nduration: 3 s\n"
           "source: {model: {type: constant_power, power: 0 W}}\n"
           "store: {type: capacitor, capacitance: 1 mF, initial: 3 V, max: 5 V}\n"
           "mcu: {turn_on: 2.5 V, turn_off: 1.8 V, initial: powered, boot: {time: 0 s, charge: 0 "
           "C}, off_current: 0 A" +
           supervision +
           "}\n"
           "workload: {repeat: true, tasks: [{name: work, time: 10 ms, current: 1 mA}]}\n";
}

/// Unpowered at 2 V and 1 mF; +2 mA for 0.6 s, then -1 mA: above 3 V from 0.5 s to 0.8 s.
std::string peak(const std::string& period) {
    return "name: peak\nduration: 1.9 s\n"
           "source: {trace: {generate: {type: thermal}}, model: {type: current}}\n"
           "store: {type: capacitor, capacitance: 1 mF, initial: 2 V, max: 5 V}\n"
           "mcu: {turn_on: 3 V, turn_off: 1.2 V, initial: unpowered, boot: {time: 0 s, charge: 0 "
           "C}, off_current: 1 mA, supervision: {period: " +
           period +
           ", brown_out: 1 V}}\n"
           "workload: {tasks: [{name: load, current: 1 mA, until_power_fails: true}]}\n";
}

/// A folder for one test's files.
class Folder {
public:
    Folder() : path_(std::filesystem::temp_directory_path() / "ebb_supervision_test") {
        std::filesystem::create_directories(path_);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string write(const std::string& name, const std::string& text) const {
        const std::string file = (path_ / name).string();
        std::ofstream(file) << text;
        return file;
    }

private:
    std::filesystem::path path_;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("does the device run on below turn-off until the supervisor looks?") {
    // 1.8 V at 1.2 s; looks at 0.505 s, 1.01 s, 1.515 s.
    const Result late = result_of(emptied(", supervision: {period: 505 ms, brown_out: 1.4 V}"));
    CHECK(late.power.on_s == Approx(1.515).epsilon(1e-12));
    CHECK(late.work.units_done == 151);
    CHECK(late.work.tasks[0].cut == 1);
    CHECK(late.power.brown_outs == 1);
    const Result never = result_of(emptied(""));
    CHECK(never.power.on_s == Approx(1.2).epsilon(1e-12));
}

TEST_CASE("does the core stop by itself at the brown-out voltage, between looks?") {
    const Result r = result_of(emptied(", supervision: {period: 500 ms, brown_out: 1.65 V}"));
    CHECK(r.power.on_s == Approx(1.35).epsilon(1e-12));
    CHECK(r.power.brown_outs == 1);
    CHECK(r.energy_j.stored_change == Approx(0.5e-3 * (1.65 * 1.65 - 9.0)).epsilon(1e-12));
}

TEST_CASE("is a voltage that crosses turn-on and falls back between two looks not seen?") {
    const Folder folder;
    const std::string trace = folder.write("pulse.csv", "time_s,current_a\n0,3e-3\n0.6,0\n1.9,0\n");
    const auto boots = [&](const std::string& period) {
        return result_of(replaced(peak(period), "{generate: {type: thermal}}", trace)).power.boots;
    };
    CHECK(boots("1 s") == 0);     // 2.8 V at the look
    CHECK(boots("350 ms") == 1);  // 3.1 V at 0.7 s
    CHECK(boots("10 ms") == 1);
}

TEST_CASE("does a look decide once, though the load's step crosses the threshold back?") {
    // 3 V on, the load pulls the terminal by 1.5 V under 1.8 V at once; off it is back above 2.5 V.
    std::string text = replaced(emptied(", supervision: {period: 100 ms, brown_out: 0.5 V}"),
                                "max: 5 V", "max: 5 V, esr: 1.5 kOhm");
    const Result r = result_of(text);
    CHECK(r.power.brown_outs > 3);
    CHECK(r.power.brown_outs <= 15);  // one look switches off, the next on
    CHECK(r.power.boots <= r.power.brown_outs);
}

TEST_CASE("does the slow witness see the same at each look?") {
    for (const char* policy :
         {"", "checkpoint: {policy: jit, save_at: 2.2 V, restore_at: 2.9 V, state: 1 kB}\n",
          "checkpoint: {policy: commit, granularity: unit}\n"}) {
        const std::string text =
            std::string(
                "name: looks\nduration: 12 s\n"
                "source: {model: {type: constant_power, power: 1.7 mW}}\n"
                "store: {type: capacitor, capacitance: 100 uF, initial: 0 V, max: 4 V, esr: 3 "
                "Ohm, leakage: {resistance: 1 MOhm}}\n"
                "mcu: {turn_on: 3 V, turn_off: 2 V, initial: unpowered, boot: {time: 5 ms, charge: "
                "5 uC}, active: {current: 2 mA}, sleep: {current: 400 uA, wake: 1 ms}, "
                "off_current: 1 uA, supervision: {period: 64 ms, brown_out: 1.75 V}}\n"
                "nvm: {capacity: 64 kB, atomic: 1 B, cut: old, read_time: 1 us, write_time: 2 us, "
                "read_energy: 1 nJ, write_energy: 2 nJ, standby: 1 uA, sleep: 0 A, endurance: "
                "unlimited}\n"
                "workload: {repeat: true, tasks: [{name: work, time: 7 ms}]}\n") +
            policy;
        const Result fast = result_of(text);
        const Result slow = result_of(text, {}, true);
        INFO(policy);
        CHECK(fast.work.units_done > 100);
        CHECK(fast.work.units_done == slow.work.units_done);
        CHECK(fast.power.boots == slow.power.boots);
        CHECK(fast.power.brown_outs == slow.power.brown_outs);
        CHECK(fast.kernel.decisions == slow.kernel.decisions);
        CHECK(fast.power.on_s == Approx(slow.power.on_s).epsilon(1e-9));
        CHECK(fast.energy_j.sinks[Sink::compute] ==
              Approx(slow.energy_j.sinks[Sink::compute]).epsilon(1e-9));
    }
}

TEST_CASE("does a recorded boot give its time and its charge?") {
    const Folder folder;
    const std::string file =
        folder.write("boot.csv", "time_s,current_a\n0,1e-3\n0.002,3e-3\n0.003,0.5e-3\n0.007,0\n");
    const std::string text =
        "name: boot\nduration: 1 s\nsource: {model: {type: constant_current, current: 0 A}}\n"
        "store: {type: capacitor, capacitance: 1 mF, initial: 3 V, max: 5 V}\n"
        "mcu: {turn_on: 3 V, turn_off: 1.8 V, initial: unpowered, boot: {profile: " +
        file +
        "}, off_current: 0 A}\nworkload: {tasks: [{name: load, current: 1 mA, until_power_fails: "
        "true}]}\n";
    EventList events;
    const Result r = run(scenario_of(text), {}, &events);
    REQUIRE(events.times_of("ready").size() == 1);
    CHECK(events.times_of("ready")[0].seconds() == Approx(11e-3).epsilon(1e-12));
    // The last row lasts as long as the one before. 2 uC, 3 uC and 2 uC, each at the mean voltage
    // of its stretch.
    CHECK(r.energy_j.sinks[Sink::boot] ==
          Approx(2e-6 * 2.999 + 3e-6 * 2.9965 + 2e-6 * 2.994).epsilon(1e-12));
    const Result cut = result_of(replaced(text, "turn_off: 1.8 V", "turn_off: 2.996 V"));
    CHECK(cut.power.brown_outs == 1);
    CHECK(cut.power.on_s == Approx(2e-3 + 2e-6 / 3e-3).epsilon(1e-9));
}
