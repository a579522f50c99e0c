// SPDX-License-Identifier: Apache-2.0
// The federated store: who is charged when, and from whose capacitor a load draws, by hand; walker
// against witness on random devices.
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
constexpr double kStage = 50e-6;  // charged at 3.2 V, until 3.0 V
constexpr double kRadio = 150e-6;

Approx near(double value, double relative = 1e-12) {
    return Approx(value).epsilon(relative).margin(0);
}

IsolatedBanksParams one(double stage_v, double radio_v) {
    IsolatedBanksParams p;
    p.capacitance_f = kStage;
    p.initial_v = stage_v;
    p.max_v = 5.0;
    p.drop_v = kDrop;
    p.banks = {{kRadio, radio_v, 3.2, 3.0, {}}};
    return p;
}

const std::vector<BankTerminal> kOne = {{2.8, 1.9}};

struct Bench {
    Bench(const IsolatedBanksParams& p, const std::vector<BankTerminal>& terminals, bool witness)
        : body(new IsolatedBanksBody(p, terminals, witness)),
          store(std::unique_ptr<StoreBody>(body)) {}
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

Load with(double mcu_a, std::vector<RailDraw> rails, double time_s = kForever) {
    Load l = load({phase({0.0, mcu_a, 0.0}, time_s)});
    l.phases[0].rails = std::move(rails);
    return l;
}

Supply current(double a) { return Supply::constant(shape(SupplyTag::current), a); }

const Watches kNone = {kNoWatch, kNoWatch};

Watches until_charged(std::size_t rail) { return {kNoWatch, kNoWatch, rail}; }

}  // namespace

TEST_CASE("a charged first stage gives a packet, and not below where its switch opens") {
    each([](bool witness) {
        Bench b(one(3.0, 1.0), kOne, witness);
        const Supply supply = current(1e-3);
        b.store.reset(supply);
        const double period = kStage * 0.2 / 1e-3;
        const double q = kStage * 0.2;
        double v = 1.0;
        double lost = 0.0;
        for (int packet = 1; packet <= 5; ++packet) {
            b.store.walk(nothing(), kNone, at(packet * period + 1e-6));
            lost += q * (3.1 - v - 0.5 * q / kRadio);
            v += q / kRadio;
            CHECK(b.body->bank_v(0) == near(v, 1e-11));
            CHECK(b.store.inner_v() == near(3.0 + 1e-9 / kStage, 1e-9));
            CHECK_FALSE(b.body->charging_allowed(0));
            CHECK(b.store.ledger().sink(Sink::switch_loss) == near(lost, 1e-11));
        }
        CHECK(ledger_closes(b.store, 0.0));
    });
}

TEST_CASE("a peripheral draws from its own capacitor alone, and the walk ends as that is empty") {
    each([](bool witness) {
        Bench b(one(2.6, 2.8), kOne, witness);
        const Supply supply = current(0.0);
        b.store.reset(supply);
        const double use_s = kRadio * 0.9 / 5e-3;
        const WalkResult r =
            b.store.walk(with(100e-6, {{0, 5e-3, true}}), {1.8, kNoWatch}, at(10.0));
        REQUIRE(r.stop == Stop::rail);
        CHECK(r.at.seconds() == near(use_s));
        CHECK(b.body->bank_v(0) == near(1.9));
        CHECK(b.store.inner_v() == near(2.6 - 100e-6 * use_s / kStage));
        CHECK(r.tail[Sink::peripherals] == near(0.5 * kRadio * (2.8 * 2.8 - 1.9 * 1.9)));
        CHECK(r.tail[Sink::compute] ==
              near(0.5 * kStage * (2.6 * 2.6 - std::pow(b.store.inner_v(), 2.0)), 1e-11));
        CHECK(ledger_closes(b.store, sum_of(r.tail)));
        // Still in use: it is empty at once, and nothing moves.
        const WalkResult again =
            b.store.walk(with(100e-6, {{0, 5e-3, true}}), {1.8, kNoWatch}, at(10.0));
        CHECK(again.stop == Stop::rail);
        CHECK(again.at == r.at);
    });
}

