// SPDX-License-Identifier: Apache-2.0
// What a timeline is drawn from: few points, and straight lines between them that are the curve.
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace {

using namespace ebb;
using namespace ebb::test;

struct Points : PathObserver {
    std::vector<double> t, v, harvest_w, load_w;
    void point(Time at, double terminal_v, double harvested, double drawn) override {
        t.push_back(at.seconds());
        v.push_back(terminal_v);
        harvest_w.push_back(harvested);
        load_w.push_back(drawn);
    }
    /// The straight line between the points around a time.
    [[nodiscard]] double line_at(double when) const {
        const auto after = std::lower_bound(t.begin(), t.end(), when) - t.begin();
        const auto i = static_cast<std::size_t>(after);
        REQUIRE(i < t.size());
        if (i == 0 || t[i] == t[i - 1]) {
            return v[i];
        }
        return v[i - 1] + (v[i] - v[i - 1]) * (when - t[i - 1]) / (t[i] - t[i - 1]);
    }
};

/// One stretch: what feeds the store, what draws from it, for how long.
struct Stretch {
    std::string name;
    CapacitorParams store;
    Supply supply;
    Terms drawn;
    double seconds = 0.0;
};

Supply thevenin(double volts, double ohm) {
    SupplyShape s = shape(SupplyTag::thevenin);
    s.resistance_ohm = ohm;
    return Supply::constant(s, volts);
}

Supply power(double watts) { return Supply::constant(shape(SupplyTag::power), watts); }

Supply ramp(double from_w, double to_w, double seconds) {
    auto series = std::make_shared<Series>();
    series->quantity = Quantity::power_w;
    series->interpolation = Interpolation::linear;
    series->bound_ns = {0, Time::from_seconds(seconds).ns()};
    series->value = {from_w, to_w};
    return Supply(shape(SupplyTag::power), series, 0, 1.0, AtEnd::hold);
}

CapacitorParams with_esr(double capacitance_f, double initial_v, double esr_ohm) {
    CapacitorParams p = capacitor(capacitance_f, initial_v);
    p.esr_ohm = esr_ohm;
    return p;
}

std::vector<Stretch> stretches() {
    return {
        {"exponential charge", capacitor(100e-6, 0.0), thevenin(3.3, 1e4), {}, 5.0},
        {"a thousand time constants", capacitor(100e-6, 0.0), thevenin(3.3, 1e4), {}, 1000.0},
        {"constant power from empty", capacitor(100e-6, 0.0), power(1e-3), {}, 2.0},
        {"exponential discharge", capacitor(100e-6, 5.0), power(0.0), {0.0, 0.0, 1e-4}, 8.0},
        {"constant power down", capacitor(100e-6, 5.0), power(0.0), {1e-3, 0.0, 0.0}, 1.2},
        {"power and current down", capacitor(1e-3, 5.0), power(1e-4), {1e-3, 5e-4, 1e-5}, 6.0},
        {"a straight line", capacitor(1e-3, 5.0), power(0.0), {0.0, 1e-3, 0.0}, 4.0},
        {"power through a series resistance",
         with_esr(1e-3, 4.0, 30.0),
         power(0.0),
         {5e-3, 0.0, 0.0},
         1.2},
        {"source and series resistance",
         with_esr(1e-3, 0.0, 50.0),
         thevenin(4.0, 200.0),
         {0.0, 1e-4, 0.0},
         3.0},
        {"a trace that falls in a line and is overtaken",
         capacitor(100e-6, 1.0),
         ramp(2e-3, 0.0, 2.0),
         {1e-3, 0.0, 0.0},
         2.0},
    };
}

/// What happens in the stretch up to `seconds`, and the terminal voltage then.
double follow(EnergyStore& store, const Stretch& s, double seconds, PathObserver* observer) {
    store.reset(s.supply);
    store.observe(observer);
    const Load one = load({phase(s.drawn)});
    const WalkResult r = store.walk(one, {0.5, kNoWatch}, at(seconds));
    REQUIRE((r.stop == Stop::until || r.stop == Stop::falling));
    return store.terminal_v(one.phases[0].regulated);
}

}  // namespace

