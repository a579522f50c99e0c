// SPDX-License-Identifier: Apache-2.0
/// Can a policy that saves just in time work at all on this device? Asked before the run.
#pragma once

#include "models/workload/start_voltage.hpp"
#include "sim/scenario/scenario.hpp"

namespace ebb {

/// What lies between the policy's voltage and the end of a snapshot on this device.
[[nodiscard]] SaveNeed save_need(const Scenario& scenario, const PolicyFacts& facts,
                                 const std::optional<NvmParams>& nvm);

/// Throws InputError if snapshots cannot work, each time with the number that would do:
///   - a device that sleeps behind its snapshots would save at or above the voltage at which it
///     resumes; one that works on boots below what a snapshot needs: a capacitance
///   - SaveRules::holds_to_need, and save_at is below what a snapshot needs: that voltage
///   - snapshots follow each other faster than one is done: the shortest pause
void check_snapshot(const Scenario& scenario, const Plan& plan, const SaveNeed& need,
                    const PolicyFacts& facts);

}  // namespace ebb
