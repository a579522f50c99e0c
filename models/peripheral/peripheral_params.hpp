// SPDX-License-Identifier: Apache-2.0
/// Radios, sensors and whatever else hangs on the device's rail beside the microcontroller.
///
///   unpowered   nothing; `always_on`: its standby current, from the store, before the regulator
///   powered     its standby current at the rail, whatever the MCU does (boot, work, sleep)
///   in use      a task uses it in one of its states; the state's load then takes the place of the
///               standby current, at the rail, beside what the MCU draws in the task:
///                 current [A], power [W], or charge/time [C/s] of a state with a time of its own
///   start-up    before each use: charge/time for `time`, while the MCU draws what it draws at the
///               beginning of the task. Several begin together; the work begins when the slowest is
///               ready, and who is ready before stands by
///
/// One with a `capacitor` of its own (store.federated) draws all of it there, and nothing at the
/// rail: a current, whatever the capacitor's voltage, and none at 0 V. A task that uses it waits
/// until the capacitor is charged, and is cut, without the MCU, where it runs empty.
///
/// A state with a time of its own (an advertising event, one reading) lasts that long from the
/// beginning of the work, and stands by after it; one without lasts as long as the task. A task
/// without a time lasts as long as the longest state that it uses.
///
/// All of it goes to the sink `peripherals`, that of repeated work too; a regulator's loss stays
/// regulator_loss. Half a packet is no packet: a task that uses a peripheral is atomic. A snapshot
/// waits for its end, and a power failure sends it back to its beginning, start-up included.
/// Not modelled: what a peripheral answers, supply limits of its own, inrush, states that outlast a
/// task.
/// Source of the model: state currents and event charges as data sheets give them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

/// What a peripheral draws while a task uses it: one of current, power, or charge over `time`.
struct PeripheralState {
    std::string name;
    std::optional<double> current_a, power_w, charge_c;
    std::optional<double> time_s;  ///< of its own; needed with a charge
};

struct PeripheralStart {
    double time_s = 0.0;
    double charge_c = 0.0;  ///< as a constant current over the time
};

struct PeripheralParams {
    std::string name;
    double standby_a = 0.0;
    bool always_on = false;  ///< hangs on the store, in front of the regulator
    /// The store's terminal that it draws from in place of the rail, by name and by number.
    std::optional<std::string> capacitor;
    std::optional<std::size_t> terminal;
    std::optional<PeripheralStart> start;
    std::vector<PeripheralState> states;
};

/// A task's use of a peripheral, by its place in the device's list.
struct PeripheralUse {
    std::size_t peripheral = 0;
    PeripheralState state;
    PeripheralStart start;
};

/// What a peripheral draws at the rail in place of its standby current.
struct PeripheralDraw {
    std::size_t peripheral = 0;
    double current_a = 0.0;
    double power_w = 0.0;
};

/// A stretch of a task in which the peripherals' loads are constant.
struct UsePhase {
    double time_s = 0.0;
    std::vector<PeripheralDraw> in_use;
};

/// Before the work: until the slowest is ready. Empty if none takes time to start.
[[nodiscard]] std::vector<UsePhase> start_up(const std::vector<PeripheralUse>& uses);
/// The work, `time_s` long: cut where a state's own time ends.
[[nodiscard]] std::vector<UsePhase> in_use(const std::vector<PeripheralUse>& uses, double time_s);
/// The longest own time of the states; 0 if none has one.
[[nodiscard]] double own_time_s(const std::vector<PeripheralUse>& uses);

}  // namespace ebb
