// SPDX-License-Identifier: Apache-2.0
/// Lowers a layer to loops over tiles: one unit per batch of tiles that are preserved together.
///
///   input stays   r, c, n outside, output channels inside     a batch: neighbours in m
///   weights stay  m, n outside, positions inside              a batch: neighbours in (r, c)
///   output stays  r, c, m outside, input channels inside      a batch: neighbours in n
///   passes over the input (normalisation, activation, addition, pooling): r, c, m
///
/// A unit fetches its boxes of input, weights and, from the second step over the input channels
/// on, of partial sums, computes, and backs its box of the output up. What it costs comes from the
/// platform's operation model, edges included: a tile at the edge costs as much as a whole one, but
/// touches only what is there. Windows that would reach over the border of a padded map are moved
/// into it.
#pragma once

#include "models/runtime/lowering.hpp"

namespace ebb {

struct TileUnits {
    bool index = false;     ///< an index word list is written behind each unit's outputs
    bool durable = false;   ///< what a unit has backed up outlives a power failure
    bool boundary = false;  ///< the trigger is asked behind each unit
    /// One channel of progress indicators is computed and stored beside each so many output
    /// channels; 0: none.
    std::int64_t indicator_every = 0;
};

/// All layers that run by themselves, one nest each. Throws InputError if a layer has no tile
/// sizes, cannot be priced, or does not fit the volatile memory, naming it.
[[nodiscard]] Program lower_tiles(const Lowering& lowering, const TileModel& model,
                                  const TileUnits& units);

}  // namespace ebb
