// SPDX-License-Identifier: Apache-2.0
// A supply by cells of voltage, on every store that walks piece by piece.
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace ebb;
using namespace ebb::test;

/// 1 mW below 2 V, 2 mW above; 80 % of what is offered arrives.
class Step final : public SupplyCells {
public:
    [[nodiscard]] SupplyCell at(std::size_t /*sample*/, double v, bool up) const noexcept override {
        SupplyCell cell;
        const bool upper = v > 2.0 || (v == 2.0 && up);
        cell.into = {upper ? 2e-3 : 1e-3, 0.0, 0.0};
        cell.offered = 1.25 * cell.into;
        (upper ? cell.low_v : cell.high_v) = 2.0;
        return cell;
    }
};

}  // namespace

TEST_CASE("a supply by cells charges each cell at its own power") {
    for (const bool witness : {false, true}) {
        const auto store = as_piecewise(capacitor(100e-6, 1.0), witness);
        SupplyShape source = shape(SupplyTag::cells);
        source.cells = std::make_shared<Step>();
        const Supply supply = Supply::constant(source, 1e-3);
        store->reset(supply);
        const WalkResult r = store->walk(nothing(), {kNoWatch, 3.0}, at(10.0));
        REQUIRE(r.stop == Stop::rising);
        const double want = 100e-6 * ((4.0 - 1.0) / 2e-3 + (9.0 - 4.0) / 4e-3);
        CHECK(r.at.seconds() == Approx(want).epsilon(1e-12).margin(0));
        CHECK(store->ledger().offered() ==
              Approx(1.25 * store->ledger().harvested()).epsilon(1e-12).margin(0));
        CHECK(ledger_closes(*store, 0.0));
        // Down again under a load that outweighs both cells.
        const WalkResult down =
            store->walk(load({phase({5e-3, 0.0, 0.0})}), {1.0, kNoWatch}, at(10.0));
        CHECK(down.at.since(r.at) ==
              Approx(100e-6 * (5.0 / 6e-3 + 3.0 / 8e-3)).epsilon(1e-12).margin(0));
        CHECK(ledger_closes(*store, sum_of(down.tail)));
    }
}

TEST_CASE("units under a full store are one step, also where the supply goes by cells") {
    SupplyShape source = shape(SupplyTag::cells);
    source.cells = std::make_shared<Step>();
    const Supply supply = Supply::constant(source, 1e-3);
    Load units = load({phase({0.5e-3, 0.0, 0.0}), phase({1.5e-3, 0.0, 0.0})});
    units.phases[0].duration_s = 1e-3;
    units.phases[1].duration_s = 3e-3;
    units.count = 1'000'000;
    CapacitorParams full = capacitor(100e-6, 3.0);
    full.max_v = 3.0;
    CapacitorStore store(full);
    store.reset(supply);
    const WalkResult& r = store.walk(units, {1.0, kNoWatch}, at(1e5));
    CHECK(r.stop == Stop::load_done);
    CHECK(r.at.seconds() == Approx(4000.0).epsilon(1e-12).margin(0));
    CHECK(store.segments() < 10);
    CHECK(store.ledger().clipped() == Approx(8.0 - 5.0).epsilon(1e-12).margin(0));
    CHECK(store.ledger().offered() == Approx(10.0).epsilon(1e-12).margin(0));
    CHECK(sum_of(r.done) == Approx(5.0).epsilon(1e-12).margin(0));
}

TEST_CASE("units that dip below a full store and fill it again are one step after the first") {
    const Supply supply = Supply::constant(shape(SupplyTag::power), 2e-3);
    for (const bool ends_full : {true, false}) {
        Load units =
            load({phase({0.5e-3, 0.0, 0.0}), phase({3.5e-3, 1e-6, 0.0}), phase({1e-3, 0.0, 0.0})});
        units.phases[0].duration_s = 4e-3;
        units.phases[1].duration_s = 1e-3;
        units.phases[2].duration_s = 3e-3;
        if (!ends_full) {
            units.phases.pop_back();
        }
        const double tau = ends_full ? 8e-3 : 5e-3;
        units.count = 100'000;
        CapacitorParams full = capacitor(100e-6, 3.0);
        full.max_v = 3.0;
        CapacitorStore store(full);
        store.reset(supply);
        const WalkResult& r = store.walk(units, {1.0, kNoWatch}, at(1e5));
        CHECK(r.stop == Stop::load_done);
        CHECK(r.at.seconds() == Approx(1e5 * tau).epsilon(1e-12).margin(0));
        CHECK(store.segments() < 30);
        CHECK((store.inner_v() == 3.0) == ends_full);
        CHECK(ledger_closes(store, sum_of(r.done)));
        // The slow witness over the first hundred.
        units.count = 100;
        CapacitorStore fast(full);
        ReferenceStore slow(full);
        fast.reset(supply);
        slow.reset(supply);
        fast.walk(units, {1.0, kNoWatch}, at(1e5));
        slow.walk(units, {1.0, kNoWatch}, at(1e5));
        const double clipped = fast.ledger().clipped();
        CHECK(clipped == Approx(slow.ledger().clipped()).epsilon(1e-10).margin(0));
        CHECK(fast.inner_v() == Approx(slow.inner_v()).epsilon(1e-12).margin(0));
        if (ends_full) {
            CHECK(store.ledger().clipped() == Approx(1000.0 * clipped).epsilon(1e-10).margin(0));
        }
    }
}
