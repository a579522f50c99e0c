// SPDX-License-Identifier: Apache-2.0
/// Does a circuit simulator say the same? Ten circuits as netlists of elements, integrated by
/// ngspice (gear, relative tolerance 1e-6) with two largest steps, against the closed forms of ebb.
///
/// ngspice's switch acts at the first point behind a threshold, so each switching is up to one step
/// late, and so is everything behind it: after n switchings an error of n steps is its own. With a
/// step an eighth as long the difference to ebb must shrink about as much.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <optional>
#include <random>

#include "tests/agreement/ngspice.hpp"
#include "tests/support/scenarios.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

constexpr double kCoarse = 40e-6;  ///< largest step of ngspice [s]
constexpr double kFine = 5e-6;

struct Case {
    std::string netlist;
    double end_s = 2.0;
    double on_v = 0.0, off_v = 0.0;
    std::string scenario;  ///< without name, duration and trace file
    Series series;         ///< empty: no trace
    std::vector<std::pair<std::string, std::vector<Sink>>> energies;  ///< node, what it integrates
};

/// Stretches of 10 to 60 ms with values in [low, high], a third of them zero.
Series random_series(Quantity quantity, double low, double high, double end_s, unsigned seed) {
    std::mt19937 engine(seed);
    const auto unit = [&engine] { return static_cast<double>(engine()) / 4294967296.0; };
    Series s;
    s.quantity = quantity;
    s.bound_ns.push_back(0);
    while (s.bound_ns.back() < static_cast<std::int64_t>(end_s * 1e9)) {
        s.value.push_back(unit() < 0.3333 ? 0.0 : low + (high - low) * unit());
        s.bound_ns.push_back(s.bound_ns.back() +
                             10'000 * static_cast<std::int64_t>(1000 + 5000 * unit()));
    }
    return s;
}

void write_trace(const Series& s, const std::string& path) {
    std::ofstream out(path);
    out << "time_s," << name_of(s.quantity) << "\n";
    for (std::size_t i = 0; i < s.value.size(); ++i) {
        out << Time(s.bound_ns[i]).text() << "," << fmt::format("{}", s.value[i]) << "\n";
    }
}

struct Seen {
    std::vector<double> switching;
    Result result;
    double end_v = 0.0;
};

Seen run_ebb(const Case& c) {
    const ScratchFolder folder;
    std::string text = fmt::format("name: {}\nduration: {} s\n", c.netlist, c.end_s) + c.scenario;
    if (!c.series.value.empty()) {
        write_trace(c.series, folder.file("trace.csv"));
        text.replace(text.find("TRACE"), 5, folder.file("trace.csv"));
    }
    EventList events;
    Seen seen;
    seen.result = run(scenario_of(text), {}, &events);
    for (const EventList::Entry& e : events.all()) {
        if (e.event == "boot" || e.event == "brown_out") {
            seen.switching.push_back(e.at.seconds());
        }
    }
    seen.end_v = events.all().back().v;
    return seen;
}

struct Difference {
    double time_s = 0.0;                ///< largest over all switchings
    std::vector<double> energy_shares;  ///< per energy node, relative to what was harvested
    double end_v = 0.0;
};

Difference differences(const Case& c, const Seen& ours, double step_s) {
    const Waveforms spice = run_ngspice(c.netlist, c.end_s, step_s, c.series);
    const std::vector<double> times = spice.switching(c.on_v, c.off_v);
    INFO(c.netlist << " with steps of at most " << step_s << " s");
    REQUIRE(times.size() == ours.switching.size());
    Difference d;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const double late = std::fabs(times[i] - ours.switching[i]);
        INFO("switching " << i << ": ngspice " << times[i] << " s, ebb " << ours.switching[i]
                          << " s");
        CHECK(late <= static_cast<double>(i + 1) * step_s);
        d.time_s = std::max(d.time_s, late);
    }
    const auto& energy = ours.result.energy_j;
    const auto compare = [&](const std::string& node, double joules) {
        const double share = std::fabs(1e-3 * spice.last(node) - joules) / energy.harvested;
        INFO(node << ": ngspice " << 1e-3 * spice.last(node) << " J, ebb " << joules << " J");
        // A load that hangs on the store n steps longer or shorter, out of the run's length.
        CHECK(share <= static_cast<double>(times.size() + 1) * step_s / c.end_s * 4.0);
        d.energy_shares.push_back(share);
    };
    compare("v(eh)", energy.harvested);
    for (const auto& [node, sinks] : c.energies) {
        double joules = 0.0;
        for (const Sink sink : sinks) {
            joules += energy.sinks[sink];
        }
        compare("v(" + node + ")", joules);
    }
    d.end_v = std::fabs(spice.last("v(t)") - ours.end_v);
    return d;
}

