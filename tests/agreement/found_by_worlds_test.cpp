// SPDX-License-Identifier: Apache-2.0
/// What random worlds have found, each in its smallest form.
#include <catch2/catch.hpp>
#include <string>

#include "tests/agreement/two_modes.hpp"
#include "tests/support/scenarios.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

/// Both modes, with the comparison of all worlds.
void compare(const std::string& text) {
    const auto same = [text](const Perturbation&) { return scenario_of(text); };
    Tally tally;
    compare_one({"found", 0, 1, [&](std::uint64_t) { return Candidate{same, text}; }}, 0, tally);
    CHECK(tally.compared == 1);
}

}  // namespace

// The side of the drop-out was chosen before the cell of the supply: on the border the terminal
// seemed to fall without the supply's current, and the slow witness never left it.
TEST_CASE("does a rail leave its drop-out under a supply that is given by cells?") {
    compare(R"(
name: a rail that rises through its drop-out
duration: 60 ms
source: {model: {type: constant_power, power: 4 mW}}
more_sources: [{model: {type: thevenin, voltage: 5 V, resistance: 1147 Ohm}}]
store:
  {type: supercapacitor, immediate: {resistance: 0.1356 Ohm, capacitance: 20 uF}, initial: 1 V,
   max: 2.437 V}
mcu:
  {turn_on: 1.62 V, turn_off: 1.562 V, initial: unpowered, boot: {time: 0 s, charge: 0 C},
   off_current: 0 A, active: {current: 1.6 mA},
   regulator: {type: buck, output: 1.686 V, quiescent: 0 A, quiescent_off: 0 A, efficiency: 90 %}}
workload: {repeat: true, tasks: [{name: work, time: 5 ms, current: 2 mA}]}
)");
}

// A transient at rest was held to a share of its own voltage, below the rounding of the voltages
// that it is the difference of: the witness took steps without number, the exact walker thousands.
TEST_CASE("does a battery that rests take few steps?") {
    compare(R"(
name: a small cell at rest
duration: 300 ms
source: {model: {type: constant_current, current: 0 A}}
store:
  {type: battery, charge: 1.8 mC, available: 0.384, recovery: 480 ms, initial: 89 %, max: 6 V,
   node: 22 uF, open_circuit: {constant: 1.067 V, linear: 1.33 V},
   resistance: {constant: 2.76 Ohm}, fast: {resistance: {constant: 1.8 Ohm},
   capacitance: {constant: 19 uF}}, slow: {resistance: {constant: 7.8 Ohm},
   capacitance: {constant: 2.8 mF}}}
mcu:
  {turn_on: 2.4 V, turn_off: 1.6 V, initial: unpowered, boot: {time: 0 s, charge: 0 C},
   off_current: 45 nA}
workload: {tasks: [{name: load, current: 1 mA, until_power_fails: true}]}
)");
}

// At 0 V the current of a power has no number: the slow witness took an empty store that is charged
// by a power and a curve for one at rest.
TEST_CASE("does an empty store begin to charge from a power beside a diode's supply?") {
    compare(R"(
name: an empty store under a power and a power through a diode
duration: 20 ms
source: {model: {type: constant_power, power: 0.2 mW}}
more_sources:
  - {model: {type: constant_power, power: 0.3 mW}, converter: {type: diode, drop: 0.47 V}}
store: {type: capacitor, capacitance: 33 uF, initial: 0 V, max: 3 V}
mcu:
  {turn_on: 2.8 V, turn_off: 2 V, initial: unpowered, boot: {time: 0 s, charge: 0 C},
   off_current: 0 A}
workload: {tasks: [{name: load, current: 1 mA, until_power_fails: true}]}
)");
}

// A border of a measured curve was worked out on the stretch above it and on the stretch below it,
// an ulp apart behind a diode's equation: a store that fell onto it found itself above and below.
TEST_CASE("does a store fall through the borders of a measured curve behind a diode's equation?") {
    compare(R"(
name: a ceramic capacitor under a measured cell and a Schottky diode
duration: 60 ms
source: {model: {part: am_1417_measured, illuminance: 5501, operate: direct}}
converter: {type: diode, saturation_current: 0.7 uA}
store: {type: mlcc, capacitance: 10 uF, bias: 10 V, initial: 2.3 V, max: 2.7 V}
mcu:
  {turn_on: 2.2 V, turn_off: 0.3 V, initial: powered, boot: {time: 0 s, charge: 0 C},
   off_current: 0 A}
workload: {repeat: true, tasks: [{name: work, time: 5 ms, power: 2 mW}]}
)");
}
