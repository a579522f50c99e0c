// SPDX-License-Identifier: Apache-2.0
// A rectifier whose efficiency depends on the received power and on the store's voltage.
#include "models/harvester/received_rf.hpp"
#include "models/converter/diode.hpp"
#include "models/converter/efficiency.hpp"
#include "models/converter/none.hpp"
#include "models/core/error.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <random>

namespace {

using namespace ebb;
using namespace ebb::test;

/// Three store voltages; 2 V is out of reach below 1 mW.
ReceivedRfParams over_the_store() {
    ReceivedRfParams p;
    p.rectifier.table = {{1e-4, 0.10, 0.5}, {1e-3, 0.30, 0.5}, {1e-2, 0.20, 0.5}, {1e-4, 0.00, 1.0},
                         {1e-3, 0.50, 1.0}, {1e-3, 0.20, 2.0}, {1e-2, 0.60, 2.0}};
    return p;
}

Supply supply_of(const std::shared_ptr<const ReceivedRf>& rf, const std::vector<double>& received,
                 std::int64_t step_ns) {
    if (received.size() == 1) {
        return Supply::constant(direct_supply(rf, PathDiode{}, received), received[0]);
    }
    auto series = std::make_shared<Series>();
    series->quantity = Quantity::rf_power_w;
    series->value = received;
    for (std::size_t k = 0; k <= received.size(); ++k) {
        series->bound_ns.push_back(static_cast<std::int64_t>(k) * step_ns);
    }
    return {direct_supply(rf, PathDiode{}, received), series, 0, 1.0, AtEnd::hold};
}

/// C V V' = p + s V from v0 to v1.
double charging_s(double c, double p, double s, double v0, double v1) {
    return s == 0.0 ? c * (v1 * v1 - v0 * v0) / (2.0 * p)
                    : c / s * (v1 - v0 - p / s * std::log((p + s * v1) / (p + s * v0)));
}

}  // namespace

TEST_CASE("Does an efficiency lie straight in dBm and straight in the store's voltage?") {
    const ReceivedRf rf(over_the_store());
    const double half = std::sqrt(1e-4 * 1e-3);  // half-way in dB
    CHECK(rf.efficiency(half, 0.5) == Approx(0.20).epsilon(1e-12));
    CHECK(rf.efficiency(half, 1.0) == Approx(0.25).epsilon(1e-12));
    CHECK(rf.efficiency(half, 0.75) == Approx(0.225).epsilon(1e-12));
    // At 2 V the first row lies at 1 mW: below it nothing, not the line on.
    CHECK(rf.efficiency(half, 2.0) == 0.0);
    CHECK(rf.efficiency(half, 1.5) == Approx(0.125).epsilon(1e-12));
    CHECK(rf.efficiency(1e-3, 1.5) == Approx(0.35).epsilon(1e-12));
    // Outside the nearest: store voltages, and powers above the last row.
    CHECK(rf.efficiency(1e-3, 0.1) == Approx(0.30).epsilon(1e-12));
    CHECK(rf.efficiency(1e-3, 7.0) == Approx(0.20).epsilon(1e-12));
    CHECK(rf.efficiency(1.0, 1.0) == Approx(0.50).epsilon(1e-12));
    CHECK(rf.efficiency(0.99e-4, 0.5) == 0.0);
    CHECK(rf.efficiency(0.0, 1.0) == 0.0);
}

TEST_CASE("Does an efficiency over the store's voltage charge a store by its closed form?") {
    const auto rf = std::make_shared<const ReceivedRf>(over_the_store());
    const double p = 1e-3, c = 220e-6, drawn = 50e-6;
    // eta: 0.3 below 0.5 V, 0.1 + 0.4 V to 1 V, 0.8 - 0.3 V to 2 V, 0.2 above.
    const double want = charging_s(c, 0.3 * p - drawn, 0.0, 0.2, 0.5) +
                        charging_s(c, 0.1 * p - drawn, 0.4 * p, 0.5, 1.0) +
                        charging_s(c, 0.8 * p - drawn, -0.3 * p, 1.0, 2.0) +
                        charging_s(c, 0.2 * p - drawn, 0.0, 2.0, 2.4);
    const Supply supply = supply_of(rf, {p}, 0);
    for (const StoreUnderTest& under : stores_under_test()) {
        CAPTURE(under.name);
        const auto store = under.make(capacitor(c, 0.2));
        store->reset(supply);
        const WalkResult r =
            store->walk(load({phase({drawn, 0.0, 0.0})}), {kNoWatch, 2.4}, at(100.0));
        REQUIRE(r.stop == Stop::rising);
        CHECK(r.at.seconds() == Approx(want).epsilon(1e-12).margin(0));
        CHECK(ledger_closes(*store, sum_of(r.tail)));
        const double harvested = c * (2.4 * 2.4 - 0.2 * 0.2) / 2.0 + drawn * want;
        CHECK(store->ledger().harvested() == Approx(harvested).epsilon(1e-12).margin(0));
        CHECK(store->ledger().converter_loss() == Approx(0.0).margin(1e-18));
        if (under.name == "exact") {
            CHECK(store->segments() <= 8);  // four cells in closed form, no steps
        }
    }
}

