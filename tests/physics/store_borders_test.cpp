// SPDX-License-Identifier: Apache-2.0
// Where a store leaves 0 V, its clip or a diode's edge under straight-line supplies: does it move
// when it should, and does what it takes follow the equations?
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>

namespace {

using namespace ebb;
using namespace ebb::test;

template <class Check>
void each_store(const Check& check) {
    for (const StoreUnderTest& candidate : stores_under_test()) {
        INFO("store: " << candidate.name);
        check(candidate);
    }
}

Approx near(double value, double relative = 1e-11) {
    return Approx(value).epsilon(relative).margin(0);
}

/// One straight line of samples from `first` to `last` over `length_s`.
Supply line(const SupplyShape& shape, Quantity quantity, double first, double last,
            double length_s) {
    auto series = std::make_shared<Series>();
    series->quantity = quantity;
    series->interpolation = Interpolation::linear;
    series->bound_ns = {0, static_cast<std::int64_t>(std::llround(length_s * 1e9))};
    series->value = {first, last};
    return Supply(shape, series, 0, 1.0, AtEnd::stop);
}

}  // namespace

TEST_CASE("a power that sets in as a straight line fills an empty store behind a resistance") {
    // y I = k t, y = Vc + r I. In s = sqrt(t) the current is smooth: classic Runge-Kutta, 40000
    // steps, of C dVc/ds = 2 s I.
    constexpr double kCap = 1e-4, kOhm = 0.5, kSlope = 0.2, kEnd = 0.02;
    const auto current = [](double s, double vc) {
        const double y = 0.5 * (vc + std::sqrt(vc * vc + 4.0 * kOhm * kSlope * s * s));
        return y > 0.0 ? kSlope * s * s / y : 0.0;
    };
    const auto slope = [&](double s, double vc) { return 2.0 * s * current(s, vc) / kCap; };
    constexpr int kSteps = 40000;
    const double h = std::sqrt(kEnd) / kSteps;
    double vc = 0.0;
    for (int i = 0; i < kSteps; ++i) {
        const double s = h * i;
        const double k1 = slope(s, vc);
        const double k2 = slope(s + 0.5 * h, vc + 0.5 * h * k1);
        const double k3 = slope(s + 0.5 * h, vc + 0.5 * h * k2);
        const double k4 = slope(s + h, vc + h * k3);
        vc += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    }
    each_store([&](const StoreUnderTest& candidate) {
        CapacitorParams params = capacitor(kCap, 0.0);
        params.esr_ohm = kOhm;
        auto store = candidate.make(params);
        const Supply supply =
            line(shape(SupplyTag::power), Quantity::power_w, 0.0, kSlope * kEnd, kEnd);
        store->reset(supply);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(kEnd));
        REQUIRE(store->inner_v() == near(vc));
        REQUIRE(store->ledger().offered() == near(0.5 * kSlope * kEnd * kEnd));
        REQUIRE(ledger_closes(*store, 0.0));
    });
}

TEST_CASE("a power that sets in as a straight line outweighs a leak that an empty store has") {
    each_store([](const StoreUnderTest& candidate) {
        for (const double leak_a : {0.0, 1e-7, 1e-4}) {
            for (const int exponent : {1, 2}) {
                INFO("leak " << leak_a << " A, exponent " << exponent);
                CapacitorParams params = capacitor(15e-6, 0.0);
                params.leakage.current_a = leak_a;
                auto store = candidate.make(params);
                SupplyShape source = shape(SupplyTag::power);
                source.exponent = exponent;
                source.factor = exponent == 2 ? 1e3 : 1.0;
                const Supply supply = line(source, Quantity::power_w, 0.0, 1e-3, 10e-3);
                store->reset(supply);
                store->walk(nothing(), {kNoWatch, kNoWatch}, at(10e-3));
                const double offered = 1e-3 * 10e-3 / (exponent + 1);
                REQUIRE(store->ledger().offered() == near(offered, 1e-8));  // from 1 uV on
                REQUIRE(ledger_closes(*store, 0.0));
                if (leak_a == 0.0) {
                    REQUIRE(store->inner_v() == near(std::sqrt(2.0 * offered / 15e-6)));
                } else {
                    REQUIRE(store->ledger().sink(Sink::leakage) > 0.0);
                    REQUIRE(store->inner_v() > 0.0);
                }
            }
        }
    });
}

