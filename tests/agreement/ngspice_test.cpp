// SPDX-License-Identifier: Apache-2.0
/// Does a circuit simulator say the same? Fourteen circuits with stores, loads, regulators and
/// diodes (ngspice_case.hpp says how they are compared).
#include "tests/agreement/ngspice_case.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

TEST_CASE("ngspice agrees on circuit A") {
    check_case({"circuit_a.cir",
                2.5,
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

// The switch of the bank has 1 mOhm there, and none here: 3e-5 of what it loses.
TEST_CASE("ngspice agrees on a bank that is joined and taken off by a switch") {
    check_case({"bank_switch.cir",
                2.0,
                "source: {model: {type: constant_power, power: 3 mW}}\n"
                "store: {type: banks, capacitance: 50 uF, initial: 1.5 V, max: 6 V,"
                " leakage: {resistance: 1 MOhm}, banks: [{capacitance: 150 uF, initial: 2.5 V,"
                " connect: 3.3 V, disconnect: 2.2 V}]}\n"
                "mcu: {turn_on: 3.6 V, turn_off: 1.9 V, initial: unpowered, boot: {time: 0 s, "
                "charge: 0 C},"
                " off_current: 0 A}\n"
                "workload: {tasks: [{name: load, current: 5 mA, until_power_fails: true}]}\n",
                {},
                {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}, {"es", {Sink::switch_loss}}}});
}

TEST_CASE(
    "ngspice agrees on a PV string under varying light, wired to the store by a Schottky diode") {
    check_case(
        {"pv_schottky_esr.cir",
         2.5,
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

// The diodes have 1 mOhm there, and none here.
TEST_CASE("ngspice agrees on banks that are filled in order and feed the node through diodes") {
    check_case({"isolated_banks.cir",
                2.0,
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

TEST_CASE("ngspice agrees on cells that are rearranged from series to side by side and back") {
    check_case({"array_series_parallel.cir",
                2.5,
                "source: {model: {type: constant_power, power: 5 mW}}\n"
                "store: {type: array, capacitance: 200 uF, initial: 1.5 V, max: 6 V,"
                " leak_time: 100 s, hold: 1 us, cells: [{name: a, capacitance: 100 uF,"
                " initial: 0.5 V}, {name: b, capacitance: 140 uF, initial: 0.3 V},"
                " {name: c, capacitance: 60 uF}], configurations: [{name: alone, up: 2.6 V},"
                " {name: stacked, strings: a + b, up: 3.2 V, down: 1.85 V},"
                " {name: wide, strings: \"a, b, c\", down: 1.95 V}]}\n"
                "mcu: {turn_on: 3.4 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 0 s, "
                "charge: 0 C},"
                " off_current: 0 A}\n"
                "workload: {tasks: [{name: load, current: 8 mA, until_power_fails: true}]}\n",
                {},
                {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}, {"es", {Sink::switch_loss}}}});
}

TEST_CASE("ngspice agrees on a battery whose curves follow its charge") {
    check_case({"battery.cir",
                2.5,
                "source: {trace: TRACE, model: {type: current}, at_end: stop}\n"
                "store: {type: battery, charge: 20 mC, available: 0.6, recovery: 1 s,"
                " initial: 60 %, max: 6 V, node: 100 uF, leak: 50 kOhm,"
                " open_circuit: {exponential: -0.2 V, steep: 15, constant: 1.8 V, linear: 1.2 V},"
                " resistance: {constant: 25 Ohm, linear: -5 Ohm},"
                " fast: {resistance: {constant: 15 Ohm, exponential: 5 Ohm, steep: 10},"
                " capacitance: {constant: 100 uF}},"
                " slow: {resistance: {constant: 20 Ohm},"
                " capacitance: {constant: 2 mF, linear: 0.5 mF}}}\n"
                "mcu: {turn_on: 2.65 V, turn_off: 2.3 V, initial: unpowered, boot: {time: 0 s, "
                "charge: 0 C},"
                " off_current: 0 A}\n"
                "workload: {tasks: [{name: load, current: 8 mA, until_power_fails: true}]}\n",
                random_series(Quantity::current_a, 2e-3, 10e-3, 2.7, 19),
                {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}, {"er", {Sink::esr_loss}}}});
}

TEST_CASE("ngspice agrees on a supercapacitor that grows with its voltage, under powers") {
    check_case(
        {"supercapacitor_bias.cir",
         2.0,
         "source: {trace: TRACE, model: {type: power}, at_end: stop}\n"
         "store: {type: supercapacitor, immediate: {resistance: 8 Ohm, capacitance: 80 uF,"
         " per_volt: 20 uF}, decoupling: 10 uF, branches: [{resistance: 400 Ohm,"
         " capacitance: 60 uF}], initial: 1.5 V, max: 10 V, leakage: {resistance: 500 kOhm}}\n"
         "mcu: {turn_on: 3.1 V, turn_off: 1.9 V, initial: unpowered, boot: {time: 0 s, "
         "charge: 0 C},"
         " off_current: 0 A}\n"
         "workload: {tasks: [{name: load, power: 6 mW, until_power_fails: true}]}\n",
         random_series(Quantity::power_w, 1e-3, 8e-3, 2.2, 20),
         {{"el", {Sink::compute}}, {"ek", {Sink::leakage}}, {"er", {Sink::esr_loss}}}});
}

TEST_CASE("ngspice agrees on a device that shares the store's charge with its own capacitor") {
    check_case({"output_switch.cir",
                2.5,
                "source: {model: {type: constant_power, power: 1.5 mW}}\n"
                "store: {type: capacitor, capacitance: 100 uF, initial: 1.8 V, max: 6 V,"
                " leakage: {resistance: 1 MOhm}}\n"
                "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 0 s, "
                "charge: 0 C},"
                " off_current: 0 A, regulator: {type: none, output_capacitor: 22 uF}}\n"
                "workload: {tasks: [{name: load, current: 1 mA, until_power_fails: true}]}\n",
                {},
                {{"el", {Sink::compute}},
                 {"ek", {Sink::leakage}},
                 {"es", {Sink::switch_loss}},
                 {"eb", {Sink::boot}}}});
}

}  // namespace
