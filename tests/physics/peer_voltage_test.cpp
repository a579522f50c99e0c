// SPDX-License-Identifier: Apache-2.0
// What other simulators make of a recorded voltage: each law against its own arithmetic.
#include "models/harvester/peer_voltage.hpp"
#include "models/converter/diode.hpp"
#include "models/converter/none.hpp"
#include "models/core/error.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace ebb;
using namespace ebb::test;

PeerVoltageParams law(PeerLaw which) {
    PeerVoltageParams p;
    p.law = which;
    return p;
}

std::shared_ptr<Series> voltages(std::vector<double> values, std::int64_t step_ns) {
    auto series = std::make_shared<Series>();
    series->quantity = Quantity::voltage_v;
    for (std::size_t k = 0; k <= values.size(); ++k) {
        series->bound_ns.push_back(static_cast<std::int64_t>(k) * step_ns);
    }
    series->value = std::move(values);
    return series;
}

}  // namespace

TEST_CASE("Does a current of v/R flow into the store whatever its voltage?") {
    PeerVoltageParams p = law(PeerLaw::current_source);
    p.resistance_ohm = 30e3;
    const SupplyShape shape = NoConverter().couple(PeerVoltage(p).shape());
    const Supply supply(shape, voltages({3.0, 0.0, 1.5}, 1'000'000'000), 0, 1.0, AtEnd::hold);
    for (const StoreUnderTest& under : stores_under_test()) {
        CAPTURE(under.name);
        const auto store = under.make(capacitor(100e-6, 4.0));
        store->reset(supply);
        (void)store->walk(nothing(), {kNoWatch, kNoWatch}, at(3.0));
        CHECK(store->inner_v() == Approx(4.0 + (1e-4 + 0.5e-4) / 100e-6).epsilon(1e-12));
    }
}

TEST_CASE(
    "Is a voltage behind a resistor and an ideal diode the exponential that its tool steps?") {
    PeerVoltageParams p = law(PeerLaw::resistor_diode);
    p.resistance_ohm = 1e3;
    const SupplyShape shape = NoConverter().couple(PeerVoltage(p).shape());
    const std::vector<double> v = {2.0, 3.5, 1.0, 4.0};
    const double c = 10e-6, step = 4e-3;
    const Supply supply(shape, voltages(v, 4'000'000), 0, 1.0, AtEnd::hold);
    double want = 0.0;
    for (const double source : v) {
        want += source > want ? (source - want) * -std::expm1(-step / (1e3 * c)) : 0.0;
    }
    for (const StoreUnderTest& under : stores_under_test()) {
        CAPTURE(under.name);
        const auto store = under.make(capacitor(c, 0.0));
        store->reset(supply);
        (void)store->walk(nothing(), {kNoWatch, kNoWatch}, at(16e-3));
        CHECK(store->inner_v() == Approx(want).epsilon(1e-11));
        CHECK(ledger_closes(*store, 0.0));
    }
}

TEST_CASE("Does a limited current charge up to the trace's voltage and not beyond it?") {
    PeerVoltageParams p = law(PeerLaw::limited);
    p.limit_a = 1e-3;
    const auto peer = std::make_shared<const PeerVoltage>(p);
    for (const double u : {0.0, 1.0, 2.98}) {
        CHECK(peer->piece(3.0, u, true).current(u) == 1e-3);
    }
    CHECK(peer->piece(3.0, 2.995, true).current(2.995) == Approx(0.5e-3).epsilon(1e-9));
    CHECK(peer->piece(3.0, 3.0, true).current(3.0) == 0.0);
    CHECK(peer->piece(3.0, 4.0, true).current(4.0) == 0.0);
    CHECK(peer->piece(0.0, 0.0, true).current(0.0) == 0.0);
    CHECK_THROWS_WITH(Diode({0.3}).couple(peer->shape()), Catch::Contains("converter none"));
    const Supply supply = Supply::constant(direct_supply(peer, PathDiode{}, {3.0}), 3.0);
    for (const StoreUnderTest& under : stores_under_test()) {
        CAPTURE(under.name);
        auto store = under.make(capacitor(1e-3, 1.0));
        store->reset(supply);
        const WalkResult r = store->walk(nothing(), {kNoWatch, 2.99}, at(100.0));
        REQUIRE(r.stop == Stop::rising);
        CHECK(r.at.seconds() == Approx(1e-3 * 1.99 / 1e-3).epsilon(1e-12));
        store = under.make(capacitor(1e-3, 1.0));
        store->reset(supply);
        (void)store->walk(nothing(), {kNoWatch, kNoWatch}, at(10.0));
        CHECK(store->inner_v() == Approx(3.0).epsilon(1e-12));
    }
}

TEST_CASE("Do rises of the trace add what the tool's formula adds, and nothing else?") {
    PeerVoltageParams p = law(PeerLaw::rises);
    p.resistance_ohm = 1.8e6;
    p.capacitance_f = 10e-6;
    p.update_s = 1e-3;
    const PeerVoltage peer(p);
    // The third sample stays for 3 ms: one update sees it rise.
    const auto series = voltages({1.0, 0.5, 2.0, 2.0, 2.0, 1.9, 2.1}, 1'000'000);
    auto joined = std::make_shared<Series>();
    joined->quantity = Quantity::voltage_v;
    joined->bound_ns = {0, 1'000'000, 2'000'000, 5'000'000, 6'000'000, 7'000'000};
    joined->value = {1.0, 0.5, 2.0, 1.9, 2.1};
    const double gain = 1.0 - std::exp(-1.0 / 800.0 * 1.8e6 * 10e-6);
    const double want = (1.0 + 2.0 + 2.1) * gain;
    for (const auto& trace : {series, joined}) {
        const Supply supply(NoConverter().couple(peer.shape()), peer.remade(*trace), 0, 1.0,
                            AtEnd::stop);
        for (const StoreUnderTest& under : stores_under_test()) {
            CAPTURE(under.name);
            const auto store = under.make(capacitor(10e-6, 0.0));
            store->reset(supply);
            (void)store->walk(nothing(), {kNoWatch, kNoWatch}, at(7e-3));
            CHECK(store->inner_v() == Approx(want).epsilon(1e-11));
        }
    }
}
