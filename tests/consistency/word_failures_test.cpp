// SPDX-License-Identifier: Apache-2.0
// Do failures at words of the whole device come at the word that was asked for, and does a right
// protocol survive all of them?
#include <fmt/format.h>

#include <cmath>
#include <random>

#include "models/mcu/traffic_injection.hpp"
#include "models/workload/load_items.hpp"
#include "tests/consistency/word_failures.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

/// Every item of a load, one by one: when it begins and ends, from the load's very first phase on.
struct Item {
    double from_s = 0.0, to_s = 0.0;
};
std::vector<Item> items_of(const Load& load, const std::vector<PhaseTraffic>& traffic,
                           double item_b) {
    std::vector<Item> all;
    double at = 0.0;
    for (std::int64_t trip = 0; trip < load.count; ++trip) {
        for (std::size_t p = 0; p < load.phases.size(); ++p) {
            const double bytes = traffic[p].write_b;
            for (double lo = 0.0; lo < bytes; lo += item_b) {
                const double hi = std::min(bytes, lo + item_b);
                all.push_back({at + load.phases[p].duration_s * lo / bytes,
                               at + load.phases[p].duration_s * hi / bytes});
            }
            at += load.phases[p].duration_s;
        }
    }
    return all;
}

/// Words of two bytes that were written whole.
std::int64_t words_of(const Result& r) { return std::llround(r.nvm.written_bytes / 2.0); }

}  // namespace

TEST_CASE("the n-th word of a load is met in the middle of its time, in whichever trip it lies") {
    std::mt19937 random(11);
    const auto up_to = [&random](int n) {
        return std::uniform_int_distribution<int>(0, n)(random);
    };
    for (int round = 0; round < 200; ++round) {
        Load load;
        std::vector<PhaseTraffic> traffic;
        load.count = 1 + up_to(5);
        for (int p = 0; p <= up_to(4); ++p) {
            LoadPhase phase;
            phase.duration_s = 1e-4 * (1 + up_to(9));
            load.phases.push_back(phase);
            traffic.push_back({static_cast<double>(up_to(3)), static_cast<double>(up_to(9))});
        }
        const double item_b = 1.0 + up_to(3);
        const std::vector<Item> all = items_of(load, traffic, item_b);
        // Begun in the midst of some phase.
        load.first_phase =
            static_cast<std::size_t>(up_to(static_cast<int>(load.phases.size()) - 1));
        load.first_elapsed_s = 0.37 * load.phases[load.first_phase].duration_s;
        double begun_s = load.first_elapsed_s;
        for (std::size_t p = 0; p < load.first_phase; ++p) {
            begun_s += load.phases[p].duration_s;
        }
        const auto moved = static_cast<std::size_t>(std::count_if(
            all.begin(), all.end(), [&](const Item& i) { return i.to_s <= begun_s; }));
        LoadItems items(item_b, {false, true});
        items.begin(load, traffic);
        for (std::size_t n = 1; n <= all.size() - moved; ++n) {
            const Item& item = all[moved + n - 1];
            const auto in_s = items.seconds_to(static_cast<std::int64_t>(n));
            REQUIRE(in_s);
            CHECK(*in_s ==
                  Approx(std::max(0.0, (item.from_s + item.to_s) / 2 - begun_s)).margin(1e-12));
        }
        CHECK_FALSE(items.seconds_to(static_cast<std::int64_t>(all.size() - moved) + 1));
        CHECK(items.moved({load.count, 0, 0.0}) == static_cast<std::int64_t>(all.size() - moved));
    }
}

TEST_CASE("words of a phase that takes no time are counted, and the next one that does is met") {
    Load load;
    load.count = 3;
    load.phases.resize(2);
    load.phases[0].duration_s = 0.0;
    load.phases[1].duration_s = 1e-3;
    LoadItems items(1.0, {false, true});
    items.begin(load, {{0.0, 5.0}, {0.0, 1.0}});
    CHECK(items.seconds_to(1) == Approx(0.5e-3));
    CHECK(items.seconds_to(5) == Approx(0.5e-3));
    CHECK(items.seconds_to(6) == Approx(0.5e-3));
    CHECK(items.seconds_to(7) == Approx(1.5e-3));
    CHECK_FALSE(items.seconds_to(19));
    CHECK(items.moved({2, 0, 0.0}) == 12);
}

TEST_CASE("between two failures the device writes one word less than was asked for, exactly") {
    for (const DeviceCase& device : sound_policies()) {
        for (const SmallNetwork& network : small_networks()) {
            if (!fits(device, network)) {
                continue;
            }
            const NetworkFile file(network);
            const std::string text = strong_device(file, device.platform, device.policy);
            const Result whole = result_of(text);
            REQUIRE(whole.work.jobs_done == 20);
            const std::int64_t every = words_of(whole) / 15;
            for (const std::int64_t first : {every, std::int64_t{1}, every + 50}) {
                const Result r = result_of(
                    text,
                    {fmt::format("failures={{every_words: {}, first_word: {}}}", every, first)});
                INFO(device.policy << " " << network.name << ", every " << every << " from "
                                   << first);
                CHECK(r.power.injected_failures > 10);
                CHECK(r.power.brown_outs == 0);
                // The word in hand is torn, and not counted as written.
                const std::int64_t behind =
                    words_of(r) - (first - 1) - (r.power.injected_failures - 1) * (every - 1);
                CHECK(behind >= 0);
                CHECK(behind < every);
            }
        }
    }
}

