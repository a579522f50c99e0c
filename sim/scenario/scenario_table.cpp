// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "sim/scenario/failure_table.hpp"
#include "sim/scenario/scenario_form.hpp"
#include "sim/scenario/workload_table.hpp"

namespace ebb {

namespace {

// Bounds refuse what can only be a slip of a prefix or a unit, not what is merely unusual.
constexpr double kMostVolts = 1e3;
constexpr double kMostAmperes = 1e3;
constexpr double kMostWatts = 1e6;
constexpr double kMostInteger = 9e15;

const ParamTable<GenerateForm>& generate_table() {
    static const ParamTable<GenerateForm> kTable = {
        choice("generate", &GenerateForm::generator, "generator", "type", required,
               "the trace is generated, the same for the same seed on every machine"),
    };
    return kTable;
}

const ParamTable<SourceForm>& source_table() {
    static const ParamTable<SourceForm> kTable = {
        or_block(param("trace", &SourceForm::trace, optional,
                       "a catalog id, a file, or {generate: {...}}; not for constant models"),
                 &SourceForm::generate, generate_table()),
        choice("model", &SourceForm::model, "harvester", "type", required,
               "how the trace becomes energy at the converter's input")
            .with_parts("harvester"),
        param("at_end", &SourceForm::at_end,
              Names<AtEnd>{{"stop", AtEnd::stop}, {"hold", AtEnd::hold}, {"loop", AtEnd::loop}},
              optional, "what follows the trace's end; required if it is shorter than the run"),
        param("start", &SourceForm::start_s, unit::second, 0.0, range(0, kLongestRun_s),
              "offset into the trace at which the run begins"),
        param("harvest_while_on", &SourceForm::harvest_while_on, true,
              "false: all sources are cut off from the store while the MCU is powered"),
        param("scale", &SourceForm::scale, unit::number, 1.0, range(0, 1e12),
              "factor on every sample of the trace"),
        param(
            "interpolation", &SourceForm::interpolation,
            Names<Interpolation>{{"hold", Interpolation::hold}, {"linear", Interpolation::linear}},
            Interpolation::hold, "between samples: keep the last one, or go straight"),
        param("format", &SourceForm::format, optional,
              "file format (see docs/formats.md); left out, from the catalog or by content"),
        param("column", &SourceForm::column, optional,
              "column to read; left out, the only suitable one"),
        param("time", &SourceForm::time, optional,
              "mementos files: how the first column counts (packed_mmssms, index, ms)"),
        param("unit", &SourceForm::unit, optional,
              "what the numbers are in a file that does not say it (single_column, "
              "csv_two_column): W/m^2, mW, uA, ..."),
        param("dt", &SourceForm::dt_s, unit::second, optional, above_up_to(0, kLongestRun_s),
              "time between rows in a file without times (single_column, accel_csv)"),
        param("rate", &SourceForm::rate_hz, unit::hertz, optional, above_up_to(0, 1e9),
              "rows per second, instead of dt"),
        param("length", &SourceForm::length_s, unit::second, optional,
              above_up_to(0, kLongestRun_s),
              "length of a list of changes (simba_json); left out, to the end of its last day"),
    };
    return kTable;
}

/// A source that is not the first brings its converter along.
const ParamTable<SourceForm>& more_sources_table() {
    static const ParamTable<SourceForm> kTable(
        source_table(), {choice("converter", &SourceForm::converter, "converter", "type", optional,
                                "between this source and the store")
                             .by_default("none")
                             .with_parts("converter")});
    return kTable;
}

const ParamTable<UntilForm>& until_table() {
    static const ParamTable<UntilForm> kTable = {
        param("jobs", &UntilForm::jobs, required, range(1, kMostInteger),
              "end once so many jobs are done"),
    };
    return kTable;
}

const ParamTable<BootParams>& boot_table() {
    static const ParamTable<BootParams> kTable = {
        param("time", &BootParams::time_s, unit::second, optional, range(0, 3600),
              "from turn-on to the first instruction of work; needed without a profile"),
        param("charge", &BootParams::charge_c, unit::coulomb, optional, range(0, 1e3),
              "drawn over that time, as a constant current; this or energy, without a profile"),
        param("energy", &BootParams::energy_j, unit::joule, optional, range(0, 1e3),
              "drawn over that time at the rail, as a constant power, instead of a charge"),
        param("profile", &BootParams::profile_name, optional,
              "a recording (time_s,current_a) of one boot: gives time and charge, in place of both")
            .file(),
    };
    return kTable;
}

const ParamTable<SupervisionParams>& supervision_table() {
    static const ParamTable<SupervisionParams> kTable = {
        param("period", &SupervisionParams::period_s, unit::second, required, above_up_to(0, 3600),
              "turn_on and turn_off count at 0, period, 2 period, ... only"),
        param("brown_out", &SupervisionParams::brown_out_v, unit::volt, required,
              above_up_to(0, kMostVolts),
              "store voltage at which the core stops without being looked at; at most turn_off"),
    };
    return kTable;
}

const ParamTable<PickupParams>& pickup_table() {
    static const ParamTable<PickupParams> kTable = {
        param("amplitude", &PickupParams::amplitude_v, unit::volt, required,
              above_up_to(0, kMostVolts), "of the sine, as if it were at the store"),
        param("frequency", &PickupParams::frequency_hz, unit::hertz, required, range(0.1, 1000),
              "of the sine: the mains'"),
        param("phase", &PickupParams::phase, unit::ratio, 0.0, range(0, 1),
              "where in its period the sine is at time 0"),
    };
    return kTable;
}

const ParamTable<ActiveParams>& active_table() {
    static const ParamTable<ActiveParams> kTable = {
        param("current", &ActiveParams::current_a, unit::ampere, optional, range(0, kMostAmperes),
              "constant part of the current"),
        param("current_per_volt", &ActiveParams::current_per_volt_s, unit::siemens, optional,
              range(0, kMostAmperes), "part of the current that grows with the rail's voltage"),
        param("power", &ActiveParams::power_w, unit::watt, optional, range(0, kMostWatts),
              "constant power instead of currents (an on-chip switching converter)"),
    };
    return kTable;
}

const ParamTable<SleepParams>& sleep_table() {
    static const ParamTable<SleepParams> kTable = {
        param("current", &SleepParams::current_a, unit::ampere, required, range(0, kMostAmperes),
              "drawn while asleep, memory kept"),
        param("wake", &SleepParams::wake_s, unit::second, required, range(0, 3600),
              "from the wake-up event to the first work, at active load"),
        param("wake_charge", &SleepParams::wake_charge_c, unit::coulomb, optional, range(0, 1e3),
              "drawn over that time as a constant current, in place of the active load"),
    };
    return kTable;
}

const ParamTable<SleepParams>& sleep_state_table() {
    static const ParamTable<SleepParams> kTable = {
        param("name", &SleepParams::name, required, "name of the state, unique in the list"),
        param("current", &SleepParams::current_a, unit::ampere, required, range(0, kMostAmperes),
              "drawn while asleep"),
        param("wake", &SleepParams::wake_s, unit::second, required, range(0, 3600),
              "from the wake-up event to the first work, or to the boot"),
        param("wake_charge", &SleepParams::wake_charge_c, unit::coulomb, optional, range(0, 1e3),
              "drawn over that time as a constant current, in place of the active load"),
        param("retains", &SleepParams::loses_ram, Names<bool>{{"ram", false}, {"none", true}},
              required, "none: memory is lost, and the device boots after it wakes"),
    };
    return kTable;
}

const ParamTable<ClockPoint>& point_table() {
    static const ParamTable<ClockPoint> kTable = {
        param("name", &ClockPoint::name, required, "name of the point, unique in the list"),
        param("clock", &ClockPoint::clock_hz, unit::hertz, required, above_up_to(0, 1e11),
              "the core's clock at this point"),
        param("from", &ClockPoint::from_v, unit::volt, required, range(0, kMostVolts),
              "store voltage from which the point may be used"),
        param("current", &ClockPoint::current_a, unit::ampere, optional, range(0, kMostAmperes),
              "active current; in the same form as mcu.active"),
        param("current_per_volt", &ClockPoint::current_per_volt_s, unit::siemens, optional,
              range(0, kMostAmperes), "active current per volt of the rail, instead"),
        param("power", &ClockPoint::power_w, unit::watt, optional, range(0, kMostWatts),
              "active power, instead"),
    };
    return kTable;
}

const ParamTable<ClockingParams>& clocking_table() {
    static const ParamTable<ClockingParams> kTable = {
        param("work_at", &ClockingParams::work_at_hz, unit::hertz, required, above_up_to(0, 1e11),
              "the clock for which mcu.active and the work's times and loads are stated"),
        param("use", &ClockingParams::use, optional,
              "a point's name, or by_voltage: the fastest allowed; without it a part's go unused"),
        param("hysteresis", &ClockingParams::hysteresis_v, unit::volt, optional,
              above_up_to(0, kMostVolts),
              "by_voltage: so far above its 'from' a faster point is taken up"),
        list("points", &ClockingParams::points, point_table(), required, 1, 100,
             "clocks and what the core draws at them"),
    };
    return kTable;
}

const ParamTable<McuParams>& mcu_table() {
    static const ParamTable<McuParams> kTable = {
        param("turn_on", &McuParams::turn_on_v, unit::volt, required, above_up_to(0, kMostVolts),
              "store voltage, rising, at which the device is powered"),
        param("turn_off", &McuParams::turn_off_v, unit::volt, required, above_up_to(0, kMostVolts),
              "store voltage, falling, at which it loses power; below turn_on"),
        param("initial", &McuParams::initially_powered,
              Names<bool>{{"unpowered", false}, {"powered", true}}, required,
              "state at time 0; powered at time 0 is no boot"),
        block("boot", &McuParams::boot, boot_table(), required, "what a boot costs"),
        block("supervision", &McuParams::supervision, supervision_table(), optional,
              "a supervisor that looks now and then; left out, the thresholds count at once"),
        block("pickup", &McuParams::pickup, pickup_table(), optional,
              "a sine that the comparators of turn_on and turn_off see beside the store's voltage"),
        block("active", &McuParams::active, active_table(), optional,
              "what the running core draws: current and/or current_per_volt, or power")
            .replaced_whole(),
        block("sleep", &McuParams::sleep, sleep_table(), optional,
              "the sleep state, if it is used"),
        list("sleep_states", &McuParams::sleep_states, sleep_state_table(), optional, 0, 100,
             "further sleep states, for workload.sleep_in and checkpoint.sleep_in"),
        block("clocking", &McuParams::clocking, clocking_table(), optional,
              "operating points of clock and voltage; left out, one clock"),
        param("off_current", &McuParams::off_current_a, unit::ampere, required,
              range(0, kMostAmperes), "drawn from the store while unpowered"),
        param("registers", &McuParams::register_bytes, unit::byte, 64.0, range(0, 65536),
              "core registers, counted in a snapshot whose size checkpoint.state does not give; "
              "the default is sixteen of 4 B: R0 to R15 of an Arm Cortex-M, or an MSP430X's as "
              "PUSHX.A stores them. An FPU (S0 to S31, FPSCR) adds 132 B"),
        param("ram", &McuParams::ram_bytes, unit::byte, optional, range(1, 1e9),
              "volatile memory of the part, for checkpoint policies that save all of it"),
        choice("regulator", &McuParams::regulator, "regulator", "type", optional,
               "between the store and the device's rail")
            .with_parts("regulator")
            .by_default("none"),
    };
    return kTable;
}

const ParamTable<NvmParams>& nvm_table() {
    static const ParamTable<NvmParams> kTable = {
        param("capacity", &NvmParams::capacity_b, unit::byte, required, range(1, 1e15),
              "size of the memory"),
        param("atomic", &NvmParams::atomic_b, unit::byte, required, range(1, 65536),
              "bytes that a power failure does not split"),
        param("cut", &NvmParams::cut,
              Names<CutWord>{{"old", CutWord::old_value}, {"garbage", CutWord::garbage}}, required,
              "what a power failure leaves of the word being written"),
        param("read_time", &NvmParams::read_time_s_per_b, unit::second, required, range(0, 1),
              "per byte of payload"),
        param("write_time", &NvmParams::write_time_s_per_b, unit::second, required, range(0, 1),
              "per byte of payload"),
        param("read_energy", &NvmParams::read_energy_j_per_b, unit::joule, required, range(0, 1),
              "per byte of payload"),
        param("write_energy", &NvmParams::write_energy_j_per_b, unit::joule, required, range(0, 1),
              "per byte of payload"),
        param("standby", &NvmParams::standby_a, unit::ampere, required, range(0, kMostAmperes),
              "drawn while the MCU is powered and awake"),
        param("sleep", &NvmParams::sleep_a, unit::ampere, required, range(0, kMostAmperes),
              "drawn while the MCU sleeps"),
        param("endurance", &NvmParams::endurance_cycles, unit::number, required,
              range(1, std::numeric_limits<double>::infinity()), "writes that a cell bears")
            .allow_unlimited(),
        block("ecc", &NvmParams::ecc, ecc_table(), optional,
              "an error-correcting code over its words; left out, there is none"),
    };
    return kTable;
}

const ParamTable<PeripheralState>& peripheral_state_table() {
    static const ParamTable<PeripheralState> kTable = {
        param("name", &PeripheralState::name, required, "what a task calls it: tx, sample, ..."),
        param("current", &PeripheralState::current_a, unit::ampere, optional,
              range(0, kMostAmperes), "drawn at the rail in this state"),
        param("power", &PeripheralState::power_w, unit::watt, optional, range(0, kMostWatts),
              "drawn at the rail, instead of a current"),
        param("charge", &PeripheralState::charge_c, unit::coulomb, optional, range(0, 1e3),
              "drawn over the state's time as a constant current, instead of a current"),
        param("time", &PeripheralState::time_s, unit::second, optional,
              above_up_to(0, kLongestRun_s),
              "how long the state lasts; left out, as long as the task"),
    };
    return kTable;
}

const ParamTable<PeripheralStart>& peripheral_start_table() {
    static const ParamTable<PeripheralStart> kTable = {
        param("time", &PeripheralStart::time_s, unit::second, required, above_up_to(0, 3600),
              "from standby to ready, before each use"),
        param("charge", &PeripheralStart::charge_c, unit::coulomb, required, range(0, 1e3),
              "drawn over that time, as a constant current"),
    };
    return kTable;
}

const ParamTable<PeripheralParams>& peripheral_table() {
    static const ParamTable<PeripheralParams> kTable = {
        param("name", &PeripheralParams::name, required,
              "name of the peripheral, unique in the list"),
        param("standby", &PeripheralParams::standby_a, unit::ampere, required,
              range(0, kMostAmperes), "drawn while no task uses it and the device is powered"),
        param("always_on", &PeripheralParams::always_on, false,
              "hangs on the store itself: stands by while the device is unpowered, too"),
        param("capacitor", &PeripheralParams::capacitor, optional,
              "of a federated store (store.capacitors), by name: it draws from that alone, and not "
              "from the rail"),
        block("start", &PeripheralParams::start, peripheral_start_table(), optional,
              "what comes before each use; left out, it is ready at once"),
        list("states", &PeripheralParams::states, peripheral_state_table(), optional, 0, 1000,
             "what it draws when a task uses it; given, the list replaces that of a part"),
    };
    return kTable;
}

}  // namespace

const ParamTable<ScenarioForm>& scenario_table() {
    static const ParamTable<ScenarioForm> kTable = {
        param("name", &ScenarioForm::name, required, "a title, for people"),
        param("duration", &ScenarioForm::duration_s, unit::second, required,
              above_up_to(0, kLongestRun_s), "simulated time; at most 291 years"),
        block("until", &ScenarioForm::until, until_table(), optional,
              "end earlier, when this is reached"),
        param("seed", &ScenarioForm::seed, 1, range(0, kMostInteger),
              "stream of random numbers, for everything random in the run"),
        block("failures", &ScenarioForm::failures, failures_table(), optional,
              "power failures and bit errors beside those of the physics, to see what they do"),
        block("source", &ScenarioForm::source, source_table(), required,
              "where the energy is from"),
        list("more_sources", &ScenarioForm::more_sources, more_sources_table(), optional, 1, 100,
             "further sources on the same store, each with a converter of its own; what they give "
             "adds up at the store"),
        choice("converter", &ScenarioForm::converter, "converter", "type", optional,
               "between source and store")
            .by_default("none")
            .with_parts("converter"),
        choice("store", &ScenarioForm::store, "store", "type", required, "what holds the energy")
            .with_parts("store"),
        block("mcu", &ScenarioForm::mcu, mcu_table(), required,
              "the microcontroller as its supply sees it")
            .with_parts("mcu"),
        block("nvm", &ScenarioForm::nvm, nvm_table(), optional,
              "non-volatile memory; left out, the platform's own, or none")
            .with_parts("nvm"),
        list("peripherals", &ScenarioForm::peripherals, peripheral_table(), optional, 0, 100,
             "radios, sensors and what else hangs on the rail")
            .with_parts("peripheral"),
        block("workload", &ScenarioForm::workload, workload_table(), required,
              "what the device works on: tasks, or a network on a platform"),
        choice("checkpoint", &ScenarioForm::checkpoint, "checkpoint", "policy", optional,
               "what is saved when, so that work survives a power failure")
            .by_default("none"),
        choice("schedule", &ScenarioForm::schedule, "schedule", "policy", optional,
               "which job is next")
            .by_default("fifo"),
        map_of("expect", &ScenarioForm::expect,
               "verdicts on results, by their path in summary.json: {work.jobs_done: \">= 10\"}"),
    };
    return kTable;
}

}  // namespace ebb
