// SPDX-License-Identifier: Apache-2.0
/// What happens first? All ranks of the agenda on one instant, entries within one nanosecond, and
/// time itself after a year.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "models/core/agenda.hpp"
#include "models/core/error.hpp"
#include "tests/physics/stores.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

using Words = std::vector<std::string>;

const std::vector<std::pair<std::string, Rank>> kRanks = {
    {"supply", Rank::supply},     {"brown_out", Rank::brown_out}, {"checkpoint", Rank::checkpoint},
    {"work_end", Rank::work_end}, {"timer", Rank::timer},         {"release", Rank::release},
    {"run_end", Rank::run_end}};

TEST_CASE("all ranks on one instant are worked off in their order, however the slots were made") {
    const unsigned seed = 20240607;
    INFO("seed " << seed);
    std::mt19937 engine(seed);
    auto order = kRanks;
    Words wanted;
    for (const auto& [name, rank] : kRanks) {
        wanted.push_back(name);
    }
    for (int round = 0; round < 50; ++round) {
        std::shuffle(order.begin(), order.end(), engine);
        Words seen;
        Agenda agenda;
        agenda.set_planner([] {});
        const Time t(5'000'000'000, 0.25);
        for (const auto& [name, rank] : order) {
            const std::string word = name;
            const auto slot = agenda.add_slot(word, rank, [&seen, word] { seen.push_back(word); });
            agenda.set(slot, t);
        }
        agenda.start();
        agenda.run_until(t.ns());
        CHECK(seen.empty());  // the instant lies behind this nanosecond
        agenda.run_until(t.ceil_ns());
        CHECK(seen == wanted);
        CHECK(agenda.now() == t);
        CHECK(agenda.decisions() == kRanks.size());
    }
}

TEST_CASE("entries of one rank and instant go in the order of their slots") {
    Words seen;
    Agenda agenda;
    agenda.set_planner([] {});
    const auto first = agenda.add_slot("first", Rank::timer, [&] { seen.push_back("first"); });
    const auto second = agenda.add_slot("second", Rank::timer, [&] { seen.push_back("second"); });
    agenda.set(second, Time(10));
    agenda.set(first, Time(10));
    agenda.run_until(10);
    CHECK(seen == Words{"first", "second"});
}

TEST_CASE("two entries within one nanosecond go in exact order, whatever their ranks") {
    Words seen;
    Agenda agenda;
    agenda.set_planner([] {});
    const auto end = agenda.add_slot("end", Rank::run_end, [&] { seen.push_back("end"); });
    const auto supply = agenda.add_slot("supply", Rank::supply, [&] { seen.push_back("supply"); });
    agenda.set(supply, Time(10, 0.75));
    agenda.set(end, Time(10, 0.5));
    CHECK(agenda.earliest() == Time(10, 0.5));
    agenda.run_until(11);
    CHECK(seen == Words{"end", "supply"});
}

TEST_CASE("what a handler adds at its own instant is worked off by rank before time goes on") {
    Words seen;
    Agenda agenda;
    agenda.set_planner([] {});
    Agenda::SlotId brown_out = 0;
    const auto release =
        agenda.add_slot("release", Rank::release, [&] { seen.push_back("release"); });
    const auto timer = agenda.add_slot("timer", Rank::timer, [&] {
        seen.push_back("timer");
        agenda.set(brown_out, agenda.now());
    });
    brown_out = agenda.add_slot("brown_out", Rank::brown_out, [&] { seen.push_back("brown_out"); });
    agenda.set(release, Time(10));
    agenda.set(timer, Time(10));
    agenda.run_until(10);
    CHECK(seen == Words{"timer", "brown_out", "release"});
}

TEST_CASE(
    "an entry before the one in hand is a defect, and 10,000 at one instant are refused there, by "
    "name") {
    Agenda agenda;
    agenda.set_planner([] {});
    Agenda::SlotId again = 0;
    again = agenda.add_slot("again", Rank::timer, [&] { agenda.set(again, agenda.now()); });
    const auto late = agenda.add_slot("late", Rank::timer,
                                      [&] { agenda.set(again, Time(agenda.now().ns() - 1)); });
    agenda.set(late, Time(20));
    CHECK_THROWS_AS(agenda.run_until(20), Defect);
    agenda.set(again, Time(1'500'000'000));
    CHECK_THROWS_WITH(agenda.run_until(1'500'000'000),
                      Catch::Matchers::Contains("more than 10000 decisions") &&
                          Catch::Matchers::Contains("again"));
    CHECK(agenda.now() == Time(1'500'000'000));  // from here the device takes the time
}

TEST_CASE("nothing is worked off behind the end of a run") {
    Words seen;
    Agenda agenda;
    agenda.set_planner([] {});
    const auto end = agenda.add_slot("end", Rank::run_end, [&] { agenda.finish(); });
    const auto after = agenda.add_slot("after", Rank::supply, [&] { seen.push_back("after"); });
    agenda.set(end, Time(10));
    agenda.set(after, Time(10, 1e-6));
    agenda.run_until(1000);
    CHECK(agenda.finished());
    CHECK(seen.empty());
}

// ---- time
// -----------------------------------------------------------------------------------------

constexpr std::int64_t kYearNs = 365LL * 86'400 * 1'000'000'000;

TEST_CASE("100 us are the same duration, bit by bit, at the start and after a year") {
    const Time early(0), late(kYearNs);
    for (const double s : {100e-6, 1e-6 / 3.0, 12.345e-9, 0.1, 7.0 / 11.0}) {
        CAPTURE(s);
        CHECK(late.plus(s).since(late) == early.plus(s).since(early));
        CHECK(late.plus(s).fraction() == early.plus(s).fraction());
    }
    CHECK(late.plus(100e-6).since(late) == 100e-6);
    CHECK(late.plus(100e-6).text() == "31536000.0001");
    CHECK(late.seconds() + 100e-6 - late.seconds() != 100e-6);  // what a double of seconds would do
}

TEST_CASE("ten million steps of 100 us end exactly at 1000 s") {
    Time t;
    for (int i = 0; i < 10'000'000; ++i) {
        t = t.plus(100e-6);
    }
    CHECK(t == Time(1'000'000'000'000));
}

TEST_CASE("a fraction never reaches one, and times compare by both parts") {
    const unsigned seed = 7;
    INFO("seed " << seed);
    std::mt19937_64 engine(seed);
    Time t(kYearNs);
    for (int i = 0; i < 100'000; ++i) {
        const double step = std::ldexp(static_cast<double>(engine() >> 11), -53) * 1e-7;
        const Time next = t.plus(step);
        REQUIRE(next.fraction() >= 0.0);
        REQUIRE(next.fraction() < 1.0);
        REQUIRE(next >= t);
        REQUIRE(next.ceil_ns() >= next.ns());
        REQUIRE(std::fabs(next.since(t) - step) <= 1e-15 + 1e-24);  // snaps to whole ns within 1 fs
        t = next;
    }
}

TEST_CASE("a 100 us phase costs the same energy bits in the first second and after a year") {
    const auto series = std::make_shared<Series>();
    series->quantity = Quantity::power_w;
    series->bound_ns = {0, kYearNs / 80, kYearNs / 40};
    series->value = {1e-3, 0.2e-3};
    const Supply supply(shape(SupplyTag::power), series, 0, 1.0, AtEnd::loop);
    for (const StoreUnderTest& candidate : stores_under_test()) {
        INFO(candidate.name);
        std::vector<WalkResult> results;
        std::vector<double> stored_j;
        for (const Time start : {Time(0), Time(kYearNs)}) {
            // Full all the year: both phases begin at 3 V.
            const auto store = candidate.make(capacitor(100e-6, 3.0, 3.0));
            store->reset(supply);
            if (start > Time(0)) {
                static_cast<void>(store->walk(nothing(), {kNoWatch, kNoWatch}, start));
            }
            REQUIRE(store->inner_v() == 3.0);
            results.push_back(store->walk(load({phase({0.0, 2e-3, 0.0}, 100e-6)}), {1.8, kNoWatch},
                                          start.plus(1.0)));
            stored_j.push_back(store->stored_j());
            CHECK(results.back().stop == Stop::load_done);
            CHECK(results.back().at.since(start) == 100e-6);
        }
        CHECK(results[0].done == results[1].done);
        CHECK(results[0].done[Sink::compute] == Approx(2e-3 * 3.0 * 100e-6).epsilon(1e-3));
        CHECK(stored_j[0] == stored_j[1]);
    }
}

}  // namespace
