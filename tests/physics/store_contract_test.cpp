// SPDX-License-Identifier: Apache-2.0
// What every capacitor store promises (energy_store.hpp), against closed forms worked out by hand.
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace {

using namespace ebb;
using namespace ebb::test;

template <class Check>
void each_store(const Check& check) {
    Catch::StringMaker<double>::precision = 17;
    for (const StoreUnderTest& candidate : stores_under_test()) {
        INFO("store: " << candidate.name);
        check(candidate);
    }
}

Approx near(double value, double relative = 1e-12) {
    return Approx(value).epsilon(relative).margin(0);
}

}  // namespace

TEST_CASE("a charge by constant power takes C (V1^2 - V0^2)/(2 P)") {
    each_store([](const StoreUnderTest& s) {
        auto store = s.make(capacitor(100e-6, 1.8));
        const Supply supply = Supply::constant(shape(SupplyTag::power), 1e-3);
        store->reset(supply);
        const WalkResult r = store->walk(nothing(), {kNoWatch, 3.0}, at(10.0));
        REQUIRE(r.stop == Stop::rising);
        REQUIRE(r.at.seconds() == near(100e-6 * (9.0 - 3.24) / 2e-3));
        REQUIRE(store->now() == r.at);
        REQUIRE(store->inner_v() == 3.0);
        REQUIRE(store->ledger().harvested() == near(100e-6 * (9.0 - 3.24) / 2));
        REQUIRE(ledger_closes(*store, 0.0));
    });
}

TEST_CASE("circuit A turns on and off at the times of its published truth") {
    // 1.5 mW into 100 uF with 1 Mohm across it; 1 mA connects at 3.0 V and disconnects at 1.8 V.
    const double turns[] = {0.192786808, 0.551587824, 0.744374632, 1.103175648, 1.295962456};
    each_store([&](const StoreUnderTest& s) {
        CapacitorParams params = capacitor(100e-6, 1.8, 6.0);
        params.leakage.resistance_ohm = 1e6;
        auto store = s.make(params);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 1.5e-3);
        store->reset(supply);
        double drawn = 0.0;
        bool on = false;
        for (const double turn : turns) {
            const Load l = on ? load({phase({0.0, 1e-3, 0.0})}) : nothing();
            const WalkResult r =
                store->walk(l, on ? Watches{1.8, kNoWatch} : Watches{kNoWatch, 3.0}, at(10.0));
            REQUIRE(r.stop == (on ? Stop::falling : Stop::rising));
            REQUIRE(std::fabs(r.at.seconds() - turn) <= 0.6e-9);
            drawn += sum_of(r.tail);
            on = !on;
        }
        REQUIRE(ledger_closes(*store, drawn));
    });
}

TEST_CASE("a full capacitor clips what it cannot hold") {
    each_store([](const StoreUnderTest& s) {
        auto store = s.make(capacitor(100e-6, 2.9, 3.0));
        const Supply supply = Supply::constant(shape(SupplyTag::power), 1e-3);
        store->reset(supply);
        const WalkResult r = store->walk(nothing(), {1.0, 3.5}, at(0.1));
        REQUIRE(r.stop == Stop::until);
        REQUIRE(r.at == at(0.1));
        REQUIRE(store->inner_v() == 3.0);
        const double held = 100e-6 * (9.0 - 8.41) / 2;
        REQUIRE(store->ledger().harvested() == near(held, 1e-11));
        REQUIRE(store->ledger().clipped() == near(1e-3 * 0.1 - held));
        REQUIRE(store->ledger().offered() == near(1e-4));
        // A load lifts the clip without delay.
        const WalkResult drain = store->walk(load({phase({2e-3, 0.0, 0.0})}), {2.9, 3.5}, at(1.0));
        REQUIRE(drain.stop == Stop::falling);
        REQUIRE(drain.at.since(r.at) == near(held / 1e-3));
        REQUIRE(ledger_closes(*store, sum_of(drain.tail)));
    });
}

