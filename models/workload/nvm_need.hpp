// SPDX-License-Identifier: Apache-2.0
/// Does a network fit the non-volatile memory of a platform?
///
///   one memory for all:   weights + the largest (inputs + output of a layer) + what a runtime adds
///   one for features and one for weights (double-buffered features, as TiNAS has it):
///                         features 2 max(input, output) of a layer (addition: 3), weights the sum
///
/// Bytes are those of the network's table. An addition reads all of its operands.
#pragma once

#include "models/workload/network.hpp"
#include "models/workload/operation_table.hpp"

#include <cstdint>
#include <string>

namespace ebb {

struct NvmNeed {
    std::int64_t weight_bytes = 0;
    std::int64_t feature_bytes = 0;
    std::string feature_layer;  ///< the layer that decides feature_bytes
    [[nodiscard]] std::int64_t total_bytes() const noexcept { return weight_bytes + feature_bytes; }
};

/// In one memory for all.
[[nodiscard]] NvmNeed nvm_need(const Network& network);
/// With features double-buffered in a memory of their own.
[[nodiscard]] NvmNeed nvm_need_apart(const Network& network);

/// What is too large and by how much, with the sum; empty if it fits or the platform does not say.
[[nodiscard]] std::string nvm_refusal(const Network& network, const MemorySpaces& memory,
                                      std::int64_t runtime_bytes = 0);

}  // namespace ebb
