// SPDX-License-Identifier: Apache-2.0
/// Does a circuit simulator say the same of harvesters by tables? Its netlists compute the tables
/// from their rows themselves (ngspice_case.hpp says how they are compared).
#include "tests/agreement/ngspice_case.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

/// Bursts of one power each, with exponential dwells on and off; longer than the run, because a
/// file does not say how long its last row holds.
Series bursts(double low_w, double high_w, double on_s, double off_s, double end_s, unsigned seed) {
    std::mt19937 engine(seed);
    const auto unit = [&engine] { return (static_cast<double>(engine()) + 0.5) / 4294967296.0; };
    Series s;
    s.quantity = Quantity::rf_power_w;
    s.bound_ns.push_back(0);
    for (bool on = true; s.bound_ns.back() < static_cast<std::int64_t>(end_s * 1e9); on = !on) {
        const double dwell_s = -(on ? on_s : off_s) * std::log(unit());
        s.value.push_back(on ? low_w * std::pow(high_w / low_w, unit()) : 0.0);
        s.bound_ns.push_back(s.bound_ns.back() +
                             10'000 * (1 + static_cast<std::int64_t>(1e5 * dwell_s)));
    }
    return s;
}

TEST_CASE("ngspice agrees on RF bursts through a rectifier by received power and store voltage") {
    check_case(
        {"rf_bursts_rectifier.cir",
         2.5,
         "source: {trace: TRACE, at_end: stop, model: {type: received_rf, rectifier: {table: ["
         "{store: 1.5 V, input: 1 mW, efficiency: 30 %},"
         " {store: 1.5 V, input: 3 mW, efficiency: 45 %},"
         " {store: 1.5 V, input: 10 mW, efficiency: 35 %},"
         " {store: 2.5 V, input: 1 mW, efficiency: 10 %},"
         " {store: 2.5 V, input: 3 mW, efficiency: 55 %},"
         " {store: 2.5 V, input: 10 mW, efficiency: 60 %},"
         " {store: 4 V, input: 3 mW, efficiency: 20 %},"
         " {store: 4 V, input: 10 mW, efficiency: 65 %}]}}}\n"
         "store: {type: capacitor, capacitance: 47 uF, initial: 1 V, max: 6 V,"
         " leakage: {resistance: 2 MOhm}}\n"
         "mcu: {turn_on: 3.2 V, turn_off: 1.9 V, initial: unpowered, boot: {time: 0 s, "
         "charge: 0 C},"
         " off_current: 0 A}\n"
         "workload: {tasks: [{name: load, power: 5 mW, until_power_fails: true}]}\n",
         bursts(1.2e-3, 9e-3, 40e-3, 25e-3, 3.0, 31),
         {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}}});
}

TEST_CASE("ngspice agrees on RF bursts as a voltage behind a resistance and a rectifier's drop") {
    Series received = bursts(2.5, 6.0, 40e-3, 40e-3, 3.0, 32);
    received.quantity = Quantity::voltage_v;
    check_case(
        {"rf_bursts_diode.cir",
         2.5,
         "source: {trace: TRACE, at_end: stop, model: {type: thevenin, resistance: 1.5 kOhm}}\n"
         "converter: {type: diode, drop: 0.25 V}\n"
         "store: {type: capacitor, capacitance: 33 uF, initial: 1 V, max: 6 V,"
         " leakage: {resistance: 1 MOhm}}\n"
         "mcu: {turn_on: 3.0 V, turn_off: 1.9 V, initial: unpowered, boot: {time: 0 s, "
         "charge: 0 C},"
         " off_current: 0 A}\n"
         "workload: {tasks: [{name: load, current: 3 mA, until_power_fails: true}]}\n",
         received,
         {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}}});
}

TEST_CASE("ngspice agrees on a boost charger by a table of three store voltages and currents") {
    std::string table;
    const double share[3][3] = {{0.55, 0.70, 0.60}, {0.62, 0.82, 0.74}, {0.50, 0.78, 0.85}};
    const char* const volts[3] = {"2.0", "2.6", "3.4"};
    const char* const amps[3] = {"0.5", "1.5", "4.5"};
    for (int k = 0; k < 3; ++k) {
        for (int j = 0; j < 3; ++j) {
            table += fmt::format("{}{{v_store: {} V, v_in: 1 V, i_in: {} mA, value: {}}}",
                                 table.empty() ? "" : ", ", volts[k], amps[j], share[k][j]);
        }
    }
    check_case(
        {"boost_table.cir",
         2.5,
         "source: {trace: TRACE, at_end: stop, model: {type: iv_curve, operate: {voltage: 1 V},"
         " levels: [{lux: 1000, points: [{v: 0 V, i: 2 mA}, {v: 1.5 V, i: 2 mA},"
         " {v: 2 V, i: 0 A}]}]}}\n"
         "converter: {type: boost, min_voltage: 0.1 V, quiescent: 0 A, efficiency: [" +
             table +
             "]}\n"
             "store: {type: capacitor, capacitance: 68 uF, initial: 1.5 V, max: 6 V,"
             " leakage: {resistance: 1 MOhm}}\n"
             "mcu: {turn_on: 3.2 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 0 s, "
             "charge: 0 C},"
             " off_current: 0 A}\n"
             "workload: {tasks: [{name: load, current: 4 mA, until_power_fails: true}]}\n",
         random_series(Quantity::illuminance_lux, 200.0, 2800.0, 2.7, 33),
         {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}}});
}

}  // namespace