TEST_CASE(
    "in use while its switch is closed, it takes the first stage no further than that opens") {
    each([](bool witness) {
        Bench b(one(3.4, 3.1), kOne, witness);
        const Supply supply = current(0.0);
        b.store.reset(supply);
        const Load use = with(0.0, {{0, 5e-3, true}});
        const double together_s = (kStage + kRadio) * 0.4 / 5e-3;
        const WalkResult half = b.store.walk(use, {1.8, kNoWatch}, at(0.5 * together_s));
        CHECK(b.store.inner_v() == near(3.2));
        CHECK(b.body->bank_v(0) == near(2.9));
        const WalkResult r = b.store.walk(use, {1.8, kNoWatch}, at(10.0));
        REQUIRE(r.stop == Stop::rail);
        CHECK(r.at.seconds() == near(together_s + kRadio * 0.8 / 5e-3));
        CHECK(b.store.inner_v() == near(3.0));
        CHECK(b.store.ledger().sink(Sink::switch_loss) == near(kDrop * kStage * 0.4, 1e-11));
        CHECK(ledger_closes(b.store, sum_of(half.tail) + sum_of(r.tail)));
    });
}

TEST_CASE("a walk that awaits a capacitor ends as it is charged, behind packets and a rise") {
    each([](bool witness) {
        Bench b(one(3.0, 2.6), kOne, witness);
        const Supply supply = current(1e-3);
        b.store.reset(supply);
        const WalkResult r = b.store.walk(nothing(), until_charged(0), at(10.0));
        REQUIRE(r.stop == Stop::rail);
        // Two packets of 10 uC; a third of 6.25 uC leaves the node a drop above the capacitor at
        // 2.775 V; from there both rise together.
        CHECK(r.at.seconds() ==
              near(3.0 * kStage * 0.2 / 1e-3 + (kStage + kRadio) * 0.025 / 1e-3, 1e-11));
        CHECK(b.body->bank_v(0) == near(2.8));
        CHECK(b.store.inner_v() == near(3.1, 1e-11));
        CHECK(b.store.rail_charged(0));
        CHECK(b.store.walk(nothing(), until_charged(0), at(10.0)).at == r.at);
        CHECK(ledger_closes(b.store, 0.0));
    });
}

TEST_CASE("what stands by draws down to 0 V and no further, beside a leak") {
    each([](bool witness) {
        IsolatedBanksParams p = one(2.0, 1.5);
        p.banks[0].leak_ohm = 10e3;
        Bench b(p, kOne, witness);
        const Supply supply = current(0.0);
        b.store.reset(supply);
        const WalkResult r = b.store.walk(with(0.0, {{0, 100e-6, false}}), kNone, at(20.0));
        CHECK(b.body->bank_v(0) == 0.0);
        // C V' = -i - V/R: the charge that the load takes is i R C log(1 + V/(i R)).
        const double gone_s = 10e3 * kRadio * std::log1p(1.5 / (100e-6 * 10e3));
        const double charge = kRadio * 1.5 - 100e-6 * gone_s;  // through the leak
        CHECK(r.tail[Sink::peripherals] == near(100e-6 * 10e3 * charge, 1e-9));
        CHECK(ledger_closes(b.store, sum_of(r.tail)));
    });
}

TEST_CASE("the second capacitor is charged only while the first one and the stage are") {
    each([](bool witness) {
        IsolatedBanksParams p = one(3.1, 2.79);
        p.banks.push_back({100e-6, 1.0, 2.8, 2.6, {}});
        Bench b(p, {{2.8, 1.9}, {2.8, 1.9}}, witness);
        const Supply supply = current(1e-3);
        b.store.reset(supply);
        // At 3.2 V the first one takes 1.5 uC; the rest of the packet goes to the second.
        b.store.walk(nothing(), kNone, at(kStage * 0.1 / 1e-3 + 1e-6));
        CHECK(b.body->bank_v(0) == near(2.8));
        CHECK(b.body->bank_v(1) == near(1.0 + (kStage * 0.2 - kRadio * 0.01) / 100e-6));
        CHECK_FALSE(b.body->charging_allowed(0));
        CHECK_FALSE(b.body->charging_allowed(1));
        // The first one in use falls to 2.6 V: packets are its own again.
        const WalkResult use = b.store.walk(with(0.0, {{0, 10e-3, true}}, 3.1e-3), kNone, at(10.0));
        CHECK(b.body->bank_v(0) < 2.6);
        const double second = b.body->bank_v(1);
        const WalkResult on = b.store.walk(nothing(), kNone, b.store.now().plus(0.011));
        CHECK(b.body->bank_v(1) == near(second));
        CHECK(b.body->bank_v(0) > 2.58);
        CHECK(ledger_closes(b.store, sum_of(use.done) + sum_of(use.tail) + sum_of(on.tail)));
    });
}

