// SPDX-License-Identifier: Apache-2.0
// What other simulators make of recorded light and of recorded power: each law against its own
// arithmetic.
#include "models/harvester/peer_light.hpp"
#include "models/converter/direct_supply.hpp"
#include "models/converter/none.hpp"
#include "models/harvester/peer_power.hpp"
#include "tests/physics/stores.hpp"
#include "tests/support/scenarios.hpp"
#include "tests/support/scratch_folder.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

namespace {

using namespace ebb;
using namespace ebb::test;

constexpr PeerPanel kPanel{19.5e-3, 2.07, 18.4e-3, 1.67};

std::shared_ptr<Series> light(std::vector<double> values, std::int64_t step_ns) {
    auto series = std::make_shared<Series>();
    series->quantity = Quantity::irradiance_w_m2;
    for (std::size_t k = 0; k <= values.size(); ++k) {
        series->bound_ns.push_back(static_cast<std::int64_t>(k) * step_ns);
    }
    series->value = std::move(values);
    return series;
}

/// As the tool has it: an array of currents at 0, 0.01, 0.02, ... V below the open circuit, and the
/// entry at int(V/voc * length).
double tool_current(double v) {
    std::vector<double> table;
    for (int k = 0; 0.01 * k < kPanel.voc_v; ++k) {
        table.push_back(kPanel.isc_a * (1.0 - std::exp(std::log(1.0 - kPanel.imp_a / kPanel.isc_a) *
                                                       (0.01 * k - kPanel.voc_v) /
                                                       (kPanel.vmp_v - kPanel.voc_v))));
    }
    return table[static_cast<std::size_t>(v / kPanel.voc_v * static_cast<double>(table.size()))];
}

PeerLightParams wired() {
    PeerLightParams p;
    p.panel = kPanel;
    return p;
}

PeerLightParams messy() {
    PeerLightParams p;
    p.law = PeerLightLaw::levels;
    p.levels = {
        {200, 0.15, 0.61e-3}, {500, 0.38, 0.62e-3}, {3000, 2.36, 0.65e-3}, {5000, 3.95, 0.67e-3}};
    return p;
}

Supply supply_of(const PeerLight& peer, const std::shared_ptr<Series>& series, double scale) {
    std::vector<double> samples(series->value.begin(), series->value.end());
    return {direct_supply(peer.over(*series, scale), PathDiode{}, std::move(samples)), series, 0,
            1.0, AtEnd::hold};
}

}  // namespace

TEST_CASE("the panel of four numbers is its tool's table of 10 mV") {
    for (const double v : {0.0, 0.004, 0.0123, 0.5, 1.234, 1.67, 1.99, 2.069}) {
        CAPTURE(v);
        CHECK(PeerLight::table_current(kPanel, v) == Approx(tool_current(v)).epsilon(1e-12));
    }
    CHECK(PeerLight::table_current(kPanel, 2.07) == 0.0);
    CHECK(PeerLight::table_current(kPanel, 5.0) == 0.0);
}