void check_case(const Case& c) {
    if (!has_ngspice()) {
        WARN("skipped: ngspice is not installed (Debian package ngspice)");
        return;
    }
    const Seen ours = run_ebb(c);
    REQUIRE(ours.switching.size() >= 6);
    const Difference coarse = differences(c, ours, kCoarse);
    const Difference fine = differences(c, ours, kFine);
    CAPTURE(c.netlist, ours.switching.size(), coarse.time_s, fine.time_s, coarse.end_v, fine.end_v);
    CAPTURE(coarse.energy_shares, fine.energy_shares);
    // Where between two points a switching falls is chance, so less than an eighth is asked for.
    CHECK(fine.time_s <= 0.75 * coarse.time_s);
    CHECK(fine.end_v <= 0.75 * coarse.end_v + 1e-5);
}

TEST_CASE("ngspice agrees on circuit A, and the closer the smaller its step") {
    check_case({"circuit_a.cir",
                2.5,
                3.0,
                1.8,
                "source: {model: {type: constant_power, power: 1.5 mW}}\n"
                "store: {type: capacitor, capacitance: 100 uF, initial: 1.8 V, max: 6 V,"
                " leakage: {resistance: 1 MOhm}}\n"
                "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 0 s, "
                "charge: 0 C},"
                " off_current: 0 A}\n"
                "workload: {tasks: [{name: load, current: 1 mA, until_power_fails: true}]}\n",
                {},
                {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}}});
}

TEST_CASE("ngspice agrees on a recorded voltage behind a resistor and a diode, with an ESR") {
    check_case(
        {"thevenin_diode_esr.cir",
         2.5,
         3.3,
         2.2,
         "source: {trace: TRACE, model: {type: thevenin, resistance: 1 kOhm}, at_end: stop}\n"
         "converter: {type: diode, drop: 0.3 V}\n"
         "store: {type: capacitor, capacitance: 220 uF, initial: 2 V, max: 10 V, esr: 20 Ohm,"
         " leakage: {resistance: 200 kOhm}}\n"
         "mcu: {turn_on: 3.3 V, turn_off: 2.2 V, initial: unpowered, boot: {time: 0 s, charge: 0 "
         "C},"
         " off_current: 0 A}\n"
         "workload: {tasks: [{name: load, current: 2 mA, until_power_fails: true}]}\n",
         random_series(Quantity::voltage_v, 2.5, 8.0, 2.5, 11),
         {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}, {"er", {Sink::esr_loss}}}});
}