TEST_CASE("walker and witness agree, charge is kept and the account closes, on random devices") {
    std::mt19937_64 dice(20262003);
    const auto between = [&](double lo, double hi) {
        return lo + (hi - lo) * std::uniform_real_distribution<double>()(dice);
    };
    double worst_v = 0.0;
    double worst_balance = 0.0;
    int cuts = 0;
    int charged = 0;
    for (int device = 0; device < 60; ++device) {
        INFO("device " << device);
        IsolatedBanksParams p = one(between(2.0, 3.4), 0.0);
        p.drop_v = between(0.05, 0.6);
        p.max_v = between(3.6, 4.5);
        p.leak_ohm = between(1e4, 1e6);
        p.banks.clear();
        std::vector<BankTerminal> terminals;
        double before = between(2.4, 3.2);
        for (int k = 0; k < 3; ++k) {
            IsolatedBankParams bank{
                between(10e-6, 300e-6), between(0.0, 2.5), before, before - 0.2, {}};
            if (k != 1) {
                bank.leak_ohm = between(1e4, 1e6);
            }
            p.banks.push_back(bank);
            before = between(1.6, p.max_v - p.drop_v);
            terminals.push_back({before, before * between(0.3, 0.9)});
        }
        Bench exact(p, terminals, false);
        Bench slow(p, terminals, true);
        const SupplyTag tag = device % 2 == 0 ? SupplyTag::current : SupplyTag::power;
        const Supply supply = Supply::constant(shape(tag), 3e-3);
        exact.store.reset(supply);
        slow.store.reset(supply);
        double drawn = 0.0;
        for (int step = 0; step < 30; ++step) {
            INFO("step " << step);
            const auto rail = static_cast<std::size_t>(between(0.0, 3.0));
            const bool in_use = between(0.0, 1.0) < 0.5;
            Load l =
                with(between(0.0, 2e-3), {{rail, between(0.0, in_use ? 20e-3 : 1e-4), in_use}});
            Watches w = {1.0, kNoWatch};
            if (!in_use) {
                w.rail = (rail + 1) % 3;
            }
            const Time until = exact.store.now().plus(between(1e-3, 0.3));
            const WalkResult a = exact.store.walk(l, w, until);
            const WalkResult b = slow.store.walk(l, w, until);
            REQUIRE(a.stop == b.stop);
            CHECK(a.at.seconds() == Approx(b.at.seconds()).epsilon(1e-9));
            cuts += a.stop == Stop::rail && in_use ? 1 : 0;
            charged += a.stop == Stop::rail && !in_use ? 1 : 0;
            worst_v = std::max(worst_v, std::fabs(exact.store.inner_v() - slow.store.inner_v()));
            for (std::size_t k = 0; k < 3; ++k) {
                worst_v =
                    std::max(worst_v, std::fabs(exact.body->bank_v(k) - slow.body->bank_v(k)));
            }
            drawn += sum_of(a.tail) + sum_of(a.done);
            CHECK(ledger_closes(exact.store, drawn));
            worst_balance = std::max(worst_balance, std::fabs(imbalance(exact.store, drawn)) /
                                                        std::max(exact.store.ledger().harvested(),
                                                                 exact.store.initially_stored_j()));
            if (a.stop == Stop::falling) {
                break;
            }
        }
    }
    std::cout << "  federated store: walker and witness within " << worst_v
              << " V, worst imbalance " << worst_balance << ", " << cuts << " run empty, "
              << charged << " charged\n";
    CHECK(worst_v < 1e-8);
    CHECK(cuts > 50);
    CHECK(charged > 50);
}
