// SPDX-License-Identifier: Apache-2.0
// A battery beside a capacitor: against its wells' closed form, a fine integration of its own, and
// its account.
#include "models/store/battery_store.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace {

using namespace ebb;
using namespace ebb::test;

Approx near(double value, double relative = 1e-12) {
    return Approx(value).epsilon(relative).margin(0);
}

/// A thousandth of a PL-383562 at the same voltages, behind a capacitor that follows in 0.1 s.
BatteryParams cell(double soc) {
    BatteryParams p;
    p.charge_c = 3.096;
    p.available = 0.9248;
    p.recovery_s = 1250.0;
    p.initial_soc = soc;
    p.max_v = 4.2;
    p.node_f = 1e-3;
    p.open_circuit_v = {-0.852, 63.867, 3.6297, 0.559, -0.51, 0.508};
    p.resistance_ohm = {146.3, 30.27, 103.7, 58.4, -174.7, 128.8};
    p.fast = {{106.3, 62.49, 43.7}, {-0.2, 138.0, 0.3}};
    p.slow = {{71.2, 61.4, 28.8}, {-3.083, 180.0, 5.088}};
    p.leak_ohm = 65e6;
    return p;
}

std::unique_ptr<EnergyStore> make(const BatteryParams& p, bool witness) {
    return std::make_unique<PiecewiseStore>(std::make_unique<BatteryBody>(p, witness));
}

template <class Check>
void each(const Check& check) {
    for (const bool witness : {false, true}) {
        INFO("witness: " << witness);
        check(witness);
    }
}

}  // namespace

TEST_CASE("is the integral of a curve by state of charge the area under it?") {
    const SocCurve curve = cell(0.5).open_circuit_v;
    constexpr int kPanels = 2000;  // Simpson
    double area = 0.0;
    for (int i = 0; i < kPanels; ++i) {
        const double a = static_cast<double>(i) / kPanels, h = 1.0 / kPanels;
        area += h / 6.0 * (curve.at(a) + 4.0 * curve.at(a + 0.5 * h) + curve.at(a + h));
        CHECK((curve.at(a + 1e-6) - curve.at(a)) / 1e-6 ==
              Approx(curve.slope(a + 5e-7)).epsilon(1e-6));
    }
    CHECK(curve.integral(1.0) == near(area, 1e-10));
}

TEST_CASE("does a battery follow a fine integration of its equations?") {
    each([](bool witness) {
        const BatteryParams p = cell(0.5);
        auto store = make(p, witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 1e-3);
        store->reset(supply);
        const double end_s = 20.0;
        const WalkResult r =
            store->walk(load({phase({3e-3, 1e-3, 0.0})}), {kNoWatch, kNoWatch}, at(end_s));
        // RK4 in long double over (y, h1, h2, v_f, v_s); 1 ms against the node's 0.1 s.
        using Real = long double;
        using Five = std::array<Real, 5>;
        const auto curve = [](const SocCurve& c, Real s) {
            return c.exponential * std::exp(-c.steep * s) + c.constant +
                   s * (c.linear + s * (c.square + s * c.cubic));
        };
        const auto rates = [&](const Five& s) {
            const Real open = curve(p.open_circuit_v, s[1]);
            const Real i = (open - s[3] - s[4] - s[0]) / curve(p.resistance_ohm, s[1]);
            const Real all = i + open / *p.leak_ohm;
            const Real k = p.available * (1 - Real(p.available)) / p.recovery_s;
            const Real flow = k * (s[2] - s[1]);
            return Five{
                ((1e-3L - 3e-3L) / s[0] - 1e-3L + i) / p.node_f,
                (-all / p.charge_c + flow) / p.available, -flow / (1 - p.available),
                (i - s[3] / curve(p.fast.resistance_ohm, s[1])) / curve(p.fast.capacitance_f, s[1]),
                (i - s[4] / curve(p.slow.resistance_ohm, s[1])) /
                    curve(p.slow.capacitance_f, s[1])};
        };
        Five s = {p.open_circuit_v.at(0.5), 0.5, 0.5, 0, 0};
        constexpr int kSteps = 20'000;
        const Real h = Real(end_s) / kSteps;
        const auto moved = [&](const Five& by, Real step) {
            Five to = s;
            for (std::size_t i = 0; i < 5; ++i) {
                to[i] += step * by[i];
            }
            return to;
        };
        for (int n = 0; n < kSteps; ++n) {
            const Five a = rates(s), b = rates(moved(a, h / 2)), c = rates(moved(b, h / 2)),
                       d = rates(moved(c, h));
            for (std::size_t i = 0; i < 5; ++i) {
                s[i] += h / 6 * (a[i] + 2 * b[i] + 2 * c[i] + d[i]);
            }
        }
        CHECK(store->terminal_v({}) == near(static_cast<double>(s[0]), 1e-10));
        CHECK(std::fabs(imbalance(*store, sum_of(r.tail))) <= 1e-12 * store->initially_stored_j());
    });
}

