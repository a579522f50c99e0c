// SPDX-License-Identifier: Apache-2.0
// Banks that a controller expands, and the matrix of eight: where does each charge go, what do
// switches lose, and when does the controller act?
#include "models/store/react_store.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <random>

namespace {

using namespace ebb;
using namespace ebb::test;

constexpr double kOn = 0.1;  // [V] a falling watch: the device is on

Approx near(double value, double relative = 1e-11) {
    return Approx(value).epsilon(relative).margin(0);
}

/// 100 uF and a bank of two times 100 uF, with a controller that is far too slow to matter.
ReactParams one(double v, double cell_v) {
    ReactParams p;
    p.capacitance_f = 100e-6;
    p.initial_v = v;
    p.max_v = 5.0;
    p.banks = {{100e-6, 2, cell_v}};
    p.controller.period_s = 1e6;
    return p;
}

template <class Check>
void each(const Check& check) {
    for (const bool witness : {false, true}) {
        INFO("witness: " << witness);
        check(witness);
    }
}

Supply current(double amperes) { return Supply::constant(shape(SupplyTag::current), amperes); }

}  // namespace

TEST_CASE(
    "does the supply charge what stands lowest, and the load draw from what stands highest?") {
    each([](bool witness) {
        ReactStore store(one(3.0, 0.5), witness);
        const Supply supply = current(1e-3);
        store.reset(supply);
        REQUIRE(store.expand());
        CHECK(store.bank_v(0) == near(1.0));
        // 100 uF fall by 2 mA, 50 uF rise by 1 mA, 20 V/s each, and meet at 2 V; then 150 uF fall
        // by 1 mA.
        const Load two_ma = load({phase({0.0, 2e-3, 0.0})});
        const WalkResult early = store.walk(two_ma, {kOn, kNoWatch}, at(0.03));
        double drawn = sum_of(early.tail);
        CHECK(store.inner_v() == near(2.4));
        CHECK(store.bank_v(0) == near(1.6));
        CHECK(ledger_closes(store, drawn));
        const WalkResult late = store.walk(two_ma, {1.8, kNoWatch}, at(1.0));
        drawn += sum_of(late.tail);
        REQUIRE(late.stop == Stop::falling);
        CHECK(late.at.seconds() == near(0.05 + 150e-6 * 0.2 / 1e-3));
        CHECK(store.bank_v(0) == near(1.8));
        CHECK(store.ledger().sink(Sink::switch_loss) < 1e-12);
        CHECK(ledger_closes(store, drawn));
    });
}

TEST_CASE("does a power meet the load at the time that energy says?") {
    each([](bool witness) {
        ReactStore store(one(3.0, 0.5), witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 2e-3);
        store.reset(supply);
        store.expand();
        // Without a load the last level stands at 3 V, and 50 uF come there from 1 V.
        const double there = 50e-6 * (9.0 - 1.0) / (2.0 * 2e-3);
        store.walk(nothing(), {kOn, kNoWatch}, at(there));
        CHECK(store.bank_v(0) == near(3.0, 1e-10));
        const WalkResult r = store.walk(nothing(), {kOn, 4.0}, at(10.0));
        REQUIRE(r.stop == Stop::rising);
        CHECK(r.at.seconds() == near(there + 150e-6 * (16.0 - 9.0) / (2.0 * 2e-3)));
        CHECK(ledger_closes(store, 0.0));
    });
}

TEST_CASE("does a change between series and side by side keep the energy, and lift the load?") {
    each([](bool witness) {
        ReactStore store(one(2.0, 1.5), witness);
        const Supply none = current(0.0);
        store.reset(none);
        store.expand();  // 50 uF at 3 V stand above 100 uF at 2 V, and feed them
        const double first = (100e-6 * 2.0 + 50e-6 * 3.0) / 150e-6;
        double lost = 0.5 * 100e-6 * 50e-6 / 150e-6;
        CHECK(store.inner_v() == near(first));
        CHECK(store.ledger().sink(Sink::switch_loss) == near(lost));
        const double before = store.stored_j();
        store.expand();  // side by side at half of it, below: nothing moves
        CHECK_FALSE(store.expand());
        CHECK(store.state(0) == BankState::side_by_side);
        CHECK(store.bank_v(0) == near(0.5 * first));
        CHECK(store.stored_j() == near(before));
        store.contract();  // back in series, at the load's voltage: nothing moves either
        CHECK(store.inner_v() == near(first));
        CHECK(store.stored_j() == near(before));
        // Side by side, down to 1.5 V, in series: 3 V of 50 uF onto what is left.
        store.expand();
        store.walk(load({phase({0.0, 1e-3, 0.0})}), {0.9, kNoWatch}, at(10.0));
        const double v = store.inner_v();
        CHECK(store.bank_v(0) == near(v));
        store.contract();
        CHECK(store.inner_v() == near((100e-6 * v + 50e-6 * 2.0 * v) / 150e-6));
        lost += 0.5 * 100e-6 * 50e-6 / 150e-6 * v * v;
        CHECK(store.ledger().sink(Sink::switch_loss) == near(lost));
    });
}

