// SPDX-License-Identifier: Apache-2.0
/// The energy modes of the store by number, as the tasks of a scenario name them.
#pragma once

#include <vector>

#include "models/store/energy_modes.hpp"
#include "sim/scenario/scenario.hpp"

namespace ebb {

/// Per task; empty for a network.
[[nodiscard]] std::vector<TaskEnergy> task_energy(const Scenario& scenario);

}  // namespace ebb
