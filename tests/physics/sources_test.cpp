// SPDX-License-Identifier: Apache-2.0
/// Sources with a law of their own: cells by light, rectifiers by table, thermoelectric and
/// piezoelectric generators as terms at the store.
#include <catch2/catch.hpp>
#include <cmath>

#include "models/converter/diode.hpp"
#include "models/converter/efficiency.hpp"
#include "models/converter/none.hpp"
#include "models/core/error.hpp"
#include "models/harvester/piezo_bridge.hpp"
#include "models/harvester/pv_cell.hpp"
#include "models/harvester/received_rf.hpp"
#include "models/harvester/teg.hpp"

using namespace ebb;

namespace {

constexpr double kPi = 3.14159265358979323846;

PvCellParams am_1417() {
    PvCellParams p;
    p.cell.isc_a = 14.1e-6;
    p.cell.voc_v = 2.5;
    p.cell.slope_v = 0.349;
    p.cell.at_lux = 200.0;
    p.light = Light::illuminance;
    return p;
}

ReceivedRf rectifier() {
    ReceivedRfParams p;
    p.rectifier.hold_v = 1.0;
    p.rectifier.table = {{0.25e-3, 0.10}, {1e-3, 0.40}, {4e-3, 0.50}};
    return ReceivedRf(p);
}

}  // namespace

TEST_CASE("indoors the current is linear in lux and the open circuit logarithmic") {
    const PvCell cell(am_1417());
    CHECK(cell.reads() == Quantity::illuminance_lux);
    CHECK(cell.open_circuit_v(200.0) == Approx(2.5).epsilon(1e-12));
    CHECK(cell.current(1000.0, 0.0) == Approx(5.0 * 14.1e-6).epsilon(1e-12));
    CHECK(cell.open_circuit_v(200.0 * std::exp(1.0)) == Approx(2.5 + 0.349).epsilon(1e-3));
    // The quoted point of this cell that its slope was fitted through.
    CHECK(cell.current(200.0, 1.5) == Approx(13.3e-6).epsilon(5e-3));
}

TEST_CASE("lux and irradiance meet only through the stated ratio") {
    PvCellParams p = am_1417();
    p.light = Light::irradiance;
    p.lux_per_w_m2 = 120.0;
    const PvCell cell(p);
    CHECK(cell.reads() == Quantity::irradiance_w_m2);
    CHECK(cell.open_circuit_v(200.0 / 120.0) == Approx(2.5).epsilon(1e-12));
}

TEST_CASE("twice the area at the same light is twice the current at the same voltage") {
    PvCellParams p;
    p.cell.isc_a = 19.5e-3;
    p.cell.voc_v = 2.07;
    p.cell.vmp_v = 1.67;
    p.cell.imp_a = 18.4e-3;
    const PvCell one(p);
    p.area_scale = 2.0;
    const PvCell two(p);
    for (const double light : {3.0, 200.0, 1000.0}) {
        CHECK(two.open_circuit_v(light) == Approx(one.open_circuit_v(light)).epsilon(1e-13));
        CHECK(two.max_power(light).v == Approx(one.max_power(light).v).epsilon(1e-12));
        CHECK(two.max_power(light).i == Approx(2.0 * one.max_power(light).i).epsilon(1e-12));
    }
}

TEST_CASE("a cell without enough data is refused") {
    PvCellParams p;
    p.cell.isc_a = 19.5e-3;
    p.cell.voc_v = 2.07;
    CHECK_THROWS_WITH(PvCell(p), Catch::Contains("vmp and imp"));
}

TEST_CASE("a held cell goes with a converter that holds it, and with no other") {
    const PvCell cell(am_1417());
    CHECK(Efficiency({0.8}).couple(cell.shape()).factor == 0.8);
    CHECK_THROWS_WITH(NoConverter().couple(cell.shape()), Catch::Contains("such as efficiency"));
    CHECK_THROWS_WITH(Diode({0.3}).couple(cell.shape()), Catch::Contains("such as efficiency"));
}