TEST_CASE("ngspice agrees on a recorded current, a regulator in and out of drop-out, and a clip") {
    check_case({"current_ldo_clip.cir",
                2.0,
                3.0,
                1.8,
                "source: {trace: TRACE, model: {type: current}, at_end: stop}\n"
                "store: {type: capacitor, capacitance: 47 uF, initial: 1.5 V, max: 4 V,"
                " leakage: {resistance: 500 kOhm, current: 2 uA}}\n"
                "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 0 s, "
                "charge: 0 C},"
                " active: {current: 0.5 mA, current_per_volt: 0.3 mA/V}, off_current: 0 A,"
                " regulator: {type: ldo, output: 2.0 V, quiescent: 5 uA, quiescent_off: 3 uA,"
                " drop_out: 0.1 V}}\n"
                "workload: {tasks: [{name: load, until_power_fails: true}]}\n",
                random_series(Quantity::current_a, 0.5e-3, 4e-3, 2.0, 12),
                {{"el", {Sink::compute}},
                 {"eg", {Sink::regulator_loss}},
                 {"eq", {Sink::quiescent}},
                 {"ek", {Sink::leakage}}}});
}

TEST_CASE("ngspice agrees on a recorded power and a load of constant power") {
    check_case({"power_trace.cir",
                2.0,
                3.2,
                1.9,
                "source: {trace: TRACE, model: {type: power}, at_end: stop}\n"
                "store: {type: capacitor, capacitance: 47 uF, initial: 1.5 V, max: 6 V,"
                " leakage: {resistance: 2 MOhm}}\n"
                "mcu: {turn_on: 3.2 V, turn_off: 1.9 V, initial: unpowered, boot: {time: 0 s, "
                "charge: 0 C},"
                " off_current: 0 A}\n"
                "workload: {tasks: [{name: load, power: 5 mW, until_power_fails: true}]}\n",
                random_series(Quantity::power_w, 0.5e-3, 6e-3, 2.0, 13),
                {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}}});
}

TEST_CASE("ngspice agrees where nothing has a closed form: power through a diode and an ESR") {
    check_case({"power_diode_esr.cir",
                2.0,
                3.2,
                1.9,
                "source: {trace: TRACE, model: {type: power}, at_end: stop}\n"
                "converter: {type: diode, drop: 0.35 V}\n"
                "store: {type: capacitor, capacitance: 68 uF, initial: 1.5 V, max: 6 V, esr: 8 Ohm,"
                " leakage: {resistance: 1 MOhm}}\n"
                "mcu: {turn_on: 3.2 V, turn_off: 1.9 V, initial: unpowered, boot: {time: 0 s, "
                "charge: 0 C},"
                " off_current: 0 A}\n"
                "workload: {tasks: [{name: load, power: 5 mW, until_power_fails: true}]}\n",
                random_series(Quantity::power_w, 0.5e-3, 8e-3, 2.0, 14),
                {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}, {"er", {Sink::esr_loss}}}});
}

TEST_CASE("ngspice agrees on a recorded current into a supercapacitor of three branches") {
    check_case(
        {"three_branches.cir",
         2.5,
         3.0,
         2.0,
         "source: {trace: TRACE, model: {type: current}, at_end: stop}\n"
         "store: {type: supercapacitor, immediate: {resistance: 20 Ohm, capacitance: 100 uF},"
         " branches: [{resistance: 500 Ohm, capacitance: 60 uF},"
         " {resistance: 3 kOhm, capacitance: 80 uF}],"
         " initial: 1.5 V, max: 10 V, leakage: {resistance: 500 kOhm}}\n"
         "mcu: {turn_on: 3.0 V, turn_off: 2.0 V, initial: unpowered, boot: {time: 0 s, "
         "charge: 0 C},"
         " off_current: 0 A}\n"
         "workload: {tasks: [{name: load, current: 2 mA, until_power_fails: true}]}\n",
         random_series(Quantity::current_a, 0.5e-3, 3e-3, 2.7, 17),
         {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}, {"er", {Sink::esr_loss}}}});
}

