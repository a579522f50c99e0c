// SPDX-License-Identifier: Apache-2.0
// A decoupling capacitor on the load's side of the store's resistance: is the terminal a state,
// does it follow the closed form and fine independent integrations, and does its account close?
#include "models/core/error.hpp"
#include "models/store/capacitor.hpp"
#include "models/store/supercapacitor.hpp"
#include "tests/physics/stores.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <iostream>
#include <random>

namespace {

using namespace ebb;
using namespace ebb::test;
using Big = boost::multiprecision::cpp_bin_float_50;

Approx near(double value, double relative = 1e-12) {
    return Approx(value).epsilon(relative).margin(0);
}

CapacitorParams decoupled(double initial_v, double max_v = 10.0) {
    CapacitorParams p = capacitor(470e-6, initial_v, max_v);
    p.esr_ohm = 5.0;
    p.decoupling_f = 10e-6;
    return p;
}

std::unique_ptr<EnergyStore> make(const CapacitorParams& p, bool witness) {
    const Capacitor model(p);
    return witness ? model.make_reference() : model.make();
}

/// Terminal after t under a constant current drawn from rest at v0: the charge of both falls, and
/// the inner capacitor lags behind by a decaying exponential. 50 digits.
Big terminal_after(const CapacitorParams& p, double v0, double drawn_a, const Big& t) {
    const Big c = p.capacitance_f, d = *p.decoupling_f, r = p.esr_ohm, i = drawn_a;
    const Big tau = r * c * d / (c + d);
    const Big mean = Big(v0) - i * t / (c + d);
    const Big apart = i * tau / d * (1 - exp(-t / tau));  // inner less terminal
    return mean - c / (c + d) * apart;
}

/// The witness takes thousands of explicit steps within each fast time constant, and rounds in all
/// of them.
bool closes(const EnergyStore& store, double drawn_j, bool witness) {
    const double through = std::max(store.ledger().harvested(), store.initially_stored_j());
    return witness ? std::fabs(imbalance(store, drawn_j)) <= 1e-11 * through
                   : ledger_closes(store, drawn_j);
}

template <class Check>
void each(const Check& check) {
    for (const bool witness : {false, true}) {
        INFO("witness: " << witness);
        check(witness);
    }
}

}  // namespace

TEST_CASE("does the terminal of a decoupled store follow its closed form in 50 digits?") {
    double worst = 0.0;
    each([&](bool witness) {
        for (const double t : {1e-7, 3e-6, 40e-6, 200e-6, 5e-3, 0.15}) {
            const CapacitorParams p = decoupled(3.0);
            auto store = make(p, witness);
            const Supply none = Supply::constant(shape(SupplyTag::power), 0.0);
            store->reset(none);
            const WalkResult r =
                store->walk(load({phase({0.0, 5e-3, 0.0})}), {kNoWatch, kNoWatch}, at(t));
            const double want =
                static_cast<double>(terminal_after(p, 3.0, 5e-3, Big(r.at.seconds())));
            INFO("after " << t << " s");
            worst = std::max(worst, std::fabs(store->terminal_v({}) / want - 1.0));
            CHECK(store->terminal_v({}) == near(want));
            CHECK(ledger_closes(*store, sum_of(r.tail)));
        }
    });
    std::cout << "  decoupled terminal against 50 digits: worst relative error " << worst << "\n";
}

TEST_CASE("does a brown-out behind a decoupling capacitor come at the root of its closed form?") {
    each([](bool witness) {
        const CapacitorParams p = decoupled(3.0);
        auto store = make(p, witness);
        const Supply none = Supply::constant(shape(SupplyTag::power), 0.0);
        store->reset(none);
        // 20 mA through 5 Ohm: 2.95 V lies within the first fall, which the capacitor slows down.
        for (const double below : {2.95, 2.5}) {
            const WalkResult r =
                store->walk(load({phase({0.0, 20e-3, 0.0})}), {below, kNoWatch}, at(1.0));
            REQUIRE(r.stop == Stop::falling);
            Big lo = 0, hi = 1;
            for (int i = 0; i < 160; ++i) {
                const Big middle = (lo + hi) / 2;
                (terminal_after(p, 3.0, 20e-3, middle) > Big(below) ? lo : hi) = middle;
            }
            CHECK(r.at.seconds() == near(static_cast<double>(lo), 1e-10));
        }
    });
}