TEST_CASE("a clip behind a series resistance holds the terminal while the inside follows") {
    each_store([](const StoreUnderTest& s) {
        CapacitorParams params = capacitor(1e-3, 2.8, 3.0);
        params.esr_ohm = 10.0;
        auto store = s.make(params);
        const Supply supply = Supply::constant(shape(SupplyTag::current), 10e-3);
        store->reset(supply);
        REQUIRE(store->terminal_v({}) == near(2.9));
        const double reach = 1e-3 * 0.1 / 10e-3;  // Vc = 2.9 V: terminal 3.0 V
        const WalkResult r = store->walk(nothing(), {1.0, 3.5}, at(reach + 0.02));
        REQUIRE(r.stop == Stop::until);
        REQUIRE(store->inner_v() == near(3.0 - 0.1 * std::exp(-2.0)));
        REQUIRE(store->terminal_v({}) == 3.0);
        const double into = 3.0 * 1e-3 * 0.1 * (1.0 - std::exp(-2.0));  // terminal V times charge
        REQUIRE(store->ledger().clipped() == near(3.0 * 10e-3 * 0.02 - into, 1e-11));
        REQUIRE(ledger_closes(*store, 0.0));
    });
}

TEST_CASE("an empty capacitor stays at 0 V until the supply outweighs what drains it") {
    each_store([](const StoreUnderTest& s) {
        CapacitorParams params = capacitor(10e-6, 1.0);
        params.leakage.current_a = 1e-6;
        auto store = s.make(params);
        auto series = std::make_shared<Series>();
        series->quantity = Quantity::current_a;
        series->bound_ns = {0, 20'000'000'000, 30'000'000'000};
        series->value = {0.0, 3e-6};
        const Supply supply(shape(SupplyTag::current), series, 0, 1.0, AtEnd::stop);
        store->reset(supply);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(15.0));  // empty after 10 s
        REQUIRE(store->inner_v() == 0.0);
        REQUIRE(store->ledger().sink(Sink::leakage) == near(0.5 * 10e-6));
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(20.0));
        REQUIRE(store->ledger().sink(Sink::leakage) == near(0.5 * 10e-6));
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(25.0));
        REQUIRE(store->inner_v() == near(5.0 * 2e-6 / 10e-6));
        REQUIRE(ledger_closes(*store, 0.0));
    });
}

TEST_CASE("a load through a series resistance lowers the terminal at once") {
    each_store([](const StoreUnderTest& s) {
        CapacitorParams params = capacitor(10e-3, 3.0);
        params.esr_ohm = 5.0;
        auto store = s.make(params);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
        store->reset(supply);
        const Load l = load({phase({0.0, 30e-3, 0.0})});
        REQUIRE(store->terminal_v(l.phases[0].regulated) == near(2.85));
        const WalkResult met = store->walk(l, {2.86, kNoWatch}, at(1.0));
        REQUIRE(met.stop == Stop::falling);
        REQUIRE(met.at == Time());
        REQUIRE(store->inner_v() == 3.0);
        const WalkResult r = store->walk(l, {2.35, kNoWatch}, at(10.0));
        REQUIRE(r.stop == Stop::falling);
        REQUIRE(r.at.seconds() == near(10e-3 * 0.5 / 30e-3));
        REQUIRE(store->inner_v() == near(2.5));
        REQUIRE(store->ledger().sink(Sink::esr_loss) == near(5.0 * 30e-3 * 30e-3 * r.at.seconds()));
        REQUIRE(ledger_closes(*store, sum_of(r.tail)));
    });
}

TEST_CASE("a jump at the border of two phases is seen there, not only where the terminal glides") {
    each_store([](const StoreUnderTest& s) {
        CapacitorParams params = capacitor(10e-3, 3.0);
        params.esr_ohm = 5.0;
        auto store = s.make(params);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
        store->reset(supply);
        const Load l = load({phase({0.0, 1e-3, 0.0}, 0.1), phase({0.0, 100e-3, 0.0}, 1e-3)}, 3);
        const WalkResult r = store->walk(l, {2.6, kNoWatch}, at(10.0));
        REQUIRE(r.stop == Stop::falling);
        REQUIRE(r.at == at(0.1));
        REQUIRE(r.position.unit == 0);
        REQUIRE(r.position.phase == 1);
        REQUIRE(r.position.elapsed_s == 0.0);
    });
}

