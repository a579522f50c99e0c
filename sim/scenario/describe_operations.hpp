// SPDX-License-Identifier: Apache-2.0
/// Pages about operation-level costs: what single operations of a platform cost, and what a network
/// costs on it by the published closed form.
#pragma once

#include "models/workload/closed_form.hpp"
#include "models/workload/network.hpp"
#include "models/workload/platform.hpp"
#include "models/workload/tile_choice.hpp"
#include "sim/scenario/page.hpp"

#include <optional>
#include <vector>

namespace ebb {

/// Tables for `ebb describe platform.NAME`: operations with their evidence, overheads, memory,
/// supply, words that runtimes store. None if the platform has no operation costs.
[[nodiscard]] std::vector<PageTable> operation_tables(const Platform& platform);

/// What to ask of a closed form; what is left out is as the platform's source had it.
struct FormulaRequest {
    std::optional<double> capacitance_f;
    std::optional<double> resistance_ohm;
    std::optional<double> energy_margin;
    bool continuous = false;  ///< no store: continuous power
    bool choose = false;      ///< choose tiles even where the network has a plan
    TileObjective objective = TileObjective::latency;
    TileCandidates candidates = TileCandidates::divisors;
};

/// A network on a platform, layer by layer: under the plans of its table, or, if it has none or the
/// request says so, under the best ones. A table of estimates is shown at its bounds, too. Throws
/// InputError: the platform has no operation costs or names no closed form, the network does not
/// fit, a layer cannot be priced.
[[nodiscard]] Page formula_page(const Network& network, const Platform& platform,
                                const FormulaRequest& request);

}  // namespace ebb
