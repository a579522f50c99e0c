// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "models/workload/lower.hpp"

namespace ebb {

namespace {

/// Half a packet is no packet.
bool is_atomic(const TaskParams& task) { return task.atomic || !task.uses.empty(); }

/// Stretches of a task with constant draw of the MCU, peripherals left aside.
std::vector<Phase> own_phases(const TaskParams& task) {
    std::vector<Phase> phases;
    if (task.profile) {
        const Series& profile = *task.profile;
        for (std::size_t i = 0; i + 1 < profile.bound_ns.size(); ++i) {
            Phase phase;
            phase.time_s = profile.seconds(i);
            phase.current_a = profile.value[i];
            phase.replaces_active = true;
            phases.push_back(phase);
        }
        return phases;
    }
    Phase phase;
    phase.time_s = task.until_power_fails ? std::numeric_limits<double>::infinity()
                                          : task.time_s.value_or(own_time_s(task.uses));
    phase.current_a = task.current_a.value_or(0.0);
    phase.power_w = task.power_w.value_or(0.0);
    phase.replaces_active = task.current_a.has_value() || task.power_w.has_value();
    phases.push_back(phase);
    return phases;
}

/// The MCU's draw over the stretches of its peripherals.
void add_stretches(Unit& unit, Phase own, const std::vector<UsePhase>& stretches) {
    for (const UsePhase& stretch : stretches) {
        own.time_s = stretch.time_s;
        own.in_use = stretch.in_use;
        unit.phases.push_back(own);
    }
}

Unit task_unit(const TaskParams& task) {
    Unit unit;
    unit.name = task.name;
    const std::vector<Phase> own = own_phases(task);
    add_stretches(unit, own.front(), start_up(task.uses));
    for (const Phase& phase : own) {
        add_stretches(unit, phase, in_use(task.uses, phase.time_s));
    }
    for (Phase& phase : unit.phases) {
        phase.clocked = task.uses.empty() && !task.fixed_time;
        phase.preempt = is_atomic(task) ? Preempt::finish : Preempt::any;
    }
    return unit;
}

}  // namespace

Program lower_tasks(const TasksParams& params) {
    Program program;
    program.repeat = params.repeat;
    int index = 0;
    for (const TaskParams& task : params.tasks) {
        Nest nest;
        nest.layer = index++;
        nest.name = task.name;
        nest.units = {task_unit(task)};
        nest.root = repeat(1, 0);
        nest.root.tile = true;
        nest.endless = task.until_power_fails;
        nest.once_per_boot = task.once_per_boot;
        nest.atomic = is_atomic(task);
        nest.skips = task.skips;
        program.nests.push_back(nest);
    }
    return program;
}

}  // namespace ebb
