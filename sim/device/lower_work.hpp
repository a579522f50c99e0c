// SPDX-License-Identifier: Apache-2.0
/// From what a scenario names to the program that runs: memory, tile sizes, the policy's runtime.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/nvm/nvm_params.hpp"
#include "models/workload/program.hpp"
#include "models/workload/weight_memory.hpp"
#include "sim/scenario/scenario.hpp"

namespace ebb {

struct LoweredWork {
    std::optional<NvmParams> nvm;      ///< of the scenario, or the platform's own
    Program program;                   ///< with the policy's commits
    std::optional<WeightUse> weights;  ///< in an accelerator's volatile memory
    std::vector<std::string> notes;    ///< which tiles were chosen, and why; periods of backups
    std::int64_t dirty_bytes = 0;      ///< of a backup: what was written since the last one
};

/// Throws InputError where work, platform and policy do not go together, or a layer does not fit.
[[nodiscard]] LoweredWork lower_work(const Scenario& scenario);

}  // namespace ebb