TEST_CASE("a constant power through a series resistance browns out where its closed form says") {
    each_store([](const StoreUnderTest& s) {
        const double r = 5.0;
        const double p = 0.05;
        const double y0 = 3.2;
        const double y1 = 1.8;
        CapacitorParams params = capacitor(10e-3, y0 + r * p / y0);
        params.esr_ohm = r;
        auto store = s.make(params);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
        store->reset(supply);
        const WalkResult w = store->walk(load({phase({p, 0.0, 0.0})}), {y1, kNoWatch}, at(10.0));
        REQUIRE(w.stop == Stop::falling);
        const double want = 10e-3 * (y0 * y0 - y1 * y1) / (2.0 * p) + r * 10e-3 * std::log(y1 / y0);
        REQUIRE(w.at.seconds() == near(want));
        REQUIRE(store->inner_v() == near(y1 + r * p / y1));
        REQUIRE(ledger_closes(*store, sum_of(w.tail)));
    });
}

TEST_CASE("a power that the series resistance cannot carry collapses the terminal") {
    each_store([](const StoreUnderTest& s) {
        CapacitorParams params = capacitor(10e-3, 3.0);
        params.esr_ohm = 50.0;
        auto store = s.make(params);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
        store->reset(supply);
        // Vc^2 = 4 r P at 2 V; the watch at 0.5 V lies below the collapse at y = 1 V.
        const double r = 50.0;
        const double p = 0.02;
        const WalkResult w = store->walk(load({phase({p, 0.0, 0.0})}), {0.5, kNoWatch}, at(10.0));
        REQUIRE(w.stop == Stop::falling);
        REQUIRE(store->inner_v() == near(2.0, 1e-9));
        const double y0 = 0.5 * (3.0 + std::sqrt(9.0 - 4.0 * r * p));
        const double want = 10e-3 * (y0 * y0 - 1.0) / (2.0 * p) + r * 10e-3 * std::log(1.0 / y0);
        REQUIRE(w.at.seconds() == near(want, 1e-9));
    });
}

TEST_CASE("a diode conducts below its source and blocks above it") {
    each_store([](const StoreUnderTest& s) {
        auto store = s.make(capacitor(100e-6, 3.0));
        SupplyShape source = shape(SupplyTag::thevenin);
        source.resistance_ohm = 1e3;
        source.drop_v = 0.3;
        source.diode = true;
        const Supply supply = Supply::constant(source, 3.0);
        store->reset(supply);
        const Load l = load({phase({0.0, 1e-3, 0.0})});
        // 0.3 V at 1 mA without the source, then V' = (2.7 - V)/(R C) - I/C, towards 1.7 V.
        const WalkResult r = store->walk(l, {2.0, kNoWatch}, at(10.0));
        REQUIRE(r.stop == Stop::falling);
        REQUIRE(r.at.seconds() == near(0.03 + 0.1 * std::log(1.0 / 0.3)));
        const double spent = r.at.seconds();
        const double charge = 1e-3 * spent - 100e-6 * 1.0;  // the source's, from the balance
        REQUIRE(store->ledger().converter_loss() == near(0.3 * charge));
        REQUIRE(ledger_closes(*store, sum_of(r.tail)));
        // Unloaded it comes back towards 2.7 V, and never beyond.
        const WalkResult back = store->walk(nothing(), {kNoWatch, 2.7 + 1e-9}, at(100.0));
        REQUIRE(back.stop == Stop::until);
        REQUIRE(store->inner_v() == near(2.7));
        REQUIRE(ledger_closes(*store, sum_of(r.tail)));
    });
}

TEST_CASE("a source without a diode takes current back") {
    each_store([](const StoreUnderTest& s) {
        auto store = s.make(capacitor(100e-6, 3.0));
        SupplyShape source = shape(SupplyTag::thevenin);
        source.resistance_ohm = 1e3;
        const Supply supply = Supply::constant(source, 1.0);
        store->reset(supply);
        const WalkResult r = store->walk(nothing(), {2.0, kNoWatch}, at(10.0));
        REQUIRE(r.at.seconds() == near(0.1 * std::log(2.0)));
        REQUIRE(store->ledger().harvested() == near(-0.5 * 100e-6 * 5.0));
        REQUIRE(ledger_closes(*store, 0.0));
    });
}