TEST_CASE("is there no jump of a decoupled terminal at the start and the end of a load?") {
    each([](bool witness) {
        auto store = make(decoupled(3.0), witness);
        const Supply none = Supply::constant(shape(SupplyTag::power), 0.0);
        store->reset(none);
        CHECK(store->terminal_v(draw({0.0, 50e-3, 0.0})) == 3.0);  // 0.25 V without the capacitor
        store->walk(load({phase({0.0, 50e-3, 0.0})}), {kNoWatch, kNoWatch}, at(1e-3));
        const double loaded = store->terminal_v(draw({0.0, 50e-3, 0.0}));
        CHECK(loaded < 2.8);
        CHECK(store->terminal_v({}) == loaded);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(2e-3));
        CHECK(store->terminal_v({}) > loaded + 0.2);  // and then it recovers
    });
}

TEST_CASE("does a decoupled store under a power follow a fine integration of its own?") {
    each([](bool witness) {
        const CapacitorParams p = decoupled(2.2);
        auto store = make(p, witness);
        SupplyShape source = shape(SupplyTag::power);
        const Supply supply = Supply::constant(source, 2e-3);
        store->reset(supply);
        const double end_s = 20e-3;
        const WalkResult r =
            store->walk(load({phase({40e-3, 1e-3, 0.0})}), {kNoWatch, kNoWatch}, at(end_s));
        // RK4 in long double, 1/250 of the fast time constant.
        using Real = long double;
        Real v = 2.2L, y = 2.2L;
        const auto rates = [&](Real inner, Real outer, Real& dv, Real& dy) {
            const Real i = (outer - inner) / static_cast<Real>(p.esr_ohm);
            dv = i / static_cast<Real>(p.capacitance_f);
            dy = (Real(2e-3 - 40e-3) / outer - Real(1e-3) - i) / static_cast<Real>(*p.decoupling_f);
        };
        constexpr int kSteps = 100'000;
        const Real h = Real(end_s) / kSteps;
        for (int s = 0; s < kSteps; ++s) {
            Real a1, b1, a2, b2, a3, b3, a4, b4;
            rates(v, y, a1, b1);
            rates(v + h / 2 * a1, y + h / 2 * b1, a2, b2);
            rates(v + h / 2 * a2, y + h / 2 * b2, a3, b3);
            rates(v + h * a3, y + h * b3, a4, b4);
            v += h / 6 * (a1 + 2 * a2 + 2 * a3 + a4);
            y += h / 6 * (b1 + 2 * b2 + 2 * b3 + b4);
        }
        CHECK(store->terminal_v({}) == near(static_cast<double>(y), 1e-11));
        const Real joules =
            Real(0.5) * p.capacitance_f * v * v + Real(0.5) * *p.decoupling_f * y * y;
        CHECK(store->stored_j() == near(static_cast<double>(joules), 1e-11));
        CHECK(ledger_closes(*store, sum_of(r.tail)));
    });
}

TEST_CASE("does a slow walk of a decoupled store take steps of its slow state?") {
    CapacitorParams p = decoupled(2.0);
    p.esr_ohm = 1e-2;  // 0.1 us against a walk of ten minutes
    p.leakage.resistance_ohm = 1e5;
    auto store = make(p, false);
    const Supply supply = Supply::constant(shape(SupplyTag::power), 100e-6);
    store->reset(supply);
    const auto begin = std::chrono::steady_clock::now();
    const WalkResult r = store->walk(nothing(), {kNoWatch, kNoWatch}, at(600.0));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    CHECK(took.count() < 5.0);  // explicit steps: 6e9 of them
    CHECK(ledger_closes(*store, sum_of(r.tail)));
    // The sum of both capacitors at the end, the drop across the resistance apart.
    const double c = 480e-6, r_ohm = 1e5;
    const double e_inf = 100e-6 * r_ohm * c / 2.0, e0 = 0.5 * c * 4.0;
    const double e = e_inf + (e0 - e_inf) * std::exp(-2.0 * 600.0 / (r_ohm * c));
    CHECK(store->stored_j() == near(e, 1e-6));
}

