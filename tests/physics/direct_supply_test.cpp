// SPDX-License-Identifier: Apache-2.0
// A source wired to the store: its curve through a wire, a constant drop, a diode by its equation.
#include "models/converter/direct_supply.hpp"
#include "models/harvester/iv_curve.hpp"
#include "models/harvester/pv_cell.hpp"
#include "tests/physics/stores.hpp"

#include <catch2/catch.hpp>
#include <random>

namespace {

using namespace ebb;
using namespace ebb::test;

PvCellParams string_of_cells(double series_ohm = 2.5, double shunt_ohm = 10e3) {
    PvCellParams p;
    p.cell.isc_a = 20e-3;
    p.cell.voc_v = 4.5;
    p.cell.slope_v = 0.27;
    p.cell.series_ohm = series_ohm;
    if (shunt_ohm > 0.0) {
        p.cell.shunt_ohm = shunt_ohm;
    }
    p.operate = OperatingWord::direct;
    return p;
}

constexpr double kLight = 1000.0;  // [W/m^2] of the cell's data

PathDiode schottky() { return {PathDiode::Kind::exponential, 0.0, 1e-6, 1.05 * 0.025865, 0.5}; }
PathDiode drop(double v) { return {PathDiode::Kind::drop, v, 0.0, 0.0, 0.0}; }

Supply series_supply(const std::shared_ptr<const DirectCurve>& source, const PathDiode& diode,
                     const std::vector<double>& light, std::int64_t step_ns) {
    auto series = std::make_shared<Series>();
    series->quantity = Quantity::irradiance_w_m2;
    series->value = light;
    for (std::size_t k = 0; k <= light.size(); ++k) {
        series->bound_ns.push_back(static_cast<std::int64_t>(k) * step_ns);
    }
    return {direct_supply(source, diode, light), series, 0, 1.0, AtEnd::hold};
}

/// Two levels with points in tenths of a volt, so that borders of both often mean the same voltage
/// and differ in their last bits.
IvCurveParams two_levels(std::mt19937& engine) {
    const auto whole = [&engine](int low, int high) {
        return low + static_cast<int>(engine() % static_cast<unsigned>(high - low + 1));
    };
    IvCurveParams p;
    p.operate = OperatingWord::direct;
    for (const double lux : {300.0, 700.0}) {
        IvLevel level{lux, {}};
        const int end = whole(18, 36);
        double i = 1e-6 * lux;
        for (int tenth = whole(1, 3); tenth < end; tenth += whole(1, 5)) {
            level.points.push_back({0.1 * tenth, i});
            i *= 0.8 + 0.02 * whole(0, 9);
        }
        level.points.push_back({0.1 * end, 0.0});
        p.levels.push_back(level);
    }
    return p;
}

/// The current at the node behind a diode by its equation, by halving: it passes what the source
/// gives at the voltage above it.
double source_behind(const IvCurve& curve, const PathDiode& diode, double light, double v) {
    double low = 0.0;
    double high = curve.current(light, v);
    for (int n = 0; n < 60; ++n) {
        const double i = 0.5 * (low + high);
        const double u =
            v + diode.slope_v * std::log1p(i / diode.saturation_a) + diode.series_ohm * i;
        (curve.current(light, u) > i ? low : high) = i;
    }
    return low;
}

/// Every border up to 12 V, asked for from below and from above; how many there were.
int check_borders(const SupplyCells& cells) {
    int borders = 0;
    SupplyCell below = cells.at(0, 0.0, true);
    while (below.high_v < 12.0) {
        const double border = below.high_v;
        const SupplyCell above = cells.at(0, border, true);
        CAPTURE(border, borders);
        REQUIRE(above.low_v == border);
        REQUIRE(above.high_v > border * (1.0 + 1e-11));
        REQUIRE(cells.at(0, border, false).high_v == border);
        const double wide = 0.5 * (border + std::min(above.high_v, 12.0));
        REQUIRE(cells.at(0, wide, true).high_v == above.high_v);
        // No jump, but for what a border of rounding's width is worth.
        CHECK(above.into_at(border) == Approx(below.into_at(border)).epsilon(1e-9).margin(1e-12));
        below = above;
        ++borders;
    }
    return borders;
}

}  // namespace

