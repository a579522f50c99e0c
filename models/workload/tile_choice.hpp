// SPDX-License-Identifier: Apache-2.0
/// Which tiles? The best plan of a layer by exhaustive search, and why.
///
/// Candidates: every tile of r x c x m x n whose sizes divide the layer's (`divisors`), or every
/// size up to the layer's (`every`: of sizes that need the same number of tiles only the smallest
/// is priced, as each part of the cost, the memory and so the objective grow with the size); every
/// loop order of the kind; every batch that divides the trips of the innermost loop (without a
/// store: 1). Kinds without a sum over input channels have n = 1.
///
/// A candidate is out if its buffers exceed the volatile memory, or else if a power cycle needs
/// more than margin * E_av of the store. Among the others the best has the least end-to-end latency
/// or energy (on a store: recharge, reboots and index traffic included; without one: under
/// continuous power). Ties go to the smaller memory, then to the smaller tile.
///
/// Layers are chosen one by one: with one batch per power cycle and no buffers between layers in
/// volatile memory, the sum of the best is the best sum.
#pragma once

#include "models/workload/closed_form.hpp"
#include "models/workload/network.hpp"
#include "models/workload/tile_cost.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

enum class TileObjective : unsigned char { latency, energy };
enum class TileCandidates : unsigned char { divisors, every };

struct TileQuestion {
    std::int64_t vm_bytes = 0;
    std::optional<FormulaSupply> supply;  ///< nothing: continuous power
    TileObjective objective = TileObjective::latency;
    TileCandidates candidates = TileCandidates::divisors;
};

struct TileCandidate {
    TilePlan plan;
    TiledCost cost;
    double value = 0.0;  ///< of the objective [s] or [J]
};

struct TileChoice {
    std::optional<TileCandidate> best, runner_up;
    std::int64_t candidates = 0, over_memory = 0, over_energy = 0;
    /// What the layer needs at least: the smallest memory of any candidate, and the smallest energy
    /// of a power cycle among those that fit the memory (among all, if none does).
    std::int64_t least_vm_bytes = 0;
    double least_cycle_j = 0.0;
    /// In words: the best with its numbers, the runner-up, what excluded the others; or what would
    /// make the layer fit.
    std::string reason;
};

/// Throws InputError if the model refuses the kind of layer.
[[nodiscard]] TileChoice choose_tiles(const LayerShape& shape, const TileModel& model,
                                      const TileQuestion& question);

struct LayerTiles {
    std::string layer;
    std::optional<TileChoice> choice;  ///< nothing for layers that fold into their producer
};

/// Tiles for each layer of a network. Throws InputError with every reason why it cannot run: the
/// network exceeds the non-volatile memory, a layer has no rule, no tile of a layer fits.
[[nodiscard]] std::vector<LayerTiles> choose_tiles(const Network& network,
                                                   const OperationTable& table,
                                                   const TileQuestion& question);

/// "2 x 13 x 8 x 4, outputs stay, batches of 2": a plan in words.
[[nodiscard]] std::string text_of(const TilePlan& plan);

}  // namespace ebb
