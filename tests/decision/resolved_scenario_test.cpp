// SPDX-License-Identifier: Apache-2.0
/// What a scenario turns into: values, precedence, and the resolved text that reads back to the
/// same.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

#include "models/converter/converter.hpp"
#include "models/harvester/source_model.hpp"
#include "models/store/store_model.hpp"
#include "tests/refusal/reading.hpp"

using namespace ebb;
using ebb::test::kToy;
using ebb::test::read_text;

namespace {

const std::string kFull =
    "name: everything\n"
    "duration: 2 min\n"
    "until: {jobs: 7}\n"
    "seed: 12\n"
    "source: {trace: gen/rf-reader, model: {type: power}, at_end: loop, start: 1 s, scale: 0.5}\n"
    "converter: {type: efficiency, value: 80 %}\n"
    "store: {type: capacitor, capacitance: 4.7e-5 F, initial: 0 V, max: 5 V, esr: 80 mOhm,\n"
    "        leakage: {resistance: 5 MOhm, current: 10 nA}}\n"
    "mcu:\n"
    "  part: stm32u385\n"
    "  turn_on: 3.0 V\n"
    "  turn_off: 1.8 V\n"
    "  initial: powered\n"
    "  active: {current: 100 uA, current_per_volt: 300 uA/V}\n"
    "  sleep: {current: 2 uA}\n"
    "  regulator: {type: ldo, output: 1.5 V, quiescent: 1 uA, quiescent_off: 10 nA, drop_out: 0.1 "
    "V}\n"
    "nvm: {part: mb85rs256ty, standby: 60 uA, endurance: unlimited}\n"
    "workload: {network: mlperf_tiny_kws, platform: cortex_m33_stm32u385,\n"
    "           arrival: {every: 1 s, deadline: 0.1 min, queue: 3}}\n"
    "checkpoint: {policy: commit, granularity: tile}\n"
    "schedule: {policy: fifo}\n"
    "expect: {work.jobs_done: \">= 1e1\", 'power.boots': '< 5'}\n";

/// The values alone: comments name lines, which move.
std::string values_of(const std::string& resolved) {
    return std::regex_replace(resolved, std::regex(" +# [^\n]*"), "");
}

}  // namespace

TEST_CASE("a scenario becomes SI values") {
    const Scenario s = read_text(kFull);
    CHECK(s.name == "everything");
    CHECK(s.duration_s == 120.0);
    CHECK(s.until.jobs == 7);
    CHECK(s.seed == 12U);
    CHECK(s.source.scale == 0.5);
    CHECK(s.source.start_s == 1.0);
    CHECK(s.source.at_end == AtEnd::loop);
    REQUIRE(s.source.series);
    CHECK(s.source.series->quantity == Quantity::power_w);
    CHECK(s.converter->couple(s.source.model->shape()).efficiency == 0.8);
    CHECK(s.store->capacitance_f() == 47e-6);
    CHECK(s.mcu.part == "stm32u385");
    CHECK(s.mcu.initially_powered);
    CHECK(*s.mcu.active->current_per_volt_s == 300e-6);
    CHECK_FALSE(s.mcu.active->power_w);
    CHECK(s.nvm->part == "mb85rs256ty");
    CHECK(s.nvm->standby_a == 60e-6);
    CHECK(s.nvm->capacity_b == 32768.0);
    CHECK(std::isinf(s.nvm->endurance_cycles));
    CHECK(s.workload.network->network->name == "mlperf_tiny_kws");
    CHECK_FALSE(s.workload.network->arrival.back_to_back);
    CHECK(*s.workload.network->arrival.deadline_s == 6.0);
    CHECK(s.workload.network->arrival.queue == 3);
    CHECK(s.expect.size() == 2);
    CHECK(s.inputs.size() >= 4);
}

TEST_CASE("what is left out is none, fifo and seed 1") {
    const Scenario s = read_text(kToy);
    CHECK(s.seed == 1U);
    CHECK(s.converter);
    CHECK(s.checkpoint);
    CHECK(s.schedule);
    CHECK(s.mcu.regulator);
    CHECK_FALSE(s.nvm);
    CHECK(s.source.model->constant() == 1.5e-3);
    CHECK_FALSE(s.source.series);
}

TEST_CASE("a resolved scenario is a scenario that resolves to itself") {
    const std::string tasks =
        "name: \"no\"\nduration: 1 h\n"
        "source: {trace: {generate: {type: rf, seed: 3}}, model: {type: power}, at_end: hold}\n"
        "store: {type: capacitor, capacitance: 1 mF, initial: 0 V, max: 5 V}\n"
        "mcu: {turn_on: 3 V, turn_off: 2 V, initial: unpowered, boot: {time: 0 s, charge: 0 C},\n"
        "      active: {power: 3.168 mW}, off_current: 160 nA}\n"
        "workload: {tasks: [{name: 'a: b', time: 0.0000123 s, atomic: true}, {name: b, time: 1 "
        "d}]}\n";
    for (const std::string& text : {kToy, kFull, tasks}) {
        const Scenario first = read_text(text);
        INFO(first.resolved_yaml);
        const Scenario again = read_text(first.resolved_yaml);
        CHECK(values_of(again.resolved_yaml) == values_of(first.resolved_yaml));
        CHECK(again.duration_s == first.duration_s);
        CHECK(again.mcu.off_current_a == first.mcu.off_current_a);
        CHECK(again.mcu.part == first.mcu.part);
        CHECK(again.name == first.name);
        CHECK(again.store->capacitance_f() == first.store->capacitance_f());
        CHECK(again.source.scale == first.source.scale);
    }
}