TEST_CASE("ngspice agrees on a decoupling capacitor at wake-up, behind the store's resistance") {
    check_case({"decoupling_wake_up.cir",
                2.5,
                3.0,
                1.9,
                "source: {model: {type: constant_power, power: 1.5 mW}}\n"
                "store: {type: capacitor, capacitance: 100 uF, esr: 60 Ohm, decoupling: 10 uF,"
                " initial: 1.8 V, max: 6 V, leakage: {resistance: 1 MOhm}}\n"
                "mcu: {turn_on: 3.0 V, turn_off: 1.9 V, initial: unpowered, boot: {time: 0 s, "
                "charge: 0 C},"
                " off_current: 0 A}\n"
                "workload: {tasks: [{name: load, current: 4 mA, until_power_fails: true}]}\n",
                {},
                {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}, {"er", {Sink::esr_loss}}}});
}

// The switch of the bank has a resistance there, and none here: it shrinks with the step.
TEST_CASE("ngspice agrees on a bank that is joined and taken off by a switch") {
    check_case({"bank_switch.cir",
                2.0,
                3.6,
                1.9,
                "source: {model: {type: constant_power, power: 3 mW}}\n"
                "store: {type: banks, capacitance: 50 uF, initial: 1.5 V, max: 6 V,"
                " leakage: {resistance: 1 MOhm}, banks: [{capacitance: 150 uF, initial: 2.5 V,"
                " connect: 3.3 V, disconnect: 2.2 V}]}\n"
                "mcu: {turn_on: 3.6 V, turn_off: 1.9 V, initial: unpowered, boot: {time: 0 s, "
                "charge: 0 C},"
                " off_current: 0 A}\n"
                "workload: {tasks: [{name: load, current: 5 mA, until_power_fails: true}]}\n",
                {},
                {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}}});
}

TEST_CASE(
    "ngspice agrees on a PV string under varying light, wired to the store by a Schottky diode") {
    check_case(
        {"pv_schottky_esr.cir",
         2.5,
         3.6,
         2.2,
         "source: {trace: TRACE, at_end: stop, model: {type: pv_cell, operate: direct,"
         " cell: {isc: 19.9950010463773606 mA, voc: 4.53334431319498454 V,"
         " slope: 0.270029733554723956 V, series: 2.5 Ohm, shunt: 10 kOhm}}}\n"
         "converter: {type: diode, saturation_current: 1 uA, emission: 1.05}\n"
         "store: {type: capacitor, capacitance: 1 mF, initial: 2.2 V, max: 6 V, esr: 5 Ohm,"
         " leakage: {resistance: 50 kOhm}}\n"
         "mcu: {turn_on: 3.6 V, turn_off: 2.2 V, initial: unpowered, boot: {time: 0 s, charge: 0 "
         "C},"
         " off_current: 0 A}\n"
         "workload: {tasks: [{name: load, current: 30 mA, until_power_fails: true}]}\n",
         random_series(Quantity::irradiance_w_m2, 200.0, 1000.0, 2.5, 18),
         {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}, {"er", {Sink::esr_loss}}}});
}

// The diodes have a resistance there, and none here: it shrinks with the step.
TEST_CASE("ngspice agrees on banks that are filled in order and feed the node through diodes") {
    check_case({"isolated_banks.cir",
                2.0,
                3.6,
                1.7,
                "source: {model: {type: constant_power, power: 3 mW}}\n"
                "store: {type: isolated_banks, capacitance: 50 uF, initial: 1.5 V, max: 6 V,"
                " drop: 0.3 V, leak: 1 MOhm, banks: [{capacitance: 150 uF, initial: 1.6 V,"
                " charge: 3.3 V, stop: 1.9 V}, {capacitance: 80 uF, initial: 0.5 V,"
                " charge: 2.7 V, stop: 1.8 V, leak: 500 kOhm}]}\n"
                "mcu: {turn_on: 3.6 V, turn_off: 1.7 V, initial: unpowered, boot: {time: 0 s, "
                "charge: 0 C},"
                " off_current: 0 A}\n"
                "workload: {tasks: [{name: load, current: 6 mA, until_power_fails: true}]}\n",
                {},
                {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}, {"es", {Sink::switch_loss}}}});
}

}  // namespace
