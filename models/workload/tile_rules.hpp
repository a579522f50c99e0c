// SPDX-License-Identifier: Apache-2.0
/// How each kind of layer is tiled: blocks that a tile moves, how often they move, and what stays
/// in volatile memory. Counts only; prices are in tile_cost. Equations:
/// docs/models/operation_costs.md.
#pragma once

#include "models/workload/tile_cost.hpp"

namespace ebb {

/// `rows` transfers of `length` elements.
struct TileBlock {
    std::int64_t rows = 0, length = 0;
};
struct TileBlocks {
    TileBlock input, weight, output;
};
/// How often each block is fetched.
struct TileLoads {
    std::int64_t input = 0, weight = 0, output = 0;
};

struct TileRules {
    bool over_input;     ///< tiles cut the input; else the output
    bool sums_channels;  ///< loops over input channels with partial sums
    std::vector<Reuse> reuses;
    TileBlocks (*blocks)(const LayerShape&, const TilePlan&);
    TileLoads (*per_cycle)(const TilePlan&, bool first);
    TileLoads (*continuous)(const Trips&, const TilePlan&);
    TileBlock (*backup)(const TilePlan&);
    /// Steps of compute per tile, and the length of the vector call of each.
    std::int64_t (*steps)(const LayerShape&, const TilePlan&);
    std::int64_t (*vm_elements)(const LayerShape&, const TilePlan&);
    std::int64_t (*first_cycles)(const Trips&, const TilePlan&);
    std::int64_t (*batch_limit)(const Trips&, const TilePlan&);
};

[[nodiscard]] const TileRules& tile_rules(TileKind kind);

/// The plan with the loop order that the kind has, if it has but one.
[[nodiscard]] TilePlan in_own_order(TileKind kind, const TilePlan& plan);

}  // namespace ebb
