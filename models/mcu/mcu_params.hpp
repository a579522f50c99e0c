// SPDX-License-Identifier: Apache-2.0
/// The microcontroller's supply behaviour: states, thresholds, what each state draws from the rail.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/core/series.hpp"
#include "models/peripheral/peripheral_params.hpp"

namespace ebb {

class Regulator;

struct BootParams {
    double time_s = 0.0;  ///< reset to first instruction of work
    double charge_c =
        0.0;  ///< drawn over that time as a constant current charge/time; 0 if time is 0
    std::optional<double> energy_j;  ///< instead of a charge: drawn at the rail as a constant power
    /// Recorded current [A] over one boot; it gives time and charge. As the scenario names it, and
    /// once read.
    std::optional<std::string> profile_name;
    std::shared_ptr<const Series> profile;
};

/// A supervisor that looks at the store's voltage only every so often, at 0, period, 2 period, ...
/// of the run: `turn_on` and `turn_off` count at those instants alone (BQ25570: BAT_OK, every 64
/// ms). A voltage that crosses a threshold and is back at the next look has not been seen.
///
///   the crossing at t is a watch of the walk; the look is at k period >= t; if the terminal is
///   still beyond the threshold then, the device is switched; else the next crossing is awaited
///
/// Between looks the voltage may fall further: at `brown_out` the core stops by itself, at once.
/// The device is then unpowered until a look finds `turn_on` again. At a look, work that ends at
/// the same instant is done. Each look decides once.
/// Not modelled: the comparator's own delay and noise, a core that restarts by itself between
/// looks.
struct SupervisionParams {
    double period_s = 0.0;
    double brown_out_v = 0.0;  ///< store terminal, falling; at most turn_off
};

/// Mains hum (or another sine) that the comparators see beside the store's voltage: it is in the
/// wires to their dividers and not on the store, so that no charge moves. With u = terminal voltage
///
///   seen     u + a sin(2 pi (f t + phase))                                                    [V]
///   on       seen >= turn_on;  off  seen <= turn_off
///
/// The sine is held over each 1/64 of its period, at the value of that step's middle: a threshold
/// is off by at most a pi/64. Where the store moves slowly the device starts near the sine's crest
/// only: power cycles last a whole number of periods, with almost no jitter. Triggers, clocks and a
/// supervisor's brown_out see the store alone.
/// Not modelled: harmonics, an amplitude that differs between the thresholds.
struct PickupParams {
    double amplitude_v = 0.0;  ///< a, as if at the store
    double frequency_hz = 0.0;
    double phase = 0.0;  ///< at t = 0, in periods
};

/// Active current: constant, affine in the rail voltage, or a constant power (one of the two
/// forms).
struct ActiveParams {
    std::optional<double> current_a;
    std::optional<double> current_per_volt_s;
    std::optional<double> power_w;
};

/// A clock and what the core draws at it, in the form that mcu.active has: a current, a current per
/// volt, or a power.
struct ClockPoint {
    std::string name;
    double clock_hz = 0.0;
    double from_v = 0.0;  ///< store voltage from which it may be used
    std::optional<double> current_a, current_per_volt_s, power_w;
};

/// The core's clock, and with it the speed of the work and the active load.
///
/// Work is stated for one clock, `work_at`: mcu.active, the tasks' times and loads, the platform's
/// cost of a network. At another point
///   time of computing     t work_at/clock                                                   [s]
///   active load           the point's own
///   a load of the work    k times, k = the point's draw over mcu.active's: the same share of what
///                         the core draws
/// Not scaled: times of memory operations, of boot and wake-up, of tasks that use a peripheral or
/// say `fixed_time`, and what peripherals and memories draw.
///
/// A part may bring points; they have no effect until the scenario says which to use.
///
/// Use by name: that point, always. `by_voltage`: the fastest that the store's voltage allows.
/// While it works, the device goes one point down when the terminal falls to the point's `from`,
/// and one up when it rises to `from` + hysteresis of the next; the phase in progress goes on at
/// the new clock with the share of it that was left. A border is a watch like the turn-off
/// threshold, so that leaps are cut exactly there. Each boot begins at the slowest point; other
/// states (waiting, waking, saving, restoring) keep the point in hand. Not modelled: the time and
/// energy of a change, a rail that follows the clock (its thresholds are the store's, whatever the
/// regulator). Source of the model: data sheets' tables of frequency against supply voltage
/// (MSP430, STM32).
struct ClockingParams {
    double work_at_hz = 0.0;
    /// A point's name, or "by_voltage". Empty: the points of a part that nobody asked for.
    std::optional<std::string> use;
    std::optional<double> hysteresis_v;
    std::vector<ClockPoint> points;  ///< once read: those in use, slowest first
};

/// A sleep state. `mcu.sleep` is the default one; others have names, and whoever sends the device
/// to sleep may name one: workload.sleep_in (nothing to do), checkpoint.sleep_in (a policy waits).
///
///   asleep   current at the rail, and what memory and peripherals draw
///   waking   for `wake`: at active load, or at wake_charge/wake
///   retains  none: registers and RAM are lost. After waking the device boots (mcu.boot, with what
///            it costs) and recovers what it finds in non-volatile memory, as after a power
///            failure; the trigger hears of a wake-up, and power.boots does not count it
struct SleepParams {
    double current_a = 0.0;
    double wake_s = 0.0;  ///< from the wake-up event to the first work (or to the boot)
    std::optional<double> wake_charge_c;
    bool loses_ram = false;
    std::string name;  ///< empty: mcu.sleep
};

struct McuParams {
    std::string part;         ///< name of the data sheet, empty if every value is given
    double turn_on_v = 0.0;   ///< store terminal, rising
    double turn_off_v = 0.0;  ///< store terminal, falling; below turn_on
    bool initially_powered = false;
    BootParams boot;
    std::optional<SupervisionParams> supervision;  ///< empty: thresholds count at once
    std::optional<PickupParams> pickup;            ///< empty: comparators see the store alone
    std::optional<ActiveParams> active;
    std::optional<SleepParams> sleep;
    std::vector<SleepParams> sleep_states;  ///< further ones, by name
    std::optional<ClockingParams> clocking;
    double off_current_a = 0.0;  ///< drawn from the store while unpowered
    double charger_a = 0.0;      ///< the converter's own current from the store; its parameter
    /// Core registers in a snapshot whose size the policy does not give: sixteen of 32 bits (R0 to
    /// R15 of an Arm Cortex-M; an MSP430X's 20 bits take 4 B each on the stack). No FPU.
    double register_bytes = 64;
    std::optional<double> ram_bytes;  ///< volatile memory, for policies that save all of it
    std::shared_ptr<const Regulator> regulator;
    std::vector<PeripheralParams> peripherals;  ///< what else hangs on the rail
};

}  // namespace ebb
