// SPDX-License-Identifier: Apache-2.0
// Several supplies on one store node.
#include "models/core/merged_supply.hpp"
#include "models/converter/direct_supply.hpp"
#include "models/harvester/pv_cell.hpp"
#include "models/harvester/received_rf.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace ebb;
using namespace ebb::test;

Supply steps(SupplyShape shape, std::vector<double> values, std::int64_t step_ns, AtEnd at_end) {
    auto series = std::make_shared<Series>();
    for (std::size_t k = 0; k <= values.size(); ++k) {
        series->bound_ns.push_back(static_cast<std::int64_t>(k) * step_ns);
    }
    series->value = std::move(values);
    return {shape, series, 0, 1.0, at_end};
}

}  // namespace

TEST_CASE("Do two powers on one store charge it like their sum?") {
    SupplyShape lossy = shape(SupplyTag::power);
    lossy.efficiency = 0.5;
    std::vector<Supply> parts = {
        steps(lossy, {1e-3, 0.0}, 100'000'000, AtEnd::loop),
        steps(shape(SupplyTag::power), {2e-3, 5e-3, 1e-3}, 70'000'000, AtEnd::hold)};
    const Supply supply = merge_supplies(parts, 1'000'000'000);
    // 1 s: five times 100 ms of 1 mW; 70 ms of 2 mW, 70 ms of 5 mW, and 1 mW to the end.
    const double first = 0.5 * 1e-3;
    const double second = 0.07 * 2e-3 + 0.07 * 5e-3 + 0.86 * 1e-3;
    CHECK(supply.largest_power_at(2.0) == Approx(6e-3).epsilon(1e-12));
    for (const StoreUnderTest& under : stores_under_test()) {
        CAPTURE(under.name);
        const auto store = under.make(capacitor(1e-3, 1.0));
        store->reset(supply);
        (void)store->walk(nothing(), {kNoWatch, kNoWatch}, at(1.0));
        CHECK(store->ledger().harvested() == Approx(first + second).epsilon(1e-12));
        CHECK(store->ledger().offered() == Approx(2.0 * first + second).epsilon(1e-12));
        CHECK(ledger_closes(*store, 0.0));
    }
}

TEST_CASE("Are sources of one kind one source of that kind, with the losses of each?") {
    SupplyShape lossy = shape(SupplyTag::power);
    lossy.efficiency = 0.5;
    SupplyShape behind = shape(SupplyTag::current);
    behind.drop_v = 0.4;
    const auto both = [](const Supply& a, const Supply& b) {
        return merge_supplies({a, b}, 1'000'000'000);
    };
    struct {
        Supply supply;
        SupplyTag tag;
        double harvested, loss;
    } const cases[] = {
        {both(Supply::constant(lossy, 1e-3), Supply::constant(shape(SupplyTag::power), 2e-3)),
         SupplyTag::power, 3e-3, 1e-3},
        {both(steps(lossy, {1e-3, 3e-3}, 500'000'000, AtEnd::hold), Supply::constant(lossy, 1e-3)),
         SupplyTag::power, 3e-3, 3e-3},
        // Losses of different shares that change apart have no one share.
        {both(steps(lossy, {1e-3, 3e-3}, 500'000'000, AtEnd::hold),
              Supply::constant(shape(SupplyTag::power), 1e-3)),
         SupplyTag::cells, 3e-3, 2e-3},
        {both(Supply::constant(behind, 1e-3), Supply::constant(shape(SupplyTag::current), 1e-3)),
         SupplyTag::current, std::nan(""), 0.4e-3},
        {both(steps(behind, {1e-3, 3e-3}, 500'000'000, AtEnd::hold),
              Supply::constant(behind, 1e-3)),
         SupplyTag::current, std::nan(""), 1.2e-3},
        {both(Supply::constant(behind, 0.0), Supply::constant(shape(SupplyTag::current), 0.0)),
         SupplyTag::cells, 0.0, 0.0},
    };
    for (std::size_t k = 0; k < std::size(cases); ++k) {
        CHECK(cases[k].supply.shape().tag == cases[k].tag);
        for (const StoreUnderTest& under : stores_under_test()) {
            CAPTURE(k, under.name);
            const auto store = under.make(capacitor(1e-3, 1.0));
            store->reset(cases[k].supply);
            (void)store->walk(nothing(), {kNoWatch, kNoWatch}, at(1.0));
            if (!std::isnan(cases[k].harvested)) {
                CHECK(store->ledger().harvested() == Approx(cases[k].harvested).epsilon(1e-12));
            }
            CHECK(store->ledger().converter_loss() == Approx(cases[k].loss).epsilon(1e-12));
            CHECK(ledger_closes(*store, 0.0));
        }
    }
}

TEST_CASE("Do two traces on one grid pass a store as one trace of their sum does?") {
    std::vector<double> a, b, sum;
    for (int k = 0; k < 5000; ++k) {
        a.push_back(1e-4 * (k % 17));
        b.push_back(2e-4 * (k % 5));
        sum.push_back(a.back() + b.back());
    }
    const std::int64_t step = 20'000'000;
    const Supply merged = merge_supplies({steps(shape(SupplyTag::power), a, step, AtEnd::hold),
                                          steps(shape(SupplyTag::power), b, step, AtEnd::hold)},
                                         5000 * step);
    const Supply one = steps(shape(SupplyTag::power), sum, step, AtEnd::hold);
    CHECK(merged.shape().tag == SupplyTag::power);
    CHECK(merged.uniform_ns() == step);
    CHECK(merged.index() != nullptr);
    double v[2] = {};
    double harvested[2] = {};
    int k = 0;
    for (const Supply* supply : {&merged, &one}) {
        CapacitorParams p = capacitor(1e-2, 2.0, 20.0);
        p.leakage.resistance_ohm = 10e3;
        CapacitorStore store(p);
        store.reset(*supply);
        (void)store.walk(nothing(), {kNoWatch, kNoWatch}, at(100.0));
        CHECK(ledger_closes(store, 0.0));
        v[k] = store.inner_v();
        harvested[k++] = store.ledger().harvested();
    }
    CHECK(v[0] == Approx(v[1]).epsilon(1e-11).margin(0));
    CHECK(harvested[0] == Approx(harvested[1]).epsilon(1e-11).margin(0));
}

TEST_CASE("Does every kind of supply beside another keep its own energy and losses?") {
    PvCellParams p;
    p.cell.isc_a = 4e-3;
    p.cell.voc_v = 4.0;
    p.cell.slope_v = 0.25;
    p.cell.series_ohm = 10.0;
    p.operate = OperatingWord::direct;
    const auto cell = std::make_shared<const PvCell>(p);
    const std::vector<double> light = {900.0, 0.0, 300.0, 700.0};
    SupplyShape thevenin = shape(SupplyTag::thevenin);
    thevenin.resistance_ohm = 800.0;
    thevenin.drop_v = 0.2;
    thevenin.diode = true;
    SupplyShape through = shape(SupplyTag::diode_power);
    through.drop_v = 0.3;
    SupplyShape current = shape(SupplyTag::current);
    current.drop_v = 0.4;
    const std::vector<Supply> all = {
        steps(direct_supply(cell, {PathDiode::Kind::exponential, 0.0, 1e-7, 0.027, 0.0}, light),
              light, 130'000'000, AtEnd::loop),
        steps(direct_supply(cell, {PathDiode::Kind::drop, 0.3, 0.0, 0.0, 0.0}, light), light,
              90'000'000, AtEnd::loop),
        steps(thevenin, {4.0, 2.5, 0.0}, 110'000'000, AtEnd::loop),
        steps(through, {2e-3, 0.0, 3e-3}, 70'000'000, AtEnd::loop),
        steps(current, {1e-3, 0.0}, 170'000'000, AtEnd::loop)};
    for (std::size_t left = 0; left < all.size(); ++left) {
        for (std::size_t right = left + 1; right < all.size(); ++right) {
            for (const double esr : {0.0, 3.0}) {
                CapacitorParams c = capacitor(470e-6, 1.5, 5.0);
                c.esr_ohm = esr;
                c.leakage.resistance_ohm = 100e3;
                const Supply supply = merge_supplies({all[left], all[right]}, 1'000'000'000);
                double v = 0.0;
                double offered = 0.0;
                for (const StoreUnderTest& under : stores_under_test()) {
                    CAPTURE(left, right, esr, under.name);
                    const auto store = under.make(c);
                    store->reset(supply);
                    const WalkResult r =
                        store->walk(load({phase({0.0, 1e-3, 0.0})}), {kNoWatch, kNoWatch}, at(1.0));
                    CHECK(ledger_closes(*store, sum_of(r.tail)));
                    if (under.name == "reference") {
                        v = store->inner_v();
                        offered = store->ledger().offered();
                        continue;
                    }
                    CHECK(store->inner_v() == Approx(v).epsilon(1e-9).margin(0));
                    CHECK(store->ledger().offered() == Approx(offered).epsilon(1e-9).margin(0));
                }
            }
        }
    }
}

TEST_CASE("Is a supply beside one that gives nothing what it is alone?") {
    SupplyShape thevenin = shape(SupplyTag::thevenin);
    thevenin.resistance_ohm = 1000.0;
    thevenin.drop_v = 0.3;
    thevenin.diode = true;
    const Supply alone = steps(thevenin, {5.0, 2.0, 4.0, 0.0}, 50'000'000, AtEnd::loop);
    const Supply beside =
        merge_supplies({alone, Supply::constant(shape(SupplyTag::power), 0.0)}, 2'000'000'000);
    for (const StoreUnderTest& under : stores_under_test()) {
        CAPTURE(under.name);
        double v[2] = {}, harvested[2] = {}, loss[2] = {};
        int k = 0;
        for (const Supply* supply : {&alone, &beside}) {
            const auto store = under.make(capacitor(100e-6, 1.0));
            store->reset(*supply);
            (void)store->walk(load({phase({0.0, 0.5e-3, 0.0})}), {kNoWatch, kNoWatch}, at(2.0));
            v[k] = store->inner_v();
            harvested[k] = store->ledger().harvested();
            loss[k++] = store->ledger().converter_loss();
        }
        CHECK(v[1] == Approx(v[0]).epsilon(1e-11).margin(0));
        CHECK(harvested[1] == Approx(harvested[0]).epsilon(1e-11).margin(0));
        CHECK(loss[1] == Approx(loss[0]).epsilon(1e-11).margin(0));
    }
}

TEST_CASE("Does a store pass a border that two sources give with different last bits?") {
    // The diode's edge, 2.3 V less 0.1 V, lies an ulp below the rectifier's row at 2.2 V.
    SupplyShape thevenin = shape(SupplyTag::thevenin);
    thevenin.resistance_ohm = 1000.0;
    thevenin.drop_v = 0.1;
    thevenin.diode = true;
    REQUIRE(2.3 - 0.1 < 2.2);
    ReceivedRfParams p;
    p.rectifier.table = {{1e-3, 0.3, 1.2}, {1e-3, 0.5, 2.2}, {1e-3, 0.2, 3.0}};
    const auto rectifier = std::make_shared<const ReceivedRf>(p);
    const double received_w = 2e-3;
    const Supply supply = merge_supplies(
        {Supply::constant(thevenin, 2.3),
         Supply::constant(direct_supply(rectifier, PathDiode{}, {received_w}), received_w)},
        1'000'000'000);
    const double c = 100e-6;
    for (const double load_a : {0.0, 4e-3}) {  // up through the border, and down
        const double from = load_a > 0.0 ? 2.5 : 1.9;
        const double to = load_a > 0.0 ? 1.9 : 2.5;
        double want = 0.0;
        constexpr int kParts = 20'000;
        for (int k = 0; k < kParts; ++k) {
            const double v = from + (to - from) * (k + 0.5) / kParts;
            const double i = rectifier->efficiency(received_w, v) * received_w / v +
                             std::max(2.2 - v, 0.0) / 1000.0;
            want += c * (to - from) / kParts / (i - load_a);
        }
        for (const StoreUnderTest& under : stores_under_test()) {
            CAPTURE(under.name, load_a);
            const auto store = under.make(capacitor(c, from));
            store->reset(supply);
            const WalkResult r =
                store->walk(load({phase({0.0, load_a, 0.0})}),
                            {load_a > 0.0 ? to : kNoWatch, load_a > 0.0 ? kNoWatch : to}, at(1.0));
            REQUIRE(r.stop == (load_a > 0.0 ? Stop::falling : Stop::rising));
            CHECK(r.at.seconds() == Approx(want).epsilon(1e-7).margin(0));
            CHECK(ledger_closes(*store, sum_of(r.tail)));
        }
    }
}
