// SPDX-License-Identifier: Apache-2.0
// The matrix of eight: has each arrangement the capacitance of its drawing, and does the controller
// walk through all of them?
#include "models/store/morphy.hpp"
#include "models/store/array_store.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace {

using namespace ebb;
using namespace ebb::test;

Approx near(double value, double relative = 1e-12) {
    return Approx(value).epsilon(relative).margin(0);
}

MorphyParams eight(double initial_v) {
    MorphyParams m;
    m.capacitance_f = 2e-3;
    m.initial_v = initial_v;
    m.max_v = 3.6;
    return m;
}

/// In units of C, smallest first; 3C-4C beside one more for the last but one.
constexpr double kShares[] = {1.0 / 8, 1.0 / 7, 1.0 / 6, 1.0 / 5,  1.0 / 4, 1.0 / 3,
                              1.0 / 2, 8.0 / 7, 7.0 / 5, 19.0 / 7, 8.0};

}  // namespace

TEST_CASE("has each of the eleven arrangements the capacitance of its drawing?") {
    MorphyParams m = eight(1.0);
    m.controller.period_s = 1e6;
    for (const bool witness : {false, true}) {
        for (std::size_t state = 0; state < 11; ++state) {
            ArrayStore store(array_of(m), witness);
            const Supply supply = Supply::constant(shape(SupplyTag::current), 1e-3);
            store.reset(supply);
            CHECK(store.inner_v() == near(1.0));
            REQUIRE(store.configurations() == 11);
            store.enter(state);
            const double before = store.inner_v();
            store.walk(nothing(), {kNoWatch, kNoWatch}, at(0.01));
            INFO(state);
            CHECK((store.inner_v() - before) * kShares[state] * 2e-3 == Approx(1e-5).epsilon(1e-9));
            CHECK(ledger_closes(store, 0.0));
        }
    }
}

TEST_CASE("does the controller step up and down once in 0.4 s, from the string of eight on?") {
    for (const bool witness : {false, true}) {
        ArrayStore store(array_of(eight(3.5)), witness);
        const Supply plenty = Supply::constant(shape(SupplyTag::power), 1.0);
        store.reset(plenty);
        for (std::size_t step = 1; step <= 10; ++step) {  // full again long before the next look
            store.walk(nothing(), {kNoWatch, kNoWatch}, at(0.4 * static_cast<double>(step) - 1e-3));
            CHECK(store.configuration() == step - 1);
            store.walk(nothing(), {kNoWatch, kNoWatch}, at(0.4 * static_cast<double>(step) + 1e-3));
            CHECK(store.configuration() == step);
        }
        // Rearranged below 2 V, the terminal is lifted by what stacks on it.
        const Supply none = Supply::constant(shape(SupplyTag::current), 0.0);
        store.feed_from(none);
        double drawn = 0.0;
        double lifted = 0.0;
        while (store.configuration() == 10) {
            lifted = store.inner_v();
            drawn += sum_of(
                store
                    .walk(load({phase({0.0, 50e-3, 0.0})}), {0.1, kNoWatch}, store.now().plus(1e-3))
                    .tail);
        }
        CHECK(store.configuration() == 9);
        // 8 C at v: one C beside 12C/7 of two groups at v each, 2 v.
        CHECK(store.inner_v() ==
              Approx((1.0 + 2.0 * 12.0 / 7.0) / (19.0 / 7.0) * lifted).epsilon(0.02));
        CHECK(ledger_closes(store, drawn));
    }
}
