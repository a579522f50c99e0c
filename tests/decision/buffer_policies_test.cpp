// SPDX-License-Identifier: Apache-2.0
// Policies that decide about the buffer before a task: Dewdrop's voltage, Capybara's banks.
#include "models/checkpoint/capybara.hpp"
#include "tests/support/scenarios.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>

namespace {

using namespace ebb;
using namespace ebb::test;

std::string device(const std::string& store, const std::string& work, const std::string& checkpoint,
                   const std::string& duration = "60 s") {
    return "name: test\nduration: " + duration +
           "\n"
           "source: {model: {type: constant_power, power: 300 uW}}\n"
           "store: " +
           store +
           "\n"
           "mcu: {turn_on: 2.2 V, turn_off: 1.8 V, initial: unpowered, off_current: 0 A,\n"
           "  boot: {time: 1 ms, charge: 0.2 uC}, active: {current: 1 mA},\n"
           "  sleep: {current: 2 uA, wake: 20 us}}\n"
           "nvm: {part: msp430fr599x_fram}\n"
           "workload: {repeat: true, tasks: [" +
           work + "]}\ncheckpoint: " + checkpoint + "\n";
}

const char* const kCapacitor = "{type: capacitor, capacitance: 47 uF, initial: 0 V, max: 3.6 V}";
const char* const kPacket = "{name: packet, time: 12 ms, current: 4 mA, atomic: true}";

std::int64_t done(const Result& r) { return r.work.tasks.at(0).done; }
std::int64_t cut(const Result& r) { return r.work.tasks.at(0).cut; }

/// What the reader says to a scenario that it refuses.
std::string refusal(const std::string& text) {
    try {
        (void)scenario_of(text);
    } catch (const InputError& error) {
        std::ostringstream all;
        for (const Mistake& m : error.mistakes()) {
            all << m.message << " | " << m.hint << "\n";
        }
        return all.str();
    }
    return "";
}

const char* const kBanks =
    "{type: banks, capacitance: 100 uF, initial: 0 V, max: 3.6 V, latch_energy: 1 uJ,\n"
    "  banks: [{name: radio, capacitance: 500 uF}, {name: camera, capacitance: 200 uF}],\n"
    "  modes: [{name: small}, {name: send, banks: radio}, {name: both, banks: 'radio, camera'}]}";

}  // namespace

TEST_CASE("does the share of packets that are cut settle at lower/(lower + raise)?") {
    for (const double raise : {0.02, 0.09}) {
        const Result r = result_of(
            device(kCapacitor, kPacket,
                   "{policy: dewdrop, start_at: 3.4 V, highest: 3.5 V, lower: 10 mV, raise: " +
                       std::to_string(raise) + " V}",
                   "600 s"));
        const auto all = static_cast<double>(done(r) + cut(r));
        INFO(done(r) << " done, " << cut(r) << " cut");
        CHECK(all > 200.0);
        // What is left of the way down from 3.4 V, and one step, are all that may be off.
        const double expected = 0.01 / (0.01 + raise);
        CHECK(std::fabs(static_cast<double>(cut(r)) / all - expected) <
              1.6 / raise * 0.01 * 100.0 / all + 1.0 / all);
    }
}

TEST_CASE("does a voltage that learns come within 90 % of the best fixed one?") {
    struct Case {
        std::string task, source;
    };
    for (const Case& c :
         {Case{"time: 12 ms, current: 4 mA", "300 uW"}, Case{"time: 4 ms, current: 5 mA", "1 mW"},
          Case{"time: 30 ms, current: 2 mA", "100 uW"},
          Case{"time: 2 ms, current: 3 mA", "200 uW"}}) {
        const auto runs = [&c](const std::string& policy) {
            return done(result_of(
                device(kCapacitor, "{name: packet, " + c.task + ", atomic: true}", policy, "300 s"),
                {"source.model.power=" + c.source}));
        };
        std::int64_t best = 0;
        for (int tenth_v = 4; tenth_v < 18; ++tenth_v) {
            best = std::max(best, runs("{policy: debs, margin: 0 V, budget: " +
                                       std::to_string(0.1 * tenth_v) + " V}"));
        }
        const std::int64_t learned = runs("{policy: dewdrop, start_at: 2.2 V, highest: 3.5 V}");
        INFO(c.task << ": best fixed " << best << ", learned " << learned);
        CHECK(best > 50);
        CHECK(static_cast<double>(learned) >= 0.9 * static_cast<double>(best));
    }
}

TEST_CASE("does what was learned survive power failures, as a word that is read at each boot?") {
    const Result r = result_of(device(
        kCapacitor, kPacket, "{policy: dewdrop, start_at: 2.2 V, highest: 3.5 V, lower: 0 V}"));
    // 0.1 V more after each cut until it is enough; nothing is ever cut again.
    CHECK(cut(r) >= 2);
    CHECK(cut(r) <= 10);
    CHECK(done(r) > 20);
    const Result plain =
        result_of(device(kCapacitor, kPacket, "{policy: commit, granularity: unit}"));
    const auto per_boot = [](const Result& run) {
        return static_cast<double>(run.nvm.read_bytes) / static_cast<double>(run.power.boots);
    };
    CHECK(per_boot(r) == Approx(per_boot(plain) + 4.0));
}

