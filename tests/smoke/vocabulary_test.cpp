// SPDX-License-Identifier: Apache-2.0
/// Is every event word written, and is every registered component built, at least once? The words
/// are those of docs/results.md, so that a word nobody writes cannot stay there.
#include <map>
#include <regex>

#include "models/core/component.hpp"
#include "tests/smoke/command.hpp"
#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

const std::string kNvm =
    "nvm: {capacity: 64 kB, atomic: 1 B, cut: old, read_time: 1 us, write_time: WRITE, "
    "read_energy: 1 nJ,"
    " write_energy: 2 nJ, standby: 0 A, sleep: 0 A, endurance: unlimited}\n";

std::string nvm(const std::string& write_time = "2 us") {
    std::string text = kNvm;
    return text.replace(text.find("WRITE"), 5, write_time);
}

std::string with_code(std::string memory) {
    const std::string code =
        "ecc: {data_bits: 64, check_bits: 8, corrects: 1, detects: 2, encode_time: 0 s, "
        "encode_energy: 0 J, decode_time: 0 s, decode_energy: 0 J}, ";
    return memory.insert(memory.find("read_time"), code);
}

/// The words in backquotes between "what (" and "of which" on the page.
std::set<std::string> documented_words() {
    const std::string page = text_of(std::string(EBB_SOURCE_DIR) + "/docs/results.md");
    const std::size_t from = page.find("what (", page.find("## events.csv"));
    const std::string list = page.substr(from, page.find("of which", from) - from);
    std::set<std::string> words;
    const std::regex word("`([a-z_]+)`");
    for (std::sregex_iterator it(list.begin(), list.end(), word), end; it != end; ++it) {
        words.insert((*it)[1]);
    }
    return words;
}

const std::string kTask = "workload: {repeat: true, tasks: [{name: work, time: 150 ms}]}\n";
const std::string kNetwork =
    "workload: {network: mlperf_tiny_ad, platform: cortex_m33_stm32u385, arrival: {every: 20 ms, "
    "queue: 1}}\n";

std::string with_clocking(std::string device) {
    const std::string points =
        "clocking: {work_at: 8 MHz, use: by_voltage, hysteresis: 50 mV, points: [{name: slow, "
        "clock: 8 MHz, from: 1.8 V, current: 2 mA}, {name: fast, clock: 16 MHz, from: 2.4 V, "
        "current: 4 mA}]}, ";
    return device.insert(device.find("off_current"), points);
}

std::string with_output_capacitor(std::string device) {
    const std::string regulator =
        "regulator: {type: ldo, output: 1.7 V, quiescent: 1 uA, quiescent_off: 0 A, "
        "output_capacitor: 1 uF}, ";
    return device.insert(device.find("off_current"), regulator);
}

/// Runs that between them meet every decision; each is small.
std::vector<std::string> eventful_runs() {
    return {
        // Boots, cut tasks, brown-outs.
        small_device(kTask),
        // A list without repeat: the device sleeps once it is through, until the power fails.
        small_device("workload: {tasks: [{name: once, time: 2 ms}]}\n"),
        // Snapshots, sleep, wake; the sleep drains the store, so a later boot restores.
        small_device(nvm() + kTask +
                     "checkpoint: {policy: jit, save_at: 2.2 V, restore_at: 2.9 V, state: 2 kB}\n"),
        // A snapshot that takes longer than what is left.
        small_device(nvm("1 ms") + kTask +
                     "checkpoint: {policy: jit, save_at: 1.9 V, state: 4 kB}\n"),
        // A clock that follows the voltage.
        with_clocking(small_device(kTask)),
        // A regulator whose output capacitor is charged at each boot.
        with_output_capacitor(small_device(kTask)),
        // A plug that is pulled between snapshots, over data that went on.
        "failures: {mean: 60 ms}\n" +
            small_device(nvm() +
                         "workload: {network: mlperf_tiny_kws, platform: cortex_m33_stm32u385}\n"
                         "checkpoint: {policy: jit, save_at: 2.2 V}\n"),
        // A memory that errs, and a code that corrects some of it.
        "failures: {bit_errors: {write: 3e-4}}\n" +
            small_device(with_code(nvm()) +
                         "workload: {network: mlperf_tiny_kws, platform: cortex_m33_stm32u385}\n"
                         "checkpoint: {policy: commit, granularity: layer}\n"),
        // A task that is left out while its capacitor charges.
        text_of(std::string(EBB_SOURCE_DIR) + "/scenarios/examples/federated.yaml"),
        // Jobs that come faster than they are done.
        small_device(nvm() + kNetwork + "checkpoint: {policy: commit, granularity: layer}\n"),
    };
}

}  // namespace

