// SPDX-License-Identifier: Apache-2.0
/// Can a policy that saves just in time work at all on this device? Asked before the run.
#pragma once

#include "models/workload/plan.hpp"
#include "sim/scenario/scenario.hpp"

namespace ebb {

/// Throws InputError if a derived save voltage is not below the one at which work resumes, with
/// the capacitance that would do.
void check_snapshot(const Scenario& scenario, const Plan& plan, const PolicyFacts& facts);

}  // namespace ebb
