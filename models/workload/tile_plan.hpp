// SPDX-License-Identifier: Apache-2.0
/// How one layer is cut into tiles: the sizes of a tile, which of its operands stays in volatile
/// memory while the others change, and how many tiles are preserved together.
///
/// A tile makes r x c positions of m channels from n input channels. Layers that are tiled over
/// their input (normalisation, activation, addition, pooling) count r, c and m in input elements.
/// `batch` tiles run between two preservations: in the published systems, in one power cycle.
#pragma once

#include <cstdint>

namespace ebb {

/// The operand that stays while the inner loop runs: an input tile is used for several output
/// channels, a weight tile for several positions, an output tile until all input channels are in.
enum class Reuse : unsigned char { input, weight, output };

struct TilePlan {
    std::int64_t r = 1, c = 1, m = 1, n = 1;
    Reuse reuse = Reuse::output;
    std::int64_t batch = 1;
};

}  // namespace ebb