TEST_CASE("does a battery at rest recover what its bound well holds back?") {
    // The walker only: explicit steps of the witness would take a minute for the rest.
    BatteryParams p = cell(0.6);
    p.leak_ohm.reset();
    p.recovery_s = 50.0;
    auto store = make(p, false);
    const Supply none = Supply::constant(shape(SupplyTag::power), 0.0);
    store->reset(none);
    // 1 mA for 300 s takes 0.3 A s; afterwards both wells level out at 0.6 - 0.3/3.096.
    const WalkResult r =
        store->walk(load({phase({0.0, 1e-3, 0.0})}), {kNoWatch, kNoWatch}, at(300.0));
    const double loaded = store->terminal_v({});
    store->walk(nothing(), {kNoWatch, kNoWatch}, at(6000.0));
    const double rested = store->terminal_v({});
    CHECK(rested > loaded);
    // The node's own capacitor gives a part, so the charge is known to its share.
    const double taken = 0.3 - p.node_f * (p.open_circuit_v.at(0.6) - rested);
    CHECK(rested == near(p.open_circuit_v.at(0.6 - taken / p.charge_c), 1e-9));
    CHECK(std::fabs(imbalance(*store, sum_of(r.tail))) <= 1e-11 * store->initially_stored_j());
}

TEST_CASE("does a charged battery clip at its limit, and a drained one meet its brown-out?") {
    each([](bool witness) {
        auto store = make(cell(0.97), witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 5e-3);
        store->reset(supply);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(200.0));
        CHECK(store->terminal_v({}) == 4.2);
        CHECK(store->ledger().clipped() > 0.0);
        const WalkResult r =
            store->walk(load({phase({0.0, 6e-3, 0.0}, 1.0)}, 100'000), {3.0, kNoWatch}, at(3000.0));
        CHECK(r.stop == Stop::falling);
        CHECK(store->terminal_v({}) == 3.0);
        CHECK(std::fabs(imbalance(*store, sum_of(r.done) + sum_of(r.tail))) <=
              1e-11 * store->initially_stored_j());
    });
}

TEST_CASE(
    "does the account of ten microcoulombs behind a few ohms close as that of a large cell?") {
    // The node follows in 3 us: the witness needs thousands of steps for a change of the charge.
    BatteryParams p;
    p.charge_c = 1e-5;
    p.available = 0.6;
    p.recovery_s = 3e-3;
    p.initial_soc = 0.5;
    p.max_v = 3.0;
    p.node_f = 1e-6;
    p.open_circuit_v = {-0.3, 40.0, 2.0, 0.8};
    p.resistance_ohm = {0.0, 0.0, 3.0, 1.0};
    p.fast = {{0.0, 0.0, 4.0}, {0.0, 0.0, 2e-6}};
    p.slow = {{0.0, 0.0, 6.0}, {0.0, 0.0, 1e-4}};
    p.leak_ohm = 1e6;
    each([&](bool witness) {
        auto store = make(p, witness);
        const Supply supply = Supply::constant(shape(SupplyTag::power), 0.2e-3);
        store->reset(supply);
        const WalkResult r = store->walk(
            load({phase({1e-3, 0.5e-3, 0.0}, 1e-3), phase({0.0, 1e-5, 0.0}, 1e-3)}, 1000),
            {kNoWatch, kNoWatch}, at(5e-3));
        CHECK(r.stop == Stop::until);
        CHECK(std::fabs(imbalance(*store, sum_of(r.done) + sum_of(r.tail))) <=
              5e-15 * store->initially_stored_j());
    });
}

TEST_CASE("is a cell refused, with its charge, where a curve by its charge comes to nothing?") {
    each([](bool witness) {
        BatteryParams p = cell(0.9);
        p.charge_c = 1e-3;
        p.open_circuit_v = {0.0, 0.0, 2.0, 0.5};
        p.resistance_ohm = {0.0, 0.0, 60.0, -40.0};  // nothing at 150 %
        p.max_v = 4.0;                               // a full cell has 2.5 V
        const Supply strong = Supply::constant(shape(SupplyTag::power), 20e-3);
        auto store = make(p, witness);
        store->reset(strong);
        CHECK_THROWS_WITH(store->walk(nothing(), {kNoWatch, kNoWatch}, at(0.15)),
                          Catch::Contains("at 149.5 % of a full one") &&
                              Catch::Contains("at 100 % its open circuit is 2.5 V"));
        if (witness) {
            return;  // long for explicit steps
        }
        p.max_v = 2.5;
        store = make(p, witness);
        store->reset(strong);
        store->walk(nothing(), {kNoWatch, kNoWatch}, at(0.3));
        CHECK(store->terminal_v({}) == 2.5);

        p.fast = p.slow = {{0.0, 0.0, 50.0}, {0.0, 0.0, 0.1}};
        p.resistance_ohm = {0.0, 0.0, 20.0, 40.0};  // nothing at -50 %
        p.initial_soc = 0.1;
        store = make(p, witness);
        const Supply none = Supply::constant(shape(SupplyTag::power), 0.0);
        store->reset(none);
        CHECK_THROWS_WITH(
            store->walk(load({phase({0.0, 2e-3, 0.0})}), {kNoWatch, kNoWatch}, at(1.0)),
            Catch::Contains("at -49.5 % of a full one") &&
                Catch::Contains("at 0 % its open circuit is 2 V: expected a turn_off"));
    });
}