TEST_CASE("does a task run on its own banks, charged to full, and a burst on what was kept?") {
    // Without the reserve each alarm waits for 600 uF; with it, it begins as its task comes.
    const std::string small = "{name: sense, time: 5 ms, current: 1 mA, mode: small";
    const std::string alarm = "{name: alarm, time: 30 ms, current: 15 mA, atomic: true, mode: send";
    const auto run = [&](const std::string& tasks, bool reference) {
        EventList events;
        const Scenario s =
            scenario_of(device(kBanks, tasks, "{policy: capybara, full: 3.4 V}", "120 s"));
        const Result r = ebb::run(s, RunOptions{reference}, &events);
        const auto sleeps = events.times_of("sleep").size();
        return std::pair(r, sleeps);
    };
    const auto [waits, sleeps_each] = run(small + "}, " + alarm + "}", false);
    const auto [keeps, sleeps_once] =
        run(small + ", precharge: send}, " + alarm + ", burst: true}", false);
    CHECK(waits.work.tasks[1].done > 10);
    CHECK(keeps.work.tasks[1].done > 10);
    CHECK(keeps.work.tasks[1].cut == 0);
    // One wait for each task; or two before the first, for the reserve and its own banks.
    CHECK(static_cast<double>(sleeps_each) >=
          static_cast<double>(waits.work.tasks[0].done + waits.work.tasks[1].done));
    CHECK(static_cast<double>(sleeps_once) <=
          2.2 * static_cast<double>(keeps.work.tasks[0].done) + 3.0);
    const auto [slow, same] = run(small + ", precharge: send}, " + alarm + ", burst: true}", true);
    CHECK(slow.work.tasks[1].done == keeps.work.tasks[1].done);
    CHECK(same == sleeps_once);
    // Two movements of one switch in each round, and one charge shared between 600 uF and less.
    CHECK(keeps.energy_j.sinks[Sink::switch_loss] >=
          2e-6 * static_cast<double>(keeps.work.tasks[1].done - 1));
}

namespace {

/// What a policy connects, in order.
struct Switches final : EnergyModes {
    void connect_only(const std::vector<std::size_t>& modes) override { asked.push_back(modes); }
    std::vector<std::vector<std::size_t>> asked;
};

}  // namespace

TEST_CASE("is a reserve charged first, taken off full, and spent by the burst alone?") {
    constexpr std::size_t kSmall = 0;
    constexpr std::size_t kSend = 1;
    Switches switches;
    PolicyFacts facts;
    facts.kept = std::make_shared<std::vector<double>>();
    facts.banks = &switches;
    facts.energy = {{kSmall, false, kSend}, {kSend, true, std::nullopt}};
    const Capybara policy({3.4});
    auto trigger = policy.trigger(facts);
    const auto charges = [](const Action& action) {
        return action.kind == Action::Kind::sleep && action.wake_at_v == 3.4;
    };
    using Modes = std::vector<std::vector<std::size_t>>;
    CHECK(charges(trigger->before({0})));
    CHECK(switches.asked == Modes{{kSend}});
    CHECK(charges(trigger->boot(BootCause::wake)));  // the reserve is full
    CHECK(switches.asked == Modes{{kSend}, {kSmall}});
    // A power failure while the task's own banks charge does not spend the reserve.
    trigger = policy.trigger(facts);
    CHECK(trigger->boot(BootCause::reset).kind == Action::Kind::proceed);
    CHECK(charges(trigger->before({0})));
    CHECK(switches.asked == Modes{{kSend}, {kSmall}, {kSmall}});
    CHECK(trigger->boot(BootCause::wake).kind == Action::Kind::proceed);
    (void)trigger->boundary();
    CHECK(trigger->before({1}).kind == Action::Kind::proceed);
    CHECK(switches.asked.back() == std::vector<std::size_t>{kSend});
    (void)trigger->boundary();
    // The next round charges it anew.
    CHECK(charges(trigger->before({0})));
    CHECK(switches.asked.back() == std::vector<std::size_t>{kSend});
}

TEST_CASE(
    "is a bank or a mode that does not exist refused before the run, with the nearest name?") {
    const std::string policy = "{policy: capybara, full: 3.4 V}";
    const std::string good = "{name: a, time: 1 ms, current: 1 mA, mode: send}";
    CHECK(refusal(device(kBanks, good, policy)).empty());
    const std::string mode =
        refusal(device(kBanks, "{name: a, time: 1 ms, current: 1 mA, mode: sned}", policy));
    CHECK(mode.find("no mode 'sned'") != std::string::npos);
    CHECK(mode.find("did you mean 'send'") != std::string::npos);
    std::string banks = kBanks;
    banks.replace(banks.find("banks: radio}"), 12, "banks: radoi");
    const std::string bank = refusal(device(banks, good, policy));
    CHECK(bank.find("no bank 'radoi'") != std::string::npos);
    CHECK(bank.find("did you mean 'radio'") != std::string::npos);
    CHECK(refusal(device(kCapacitor, good, policy)).find("no mode 'send'") != std::string::npos);
    CHECK(refusal(device(kBanks, good, "{policy: commit, granularity: unit}"))
              .find("connects none") != std::string::npos);
    CHECK(refusal(device(kBanks, "{name: a, time: 1 ms, current: 1 mA, burst: true}", policy))
              .find("names no mode") != std::string::npos);
}