TEST_CASE("below the drop-out voltage a phase draws its other terms") {
    each_store([](const StoreUnderTest& s) {
        auto store = s.make(capacitor(100e-6, 3.0));
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
        store->reset(supply);
        Load l = load({phase({0.0, 1e-3, 0.0})});
        l.drop_out_below_v = 2.2;
        l.phases[0].drop_out = draw({0.0, 0.0, 1e-3 / 2.2}, Sink::idle);  // same current at 2.2 V
        const WalkResult r = store->walk(l, {1.8, kNoWatch}, at(10.0));
        REQUIRE(r.stop == Stop::falling);
        REQUIRE(r.at.seconds() == near(0.08 + 0.22 * std::log(2.2 / 1.8)));
        REQUIRE(r.tail[Sink::compute] == near(0.5 * 100e-6 * (9.0 - 4.84)));
        REQUIRE(r.tail[Sink::idle] == near(0.5 * 100e-6 * (4.84 - 3.24)));
    });
}

TEST_CASE("a constant power behind a regulator's drop-out costs P V/(V - drop)") {
    each_store([](const StoreUnderTest& s) {
        auto store = s.make(capacitor(100e-6, 3.0));
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
        store->reset(supply);
        LoadPhase p;
        p.regulated.add({Sink::compute, {}, {1e-3, -0.2}});
        p.drop_out = p.regulated;
        const WalkResult r = store->walk(load({p}), {1.8, kNoWatch}, at(10.0));
        // C (V - d) dV = -P dt.
        const double want = 100e-6 * (0.5 * (9.0 - 3.24) - 0.2 * 1.2) / 1e-3;
        REQUIRE(r.stop == Stop::falling);
        REQUIRE(r.at.seconds() == near(want));
        REQUIRE(sum_of(r.tail) == near(0.5 * 100e-6 * (9.0 - 3.24)));
    });
}

TEST_CASE("a constant power through a diode gives the store x V/(V + drop)") {
    each_store([](const StoreUnderTest& s) {
        auto store = s.make(capacitor(100e-6, 0.0));
        SupplyShape source = shape(SupplyTag::diode_power);
        source.drop_v = 0.3;
        const Supply supply = Supply::constant(source, 1e-3);
        store->reset(supply);
        const WalkResult r = store->walk(nothing(), {kNoWatch, 2.0}, at(10.0));
        REQUIRE(r.stop == Stop::rising);
        REQUIRE(r.at.seconds() == near(100e-6 * (2.0 + 0.3 * 2.0) / 1e-3));
        REQUIRE(store->ledger().offered() == near(1e-3 * r.at.seconds()));
        REQUIRE(store->ledger().converter_loss() == near(0.3 * 100e-6 * 2.0));
        REQUIRE(ledger_closes(*store, 0.0));
    });
}

TEST_CASE("a converter's efficiency and a current's diode are booked as converter loss") {
    each_store([](const StoreUnderTest& s) {
        auto store = s.make(capacitor(100e-6, 2.0));
        SupplyShape boost = shape(SupplyTag::power);
        boost.efficiency = 0.8;
        boost.factor = 0.8;
        const Supply power = Supply::constant(boost, 1e-3);
        store->reset(power);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(0.1));
        REQUIRE(store->ledger().harvested() == near(0.8e-4));
        REQUIRE(store->ledger().offered() == near(1e-4));
        SupplyShape diode = shape(SupplyTag::current);
        diode.drop_v = 0.25;
        const Supply current = Supply::constant(diode, 1e-3);
        store->reset(current);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(0.1));
        REQUIRE(store->inner_v() == near(3.0));
        REQUIRE(store->ledger().harvested() == near(1e-3 * 0.1 * 2.5));
        REQUIRE(store->ledger().converter_loss() == near(1e-3 * 0.1 * 0.25));
        REQUIRE(ledger_closes(*store, 0.0));
    });
}