TEST_CASE("a source behind a diode fills an empty store from where its line passes the drop") {
    // From t0 = 3 ms on: V' = (k (t - t0) - V)/(R C).
    constexpr double kTau = 1e3 * 10e-6, kSlope = 100.0, kSpan = 7e-3;
    each_store([](const StoreUnderTest& candidate) {
        auto store = candidate.make(capacitor(10e-6, 0.0));
        SupplyShape source = shape(SupplyTag::thevenin);
        source.resistance_ohm = 1e3;
        source.drop_v = 0.3;
        source.diode = true;
        const Supply supply = line(source, Quantity::voltage_v, 0.0, 1.0, 10e-3);
        store->reset(supply);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(3e-3));
        REQUIRE(store->inner_v() == 0.0);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(10e-3));
        REQUIRE(store->inner_v() ==
                near(kSlope * (kSpan - kTau * (1.0 - std::exp(-kSpan / kTau))), 1e-10));
        REQUIRE(ledger_closes(*store, 0.0));
    });
}

TEST_CASE("a falling line leaves the clip when it no longer feeds load and leak") {
    // 2 mW falling to 0 over 20 ms; leak and load take 1 mW at 3 V: even at 10 ms.
    each_store([](const StoreUnderTest& candidate) {
        CapacitorParams params = capacitor(100e-6, 3.0, 3.0);
        params.leakage.resistance_ohm = 18e3;  // 0.5 mW at 3 V
        auto store = candidate.make(params);
        const Supply supply = line(shape(SupplyTag::power), Quantity::power_w, 2e-3, 0.0, 20e-3);
        store->reset(supply);
        const Load l = load({phase({0.5e-3, 0.0, 0.0})});
        const WalkResult held = store->walk(l, {1.0, kNoWatch}, at(10e-3));
        REQUIRE(store->inner_v() == 3.0);
        REQUIRE(store->ledger().clipped() == near(0.5 * 1e-3 * 10e-3));
        const WalkResult r = store->walk(l, {1.0, kNoWatch}, at(20e-3));
        // With u = V^2: u' = 2/C (p(t) - P - u/R), p - P - 9/R = -0.1 s, s = t - 10 ms.
        const double g = 2.0 / (100e-6 * 18e3);
        const double s = 10e-3;
        const double drop = 2.0 / 100e-6 * 0.1 * (s - (1.0 - std::exp(-g * s)) / g) / g;
        REQUIRE(store->inner_v() == near(std::sqrt(9.0 - drop)));
        REQUIRE(ledger_closes(*store, sum_of(held.tail) + sum_of(r.tail)));
    });
}

TEST_CASE("a clip behind a resistance of milliohms holds while the inside closes in") {
    // r C = 0.1 us. An ulp of Vc is 0.1 pA here: followed in Vc, the steps would drown in it.
    each_store([](const StoreUnderTest& candidate) {
        CapacitorParams params = capacitor(20e-6, 2.999, 3.0);
        params.esr_ohm = 5e-3;
        auto store = candidate.make(params);
        const Supply supply = line(shape(SupplyTag::power), Quantity::power_w, 5.0, 6.0, 1e-6);
        store->reset(supply);
        store->walk(nothing(), {1.0, kNoWatch}, at(1e-6));
        // Clipped from the start: 5 W into 2.999 V would lift the terminal by 8 mV.
        REQUIRE(3.0 - store->inner_v() == near(1e-3 * std::exp(-10.0), 3e-8));
        REQUIRE(ledger_closes(*store, 0.0));
    });
}

TEST_CASE("an empty store is left even if the power outweighs its leak sooner than time can tell") {
    // 1 fA against a line of 1 kW/s: even after 1e-24 s, where the clock has not moved.
    each_store([](const StoreUnderTest& candidate) {
        CapacitorParams params = capacitor(10e-6, 0.0);
        params.leakage.current_a = 1e-15;
        auto store = candidate.make(params);
        const Supply supply = line(shape(SupplyTag::power), Quantity::power_w, 0.0, 1.0, 1e-3);
        store->reset(supply);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(1e-3));
        REQUIRE(store->inner_v() == near(std::sqrt(2.0 * 0.5e-3 / 10e-6)));
        REQUIRE(ledger_closes(*store, 0.0));
    });
}
