// SPDX-License-Identifier: Apache-2.0
/// The keys of `workload`: part of the table of the whole scenario.
#pragma once

#include "models/core/param_table.hpp"
#include "sim/scenario/scenario_form.hpp"

namespace ebb {

[[nodiscard]] const ParamTable<WorkloadForm>& workload_table();

}  // namespace ebb
