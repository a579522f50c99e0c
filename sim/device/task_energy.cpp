// SPDX-License-Identifier: Apache-2.0
#include "sim/device/task_energy.hpp"

#include <algorithm>

#include "models/store/store_model.hpp"

namespace ebb {

std::vector<TaskEnergy> task_energy(const Scenario& scenario) {
    std::vector<TaskEnergy> all;
    if (!scenario.workload.tasks) {
        return all;
    }
    const std::vector<std::string> modes = scenario.store->energy_modes();
    const auto number =
        [&modes](const std::optional<std::string>& name) -> std::optional<std::size_t> {
        const auto found = name ? std::find(modes.begin(), modes.end(), *name) : modes.end();
        return found == modes.end()
                   ? std::nullopt
                   : std::optional(static_cast<std::size_t>(found - modes.begin()));
    };
    for (const TaskParams& task : scenario.workload.tasks->tasks) {
        all.push_back({number(task.mode), task.burst, number(task.precharge)});
    }
    return all;
}

}  // namespace ebb
