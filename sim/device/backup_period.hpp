// SPDX-License-Identifier: Apache-2.0
/// From a policy given by rates to its backups on one device: what a backup costs there, which
/// period is best in the EH model, and whether a period can work at all.
///
/// Loads are taken at the middle of turn-on and turn-off; E is what the store gives between them,
/// less a boot and the work that comes once per boot. Inflow while on is left out.
#pragma once

#include <optional>
#include <string>

#include "models/checkpoint/eh_model.hpp"
#include "models/nvm/nvm_params.hpp"
#include "models/workload/program.hpp"
#include "sim/scenario/scenario.hpp"

namespace ebb {

struct BackupPlan {
    double period_s = 0.0;  ///< of work
    std::int64_t dirty_bytes = 0;
    EhModel model;     ///< in seconds of work: cycle_j is a power, bytes are joules
    std::string note;  ///< what was derived; empty for a period that was given and fits
};

/// The policy must have rates, the program no commits yet. Throws InputError, with a number that
/// would do, for a period that is shorter than its backup, or that no charge holds while nothing is
/// harvested.
[[nodiscard]] BackupPlan plan_backups(const Scenario& scenario, const Program& program,
                                      const std::optional<NvmParams>& nvm);

}  // namespace ebb
