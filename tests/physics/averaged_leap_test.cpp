// SPDX-License-Identifier: Apache-2.0
// Equal units beside a constant current are leapt over by a mean path and its ripple. Does that end
// where the integration of every phase ends?
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace {

using namespace ebb;
using namespace ebb::test;

struct Case {
    double capacitance_f, v0, leak_a, leak_ohm, idle_w, busy_w, idle_s, busy_s;
    std::int64_t units;
    std::vector<double> supply_w;
    double sample_s;
};

struct Outcome {
    double v = 0.0, leaked_j = 0.0, drawn_j = 0.0, imbalance_j = 0.0;
    std::int64_t units = 0;
    std::uint64_t segments = 0;
};

Outcome outcome_of(EnergyStore& store, const Case& c) {
    auto series = std::make_shared<Series>();
    series->quantity = Quantity::power_w;
    series->bound_ns = {0};
    for (const double w : c.supply_w) {
        series->value.push_back(w);
        series->bound_ns.push_back(series->bound_ns.back() + std::llround(c.sample_s * 1e9));
    }
    const Supply supply(shape(SupplyTag::power), series, 0, 1.0, AtEnd::loop);
    store.reset(supply);
    const Load l = load(
        {phase({c.idle_w, 2e-5, 0.0}, c.idle_s), phase({c.busy_w, 2e-5, 0.0}, c.busy_s)}, c.units);
    const WalkResult r = store.walk(l, {1.0, 5.5}, at(100.0));
    REQUIRE(r.stop == Stop::load_done);
    Outcome o;
    o.v = store.inner_v();
    o.leaked_j = store.ledger().sink(Sink::leakage);
    o.drawn_j = sum_of(r.done) + sum_of(r.tail);
    o.imbalance_j = imbalance(store, o.drawn_j);
    o.units = r.position.unit;
    o.segments = store.segments();
    return o;
}

}  // namespace

TEST_CASE("a leap beside a constant current ends where the integration of each phase does") {
    // The ripple is up to 0.3 % of the energy; first a charge from 2.5 V in one piece, then steps
    // of the supply that fall into the units, then a settled store.
    const Case cases[] = {
        {20e-6, 2.5, 1.2e-4, 4e3, 0.5e-3, 9e-3, 60e-6, 30e-6, 400, {11e-3}, 1.0},
        {20e-6, 3.0, 1e-4, 1e5, 0.0, 6e-3, 50e-6, 40e-6, 300, {1e-3, 6e-3, 2e-3, 3.5e-3}, 0.75e-3},
        {100e-6, 3.0, 1e-6, 6e4, 1e-3, 8e-3, 100e-6, 90e-6, 500, {4.4e-3}, 1.0},
        {20e-6, 2.0, 2e-4, 5e4, 0.2e-3, 4e-3, 30e-6, 30e-6, 900, {2.6e-3}, 1.0},
    };
    for (const Case& c : cases) {
        CAPTURE(c.v0, c.units, c.supply_w.size());
        CapacitorParams params = capacitor(c.capacitance_f, c.v0);
        params.leakage.current_a = c.leak_a;
        params.leakage.resistance_ohm = c.leak_ohm;
        CapacitorStore exact(params);
        ReferenceStore witness(params);
        const Outcome got = outcome_of(exact, c);
        const Outcome want = outcome_of(witness, c);
        const double through = std::fabs(want.drawn_j) + want.leaked_j;
        REQUIRE(got.segments < static_cast<std::uint64_t>(c.units));  // it did leap
        REQUIRE(got.units == want.units);
        CHECK(std::fabs(got.v - want.v) <= 2e-11 * want.v);
        CHECK(std::fabs(got.leaked_j - want.leaked_j) <= 2e-11 * through);
        CHECK(std::fabs(got.drawn_j - want.drawn_j) <= 2e-11 * through);
        CHECK(std::fabs(got.imbalance_j) <= 2e-11 * through);
    }
}
