// SPDX-License-Identifier: Apache-2.0
/// layers.csv: one row per layer, what it has cost in a run; metrics.csv: what the network achieves
/// for what it takes. Columns: docs/results.md.
#pragma once

#include <string>
#include <vector>

#include "sim/result/result.hpp"

namespace ebb {

[[nodiscard]] std::string layers_csv(const std::vector<LayerResult>& layers);

[[nodiscard]] std::string metrics_csv(const EfficiencyComparison& efficiency);

}  // namespace ebb
