// SPDX-License-Identifier: Apache-2.0
// A peripheral on a capacitor of its own: its tasks wait for it, and are cut by it, and the MCU is
// not; against one capacitor for all.
#include "tests/support/scenarios.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

namespace {

using namespace ebb;
using namespace ebb::test;

const char* const kStore =
    "{type: federated, capacitance: 47 uF, initial: 0 V, max: 3.6 V, drop: 0.2 V,\n"
    "  threshold: 3.2 V, hysteresis: 200 mV, capacitors: [\n"
    "  {name: sensor, capacitance: 100 uF, threshold: 2.8 V, empty: 1.9 V},\n"
    "  {name: radio, capacitance: 1 mF, threshold: 2.8 V, empty: 1.9 V}]}";

std::string device(const std::string& store, const std::string& tasks,
                   const std::string& capacitors = "sensor radio",
                   const std::string& power = "1 mW") {
    const std::string sensor = capacitors.substr(0, capacitors.find(' '));
    const std::string radio = capacitors.substr(capacitors.find(' ') + 1);
    const auto on = [](const std::string& name) {
        return name == "-" ? std::string() : "capacitor: " + name + ", ";
    };
    return "name: test\nduration: 120 s\nsource: {model: {type: constant_power, power: " + power +
           "}}\nstore: " + store +
           "\nmcu: {turn_on: 2.4 V, turn_off: 1.8 V, initial: unpowered, off_current: 100 nA,\n"
           "  boot: {time: 2 ms, charge: 2 uC}, active: {current: 150 uA},\n"
           "  sleep: {current: 2 uA, wake: 1 ms}}\n"
           "peripherals:\n"
           "  - {name: sensor, " +
           on(sensor) +
           "standby: 1 uA, states: [{name: sample, current: 1 mA}]}\n"
           "  - {name: radio, " +
           on(radio) +
           "standby: 1 uA, states: [{name: tx, current: 15 mA}, {name: rx, power: 9 mW}]}\n"
           "workload:\n  repeat: true\n  tasks:\n" +
           tasks;
}

const std::string kWork = "    - {name: work, time: 200 ms}\n";
const std::string kSense =
    "    - {name: sense, time: 10 ms, use: [{peripheral: sensor, state: sample}]}\n";

std::string send(const std::string& time, const std::string& more = "") {
    return "    - {name: send, time: " + time + more + ", use: [{peripheral: radio, state: tx}]}\n";
}

std::string refusal(const std::string& text) {
    try {
        (void)scenario_of(text);
    } catch (const InputError& error) {
        std::ostringstream all;
        for (const Mistake& m : error.mistakes()) {
            all << m.place.line << ": " << m.message << " | " << m.hint << "\n";
        }
        return all.str();
    }
    return "";
}

}  // namespace

TEST_CASE("does a packet wait for its capacitor, asleep, and take what it draws from that alone?") {
    EventList events;
    const Scenario s = scenario_of(device(kStore, kWork + kSense + send("40 ms")));
    const Result r = ebb::run(s, RunOptions{false}, &events);
    CHECK(r.work.tasks[2].done > 10);
    CHECK(r.work.tasks[2].cut == 0);
    CHECK(r.power.brown_outs == 0);
    CHECK(r.power.sleeps >= r.work.tasks[2].done);
    const auto n = static_cast<double>(r.work.tasks[2].done);
    // Each packet: 15 mA for 40 ms between 2.8 V + and 2.2 V +, of the radio's capacitor.
    CHECK(r.energy_j.sinks[Sink::peripherals] > n * 15e-3 * 40e-3 * 2.5);
    CHECK(r.energy_j.sinks[Sink::peripherals] < n * 15e-3 * 40e-3 * 3.2 + 3e-6 * 120.0 * 2.0);
}

TEST_CASE("does a capacitor that runs empty cut its task, and not the MCU?") {
    // 15 mA for 70 ms are more than 1 mF gives between 2.8 V and 1.9 V.
    const Result r =
        result_of(device(kStore, kWork + kSense + send("70 ms"), "sensor radio", "200 uW"));
    CHECK(r.work.tasks[2].cut > 3);
    CHECK(r.work.tasks[2].done == 0);
    CHECK(r.power.brown_outs == 0);
    CHECK(r.power.boots == 1);
    CHECK(r.power.on_s > 100.0);
}

TEST_CASE("does a task that may be left out keep the others going while its capacitor charges?") {
    const Result waits = result_of(device(kStore, kWork + send("40 ms")));
    const Result skips = result_of(device(kStore, kWork + send("40 ms", ", uncharged: skip")));
    CHECK(skips.work.tasks[0].done > 2 * waits.work.tasks[0].done);
    CHECK(skips.work.tasks[1].done > 0);
    CHECK(skips.work.tasks[1].cut == 0);
    CHECK(skips.work.jobs_done > skips.work.tasks[1].done);
}

