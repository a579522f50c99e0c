// SPDX-License-Identifier: Apache-2.0
// Banks joined by switches: charge and energy through every switching, by hand.
#include "models/store/banks_store.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace {

using namespace ebb;
using namespace ebb::test;

Approx near(double value, double relative = 1e-12) {
    return Approx(value).epsilon(relative).margin(0);
}

BanksParams two(double initial_v, double bank_v) {
    BanksParams p;
    p.capacitance_f = 50e-6;
    p.initial_v = initial_v;
    p.max_v = 5.0;
    BankParams bank;
    bank.capacitance_f = 150e-6;
    bank.initial_v = bank_v;
    bank.connect_v = 3.0;
    bank.disconnect_v = 2.0;
    p.banks = {bank};
    return p;
}

template <class Check>
void each(const Check& check) {
    for (const bool witness : {false, true}) {
        INFO("witness: " << witness);
        check(witness);
    }
}

}  // namespace

TEST_CASE("joining a bank conserves charge and loses the energy of the difference") {
    each([](bool witness) {
        BanksStore store(two(4.0, 1.0), witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
        store.reset(supply);
        store.connect(0);
        CHECK(store.inner_v() == near((50.0 * 4.0 + 150.0 * 1.0) / 200.0));
        CHECK(store.bank_v(0) == store.inner_v());
        const double lost = 0.5 * (50e-6 * 150e-6 / 200e-6) * 9.0;
        CHECK(store.ledger().sink(Sink::switch_loss) == near(lost));
        CHECK(ledger_closes(store, 0.0));
        store.disconnect(0);
        CHECK(store.bank_v(0) == store.inner_v());
        CHECK(store.ledger().sink(Sink::switch_loss) == near(lost));
        CHECK(ledger_closes(store, 0.0));
        store.connect(0);  // equal voltages: nothing is lost
        CHECK(store.ledger().sink(Sink::switch_loss) == near(lost));
    });
}

TEST_CASE("a bank is joined at its rising threshold and taken off at its falling one") {
    each([](bool witness) {
        BanksStore store(two(1.0, 2.5), witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 1e-3);
        store.reset(supply);
        // 1 V to 3 V alone; then charge shared with 150 uF at 2.5 V: 2.625 V; then both to 3.5 V.
        const double alone = 50e-6 * (9.0 - 1.0) / 2e-3;
        const double shared = (50.0 * 3.0 + 150.0 * 2.5) / 200.0;
        const double both = 200e-6 * (3.5 * 3.5 - shared * shared) / 2e-3;
        const WalkResult up = store.walk(nothing(), {kNoWatch, 3.5}, at(10.0));
        REQUIRE(up.stop == Stop::rising);
        CHECK(up.at.seconds() == near(alone + both));
        CHECK(store.connected(0));
        CHECK(ledger_closes(store, 0.0));
        // Both down to 2 V under 2 mW net, then the first alone to 1.5 V.
        const WalkResult down =
            store.walk(load({phase({3e-3, 0.0, 0.0})}), {1.5, kNoWatch}, at(10.0));
        REQUIRE(down.stop == Stop::falling);
        CHECK(down.at.since(up.at) == near((200e-6 * (12.25 - 4.0) + 50e-6 * (4.0 - 2.25)) / 4e-3));
        CHECK_FALSE(store.connected(0));
        CHECK(store.bank_v(0) == 2.0);
        CHECK(store.inner_v() == 1.5);
        CHECK(ledger_closes(store, sum_of(down.tail)));
    });
}

TEST_CASE("a bank that empties the node is taken off again with what it got") {
    each([](bool witness) {
        BanksStore store(two(2.9, 0.0), witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 1e-3);
        store.reset(supply);
        store.walk(nothing(), {kNoWatch, kNoWatch}, at(50e-6 * (9.0 - 8.41) / 2e-3 + 1e-9));
        CHECK_FALSE(store.connected(0));
        CHECK(store.bank_v(0) == near(50.0 * 3.0 / 200.0));
        CHECK(store.inner_v() == near(0.75, 1e-4));
        // Packet after packet the bank comes up, until it stays.
        store.walk(nothing(), {kNoWatch, 3.2}, at(10.0));
        CHECK(store.connected(0));
        CHECK(ledger_closes(store, 0.0));
    });
}

TEST_CASE("a bank that is off leaks by itself, and its account goes on") {
    each([](bool witness) {
        BanksParams p = two(1.0, 2.5);
        p.banks[0].leakage.resistance_ohm = 1e5;
        p.leakage.current_a = 1e-9;
        BanksStore store(p, witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
        store.reset(supply);
        store.walk(nothing(), {kNoWatch, kNoWatch}, at(20.0));
        CHECK(store.bank_v(0) == near(2.5 * std::exp(-20.0 / 15.0)));
        CHECK(ledger_closes(store, 0.0));
        store.connect(0);
        CHECK(ledger_closes(store, 0.0));
        store.walk(nothing(), {kNoWatch, kNoWatch}, at(40.0));
        CHECK(ledger_closes(store, 0.0));
    });
}

TEST_CASE("units that span a switching are counted and booked once") {
    each([](bool witness) {
        BanksParams p = two(4.0, 4.0);
        p.banks[0].connected = true;
        BanksStore store(p, witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.0);
        store.reset(supply);
        // 1200 uJ above 2 V and 87.5 uJ below it down to 1.5 V hold with 1 mW for 10 ms each.
        const double joules = 0.5 * 200e-6 * (16.0 - 4.0) + 0.5 * 50e-6 * (4.0 - 2.25);
        const auto units = static_cast<std::int64_t>(joules / 10.7e-6);
        const WalkResult r = store.walk(
            load({phase({1.07e-3, 0.0, 0.0}, 4e-3), phase({1.07e-3, 0.0, 0.0}, 6e-3)}, 10000),
            {1.5, kNoWatch}, at(100.0));
        REQUIRE(r.stop == Stop::falling);
        CHECK(r.position.unit == units);
        CHECK(sum_of(r.done) == near(static_cast<double>(units) * 10.7e-6));
        CHECK(sum_of(r.done) + sum_of(r.tail) == near(joules, 1e-11));
        CHECK(ledger_closes(store, sum_of(r.done) + sum_of(r.tail)));
    });
}
