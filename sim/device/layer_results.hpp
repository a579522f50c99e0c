// SPDX-License-Identifier: Apache-2.0
/// What each layer of a network has cost in a run, and what it costs without failures.
#pragma once

#include <vector>

#include "models/workload/progress.hpp"
#include "sim/result/result.hpp"

namespace ebb {

/// `nominal_v`: the store's voltage at which a clean pass is priced (loads may depend on it).
[[nodiscard]] std::vector<LayerResult> layer_results(const Plan& plan, const WorkCounts& counts,
                                                     double nominal_v);

/// Accuracy per resource, of one clean inference and of what the run took per inference. `clean`
/// brings accuracy, parameters, operations and memory; the rest comes from the layers. At least one
/// job is done.
[[nodiscard]] EfficiencyComparison efficiency_of(const Result& result, ResourceUse clean);

}  // namespace ebb