TEST_CASE("Do the cells of a measured curve meet at the same bits from below and from above?") {
    std::mt19937 engine(50001530);
    int borders = 0;
    for (int n = 0; n < 300; ++n) {
        const auto curve = std::make_shared<const IvCurve>(two_levels(engine));
        const double light = n % 3 == 0 ? 300.0 : 250.0 + n;
        for (const PathDiode& diode :
             {PathDiode{}, drop(0.1), drop(0.3), drop(0.35), drop(0.4), schottky()}) {
            CAPTURE(n, light, diode.drop_v, diode.saturation_a);
            borders += check_borders(*direct_supply(curve, diode, {light}).cells);
        }
    }
    CHECK(borders > 10'000);
}

TEST_CASE("Does a store pass a border that two levels of light give with different last bits?") {
    // 1.8 V of 2.5 V and 2.16 V of 3 V: 0.72 and 0.72 and an ulp.
    IvCurveParams p;
    p.operate = OperatingWord::direct;
    p.levels = {{300.0, {{0.1, 1e-3}, {1.8, 0.9e-3}, {2.5, 0.0}}},
                {600.0, {{0.1, 2e-3}, {2.16, 1.8e-3}, {3.0, 0.0}}}};
    const auto curve = std::make_shared<const IvCurve>(p);
    const double light = 450.0;
    for (const PathDiode& diode : {PathDiode{}, drop(0.1), schottky()}) {
        const Supply supply = Supply::constant(direct_supply(curve, diode, {light}), light);
        for (const double load_a : {0.0, 3e-3}) {  // up through the border, and down
            const double from = load_a > 0.0 ? 2.3 : 1.0;
            for (const StoreUnderTest& under : stores_under_test()) {
                CAPTURE(under.name, load_a, diode.drop_v, diode.saturation_a);
                const auto store = under.make(capacitor(100e-6, from));
                store->reset(supply);
                const WalkResult r = store->walk(
                    load({phase({0.0, load_a, 0.0})}),
                    {load_a > 0.0 ? 1.0 : kNoWatch, load_a > 0.0 ? kNoWatch : 2.1}, at(10.0));
                REQUIRE(r.stop == (load_a > 0.0 ? Stop::falling : Stop::rising));
                // Time is the integral of C/I, I by the curve itself; Simpson's rule on each side.
                double want = 0.0;
                const double to = load_a > 0.0 ? 1.0 : 2.1;
                constexpr int kParts = 20'000;
                for (int k = 0; k < kParts; ++k) {
                    const double v = from + (to - from) * (k + 0.5) / kParts;
                    const SourcePiece piece = curve->piece(light, v + diode.drop_v, true);
                    const double i = diode.saturation_a > 0.0
                                         ? source_behind(*curve, diode, light, v)
                                         : piece.current(v + diode.drop_v);
                    want += 100e-6 * (to - from) / kParts / (i - load_a);
                }
                CHECK(r.at.seconds() == Approx(want).epsilon(1e-7));
            }
        }
    }
}

TEST_CASE("Does a cell behind a diode meet both equations, forward and backward?") {
    std::mt19937 engine(20);
    const auto in = [&engine](double low, double high) {
        return low * std::pow(high / low, static_cast<double>(engine()) / 4294967296.0);
    };
    for (int n = 0; n < 3000; ++n) {
        PvCellParams p = string_of_cells(in(1e-2, 10.0), in(1e3, 1e7));
        p.cell.isc_a = in(1e-5, 0.1);
        p.cell.series_ohm = 1e-4 * *p.cell.series_ohm * p.cell.voc_v / p.cell.isc_a;
        p.cell.shunt_ohm = *p.cell.shunt_ohm * p.cell.voc_v / p.cell.isc_a;
        const PvCell cell(p);
        PathDiode d = schottky();
        d.saturation_a = in(1e-12, 1e-6);
        d.slope_v = in(0.02, 0.06);
        d.series_ohm = in(1e-3, 1.0);
        const double light = n % 7 == 0 ? 0.0 : in(1.0, 1000.0);
        const SourcePiece source = cell.piece(light, 0.0, true);
        const double v = in(1e-3, 6.0);
        CAPTURE(n, light, v, d.saturation_a, d.slope_v);
        const CurvePoint at = behind_diode(source, d, v);
        REQUIRE(at.current_a >= -d.saturation_a);
        // The current that the diode passes for the voltage that the cell leaves it.
        const long double u = source.voltage(at.current_a);
        const long double vd =
            at.current_a > -d.saturation_a * (1.0 - 1e-9)
                ? static_cast<long double>(d.slope_v) *
                      std::log1p(static_cast<long double>(at.current_a) / d.saturation_a)
                : u - static_cast<long double>(v) - at.current_a * d.series_ohm;
        const long double off = u - vd - static_cast<long double>(at.current_a) * d.series_ohm - v;
        // As a current: a voltage times the slope there.
        CHECK(std::fabs(static_cast<double>(off) * at.slope_s) <=
              1e-13 * (std::fabs(at.current_a) + d.saturation_a + cell.current(light, 0.0)));
        CHECK(at.slope_s <= 0.0);
        const double h = 1e-5 * d.slope_v;
        const double rise =
            (behind_diode(source, d, v + h).current_a - behind_diode(source, d, v - h).current_a) /
            (2.0 * h);
        CHECK(at.slope_s == Approx(rise).epsilon(1e-6).margin(
                                1e-14 * (std::fabs(at.current_a) + d.saturation_a) / h));
    }
}

TEST_CASE("Does an ideal cell behind a constant drop follow its closed form on every store?") {
    // C V' = A - I0 e^((V + drop)/a), A = IL + I0 - I_load: linear in e^(-V/a).
    const double a = 0.27, voc = 4.5, isc = 20e-3, c = 1e-3, load_a = 4e-3, v0 = 2.0;
    const PvCellParams p = string_of_cells(0.0, 0.0);
    const auto cell = std::make_shared<const PvCell>(p);
    const double i0 = isc / std::expm1(voc / a);
    const double available = isc + i0 - load_a;
    const double rho = i0 * std::exp((v0 + 0.3) / a) / available;
    const double v1 = 3.6;
    const double e = std::exp(-(v1 - v0) / a);
    const double want = -a * c / available * std::log((e - rho) / (1.0 - rho));
    for (const StoreUnderTest& under : stores_under_test()) {
        CAPTURE(under.name);
        const auto store = under.make(capacitor(c, v0));
        const Supply supply = Supply::constant(direct_supply(cell, drop(0.3), {kLight}), kLight);
        store->reset(supply);
        const WalkResult r =
            store->walk(load({phase({0.0, load_a, 0.0})}), {kNoWatch, v1}, at(100.0));
        REQUIRE(r.stop == Stop::rising);
        CHECK(r.at.seconds() == Approx(want).epsilon(1e-12).margin(0));
        CHECK(ledger_closes(*store, sum_of(r.tail)));
        // 0.3 V times the charge that went through the diode.
        const double charge = c * (v1 - v0) + load_a * want;
        CHECK(store->ledger().converter_loss() == Approx(0.3 * charge).epsilon(1e-11).margin(0));
    }
}

TEST_CASE("Do all stores say the same about a wired cell in changing light?") {
    const auto cell = std::make_shared<const PvCell>(string_of_cells());
    IvCurveParams measured;
    measured.levels = {{500.0, {{0.0, 2e-3}, {1.0, 1.9e-3}, {3.0, 1.6e-3}, {3.8, 0.0}}},
                       {5000.0, {{0.0, 20e-3}, {2.0, 19e-3}, {3.5, 14e-3}, {4.4, 0.0}}}};
    measured.operate = OperatingWord::direct;
    const auto curve = std::make_shared<const IvCurve>(measured);
    std::mt19937 engine(7);
    const auto unit = [&engine] { return static_cast<double>(engine()) / 4294967296.0; };
    for (int n = 0; n < 24; ++n) {
        const bool by_curve = n % 2 == 1;
        std::vector<double> light;
        for (int k = 0; k < 40; ++k) {
            light.push_back(unit() < 0.3 ? 0.0 : (by_curve ? 4000.0 : 900.0) * unit());
        }
        const PathDiode diode = n % 3 == 0 ? PathDiode{} : n % 3 == 1 ? drop(0.25) : schottky();
        const std::shared_ptr<const DirectCurve> source =
            by_curve ? std::shared_ptr<const DirectCurve>(curve)
                     : std::shared_ptr<const DirectCurve>(cell);
        const Supply supply = series_supply(source, diode, light, 20'000'000);
        CapacitorParams p = capacitor(220e-6, 2.0, n % 4 == 0 ? 3.7 : 6.0);
        p.esr_ohm = n % 2 == 0 ? 5.0 * (n % 3) : 0.0;
        p.leakage.resistance_ohm = 50e3;
        const Load drawn = load(
            {phase({n % 5 == 0 ? 3e-3 : 0.0, 2e-3, 0.0}, 3e-3), phase({0.0, 10e-6, 0.0}, 40e-3)},
            1000);
        double v = 0.0;
        double harvested = 0.0;
        double offered = 0.0;
        for (const StoreUnderTest& under : stores_under_test()) {
            CAPTURE(n, under.name, p.esr_ohm);
            const auto store = under.make(p);
            store->reset(supply);
            const WalkResult r = store->walk(drawn, {0.5, kNoWatch}, at(1.0));
            CHECK(ledger_closes(*store, sum_of(r.done) + sum_of(r.tail)));
            if (under.name == "reference") {
                v = store->inner_v();
                harvested = store->ledger().harvested();
                offered = store->ledger().offered();
                CHECK(harvested > 0.0);
                continue;
            }
            CHECK(store->inner_v() == Approx(v).epsilon(1e-9).margin(0));
            CHECK(store->ledger().harvested() == Approx(harvested).epsilon(1e-9).margin(0));
            CHECK(store->ledger().offered() == Approx(offered).epsilon(1e-9).margin(0));
        }
    }
}

TEST_CASE(
    "Does a wired cell take current back at night, through a diode only its reverse current?") {
    const auto cell = std::make_shared<const PvCell>(string_of_cells());
    PathDiode reverse = schottky();
    struct {
        PathDiode diode;
        bool takes;
    } const cases[] = {{PathDiode{}, true}, {drop(0.3), false}, {reverse, true}};
    for (const auto& c : cases) {
        for (const StoreUnderTest& under : stores_under_test()) {
            CAPTURE(under.name);
            const auto store = under.make(capacitor(1e-3, 3.0));
            const Supply supply = Supply::constant(direct_supply(cell, c.diode, {0.0}), 0.0);
            store->reset(supply);
            (void)store->walk(nothing(), {kNoWatch, kNoWatch}, at(100.0));
            CHECK(ledger_closes(*store, 0.0));
            CHECK((store->ledger().harvested() < 0.0) == c.takes);
            if (c.diode.kind == PathDiode::Kind::exponential) {
                // The whole saturation current, as long as the store is far above the cell.
                CHECK(store->inner_v() == Approx(3.0 - 1e-6 * 100.0 / 1e-3).epsilon(1e-9));
            } else if (!c.takes) {
                CHECK(store->inner_v() == 3.0);
            }
        }
    }
}

TEST_CASE("Does a store at the end of a steep curve rest for a year without a step?") {
    const auto cell = std::make_shared<const PvCell>(string_of_cells());
    CapacitorParams p = capacitor(10e-6, 0.0);
    p.leakage.resistance_ohm = 50e3;
    for (const double max : {10.0, 4.0}) {
        for (const double esr : {0.0, 2.0}) {
            p.max_v = max;
            p.esr_ohm = esr;
            for (const StoreUnderTest& under : stores_under_test()) {
                if (esr > 0.0 && under.name == "piecewise reference") {
                    continue;  // the network's witness steps on
                }
                CAPTURE(under.name, max, esr);
                const auto store = under.make(p);
                const Supply supply =
                    Supply::constant(direct_supply(cell, schottky(), {kLight}), kLight);
                store->reset(supply);
                (void)store->walk(nothing(), {kNoWatch, kNoWatch}, at(31536000.0));
                CHECK(store->segments() < 20);
                const double leaked = store->ledger().sink(Sink::leakage);
                CHECK(
                    leaked ==
                    Approx(store->inner_v() * store->inner_v() / 50e3 * 31536000.0).epsilon(1e-9));
                CHECK(std::fabs(imbalance(*store, 0.0)) <= 1e-9 * store->ledger().harvested());
            }
        }
    }
}

TEST_CASE("Does a supercapacitor with a slow branch come to rest at the end of a steep curve?") {
    const auto cell = std::make_shared<const PvCell>(string_of_cells());
    SupercapacitorParams p;
    p.immediate = {2.0, 100e-6, 0.0};
    p.branches = {{500.0, 1e-3, {}}};
    p.max_v = 10.0;
    p.leakage.resistance_ohm = 50e3;
    const Supply supply = Supply::constant(direct_supply(cell, schottky(), {kLight}), kLight);
    PiecewiseStore store(std::make_unique<NetworkBody>(p, false));
    store.reset(supply);
    (void)store.walk(nothing(), {kNoWatch, kNoWatch}, at(31536000.0));
    CHECK(store.segments() < 20);
    CHECK(store.ledger().sink(Sink::leakage) ==
          Approx(store.inner_v() * store.inner_v() / 50e3 * 31536000.0).epsilon(1e-6));
    CHECK(std::fabs(imbalance(store, 0.0)) <= 1e-9 * store.ledger().harvested());
}
