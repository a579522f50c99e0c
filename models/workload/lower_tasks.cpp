// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "models/workload/lower.hpp"

namespace ebb {

namespace {

Unit task_unit(const TaskParams& task) {
    Unit unit;
    unit.name = task.name;
    const Preempt preempt = task.atomic ? Preempt::finish : Preempt::any;
    if (task.profile) {
        const Series& profile = *task.profile;
        for (std::size_t i = 0; i + 1 < profile.bound_ns.size(); ++i) {
            Phase phase;
            phase.time_s =
                static_cast<double>(profile.bound_ns[i + 1] - profile.bound_ns[i]) * 1e-9;
            phase.current_a = profile.value[i];
            phase.replaces_active = true;
            phase.preempt = preempt;
            unit.phases.push_back(phase);
        }
        return unit;
    }
    Phase phase;
    phase.time_s = task.until_power_fails ? std::numeric_limits<double>::infinity()
                                          : task.time_s.value_or(0.0);
    phase.current_a = task.current_a.value_or(0.0);
    phase.power_w = task.power_w.value_or(0.0);
    phase.replaces_active = task.current_a.has_value() || task.power_w.has_value();
    phase.preempt = preempt;
    unit.phases.push_back(phase);
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
        nest.n = {1};
        nest.unit = task_unit(task);
        nest.tile_units = 1;
        nest.endless = task.until_power_fails;
        nest.once_per_boot = task.once_per_boot;
        nest.atomic = task.atomic;
        program.nests.push_back(nest);
    }
    return program;
}

}  // namespace ebb