TEST_CASE("do walker and witness say the same of a device whose loads are apart?") {
    for (const std::string& tasks :
         {kWork + kSense + send("40 ms"), kWork + kSense + send("70 ms", ", uncharged: skip")}) {
        const Result exact = result_of(device(kStore, tasks), {"duration=15 s"});
        const Result slow = result_of(device(kStore, tasks), {"duration=15 s"}, true);
        CHECK(exact.work.tasks[2].done + exact.work.tasks[2].cut > 1);
        for (std::size_t i = 0; i < exact.work.tasks.size(); ++i) {
            CHECK(exact.work.tasks[i].done == slow.work.tasks[i].done);
            CHECK(exact.work.tasks[i].cut == slow.work.tasks[i].cut);
        }
        CHECK(exact.energy_j.harvested == Approx(slow.energy_j.harvested).epsilon(1e-9));
        CHECK(exact.energy_j.sinks[Sink::peripherals] ==
              Approx(slow.energy_j.sinks[Sink::peripherals]).epsilon(1e-9));
        CHECK(exact.energy_j.sinks[Sink::switch_loss] ==
              Approx(slow.energy_j.sinks[Sink::switch_loss]).epsilon(1e-9));
    }
}

TEST_CASE("is the MCU up for longer than on one capacitor of the same size, and no packet cut?") {
    const std::string shared = "{type: capacitor, capacitance: 1147 uF, initial: 0 V, max: 3.6 V}";
    const std::string work = "    - {name: work, time: 1 s}\n" + kSense;
    for (const char* const power : {"600 uW", "1 mW", "1.5 mW"}) {
        const Result each = result_of(device(kStore, work + send("50 ms"), "sensor radio", power));
        CHECK(each.power.brown_outs == 0);
        CHECK(each.work.tasks[2].cut == 0);
        for (const char* const turn_on : {"2.4 V", "3.0 V", "3.4 V"}) {  // the best for it
            const Result one = result_of(device(shared, work + send("50 ms"), "- -", power),
                                         {std::string("mcu.turn_on=") + turn_on});
            INFO(power << ", on at " << turn_on << ": up " << one.power.on_s << " s and "
                       << each.power.on_s << " s, sent " << one.work.tasks[2].done << " and "
                       << each.work.tasks[2].done << ", cut " << one.work.tasks[2].cut);
            CHECK(each.power.on_s > 1.1 * one.power.on_s);
            CHECK(one.work.tasks[2].cut > 5);
            // Diodes and packets take a fifth of what comes in; cut packets more or less as much.
            CHECK(5 * each.work.tasks[2].done > 4 * one.work.tasks[2].done);
        }
    }
}

TEST_CASE("is a capacitor that no store has, or that cannot be used, refused with its place?") {
    const std::string good = kWork + kSense + send("40 ms");
    CHECK(refusal(device(kStore, good)).empty());
    const std::string name = refusal(device(kStore, good, "sensor radoi"));
    CHECK(name.find("no capacitor 'radoi'") != std::string::npos);
    CHECK(name.find("did you mean 'radio'") != std::string::npos);
    CHECK(name.find("the store has no capacitor") != std::string::npos);
    const std::string plain = "{type: capacitor, capacitance: 47 uF, initial: 0 V, max: 3.6 V}";
    CHECK(refusal(device(plain, good)).find("no capacitor 'sensor'") != std::string::npos);
    const std::string power =
        "    - {name: listen, time: 10 ms, use: [{peripheral: radio, state: rx}]}\n";
    CHECK(refusal(device(kStore, kWork + power)).find("given as a power") != std::string::npos);
    CHECK(refusal(device(kStore, "    - {name: work, time: 1 s, uncharged: skip}\n"))
              .find("nothing keeps it waiting") != std::string::npos);
    CHECK(refusal(device(kStore, send("40 ms", ", uncharged: skip"))).find("without end") !=
          std::string::npos);
}

TEST_CASE("is a task that waits to the end for its capacitor told of?") {
    const Result r = result_of(device(kStore, kWork + send("40 ms"), "sensor radio", "20 uW"),
                               {"store.initial=3.1V"});
    CHECK(r.work.tasks[1].done == 0);
    bool told = false;
    for (const Finding& f : r.findings) {
        told = told || (f.code == "never_charged" && f.text.find("'radio'") != std::string::npos);
    }
    CHECK(told);
}

TEST_CASE(
    "is work saved where the power fails while the device waits for a peripheral's capacitor?") {
    const ScratchFolder folder;
    std::ofstream(folder.file("dark.csv")) << "time_s,power_w\n0,0\n60,2e-3\n";
    const std::string text = device(kStore, kWork + send("40 ms"));
    const auto with = [&](const std::string& policy) {
        return scenario_of(text,
                           {"source={trace: " + folder.file("dark.csv") + ", model: {type: power}}",
                            "store.initial=3.1 V", "mcu.registers=64 B", "mcu.ram=64 B",
                            "nvm={part: mb85rs256ty}", "checkpoint={" + policy + "}"});
    };
    EventList events;
    const Result saves = ebb::run(with("policy: jit"), RunOptions{false}, &events);
    std::string order;
    for (const EventList::Entry& e : events.all()) {
        if (e.at.seconds() < 60.0) {
            order += e.event + " ";
        }
    }
    // Asleep until its capacitor is charged, which it is not; the save comes out of that sleep.
    CHECK(order == "boot ready restore restored task_done sleep save saved sleep brown_out ");
    const Result loses = ebb::run(with("policy: none"), RunOptions{false}, nullptr);
    CHECK(saves.work.tasks[1].done > 3);
    CHECK(saves.work.units_repeated == 0);
    CHECK(loses.work.tasks[1].done > 3);
    CHECK(loses.work.units_repeated == 1);
}