TEST_CASE("a rectifier's efficiency is straight in dBm, zero below its table, flat above") {
    const ReceivedRf rf = rectifier();
    CHECK(rf.reads() == Quantity::rf_power_w);
    CHECK(rf.efficiency(0.25e-3) == 0.10);
    CHECK(rf.efficiency(std::nextafter(0.25e-3, 0.0)) == 0.0);
    CHECK(rf.efficiency(0.0) == 0.0);
    CHECK(rf.efficiency(0.5e-3) == Approx(0.25).epsilon(1e-12));  // half-way in dB
    CHECK(rf.efficiency(2e-3) == Approx(0.45).epsilon(1e-12));
    CHECK(rf.efficiency(4e-3) == 0.50);
    CHECK(rf.efficiency(1.0) == 0.50);
}

TEST_CASE("received power becomes DC sample by sample") {
    Series s;
    s.quantity = Quantity::rf_power_w;
    s.bound_ns = {0, 20, 40, 60};
    s.value = {1e-3, 0.1e-3, 0.2e-3};
    OperatingSpan span;
    span.series = &s;
    const OperatingSeries series = rectifier().operate(span);
    CHECK(series.follows_trace);
    CHECK(series.bound_ns == std::vector<std::int64_t>{0, 20, 60});
    CHECK(series.voltage_v[0] * series.current_a[0] == Approx(0.4e-3).epsilon(1e-12));
    CHECK(series.current_a[1] == 0.0);
}

TEST_CASE("a rectifier's table must increase") {
    ReceivedRfParams p;
    p.rectifier.hold_v = 1.0;
    p.rectifier.table = {{1e-3, 0.4}, {1e-3, 0.5}};
    CHECK_THROWS_WITH(ReceivedRf(p), Catch::Contains("increasing"));
}

TEST_CASE("a thermoelectric generator is a voltage behind a resistor, best at half of it") {
    const Teg teg({0.06, 5.0, std::nullopt});
    CHECK(teg.reads() == Quantity::temperature_difference_k);
    const SupplyShape wire = NoConverter().couple(teg.shape());
    const double voc = wire.factor * 10.0;  // 10 K
    CHECK(supply_terms(wire, voc, true).power_at(0.2) ==
          Approx(0.2 * (0.6 - 0.2) / 5.0).epsilon(1e-14));
    const SupplyShape held = Efficiency({0.5}).couple(teg.shape());
    CHECK(held.factor * 10.0 * 10.0 == Approx(0.5 * 0.6 * 0.6 / 20.0).epsilon(1e-14));
}

TEST_CASE("a piezo bridge has the terms of the averaged half-wave and gives nothing beyond them") {
    const PiezoBridge piezo({40e-9, 60.0, 0.3, 100e-6});
    const SupplyShape shape = NoConverter().couple(piezo.shape());
    const double w = 2.0 * kPi * 60.0;
    const Terms terms = supply_terms(shape, shape.factor * 100e-6, true);
    CHECK(terms.a_w == 0.0);
    CHECK(terms.b_a == Approx(2.0 * (100e-6 - 2.0 * w * 40e-9 * 0.3) / kPi).epsilon(1e-14));
    CHECK(terms.c_s == Approx(-2.0 * w * 40e-9 / kPi).epsilon(1e-14));
    CHECK(shape.diode);
    CHECK(supply_terms(shape, shape.factor * 100e-6, false).zero());
    CHECK_THROWS_WITH(Efficiency({0.5}).couple(piezo.shape()), Catch::Contains("rectifier"));
}

TEST_CASE("a piezo bridge's mean current is that of the half-wave, integrated") {
    // The element's current I0 sin charges Cp from -(V + 2 Vd) to V + 2 Vd first; the rest flows
    // out.
    const double i0 = 100e-6, cp = 40e-9, f = 60.0, vd = 0.3, v = 2.2;
    const double w = 2.0 * kPi * f;
    const int steps = 2'000'000;
    const double dt = 0.5 / f / steps;
    double on_cp = -(v + 2.0 * vd), charge = 0.0;
    for (int k = 0; k < steps; ++k) {
        const double q = i0 * std::sin(w * (k + 0.5) * dt) * dt;
        const double room = (v + 2.0 * vd - on_cp) * cp;
        const double takes = std::min(q, room);
        on_cp += takes / cp;
        charge += q - takes;
    }
    const SourceShape shape = PiezoBridge({cp, f, vd, i0}).shape();
    const Terms terms = supply_terms(NoConverter().couple(shape), shape.factor * i0, true);
    CHECK(terms.b_a + terms.c_s * v == Approx(charge * 2.0 * f).epsilon(1e-6));
}