TEST_CASE("does a decoupled store hold its clip, its floor and its account?") {
    each([](bool witness) {
        CapacitorParams p = decoupled(0.0, 3.3);
        p.leakage.resistance_ohm = 1e5;
        auto store = make(p, witness);
        SupplyShape source = shape(SupplyTag::power);
        source.efficiency = 0.8;
        const Supply supply = Supply::constant(source, 20e-3);
        store->reset(supply);
        double drawn = 0.0;
        for (int i = 0; i < 2; ++i) {
            const WalkResult up = store->walk(nothing(), {kNoWatch, 3.2}, at(0.5 * (i + 1)));
            REQUIRE(up.stop == Stop::rising);
            const WalkResult on = store->walk(
                load({phase({30e-3, 1e-3, 0.0}, 2e-3), phase({0.0, 50e-3, 0.0}, 1e-3)}, 1000),
                {2.0, kNoWatch}, at(1.0));
            REQUIRE(on.stop == Stop::falling);
            drawn += sum_of(on.done) + sum_of(on.tail);
        }
        const WalkResult full = store->walk(nothing(), {1.0, kNoWatch}, at(2.0));
        CHECK(full.stop == Stop::until);
        CHECK(store->ledger().clipped() > 0.0);
        CHECK(store->terminal_v({}) == 3.3);
        const WalkResult empty =
            store->walk(load({phase({0.0, 1.0, 0.0})}), {kNoWatch, kNoWatch}, at(2.1));
        drawn += sum_of(empty.tail);
        CHECK(closes(*store, drawn, witness));
    });
}

TEST_CASE("does a supercapacitor of branches with a decoupling capacitor agree with its witness?") {
    std::mt19937_64 engine(20260511);
    const auto unit = [&engine] { return static_cast<double>(engine() >> 11) * 0x1p-53; };
    double worst = 0.0;
    for (int i = 0; i < 30; ++i) {
        SupercapacitorParams p;
        p.immediate = {1.0 + 10.0 * unit(), 1e-3, i % 3 == 2 ? 1e-4 : 0.0};
        p.branches = {{100.0 + 500.0 * unit(), 2e-3, 3.0 * unit()}};
        p.initial_v = 1.0 + 2.0 * unit();
        p.max_v = 5.0;
        p.leakage.resistance_ohm = 1e5;
        p.decoupling_f = 47e-6 * (0.1 + unit());
        const Supercapacitor model(p);
        auto exact = model.make();
        auto slow = model.make_reference();
        const Supply supply = Supply::constant(
            shape(i % 2 == 0 ? SupplyTag::current : SupplyTag::power), 2e-3 * unit());
        exact->reset(supply);
        slow->reset(supply);
        const Load work = load({phase({i % 4 == 0 ? 3e-3 : 0.0, 5e-3 * unit(), 1e-4}, 3e-3),
                                phase({0.0, 1e-4, 0.0}, 7e-3)},
                               40);
        const WalkResult a = exact->walk(work, {0.8, kNoWatch}, at(0.2));
        const WalkResult b = slow->walk(work, {0.8, kNoWatch}, at(0.2));
        INFO("case " << i);
        CHECK(a.stop == b.stop);
        CHECK(a.position.unit == b.position.unit);
        CHECK(a.at.seconds() == near(b.at.seconds(), 1e-10));
        worst = std::max(worst, std::fabs(exact->stored_j() / slow->stored_j() - 1.0));
        CHECK(exact->stored_j() == near(slow->stored_j(), 1e-10));
        CHECK(ledger_closes(*exact, sum_of(a.done) + sum_of(a.tail)));
        CHECK(closes(*slow, sum_of(b.done) + sum_of(b.tail), true));
    }
    std::cout << "  decoupled branches against the witness: worst relative error " << worst << "\n";
}