TEST_CASE("Does a store stay where a rectifier just cannot charge it further?") {
    // Half-way below 1 mW nothing reaches 2 V; what is left falls straight from 1 V on, so the
    // store rests where it meets the load, below 2 V.
    const auto rf = std::make_shared<const ReceivedRf>(over_the_store());
    const double p = std::sqrt(1e-4 * 1e-3);
    const double drawn = 0.1 * p;  // eta = 0.5 - 0.25 V = 0.1
    const Supply supply = supply_of(rf, {p}, 0);
    for (const StoreUnderTest& under : stores_under_test()) {
        for (const double from : {0.3, 3.0}) {
            CAPTURE(under.name, from);
            const auto store = under.make(capacitor(10e-6, from));
            store->reset(supply);
            (void)store->walk(load({phase({drawn, 0.0, 0.0})}), {kNoWatch, kNoWatch}, at(1e4));
            CHECK(store->inner_v() == Approx(1.6).epsilon(1e-9).margin(0));
        }
    }
}

TEST_CASE("Do all stores say the same about a rectifier under varying power and load?") {
    const auto rf = std::make_shared<const ReceivedRf>(over_the_store());
    std::mt19937 engine(23);
    const auto unit = [&engine] { return static_cast<double>(engine()) / 4294967296.0; };
    for (int n = 0; n < 24; ++n) {
        std::vector<double> received;
        for (int k = 0; k < 50; ++k) {
            received.push_back(unit() < 0.2 ? 0.0 : 0.5e-4 * std::pow(400.0, unit()));
        }
        const Supply supply = supply_of(rf, received, 20'000'000);
        CapacitorParams p = capacitor(n % 2 == 0 ? 47e-6 : 470e-6, 0.2 + 2.0 * unit(), 2.5);
        p.esr_ohm = n % 3 == 0 ? 4.0 : 0.0;
        p.leakage.resistance_ohm = 50e3;
        const Load drawn = load(
            {phase({n % 5 == 0 ? 1e-3 : 0.0, 0.4e-3, 0.0}, 3e-3), phase({0.0, 10e-6, 0.0}, 40e-3)},
            1000);
        double v = 0.0;
        double harvested = 0.0;
        for (const StoreUnderTest& under : stores_under_test()) {
            CAPTURE(n, under.name, p.esr_ohm);
            const auto store = under.make(p);
            store->reset(supply);
            const WalkResult r = store->walk(drawn, {0.1, kNoWatch}, at(1.0));
            CHECK(ledger_closes(*store, sum_of(r.done) + sum_of(r.tail)));
            if (under.name == "reference") {
                v = store->inner_v();
                harvested = store->ledger().harvested();
                CHECK(harvested > 0.0);
                continue;
            }
            CHECK(store->inner_v() == Approx(v).epsilon(1e-9).margin(0));
            CHECK(store->ledger().harvested() == Approx(harvested).epsilon(1e-9).margin(0));
        }
    }
}

TEST_CASE("Is a rectifier by the store's voltage refused behind anything but a wire?") {
    const ReceivedRf rf(over_the_store());
    CHECK(NoConverter().couple(rf.shape()).tag == SupplyTag::cells);
    CHECK_THROWS_WITH(Diode({0.3}).couple(rf.shape()), Catch::Contains("expected converter none"));
    CHECK_THROWS_WITH(Efficiency({0.8}).couple(rf.shape()),
                      Catch::Contains("expected converter none"));
}

TEST_CASE("Are tables that mix rows with and without store voltage refused?") {
    ReceivedRfParams p = over_the_store();
    p.rectifier.table.push_back({1e-1, 0.5, std::nullopt});
    CHECK_THROWS_WITH(ReceivedRf(p), Catch::Contains("either every row"));
    p = over_the_store();
    p.rectifier.table.push_back({1e-3, 0.5, 1.0});
    CHECK_THROWS_WITH(ReceivedRf(p), Catch::Contains("at store 1 V does not lie above"));
    p = over_the_store();
    for (RectifierRow& row : p.rectifier.table) {
        row.store_v.reset();
    }
    p.rectifier.table.resize(3);
    CHECK_THROWS_WITH(ReceivedRf(p), Catch::Contains("needs hold"));
}