TEST_CASE("does the controller look at its times, pass over its cooldown, and follow the order?") {
    each([](bool witness) {
        ReactParams p;
        p.capacitance_f = 100e-6;
        p.initial_v = 3.5;
        p.max_v = 3.6;
        p.banks = {{100e-6, 2, 0.0}, {200e-6, 3, 0.0}};
        p.controller.energy_j = 1e-7;
        ReactStore store(p, witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 50e-3);
        store.reset(supply);
        // The device is off: nobody looks.
        store.walk(nothing(), {kNoWatch, kNoWatch}, at(1.0));
        CHECK(store.level() == 0);
        CHECK(store.ledger().sink(Sink::quiescent) == 0.0);
        // On: a step at once after 0.1 s, and one behind every fourth look while 3.4 V are there.
        const std::vector<double> steps = {1.1, 1.5, 1.9, 2.3};
        for (std::size_t k = 0; k < steps.size(); ++k) {
            store.walk(nothing(), {kOn, kNoWatch}, at(steps[k] - 1e-3));
            CHECK(store.level() == static_cast<int>(k));
            store.walk(nothing(), {kOn, kNoWatch}, at(steps[k] + 1e-3));
            CHECK(store.level() == static_cast<int>(k + 1));
        }
        CHECK(store.state(0) == BankState::side_by_side);
        CHECK(store.ledger().sink(Sink::quiescent) == near(13e-7, 1e-9));
        CHECK(ledger_closes(store, 0.0));
        // Down, the largest bank first.
        const Supply none = current(0.0);
        store.feed_from(none);
        const WalkResult r = store.walk(load({phase({0.0, 1e-3, 0.0})}), {kOn, 2.2}, at(3.0));
        CHECK(r.stop == Stop::rising);  // already there
        double drawn = 0.0;
        while (store.state(1) == BankState::side_by_side) {
            const WalkResult down =
                store.walk(load({phase({0.0, 1e-3, 0.0})}), {kOn, kNoWatch}, store.now().plus(0.1));
            drawn += sum_of(down.tail);
        }
        CHECK(store.state(1) == BankState::in_series);
        CHECK(store.state(0) == BankState::side_by_side);
        CHECK(ledger_closes(store, drawn));
        // The power fails: all banks are off, with what they hold.
        const double kept = store.stored_j();
        store.walk(nothing(), {kNoWatch, kNoWatch}, store.now().plus(1e-9));
        CHECK(store.level() == 0);
        CHECK(store.stored_j() == near(kept, 1e-9));
    });
}

namespace {

/// The same circuit as charges in small packets: each goes to what stands lowest, or comes from
/// what stands highest. It knows no groups.
struct Packets {
    double last_f, last_v;
    std::vector<double> f, v;
    std::vector<bool> connected;

    double& lowest(double& farad) {
        double* at = &last_v;
        farad = last_f;
        for (std::size_t k = 0; k < v.size(); ++k) {
            if (connected[k] && v[k] < *at) {
                at = &v[k];
                farad = f[k];
            }
        }
        return *at;
    }
    double& highest(double& farad) {
        double* at = &last_v;
        farad = last_f;
        for (std::size_t k = 0; k < v.size(); ++k) {
            if (connected[k] && v[k] > *at) {
                at = &v[k];
                farad = f[k];
            }
        }
        return *at;
    }
    /// What stands above the load feeds it at once, in packets, too.
    void settle(double packet_v) {
        for (double farad = 0.0;;) {
            double& top = highest(farad);
            if (&top == &last_v || top - last_v < packet_v) {
                return;
            }
            const double charge = 0.2 * packet_v * std::min(farad, last_f);
            top -= charge / farad;
            last_v += charge / last_f;
        }
    }
};

}  // namespace

