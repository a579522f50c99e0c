// SPDX-License-Identifier: Apache-2.0
/// What a user should know about a finished run: hopeless supplies, units that can never finish, no
/// forward progress, thresholds near an equilibrium. Never an error; always with the numbers.
#pragma once

#include <string>
#include <vector>

#include "sim/device/run.hpp"

namespace ebb {

class Device;

/// Every code that a finding of a run can have.
[[nodiscard]] const std::vector<std::string>& finding_codes();

/// Throws Defect for a finding whose code is not in the list.
void add_findings(const Scenario& scenario, const Device& device, Result& result);

}  // namespace ebb