TEST_CASE("every value of a resolved scenario says where it came from") {
    const std::string text = read_text(kFull, {"store.max=5.5 V"}).resolved_yaml;
    const auto line_with = [&](const std::string& words) {
        const std::size_t at = text.find(words);
        return at == std::string::npos ? std::string() : text.substr(at, text.find('\n', at) - at);
    };
    CHECK(line_with("capacitance:").find("# line 7") != std::string::npos);
    CHECK(line_with("max:").find("# --set") != std::string::npos);
    CHECK(line_with("registers:").find("# default") != std::string::npos);
    CHECK(line_with("wake:").find("# part stm32u385 (estimate") != std::string::npos);
    CHECK(line_with("standby:").find("# line 17") != std::string::npos);
}

TEST_CASE("a block of alternatives replaces that of a part, other blocks are filled up") {
    const Scenario s = read_text(kFull);
    CHECK_FALSE(s.mcu.active->power_w);     // the part gives a power
    CHECK(s.mcu.sleep->current_a == 2e-6);  // the scenario
    CHECK(s.mcu.sleep->wake_s == 20e-6);    // the part
}

TEST_CASE("an included file fills what the scenario leaves out, and parts stand below it") {
    namespace fs = std::filesystem;
    const fs::path folder = fs::temp_directory_path() / "ebb_include_test";
    fs::create_directories(folder / "common");
    std::ofstream(folder / "common/device.yaml")
        << "include: store.yaml\n"
           "mcu: {part: stm32u385, turn_on: 3 V, turn_off: 2 V, initial: unpowered, off_current: 1 "
           "uA}\n"
           "duration: 1 s\n"
           "source: {trace: light.csv, model: {type: power}, at_end: loop}\n";
    std::ofstream(folder / "common/store.yaml")
        << "store: {type: capacitor, capacitance: 10 uF, initial: 1 V, max: 5 V}\nduration: 9 s\n";
    std::ofstream(folder / "common/light.csv") << "time_s,power_w\n0,1e-3\n1,2e-3\n2,0\n";
    std::ofstream(folder / "main.yaml")
        << "name: main\n"
           "include: common/device.yaml\n"
           "store: {capacitance: 47 uF}\n"
           "workload: {tasks: [{name: a, time: 1 ms}], repeat: true}\n";
    const Scenario s = ebb::test::read_file((folder / "main.yaml").string());
    CHECK(s.store->capacitance_f() == 47e-6);
    CHECK(s.store->initial_v() == 1.0);
    CHECK(s.duration_s == 1.0);
    CHECK(s.mcu.off_current_a == 1e-6);
    CHECK(s.mcu.sleep->current_a == 1.9e-6);
    CHECK(s.source.series->duration_ns() == 3000000000);
    CHECK(s.resolved_yaml.find("light.csv") != std::string::npos);
    const Scenario again =
        read_text(s.resolved_yaml);  // file paths are absolute: it may live anywhere
    CHECK(again.source.series->value == s.source.series->value);
    fs::remove_all(folder);
}

TEST_CASE("a block of another type replaces an included one whole") {
    namespace fs = std::filesystem;
    const fs::path folder = fs::temp_directory_path() / "ebb_include_type_test";
    fs::create_directories(folder);
    std::ofstream(folder / "below.yaml") << "converter: {type: diode, drop: 0.3 V}\n";
    std::ofstream(folder / "main.yaml") << kToy << "include: below.yaml\nconverter: {type: none}\n";
    const Scenario s = ebb::test::read_file((folder / "main.yaml").string());
    CHECK(s.resolved_yaml.find("drop") == std::string::npos);
    fs::remove_all(folder);
}

TEST_CASE("a task's profile gives its time and current") {
    namespace fs = std::filesystem;
    const fs::path folder = fs::temp_directory_path() / "ebb_profile_test";
    fs::create_directories(folder);
    std::ofstream(folder / "send.csv") << "time_s,current_a\n0,1e-3\n0.001,5e-3\n0.002,1e-3\n";
    std::string text = kToy;
    text.replace(text.find("time: 2 ms"), 10, "profile: send.csv");
    std::ofstream(folder / "main.yaml") << text;
    const Scenario s = ebb::test::read_file((folder / "main.yaml").string());
    REQUIRE(s.workload.tasks->tasks.at(0).profile);
    CHECK(s.workload.tasks->tasks.at(0).profile->quantity == Quantity::current_a);
    CHECK(s.workload.tasks->tasks.at(0).profile->duration_ns() == 3000000);
    fs::remove_all(folder);
}