TEST_CASE("every event word of the page is written, and no other") {
    std::set<std::string> wanted = documented_words();
    REQUIRE(wanted.size() > 12);
    std::set<std::string> seen;
    for (const std::string& text : eventful_runs()) {
        const Desk desk;
        desk.write("x.yaml", text);
        const Said said = desk.ebb("run --quiet --out run x.yaml");
        INFO(text << said.err);
        const bool violates = text.rfind("failures: {mean", 0) == 0;
        REQUIRE(said.status == (violates ? 3 : 0));
        const auto words = event_words(desk.file("run/events.csv"));
        seen.insert(words.begin(), words.end());
    }
    for (const std::string& word : wanted) {
        INFO("never written: " << word);
        CHECK(seen.count(word) == 1);
    }
    for (const std::string& word : seen) {
        INFO("written, but not on the page: " << word);
        CHECK(wanted.count(word) == 1);
    }
}

TEST_CASE("a run with more decisions than fit ends its events.csv with the word truncated") {
    const Desk desk;
    desk.write("x.yaml",
               small_device("workload: {repeat: true, tasks: [{name: tick, time: 10 us}]}\n"));
    REQUIRE(desk.ebb("run --quiet --out run x.yaml").status == 0);
    const std::string text = text_of(desk.file("run/events.csv"));
    CHECK(std::count(text.begin(), text.end(), '\n') == 20'001);
    CHECK(text.substr(text.rfind('\n', text.size() - 2)).find(",truncated,") != std::string::npos);
    CHECK(text_of(desk.file("run/summary.json")).find("events_truncated") != std::string::npos);
}

namespace {

const std::string kLeNet =
    "workload={network: camaroptera_lenet, platform: msp430fr5994_lea_intfram_estimate}";

/// One scenario per component, by `kind.name`: the block that names it.
const std::map<std::string, std::vector<std::string>> kBuiltBy = {
    {"harvester.constant_power", {"source={model: {type: constant_power, power: 1 mW}}"}},
    {"harvester.constant_current", {"source={model: {type: constant_current, current: 1 mA}}"}},
    {"harvester.power", {"source={trace: power.csv, model: {type: power}, at_end: loop}"}},
    {"harvester.current", {"source={trace: current.csv, model: {type: current}, at_end: loop}"}},
    {"harvester.voltage_across",
     {"source={trace: voltage.csv, model: {type: voltage_across, resistance: 3 kOhm}, at_end: "
      "loop}"}},
    {"harvester.thevenin", {"source={model: {type: thevenin, voltage: 5 V, resistance: 1 kOhm}}"}},
    {"harvester.irradiance_efficiency",
     {"source={trace: gen/solar-day, start: 12 h, model: {type: irradiance_efficiency, area: 1 "
      "cm2, efficiency: 15 %}}"}},
    {"harvester.pv_cell",
     {"source={model: {part: am_1417, illuminance: 20000, operate: mpp}}",
      "converter={type: efficiency, value: 90 %}"}},
    {"harvester.iv_curve",
     {"source={model: {part: am_1417_measured, illuminance: 20000, operate: {voltage: 1.6 V}}}",
      "converter={type: efficiency, value: 90 %}"}},
    {"harvester.iv_surface",
     {"source={trace: surface.csv, model: {type: iv_surface, operate: mpp}, at_end: loop}",
      "converter={type: efficiency, value: 90 %}"}},
    {"harvester.received_rf", {"source={model: {part: p2110b_1v0, power: 6 dBm}}"}},
    {"harvester.teg",
     {"source={model: {type: teg, seebeck: 0.1, resistance: 100 Ohm, temperature_difference: "
      "60}}"}},
    {"harvester.peer_voltage",
     {"source={trace: voltage.csv, at_end: loop, model: {type: peer_voltage, law: current_source, "
      "resistance: 1 kOhm}}"}},
    {"harvester.peer_light",
     {"source={trace: gen/solar-day, start: 12 h, model: {part: peer_simba}}",
      "converter={type: efficiency, value: 90 %}"}},
    {"harvester.peer_power",
     {"source={trace: power.csv, model: {type: peer_power, gain: 2}, at_end: loop}"}},
    {"harvester.piezo_bridge",
     {"source={model: {type: piezo_bridge, capacitance: 40 nF, frequency: 60 Hz, drop: 0.3 V, "
      "current: 1 mA}}"}},
    {"harvester.resonant",
     {"source={trace: shaken.csv, interpolation: linear, at_end: loop, model: {type: resonant, "
      "mass: "
      "1, stiffness: 2000, damping: 20, limit: 0.1, efficiency: 50 %, output: 1 V}}"}},
    {"generator.packets",
     {"source={trace: {generate: {type: packets, seed: 7, energy: 20 uJ}}, model: {type: power}}"}},
    {"generator.rf", {"source={trace: {generate: {type: rf, seed: 7}}, model: {type: power}}"}},
    {"generator.solar",
     {"source={trace: {generate: {type: solar, seed: 7}}, start: 12 h, model: {type: "
      "irradiance_efficiency,"
      " area: 1 cm2, efficiency: 15 %}}"}},
    {"generator.kinetic",
     {"source={trace: {generate: {type: kinetic, seed: 1, duration: 60 s, rms: 10}}, "
      "interpolation: "
      "linear, at_end: loop, model: {type: resonant, mass: 1, stiffness: 160, damping: 10, limit: "
      "0.2, efficiency: 50 %, output: 1 V, high_pass: 0.1 Hz}}"}},
    {"generator.thermal",
     {"source={trace: {generate: {type: thermal, seed: 7, mean: 60}}, model: {type: teg, seebeck: "
      "0.1, resistance: 100 Ohm}}"}},
    {"converter.none", {"converter={type: none}"}},
    {"converter.diode", {"converter={type: diode, drop: 0.3 V}"}},
    {"converter.efficiency", {"converter={type: efficiency, value: 80 %}"}},
    {"converter.boost",
     {"source={model: {part: kxob25_05x3f, irradiance: 500 W/m2, operate: mpp}}",
      "converter={part: bq25570}"}},
    {"store.capacitor", {"store.capacitance=47uF"}},
    {"store.banks",
     {"store={type: banks, capacitance: 47 uF, initial: 0 V, max: 5 V, banks: [{capacitance: 10 "
      "uF, "
      "connect: 2.9 V, disconnect: 2 V}]}"}},
    {"store.array",
     {"store={type: array, capacitance: 47 uF, initial: 0 V, max: 5 V, cells: [{name: a, "
      "capacitance: "
      "10 uF}], configurations: [{name: alone, up: 2.9 V}, {name: joined, strings: a, down: 2 "
      "V}]}"}},
    {"store.federated",
     {"store={type: federated, capacitance: 20 uF, initial: 0 V, max: 3.6 V, drop: 0.2 V, "
      "threshold: 2.5 V, hysteresis: 100 mV, capacitors: [{name: radio, capacitance: 10 uF, "
      "threshold: 2 V, empty: 1.5 V}]}"}},
    {"store.isolated_banks",
     {"store={type: isolated_banks, capacitance: 20 uF, initial: 0 V, max: 3.6 V, drop: 0.2 V, "
      "banks: [{capacitance: 10 uF, charge: 2.5 V, stop: 1 V}]}"}},
    {"store.react",
     {"store={type: react, capacitance: 20 uF, initial: 0 V, max: 3.6 V, banks: [{capacitance: 10 "
      "uF, count: 3}]}"}},
    {"store.morphy", {"store={type: morphy, capacitance: 40 uF, initial: 0 V, max: 3.6 V}"}},
    {"store.battery", {"store={part: lipo_pl383562, initial: 50 %, node: 10 mF}"}},
    {"store.mlcc", {"store={type: mlcc, capacitance: 60 uF, bias: 5 V, initial: 0 V, max: 5 V}"}},
    {"store.supercapacitor",
     {"store={type: supercapacitor, immediate: {resistance: 2 Ohm, capacitance: 47 uF}, branches: "
      "[{resistance: 900 Ohm, capacitance: 10 uF}], initial: 0 V, max: 5 V}"}},
    {"regulator.none", {"mcu.regulator={type: none, output_capacitor: 1 uF}"}},
    {"regulator.ldo",
     {"mcu.regulator={type: ldo, output: 1.7 V, quiescent: 1 uA, quiescent_off: 0.1 uA}"}},
    {"regulator.buck",
     {"mcu.regulator={type: buck, output: 1.7 V, efficiency: 85 %, quiescent: 1 uA, quiescent_off: "
      "0.1 uA}"}},
    {"checkpoint.none", {"checkpoint={policy: none}"}},
    {"checkpoint.jit",
     {"nvm={part: mr25h40}", "checkpoint={policy: jit, save_at: 2.1 V, state: 64 B}"}},
    {"checkpoint.hibernus", {"nvm={part: mr25h40}", "checkpoint={policy: hibernus, ram: 64 B}"}},
    {"checkpoint.hibernus_pp",
     {"nvm={part: mr25h40}", "checkpoint={policy: hibernus_pp, ram: 64 B}"}},
    {"checkpoint.quickrecall", {"nvm={part: mr25h40}", "checkpoint={policy: quickrecall}"}},
    {"checkpoint.allocated_state", {"nvm={part: mr25h40}", "checkpoint={policy: allocated_state}"}},
    {"checkpoint.managed_state",
     {"nvm={part: mr25h40}", "checkpoint={policy: managed_state, page: 8 B, dirty_pages: 4}"}},
    {"checkpoint.jit_continue",
     {"nvm={part: mr25h40}", "checkpoint={policy: jit_continue, period: 10 ms}"}},
    {"checkpoint.mementos",
     {"nvm={part: mr25h40}", "workload={repeat: true, tasks: [{name: work, time: 1 ms}]}",
      "checkpoint={policy: mementos}"}},
    {"checkpoint.nvp_bec",
     {"checkpoint={policy: nvp_bec, clock: 8 kHz, backup_energy: 1 nJ, backup_cycles: 2, "
      "restore_energy: 1 nJ, restore_cycles: 1}"}},
    {"checkpoint.nvp_odab",
     {"checkpoint={policy: nvp_odab, clock: 8 kHz, instruction_energy: 1 nJ, backup_energy: 10 "
      "nJ, backup_cycles: 35, restore_energy: 1 nJ, restore_cycles: 35}"}},
    {"checkpoint.commit",
     {"nvm={part: mr25h40}", "checkpoint={policy: commit, granularity: unit}"}},
    {"checkpoint.inas",
     {"workload={network: tinas_har_lat_perc25, platform: msp430fr5994_extfram_tinas}",
      "checkpoint={policy: inas}"}},
    {"checkpoint.japari",
     {"workload={network: " EBB_SOURCE_DIR
      "/scenarios/examples/small_tiles.csv, platform: msp430fr5994_extfram_tinas}",
      "checkpoint={policy: japari}"}},
    {"checkpoint.sonic", {kLeNet, "checkpoint={policy: sonic}"}},
    {"checkpoint.tails", {kLeNet, "checkpoint={policy: tails}"}},
    {"checkpoint.hawaii", {kLeNet, "checkpoint={policy: hawaii}"}},
    {"checkpoint.alpaca", {kLeNet, "checkpoint={policy: alpaca, task: 8}"}},
    {"checkpoint.rockclimb",
     {"nvm={part: mr25h40}", "checkpoint={policy: rockclimb, charge_to: 2.5 V}"}},
    {"checkpoint.samoyed",
     {"nvm={part: mr25h40}", "checkpoint={policy: samoyed, start_at: 2.5 V}"}},
    {"checkpoint.debs", {"nvm={part: mr25h40}", "checkpoint={policy: debs, budget: 0.4 V}"}},
    {"checkpoint.dewdrop", {"nvm={part: mr25h40}", "checkpoint={policy: dewdrop, highest: 3.2 V}"}},
    {"checkpoint.capybara", {"nvm={part: mr25h40}", "checkpoint={policy: capybara, full: 3.2 V}"}},
    {"checkpoint.optic", {"nvm={part: mr25h40}", "checkpoint={policy: optic}"}},
    {"checkpoint.periodic", {"nvm={part: mr25h40}", "checkpoint={policy: periodic, period: 1 ms}"}},
    {"checkpoint.clairvoyant",
     {"nvm={part: mr25h40}", "checkpoint={policy: clairvoyant, state: 64 B}"}},
    {"checkpoint.clank",
     {"nvm={part: mr25h40}", "checkpoint={policy: clank, violations: 1e-3, clock: 8 MHz}"}},
    {"checkpoint.ratchet",
     {"nvm={part: mr25h40}", "checkpoint={policy: ratchet, section: 5000, clock: 8 MHz}"}},
    {"checkpoint.chinchilla",
     {"nvm={part: mr25h40}",
      "checkpoint={policy: chinchilla, timer: 20000, checks: 10 %, clock: 8 MHz}"}},
    {"schedule.fifo", {"schedule={policy: fifo}"}},
};

}  // namespace

TEST_CASE("every registered component is built by its name and runs") {
    const Registry& registry = all_components();
    for (const std::string& kind : registry.kinds()) {
        for (const std::string& name : registry.names_of(kind)) {
            INFO(kind << "." << name);
            const auto at = kBuiltBy.find(kind + "." + name);
            if (at == kBuiltBy.end()) {
                FAIL_CHECK("no run builds it yet: add a line to kBuiltBy");
                continue;
            }
            const Desk desk;
            desk.write("power.csv", "time_s,power_w\n0,1e-3\n0.1,2e-3\n0.2,0\n");
            desk.write("current.csv", "time_s,current_a\n0,1e-3\n0.1,2e-3\n0.2,0\n");
            desk.write("voltage.csv", "time_s,voltage_v\n0,2\n0.1,3\n0.2,0\n");
            desk.write("surface.csv", "1\n0,4\n0,4e-3,4e-3,0\n1,2e-3,2e-3,0\n");
            desk.write("shaken.csv", "time_s,acceleration_m_s2\n0,0\n0.07,20\n0.14,-20\n0.21,0\n");
            desk.write("x.yaml", small_device(kTask));
            std::string sets;
            for (const std::string& set : at->second) {
                sets += " --set '" + set + "'";
            }
            const Said said = desk.ebb("run --json x.yaml" + sets);
            INFO(said.err << said.out);
            REQUIRE(said.status == 0);
            const auto summary = nlohmann::json::parse(said.out);
            CHECK(summary["energy_j"]["offered"].get<double>() > 0.0);
            CHECK(summary["power"]["boots"].get<int>() > 0);
        }
    }
}
