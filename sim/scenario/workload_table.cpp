// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/workload_table.hpp"

namespace ebb {

namespace {

// Bounds refuse what can only be a slip of a prefix or a unit, not what is merely unusual.
constexpr double kMostAmperes = 1e3;
constexpr double kMostWatts = 1e6;
constexpr double kMostInteger = 9e15;

const ParamTable<UseForm>& use_table() {
    static const ParamTable<UseForm> kTable = {
        param("peripheral", &UseForm::peripheral, required, "its name in peripherals"),
        param("state", &UseForm::state, required, "the name of one of its states"),
    };
    return kTable;
}

const ParamTable<TaskForm>& task_table() {
    static const ParamTable<TaskForm> kTable = {
        param("name", &TaskForm::name, required, "name of the task, unique in the list"),
        param("time", &TaskForm::time_s, unit::second, optional, range(0, kLongestRun_s),
              "how long it runs; not with until_power_fails or profile; left out, as long as the "
              "states that it uses"),
        param("current", &TaskForm::current_a, unit::ampere, optional, range(0, kMostAmperes),
              "drawn at the rail; left out (and no power, no profile), the MCU's active load"),
        param("power", &TaskForm::power_w, unit::watt, optional, range(0, kMostWatts),
              "drawn at the rail, instead of a current"),
        param("profile", &TaskForm::profile, optional,
              "a recording (time_s,current_a) of one execution: gives time and current")
            .file(),
        param("until_power_fails", &TaskForm::until_power_fails, false,
              "has no end of its own: a load, or a main loop"),
        param("once_per_boot", &TaskForm::once_per_boot, false,
              "runs first, after every boot only"),
        param("atomic", &TaskForm::atomic, false,
              "cannot be resumed half-way: starts over if it is cut"),
        param("fixed_time", &TaskForm::fixed_time, false,
              "its time does not go with the core's clock (mcu.clocking): it waits for something"),
        list("use", &TaskForm::use, use_table(), optional, 0, 100,
             "peripherals that it uses, beside the MCU's load; such a task is atomic"),
        param("uncharged", &TaskForm::skips, Names<bool>{{"wait", false}, {"skip", true}}, false,
              "while a capacitor of its peripherals (store.federated) is not charged: sleep until "
              "it is, or go on with the next task"),
        param("mode", &TaskForm::mode, optional,
              "energy mode of the store (store.modes) that the policy connects and charges before "
              "it"),
        param("burst", &TaskForm::burst, false,
              "with a mode: begins at once, on what its banks hold"),
        param("precharge", &TaskForm::precharge, optional,
              "with a mode: another one that is charged first, and taken off full, for a later "
              "burst"),
    };
    return kTable;
}

const ParamTable<PeriodForm>& period_table() {
    static const ParamTable<PeriodForm> kTable = {
        param("every", &PeriodForm::every_s, unit::second, required, above_up_to(0, kLongestRun_s),
              "a job is released at 0, every, 2 every, ..."),
        param("deadline", &PeriodForm::deadline_s, unit::second, optional,
              above_up_to(0, kLongestRun_s), "after its release; a job done later counts as late"),
        param("queue", &PeriodForm::queue, optional, range(0, kMostInteger),
              "how many jobs may wait; further ones are dropped"),
    };
    return kTable;
}

const ParamTable<WeightsParams>& weights_table() {
    static const ParamTable<WeightsParams> kTable = {
        param("asleep", &WeightsParams::retained, Names<bool>{{"retain", true}, {"reload", false}},
              required, "keep them while the device sleeps, or load them again behind it"),
        param("state", &WeightsParams::state, required,
              "the platform's low-power state whose retention power counts"),
    };
    return kTable;
}

const ParamTable<TileParams>& tiles_table() {
    static const ParamTable<TileParams> kTable = {
        param("for", &TileParams::for_energy, Names<bool>{{"latency", false}, {"energy", true}},
              required, "what is to be least"),
        param("sizes", &TileParams::every_size, Names<bool>{{"divisors", false}, {"every", true}},
              false, "which sizes are tried: those that divide a layer's, or every one"),
        param("energy_margin", &TileParams::energy_margin, unit::number, 1.0, above_up_to(0, 1),
              "share of the energy between turn_on and turn_off that a batch may use"),
        param("source_voltage", &TileParams::source_v, unit::volt, optional, above_up_to(0, 1000),
              "open-circuit voltage that recharges the store in the choice; left out, recharging "
              "counts no time"),
        param("source_resistance", &TileParams::source_ohm, unit::ohm, optional, range(0, 1e12),
              "its resistance"),
    };
    return kTable;
}

}  // namespace

const ParamTable<WorkloadForm>& workload_table() {
    static const ParamTable<WorkloadForm> kTable = {
        list("tasks", &WorkloadForm::tasks, task_table(), optional, 1, 10000,
             "what the device does, in this order; or give a network"),
        param("sleep_in", &WorkloadForm::sleep_in, optional,
              "name of the sleep state (mcu.sleep_states) in which the device waits for work; left "
              "out: mcu.sleep"),
        param("repeat", &WorkloadForm::repeat, false, "tasks: start over when the list ends"),
        param("network", &WorkloadForm::network, optional,
              "a network by name, or a table of layers (CSV)"),
        param("platform", &WorkloadForm::platform, optional,
              "what the network costs on which processor: by name, or a file"),
        param("variant", &WorkloadForm::variant, optional,
              "software variant of the platform; left out, its first"),
        param(
            "accuracy", &WorkloadForm::accuracy, unit::number, optional, range(0, 1),
            "of the network, a fraction: what it achieves per parameter, operation, joule, ... is "
            "written to metrics.csv; left out, that of the last exit in its table"),
        block(
            "weights", &WorkloadForm::weights, weights_table(), optional,
            "on a platform whose weight memory is volatile: what becomes of the weights in sleep"),
        param("memory_costs", &WorkloadForm::memory_cost_factor, unit::number, 1.0,
              range(0.01, 100),
              "factor on what a platform with operations pays for copies, DMA and words of memory: "
              "for tables of estimates, try 0.5 and 2"),
        block("tiles", &WorkloadForm::tiles, tiles_table(), optional,
              "choose tile sizes, on a platform with operations; left out, those of the network"),
        or_block(param("arrival", &WorkloadForm::arrival,
                       Names<ArrivalWord>{{"back_to_back", ArrivalWord::back_to_back}},
                       ArrivalWord::back_to_back,
                       "network: the next job as the last is done, or {every, deadline, queue}"),
                 &WorkloadForm::period, period_table()),
    };
    return kTable;
}

}  // namespace ebb