TEST_CASE("a held panel is at one voltage whatever the light, and its current goes with it") {
    PeerLightParams p = wired();
    p.hold_v = 1.656;
    const PeerLight peer(p);
    CHECK_THROWS_WITH(NoConverter().couple(peer.shape()), Catch::Contains("hold"));
    const auto series = light({800.0, 0.0, 5.0}, 1'000'000'000);
    OperatingSpan span;
    span.series = series.get();
    span.scale = 0.5;
    const OperatingSeries points = peer.operate(span);
    REQUIRE(points.voltage_v.size() == 3);
    for (std::size_t k = 0; k < 3; ++k) {
        CHECK(points.voltage_v[k] == 1.656);
        CHECK(points.current_a[k] ==
              Approx(0.5 * series->value[k] / 1000.0 * tool_current(1.656)).epsilon(1e-12));
    }
}

TEST_CASE("a wired panel keeps its current until the light changes") {
    const std::vector<double> g = {100.0, 60.0, 60.0, 0.0, 250.0, 20.0};
    constexpr double kC = 20e-3;
    const PeerLight peer(wired());
    for (const double scale : {1.0, 0.4}) {
        double v = 0.3;
        double kept = -1.0;
        double current = 0.0;
        for (const double light_now : g) {
            if (light_now != kept) {
                current = scale * light_now / 1000.0 * tool_current(v);
                kept = light_now;
            }
            v += current * 2.0 / kC;
        }
        REQUIRE(v < 2.06);
        for (const StoreUnderTest& under : stores_under_test()) {
            CAPTURE(under.name, scale);
            const Supply supply = supply_of(peer, light(g, 2'000'000'000), scale);
            const auto store = under.make(capacitor(kC, 0.3));
            store->reset(supply);
            // In pieces: that somebody looks on the way changes nothing.
            for (const double until : {0.7, 2.0, 3.1, 9.0, 11.9, 12.0}) {
                (void)store->walk(nothing(), {kNoWatch, kNoWatch}, at(until));
                (void)store->terminal_v({});
            }
            CHECK(store->inner_v() == Approx(v).epsilon(1e-11));
            CHECK(ledger_closes(*store, 0.0));
        }
    }
}

TEST_CASE("a wired panel ends at its open circuit") {
    const PeerLight peer(wired());
    for (const StoreUnderTest& under : stores_under_test()) {
        CAPTURE(under.name);
        const Supply supply = supply_of(peer, light({1000.0, 1.0}, 100'000'000'000), 1.0);
        const auto store = under.make(capacitor(10e-3, 0.0));
        store->reset(supply);
        (void)store->walk(nothing(), {kNoWatch, kNoWatch}, at(99.0));
        CHECK(store->inner_v() == Approx(2.07).epsilon(1e-9));
    }
}

TEST_CASE("voltage and current are looked up apart in a table of levels") {
    const PeerLight peer(messy());
    const auto expect = [&](double level, double v, double i) {
        const OperatingPoint p = peer.at_level(level);
        CAPTURE(level);
        CHECK(p.v == Approx(v).epsilon(1e-12));
        CHECK(p.i == Approx(i).epsilon(1e-12));
    };
    expect(200, 0.15, 0.61e-3);
    expect(350, 0.265, 0.615e-3);
    expect(1750, 1.37, 0.635e-3);
    expect(5000, 3.95, 0.67e-3);
    expect(9000, 3.95, 0.67e-3);
    // Below the first point the first line goes on, in the dark almost as much current as in light.
    expect(50, 0.15 - 150.0 * 0.23 / 300.0, 0.61e-3 - 150.0 * 0.01e-3 / 300.0);
    CHECK(peer.at_level(1.0).i == 0.0);  // the voltage would be below zero
}

TEST_CASE("a peer's power is a factor and a leak, and never below zero") {
    Series s;
    s.quantity = Quantity::power_w;
    s.bound_ns = {0, 10'000, 20'000, 30'000};
    s.value = std::vector<double>{0.3, 0.0, 2.0};
    const PeerPower leaking({0.1, 0.05});
    const auto made = leaking.remade(s);
    REQUIRE(made != nullptr);
    CHECK(made->value[0] == 0.0);
    CHECK(made->value[1] == 0.0);
    CHECK(made->value[2] == Approx(0.15).epsilon(1e-15));
    CHECK(leaking.shape().factor == 1.0);
    const PeerPower plain({0.1, 0.0});
    CHECK(plain.remade(s) == nullptr);
    CHECK(plain.shape().factor == 0.1);
}

namespace {

std::string device_in_light(const std::string& trace) {
    return "name: wired\nduration: 200 s\nsource: {trace: " + trace +
           ", model: {part: peer_simba_wired}, at_end: loop}\n"
           "converter: {type: diode, drop: 0.3 V}\n"
           "store: {type: capacitor, capacitance: 470 uF, initial: 1 V, max: 3.6 V, leakage: "
           "{resistance: 1 MOhm}}\n"
           "mcu: {turn_on: 3.3 V, turn_off: 2.1 V, initial: unpowered, boot: {time: 5 ms, charge: "
           "5 uC}, active: {current: 1 mA}, off_current: 26 uA}\n"
           "workload: {repeat: true, tasks: [{name: work, time: 10 ms}]}\n";
}

}  // namespace

TEST_CASE("a device on a wired panel runs as its slow witness does, again and again") {
    const ScratchFolder folder;
    {
        std::ofstream out(folder.file("light.csv"));
        out << "time_s,irradiance_w_m2\n";
        for (int k = 0; k < 40; ++k) {
            out << 2.5 * k << "," << (k * 37 % 11) * 4.0 << "\n";
        }
    }
    const std::string text = device_in_light(folder.file("light.csv"));
    const Result fast = result_of(text);
    const Result slow = result_of(text, {}, true);
    const Result again = result_of(text);
    CHECK(fast.power.boots > 3);
    CHECK(fast.power.boots == slow.power.boots);
    CHECK(fast.work.units_done == slow.work.units_done);
    CHECK(fast.energy_j.harvested == Approx(slow.energy_j.harvested).epsilon(1e-9));
    CHECK(fast.energy_j.harvested == again.energy_j.harvested);
}

TEST_CASE("Bonito's charging times are those of its running sum") {
    // Samples of 1 ms; the sum is dropped when it reaches the energy from 2.4 V to 3 V.
    const ScratchFolder folder;
    const double need = 0.5 * 17e-6 * (9.0 - 2.4 * 2.4);
    double sum = 0.0;
    int charges = 0;
    {
        std::ofstream out(folder.file("power.csv"));
        out << "time_s,power_w\n";
        for (int k = 0; k < 20'000; ++k) {
            const double p = 1e-3 * (k * 7919 % 101) / 100.0;
            out << fmt::format("{}.{:03},{}\n", k / 1000, k % 1000, p);
            sum += p * 1e-3;
            if (sum >= need) {
                ++charges;
                sum = 0.0;
            }
        }
    }
    const Result r = result_of(
        "name: bonito\nduration: 20 s\nsource: {trace: " + folder.file("power.csv") +
        ", model: {part: peer_bonito}}\n"
        "converter: {type: none}\n"
        "store: {type: capacitor, capacitance: 17 uF, initial: 2.4 V, max: 3 V}\n"
        "mcu: {turn_on: 3 V, turn_off: 2.4 V, initial: unpowered, boot: {time: 0 s, charge: 0 C}, "
        "off_current: 0 A}\n"
        "workload: {tasks: [{name: spend, power: 20 W, until_power_fails: true}]}\n");
    // The tool drops what is left of a sample: at most 1 uJ of 27.5 uJ per charge.
    CHECK(charges > 300);
    CHECK(r.power.boots >= charges);
    CHECK(static_cast<double>(r.power.boots) <= charges * 1.02 + 1.0);
}