TEST_CASE("do groups go where small packets of charge go that know nothing of groups?") {
    std::mt19937_64 engine(20261201);
    const auto unit = [&engine] { return static_cast<double>(engine() >> 11) * 0x1p-53; };
    double worst = 0.0;
    int changes = 0;
    for (int run = 0; run < 12; ++run) {
        ReactParams p;
        p.capacitance_f = 1e-4 * (0.5 + unit());
        p.initial_v = 2.0 + unit();
        p.max_v = 50.0;
        p.controller.period_s = 1e6;
        Packets witness{p.capacitance_f, p.initial_v, {}, {}, {}};
        for (int k = 0; k < 3; ++k) {
            const std::int64_t count = 1 + static_cast<std::int64_t>(3.0 * unit());
            const double cell = 1e-4 * (0.2 + unit());
            p.banks.push_back({cell, count, 1.5 * unit()});
            witness.f.push_back(cell / static_cast<double>(count));
            witness.v.push_back(p.banks.back().initial_v * static_cast<double>(count));
            witness.connected.push_back(false);
        }
        ReactStore store(p, run % 2 == 1);
        const double in_a = 2e-3 * unit();
        const Supply supply = current(in_a);
        store.reset(supply);
        double drawn = 0.0;
        for (int stretch = 0; stretch < 8; ++stretch) {
            std::vector<BankState> before;
            for (std::size_t k = 0; k < 3; ++k) {
                before.push_back(store.state(k));
            }
            changes += (unit() < 0.7 ? store.expand() : store.contract()) ? 1 : 0;
            for (std::size_t k = 0; k < 3; ++k) {
                const auto n = static_cast<double>(p.banks[k].count);
                const bool was = before[k] == BankState::side_by_side;
                const bool is = store.state(k) == BankState::side_by_side;
                witness.connected[k] = store.state(k) != BankState::disconnected;
                if (was != is) {
                    witness.v[k] *= is ? 1.0 / n : n;
                    witness.f[k] *= is ? n * n : 1.0 / (n * n);
                }
            }
            witness.settle(1e-5);
            const double out_a = in_a * 1.2 * unit();
            const double dt = 1e-6;
            const int steps = 20000;
            const WalkResult r = store.walk(load({phase({0.0, out_a, 0.0})}), {kOn, kNoWatch},
                                            store.now().plus(dt * steps));
            drawn += sum_of(r.tail);
            REQUIRE(r.stop == Stop::until);
            for (int i = 0; i < steps; ++i) {
                double farad = 0.0;
                double& low = witness.lowest(farad);
                low += in_a * dt / farad;
                double& high = witness.highest(farad);
                high -= out_a * dt / farad;
                witness.settle(1e-5);
            }
            worst = std::max(worst, std::fabs(witness.last_v - store.inner_v()));
            for (std::size_t k = 0; k < 3; ++k) {
                worst = std::max(worst, std::fabs(witness.v[k] - store.bank_v(k)));
            }
        }
        CHECK(ledger_closes(store, drawn));
    }
    CHECK(changes > 60);
    CHECK(worst < 1e-3);  // a packet is up to 2 nC on 7 uF, and settling stops 10 uV early
    std::cout << "  " << changes << " switchings of random banks: packets of charge differ by "
              << worst << " V at most\n";
}

TEST_CASE("does the account close through random powers, leaks, clips and looks, to 1e-12?") {
    std::mt19937_64 engine(20261202);
    const auto unit = [&engine] { return static_cast<double>(engine() >> 11) * 0x1p-53; };
    double worst = 0.0;
    int steps = 0;
    for (int run = 0; run < 60; ++run) {
        ReactParams p;
        p.capacitance_f = 1e-4 * (0.3 + unit());
        p.initial_v = 3.0 * unit();
        p.max_v = 3.0 + unit();
        if (run % 3 != 0) {
            p.leak_time_s = 0.5 + 50.0 * unit();
        }
        double cell = 1e-5;
        for (int k = 0; k < 1 + run % 4; ++k) {
            cell *= 1.0 + 2.0 * unit();
            p.banks.push_back({cell, 1 + run % 3, unit()});
        }
        p.controller.period_s = 5e-3 + 0.02 * unit();
        p.controller.up_v = 2.6;
        p.controller.down_v = 1.6;
        p.controller.cooldown = run % 2;
        p.controller.energy_j = 1e-8 * unit();
        ReactStore store(p, run % 2 == 1);
        const Supply strong =
            run % 4 == 0 ? current(4e-3 * unit()) : Supply::constant(shape(SupplyTag::power), 1e-2);
        const Supply none = current(0.0);
        store.reset(strong);
        double drawn = 0.0;
        double now = 0.0;
        for (int stretch = 0; stretch < 40; ++stretch) {
            now += 0.1 * unit();
            store.feed_from(unit() < 0.6 ? strong : none);
            const bool on = unit() < 0.9;
            const WalkResult r =
                store.walk(unit() < 0.4 ? nothing() : load({phase({0.0, 8e-3 * unit(), 1e-5})}),
                           {on ? 0.05 : kNoWatch, kNoWatch}, at(now));
            drawn += sum_of(r.done) + sum_of(r.tail);
            steps += store.level();
            now = store.now().seconds();
        }
        const double through = std::max(store.ledger().harvested(), store.initially_stored_j());
        worst = std::max(worst, std::fabs(imbalance(store, drawn)) / through);
        INFO("run " << run);
        CHECK(ledger_closes(store, drawn));
    }
    CHECK(steps > 1000);
    std::cout << "  60 random stores of expanding banks: worst imbalance " << worst << "\n";
}