TEST_CASE("lines between the points of a long stretch are its curve to 1 % of the swing") {
    for (Stretch& s : stretches()) {
        INFO(s.name);
        if (s.store.initial_v < 1.0) {
            s.drawn = Terms{};  // an empty store would be below the watch for nothing
        }
        CapacitorStore store(s.store);
        Points points;
        store.reset(s.supply);
        store.observe(&points);
        const Load one = load({phase(s.drawn)});
        points.point(Time(), store.terminal_v(one.phases[0].regulated), 0.0, 0.0);  // as a run does
        store.walk(one, {kNoWatch, kNoWatch}, at(s.seconds));
        REQUIRE(std::is_sorted(points.t.begin(), points.t.end()));
        CHECK(points.t.size() <= 70);
        CHECK(points.t.back() == s.seconds);
        const auto [low, high] = std::minmax_element(points.v.begin(), points.v.end());
        const double swing = *high - *low;
        CHECK(swing > 0.5);
        CapacitorStore witness(s.store);
        double worst = 0.0;
        for (int i = 1; i < 400; ++i) {
            // Half of the times evenly, half of them crowded at the beginning.
            const double share = i % 2 == 0 ? i / 400.0 : std::pow(i / 400.0, 6);
            witness.reset(s.supply);
            witness.walk(one, {kNoWatch, kNoWatch}, at(share * s.seconds));
            const double v = witness.terminal_v(one.phases[0].regulated);
            worst = std::max(worst, std::fabs(v - points.line_at(share * s.seconds)));
        }
        CHECK(worst <= 0.01 * swing);
    }
}

TEST_CASE("a straight stretch has no points inside") {
    CapacitorStore store(capacitor(1e-3, 5.0));
    const Supply none = power(0.0);
    Points points;
    store.reset(none);
    store.observe(&points);
    store.walk(load({phase({0.0, 1e-3, 0.0})}), {kNoWatch, kNoWatch}, at(4.0));
    CHECK(points.t.size() == 1);
}

TEST_CASE("watching changes nothing, to the bit") {
    for (const Stretch& s : stretches()) {
        INFO(s.name);
        CapacitorStore watched(s.store);
        CapacitorStore alone(s.store);
        Points points;
        const double seen = follow(watched, s, s.seconds, &points);
        const double unseen = follow(alone, s, s.seconds, nullptr);
        CHECK(seen == unseen);
        CHECK(watched.now() == alone.now());
        CHECK(watched.stored_j() == alone.stored_j());
        CHECK(watched.ledger().harvested() == alone.ledger().harvested());
        CHECK(watched.segments() == alone.segments());
    }
}

TEST_CASE("both stores show the step of the terminal where a load begins, and its powers") {
    for (const StoreUnderTest& candidate : stores_under_test()) {
        INFO(candidate.name);
        // 1 mA through 100 Ohm: 100 mV.
        const auto store = candidate.make(with_esr(1e-3, 3.0, 100.0));
        const Supply none = power(0.0);
        Points points;
        store->reset(none);
        store->observe(&points);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(1.0));
        store->walk(load({phase({0.0, 1e-3, 0.0})}), {kNoWatch, kNoWatch}, at(2.0));
        const auto after = std::find(points.t.rbegin(), points.t.rend(), 1.0);
        REQUIRE(after != points.t.rend());
        const auto i = static_cast<std::size_t>(points.t.rend() - after - 1);
        CHECK(points.v[i - 1] == Approx(3.0));
        CHECK(points.v[i] == Approx(2.9));
        CHECK(points.load_w[i] == Approx(2.9e-3));
    }
}

TEST_CASE("the terminal is what is shown, also where power goes through a series resistance") {
    // 5 mW through 30 Ohm at 4 V inside: y = 2 + sqrt(4 - 0.15) V.
    CapacitorStore store(with_esr(1e-3, 4.0, 30.0));
    const Supply none = power(0.0);
    Points points;
    store.reset(none);
    store.observe(&points);
    const Load one = load({phase({5e-3, 0.0, 0.0})});
    store.walk(one, {kNoWatch, kNoWatch}, at(0.5));
    REQUIRE(points.v.size() >= 2);
    CHECK(points.v.front() == Approx(2.0 + std::sqrt(4.0 - 0.15)).epsilon(1e-12));
    CHECK(points.v.back() == Approx(store.terminal_v(one.phases[0].regulated)).epsilon(1e-12));
    CHECK(points.load_w.back() == Approx(5e-3));
}
