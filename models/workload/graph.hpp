// SPDX-License-Identifier: Apache-2.0
/// Where the tensors of a network live while its layers run one after the other.
///
/// A step is one layer of the network, in the order of its table. A tensor is born in the step that
/// writes it and lives through the step that reads it last; what no layer reads is a result and
/// lives to the end. The network's input is a tensor from the first step on; its size is that of
/// the largest operand that a layer takes from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/workload/network.hpp"

namespace ebb {

inline constexpr int kNetworkInput = -1;

struct TensorLife {
    int layer = kNetworkInput;  ///< id of the layer that writes it
    std::int64_t bytes = 0;
    std::size_t first = 0;  ///< step that writes it
    std::size_t last = 0;   ///< step that reads it last; the number of layers for a result
    std::int64_t lo = 0;    ///< first byte in the arena, set by place_in_arena
};

/// The network's input, then one tensor per layer, in the order of the layers. Every producer must
/// come before its readers (the table's reader sees to it).
[[nodiscard]] std::vector<TensorLife> tensor_lives(const Network& network);

/// First fit in the order given: each tensor takes the lowest place that no earlier tensor alive at
/// the same time holds. Sets `lo` of each; gives the bytes of the arena.
std::int64_t place_in_arena(std::vector<TensorLife>& tensors);

}  // namespace ebb