TEST_CASE("a right protocol survives failures at words all over the device, recoveries included") {
    std::int64_t failed = 0;
    for (const DeviceCase& device : sound_policies()) {
        for (const SmallNetwork& network : small_networks()) {
            if (!fits(device, network)) {
                continue;
            }
            const NetworkFile file(network);
            const std::string text = strong_device(file, device.platform, device.policy);
            const std::int64_t every = words_of(result_of(text)) / 15;
            for (const std::string& failures :
                 {fmt::format("{{every_words: {}}}", every),
                  fmt::format("{{every_words: {}, first_word: 2}}", every + 1),
                  fmt::format("{{every_words: {}}}", every + 7),
                  fmt::format("{{every_words: {}, recovery: {{word: 1, step: 1}}}}", every + 3)}) {
                const Result r = result_of(text, {"failures=" + failures, "until.jobs=80"});
                INFO(device.policy << " " << network.name << " " << failures);
                CHECK(r.consistency.checked);
                CHECK(r.consistency.violations == 0);
                CHECK(r.work.jobs_done == 80);
                failed += r.power.injected_failures;
            }
        }
    }
    CHECK(failed > 8000);
}

TEST_CASE("a recovery is failed at most once behind each other failure, a word later each time") {
    const NetworkFile file(small_networks().front());
    for (const DeviceCase& device : sound_policies()) {
        const Scenario scenario =
            scenario_of(strong_device(file, device.platform, device.policy),
                        {"failures={every_words: 120, recovery: {word: 1, step: 1}}"});
        EventList events;
        const Result r = run(scenario, RunOptions{}, &events);
        INFO(device.policy);
        bool restoring = false;  // or carrying out a log
        int in_recovery = 0;
        int in_a_row = 0;
        for (const EventList::Entry& e : events.all()) {
            if (e.event == "restore") {
                restoring = true;
            } else if (e.event == "restored") {
                restoring = false;
                in_a_row = 0;
            } else if (e.event == "plug_pulled" && restoring) {
                ++in_recovery;
                CHECK(++in_a_row == 1);
                restoring = false;
            }
        }
        CHECK(in_recovery > 2);
        CHECK(r.consistency.violations == 0);
    }
}

TEST_CASE("with step a sweep of the recovery meets each of its words in turn") {
    // The moments of the failures, counted from the beginning of the recovery, tell the words.
    const NetworkFile file(small_networks().front());
    const Scenario scenario = scenario_of(
        strong_device(file, kTiles, "{policy: commit, granularity: unit}"),
        {"failures={every_words: 120, recovery: {word: 1, step: 1}}", "until.jobs=200"});
    EventList events;
    static_cast<void>(run(scenario, RunOptions{}, &events));
    Time began;
    bool restoring = false;
    std::vector<double> into;
    for (const EventList::Entry& e : events.all()) {
        if (e.event == "restore") {
            began = e.at;
            restoring = true;
        } else if (e.event == "restored") {
            restoring = false;
        } else if (e.event == "plug_pulled" && restoring) {
            into.push_back(e.at.since(began));
            restoring = false;
        }
    }
    REQUIRE(into.size() > 4);
    const double word_s = 2.0 * into.front();  // the middle of the first one
    int wrapped = 0;
    for (std::size_t i = 1; i < into.size(); ++i) {
        const bool next = std::fabs((into[i] - into[i - 1]) / word_s - 1.0) < 1e-6;
        const bool again = std::fabs(into[i] - into.front()) < 1e-12;
        CHECK((next || again));
        wrapped += again ? 1 : 0;
    }
    CHECK(wrapped > 0);
}

TEST_CASE("computing on behind a snapshot over data in memory is caught at words, too") {
    // jit_continue saves, works on over non-volatile data, and goes back to what it saved.
    std::int64_t violations = 0;
    for (const SmallNetwork& network : small_networks()) {
        if (network.sparse) {
            continue;
        }
        const NetworkFile file(network);
        const std::string text = strong_device(
            file, kTiles, "{policy: jit_continue, period: 3 ms, unsafe: true, save_at: 3.29 V}");
        const Result r = result_of(text, {"failures={every_words: 137}", "source.model.power=1 mW",
                                          "mcu.turn_on=2.0 V", "until.jobs=200"});
        INFO(network.name);
        CHECK(r.checkpoint.completed > 5);
        CHECK(r.power.injected_failures > 5);
        violations += r.consistency.violations;
    }
    CHECK(violations > 0);
}

TEST_CASE("a failure at words is the same to the slow reference") {
    const NetworkFile file(small_networks().front());
    for (const DeviceCase& device : sound_policies()) {
        const std::string text = strong_device(file, device.platform, device.policy);
        const std::vector<std::string> sets = {"failures={every_words: 89, recovery: {word: 2}}"};
        const Result fast = result_of(text, sets);
        const Result slow = result_of(text, sets, true);
        INFO(device.policy);
        CHECK(fast.power.injected_failures == slow.power.injected_failures);
        CHECK(fast.nvm.written_bytes == slow.nvm.written_bytes);
        CHECK(fast.work.units_repeated == slow.work.units_repeated);
        CHECK(fast.checkpoint.torn == slow.checkpoint.torn);
    }
}

TEST_CASE("failures at words are refused where there is no memory to write") {
    const std::string text =
        "name: no memory\nduration: 1 s\n"
        "source: {model: {type: constant_power, power: 1 mW}}\n"
        "store: {type: capacitor, capacitance: 1 mF, initial: 3.2 V, max: 3.3 V}\n"
        "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 1 ms, charge: 0 "
        "C}, active: {current: 1 mA}, off_current: 0 A}\n"
        "workload: {network: mlperf_tiny_kws, platform: cortex_m33_stm32u385}\n";
    CHECK_THROWS_AS(result_of(text, {"failures={every_words: 10}"}), InputError);
}
