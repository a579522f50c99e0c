// SPDX-License-Identifier: Apache-2.0
// Banks behind diodes: charge and energy through every change of a diode or a switch, by hand.
#include "models/store/isolated_banks_body.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <random>

namespace {

using namespace ebb;
using namespace ebb::test;

constexpr double kDrop = 0.3;

Approx near(double value, double relative = 1e-12) {
    return Approx(value).epsilon(relative).margin(0);
}

IsolatedBanksParams one(double initial_v, double bank_v) {
    IsolatedBanksParams p;
    p.capacitance_f = 50e-6;
    p.initial_v = initial_v;
    p.max_v = 5.0;
    p.drop_v = kDrop;
    p.banks = {{150e-6, bank_v, 3.5, 2.5, {}}};
    return p;
}

/// A store, and its body to look into.
struct Bench {
    explicit Bench(const IsolatedBanksParams& p, bool witness)
        : body(new IsolatedBanksBody(p, witness)), store(std::unique_ptr<StoreBody>(body)) {}
    IsolatedBanksBody* body;
    PiecewiseStore store;
};

template <class Check>
void each(const Check& check) {
    for (const bool witness : {false, true}) {
        INFO("witness: " << witness);
        check(witness);
    }
}

/// No diode sees more than its drop.
void diodes_hold(const Bench& b, const IsolatedBanksParams& p) {
    for (std::size_t k = 0; k < p.banks.size(); ++k) {
        const double v = b.body->bank_v(k);
        CHECK(v <= (b.store.inner_v() + p.drop_v) * (1.0 + 1e-11));
        if (b.body->charging_allowed(k)) {
            CHECK(b.store.inner_v() <= (v + p.drop_v) * (1.0 + 1e-11));
        }
    }
}

}  // namespace

