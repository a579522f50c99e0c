// SPDX-License-Identifier: Apache-2.0
#include "sim/result/timeline.hpp"
#include "tests/results/toy_run.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <set>

using namespace ebb;
using namespace ebb_test;

namespace {

struct Range {
    double least = 1e300, greatest = -1e300;
    void add(double x) {
        least = std::min(least, x);
        greatest = std::max(greatest, x);
    }
    bool operator==(const Range& o) const { return least == o.least && greatest == o.greatest; }
};

struct Extremes {
    Range v, harvest, load;
    void add(const TimelineRow& row) {
        v.add(row.v_store_v);
        harvest.add(row.harvest_w);
        load.add(row.load_w);
    }
    bool operator==(const Extremes& o) const {
        return v == o.v && harvest == o.harvest && load == o.load;
    }
};

Extremes extremes_of(const std::vector<TimelineRow>& rows) {
    Extremes e;
    for (const TimelineRow& row : rows) {
        e.add(row);
    }
    return e;
}

}  // namespace

TEST_CASE("a short run keeps every point") {
    Timeline timeline;
    for (int i = 0; i < 1000; ++i) {
        timeline.add(Time(i), 0.001 * i, 0.0, 0.0, DeviceState::off);
    }
    CHECK(timeline.rows(4096).size() == 1000);
}

TEST_CASE("thinning loses neither an extreme nor the first and the last point") {
    const auto seed = GENERATE(1U, 2U, 3U, 4U);
    const auto most = GENERATE(std::size_t{64}, std::size_t{500}, std::size_t{4000});
    CAPTURE(seed, most);
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> value(0.0, 1.0);
    // Steps from 1 ns to about a second: the width of the buckets doubles many times.
    std::uniform_real_distribution<double> exponent(0.0, 9.0);
    Timeline timeline;
    Extremes all;
    std::int64_t ns = 0;
    TimelineRow row;
    for (int i = 0; i < 60'000; ++i) {
        row = {Time(ns), value(random), value(random), value(random), 0, DeviceState::active};
        timeline.add(row.t, row.v_store_v, row.harvest_w, row.load_w, row.state);
        all.add(row);
        ns += static_cast<std::int64_t>(std::pow(10.0, exponent(random)));
    }
    const std::vector<TimelineRow> rows = timeline.rows(most);
    CHECK(rows.size() <= most);
    CHECK(rows.size() >= most / 20);
    CHECK(extremes_of(rows) == all);
    CHECK(rows.front().t == Time(0));
    CHECK(rows.back().t == row.t);
    CHECK(std::is_sorted(rows.begin(), rows.end(),
                         [](const auto& a, const auto& b) { return a.t < b.t; }));
}

TEST_CASE("each tenth of a thinned run still shows its own extremes") {
    std::mt19937_64 random(7);
    std::normal_distribution<double> step(0.0, 0.01);
    Timeline timeline;
    std::vector<Range> full(10), thin(10);
    double v = 2.0;
    constexpr int kPoints = 200'000;
    for (int i = 0; i < kPoints; ++i) {
        v = std::clamp(v + step(random), 0.0, 5.0);
        timeline.add(Time(1000LL * i), v, 0.0, 0.0, DeviceState::off);
        full[static_cast<std::size_t>(i / (kPoints / 10))].add(v);
    }
    for (const TimelineRow& row : timeline.rows(3000)) {
        thin[static_cast<std::size_t>(row.t.ns() / (1000LL * (kPoints / 10)))].add(row.v_store_v);
    }
    for (std::size_t i = 0; i < full.size(); ++i) {
        CAPTURE(i);
        // A bucket lies across a border of two tenths at most: extremes of the inside are all
        // there.
        CHECK(thin[i].least == Approx(full[i].least).margin(0.02));
        CHECK(thin[i].greatest == Approx(full[i].greatest).margin(0.02));
    }
}

TEST_CASE("changes of state are kept one by one while they are few") {
    Timeline timeline;
    std::vector<std::int64_t> changes;
    for (int i = 0; i < 100'000; ++i) {
        const TimelineRow row{
            Time(i), 2.0, 0.0, 0.0, 0, (i / 100) % 2 == 0 ? DeviceState::off : DeviceState::active};
        if (i % 100 == 0) {
            timeline.add_change(row.t, 2.0, 0.0, 0.0, row.state);
            changes.push_back(i);
        } else {
            timeline.add(row.t, row.v_store_v, row.harvest_w, row.load_w, row.state);
        }
    }
    const std::vector<TimelineRow> rows = timeline.rows(6000);
    for (const std::int64_t ns : changes) {
        CAPTURE(ns);
        REQUIRE(std::any_of(rows.begin(), rows.end(),
                            [&](const TimelineRow& row) { return row.t == Time(ns); }));
    }
}

TEST_CASE("of very many changes of state every state stays visible in every part of the run") {
    Timeline timeline;
    constexpr int kChanges = 300'000;
    for (int i = 0; i < kChanges; ++i) {
        timeline.add_change(Time(10LL * i), 2.0 + 0.1 * (i % 3), 0.0, 0.0,
                            static_cast<DeviceState>(i % 6));
    }
    const std::vector<TimelineRow> rows = timeline.rows(2000);
    CHECK(rows.size() <= 2000);
    for (int part = 0; part < 20; ++part) {
        std::set<DeviceState> states;
        for (const TimelineRow& row : rows) {
            if (row.t.ns() * 20 / (10LL * kChanges) == part) {
                states.insert(row.state);
            }
        }
        CAPTURE(part);
        CHECK(states.size() == kDeviceStates);
    }
}

TEST_CASE("a year of points is thinned like a second of them") {
    Timeline timeline;
    constexpr std::int64_t kYearNs = 31'536'000'000'000'000;
    for (std::int64_t i = 0; i <= 20'000; ++i) {
        timeline.add(Time(i * (kYearNs / 20'000)), static_cast<double>(i % 977), 0.0, 0.0,
                     DeviceState::sleep);
    }
    const auto rows = timeline.rows(3000);
    CHECK(rows.size() > 500);
    CHECK(extremes_of(rows).v.greatest == 976.0);
    CHECK(rows.back().t.ns() == kYearNs / 20'000 * 20'000);
}
