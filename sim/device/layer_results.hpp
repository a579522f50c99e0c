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

}  // namespace ebb