TEST_CASE("a bank feeds the node from a drop below it, and its diode takes the drop") {
    each([](bool witness) {
        Bench b(one(3.0, 2.8), witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
        b.store.reset(supply);
        const double i = 2e-3;
        const WalkResult r = b.store.walk(load({phase({0.0, i, 0.0})}), {1.5, kNoWatch}, at(10.0));
        REQUIRE(r.stop == Stop::falling);
        CHECK(r.at.seconds() == near((50e-6 * 0.5 + 200e-6 * 1.0) / i));
        CHECK(b.body->bank_v(0) == near(1.8));
        CHECK(b.store.ledger().sink(Sink::switch_loss) == near(kDrop * 150e-6 * 1.0, 1e-11));
        CHECK(ledger_closes(b.store, sum_of(r.tail)));
    });
}

TEST_CASE("a bank feeds a load of constant power, too") {
    each([](bool witness) {
        Bench b(one(3.0, 2.8), witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
        b.store.reset(supply);
        const double w = 4e-3;
        const WalkResult r = b.store.walk(load({phase({w, 0.0, 0.0})}), {1.5, kNoWatch}, at(10.0));
        REQUIRE(r.stop == Stop::falling);
        // C y y' = -P: the diode's loss comes from the bank, not from the node's balance.
        CHECK(r.at.seconds() ==
              near((50e-6 * (9.0 - 6.25) + 200e-6 * (6.25 - 2.25)) / (2.0 * w), 1e-11));
        CHECK(ledger_closes(b.store, sum_of(r.tail)));
    });
}

TEST_CASE("a switch that closes far above its bank shares charge at once, across the diode") {
    each([](bool witness) {
        Bench b(one(3.0, 1.0), witness);
        const Supply supply = Supply::constant(shape(SupplyTag::current), 1e-3);
        b.store.reset(supply);
        const WalkResult up = b.store.walk(nothing(), {kNoWatch, 3.45}, at(10.0));
        REQUIRE(up.stop == Stop::rising);
        CHECK_FALSE(b.body->charging_allowed(0));
        // 0.05 V to the threshold; then 50 uF at 3.5 V and 150 uF at 1 V + a drop: 1.85 V, below
        // where charging ends: the node goes on alone.
        b.store.walk(nothing(), {kNoWatch, kNoWatch}, up.at.plus(50e-6 * 0.05 / 1e-3 + 1e-6));
        CHECK(b.store.inner_v() == near(1.85 + 1e-9 / 50e-6, 1e-8));
        CHECK(b.body->bank_v(0) == near(1.55, 1e-9));
        CHECK_FALSE(b.body->charging_allowed(0));
        const double lost = 0.5 * (50e-6 * 150e-6 / 200e-6) * 2.2 * 2.2 + kDrop * 150e-6 * 0.55;
        CHECK(b.store.ledger().sink(Sink::switch_loss) == near(lost));
        CHECK(ledger_closes(b.store, 0.0));
        diodes_hold(b, one(3.0, 1.0));
    });
}

TEST_CASE("banks are filled in order, and a full one stays a drop below the node") {
    each([](bool witness) {
        IsolatedBanksParams p = one(3.4, 3.1);
        p.banks.push_back({100e-6, 3.1, 4.0, 3.0, {}});
        Bench b(p, witness);
        const Supply supply = Supply::constant(shape(SupplyTag::current), 1e-3);
        b.store.reset(supply);
        // 3.5 V: the first bank's switch (a tenth of a volt is shared); it is at 4.0 V as the node
        // is at 4.3 V; then the second one's, and the first keeps what it has.
        const double shared = (50.0 * 3.5 + 150.0 * 3.4) / 200.0;
        const double alone = (50.0 * 4.3 + 100.0 * 3.4) / 150.0;
        const double until = (50e-6 * 0.1 + 200e-6 * (4.3 - shared)) / 1e-3;
        b.store.walk(nothing(), {kNoWatch, kNoWatch}, at(until + 1e-6));
        CHECK(b.body->charging_allowed(1));
        CHECK(b.store.inner_v() == near(alone, 1e-5));
        CHECK(b.body->bank_v(0) == near(4.0, 1e-11));
        CHECK(b.body->bank_v(1) == near(alone - kDrop, 1e-5));
        const WalkResult full = b.store.walk(nothing(), {kNoWatch, 4.99}, at(10.0));
        REQUIRE(full.stop == Stop::rising);
        CHECK(b.body->bank_v(0) == near(4.69));
        CHECK(b.body->bank_v(1) == near(4.69));
        b.store.walk(nothing(), {kNoWatch, kNoWatch}, at(1.0));  // at the clip nothing moves
        CHECK(b.body->bank_v(0) == near(4.7));
        CHECK(b.store.ledger().clipped() > 0.0);
        CHECK(ledger_closes(b.store, 0.0));
    });
}

TEST_CASE("at the clip a leaking bank falls to a drop below the node, and is kept there") {
    each([](bool witness) {
        IsolatedBanksParams p = one(5.0, 5.0);
        p.banks[0].leak_ohm = 1e5;  // 15 s
        Bench b(p, witness);
        const Supply supply = Supply::constant(shape(SupplyTag::current), 1e-3);
        b.store.reset(supply);
        const double meets = 15.0 * std::log(5.0 / 4.7);
        b.store.walk(nothing(), {kNoWatch, kNoWatch}, at(0.5 * meets));
        CHECK(b.body->bank_v(0) == near(5.0 * std::sqrt(4.7 / 5.0)));
        b.store.walk(nothing(), {kNoWatch, kNoWatch}, at(meets + 10.0));
        CHECK(b.body->bank_v(0) == near(4.7));
        CHECK(b.store.ledger().sink(Sink::switch_loss) == near(kDrop * 4.7 / 1e5 * 10.0, 1e-10));
        CHECK(ledger_closes(b.store, 0.0));
    });
}

TEST_CASE("a bank that leaks faster than the node falls is let go, and met again") {
    each([](bool witness) {
        IsolatedBanksParams p = one(2.6, 2.8);
        p.banks[0].leak_ohm = 5e3;  // 0.75 s
        Bench b(p, witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
        b.store.reset(supply);
        const Load light = load({phase({0.0, 20e-6, 0.0})});
        const WalkResult rest = b.store.walk(light, {kNoWatch, kNoWatch}, at(0.2));
        CHECK(b.body->bank_v(0) == near(2.8 * std::exp(-0.2 / 0.75), 1e-11));
        CHECK(b.store.inner_v() == near(2.6 - 20e-6 * 0.2 / 50e-6));
        CHECK(b.store.ledger().sink(Sink::switch_loss) == 0.0);
        const WalkResult draw =
            b.store.walk(load({phase({0.0, 3e-3, 0.0})}), {1.2, kNoWatch}, at(9.0));
        REQUIRE(draw.stop == Stop::falling);
        CHECK(b.body->bank_v(0) == near(1.5));
        CHECK(b.store.ledger().sink(Sink::switch_loss) > 0.0);
        CHECK(ledger_closes(b.store, sum_of(rest.tail) + sum_of(draw.tail)));
    });
}

TEST_CASE("the account closes through random changes of diodes, with leaks, powers and a clip") {
    std::mt19937_64 dice(20262002);
    const auto between = [&](double lo, double hi) {
        return lo + (hi - lo) * std::uniform_real_distribution<double>()(dice);
    };
    double worst = 0.0;
    for (int device = 0; device < 100; ++device) {
        INFO("device " << device);
        IsolatedBanksParams p = one(between(2.0, 3.4), 0.0);
        p.drop_v = between(0.05, 0.6);
        p.max_v = between(3.6, 5.0);
        p.leak_ohm = between(1e4, 1e6);
        p.banks.clear();
        for (int k = 0; k < 3; ++k) {
            const double charge = between(2.0, 3.0);
            p.banks.push_back({between(10e-6, 300e-6), between(0.0, p.initial_v), charge,
                               charge * between(0.5, 0.99), between(1e3, 1e5)});
        }
        Bench b(p, false);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 6e-3);
        b.store.reset(supply);
        double drawn = 0.0;
        for (int step = 0; step < 40; ++step) {
            const double load_w = step % 2 == 0 ? between(0.0, 6e-3) : between(6e-3, 40e-3);
            const WalkResult r =
                b.store.walk(load({phase({load_w, 0.0, 0.0})}), {1.0, kNoWatch},
                             b.store.now().plus(between(1e-3, step % 2 == 0 ? 0.6 : 0.1)));
            drawn += sum_of(r.tail) + sum_of(r.done);
            CHECK(ledger_closes(b.store, drawn));
            diodes_hold(b, p);
            worst = std::max(
                worst, std::fabs(imbalance(b.store, drawn)) /
                           std::max(b.store.ledger().harvested(), b.store.initially_stored_j()));
        }
    }
    std::cout << "  leaking banks behind diodes: worst imbalance " << worst << "\n";
}

TEST_CASE("no charge is lost through random changes of diodes and switches") {
    std::mt19937_64 dice(20262001);
    const auto between = [&](double lo, double hi) {
        return lo + (hi - lo) * std::uniform_real_distribution<double>()(dice);
    };
    int charged = 0;
    int fed = 0;
    for (int device = 0; device < 100; ++device) {
        INFO("device " << device);
        IsolatedBanksParams p = one(between(2.0, 3.4), 0.0);
        p.drop_v = between(0.05, 0.6);
        p.max_v = 100.0;  // what is clipped would leave the balance of charge
        p.banks.clear();
        for (int k = 0; k < 4; ++k) {
            const double charge = between(2.5, 3.5);
            p.banks.push_back({between(10e-6, 300e-6),
                               between(0.0, p.initial_v),
                               charge,
                               charge * between(0.5, 0.99),
                               {}});
        }
        Bench b(p, false);
        const Supply supply = Supply::constant(shape(SupplyTag::current), 2e-3);
        b.store.reset(supply);
        const auto charge = [&] {
            double q = p.capacitance_f * b.store.inner_v();
            for (std::size_t k = 0; k < p.banks.size(); ++k) {
                q += p.banks[k].capacitance_f * b.body->bank_v(k);
            }
            return q;
        };
        double expected = charge();
        double drawn = 0.0;
        for (int step = 0; step < 60; ++step) {
            const double load_a = step % 2 == 0 ? between(0.0, 1e-3) : between(2e-3, 8e-3);
            const Time from = b.store.now();
            const WalkResult r = b.store.walk(load({phase({0.0, load_a, 0.0})}), {1.0, 6.0},
                                              from.plus(between(1e-3, step % 2 == 0 ? 0.6 : 0.1)));
            const double v = b.body->bank_v(0);
            expected += (2e-3 - load_a) * r.at.since(from);
            drawn += sum_of(r.tail) + sum_of(r.done);
            CHECK(charge() == near(expected));
            CHECK(ledger_closes(b.store, drawn));
            diodes_hold(b, p);
            charged += b.body->charging_allowed(0) ? 1 : 0;
            fed += v > b.store.inner_v() ? 1 : 0;
        }
    }
    CHECK(charged > 500);
    CHECK(fed > 1000);
}
