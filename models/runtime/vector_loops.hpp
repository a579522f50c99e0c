// SPDX-License-Identifier: Apache-2.0
/// The loop structures of runtimes that keep finished accelerator operations: HAWAII (a footprint
/// beside each output) and tasks of a fixed number of products (tiled Alpaca).
///
///   HAWAII   unit = one output: operands by DMA, one row of a kernel per command; vector calls of
///            at most `most` elements; result and footprint are stored by DMA while the vector unit
///            still computes (one overlap group): a cut finds a part of them in the memory
///   tasks    unit = `tile` products of one output on the CPU; what the task wrote is private until
///            its end, where data and indices go through the log and are committed in two phases
///
/// Layers without MACs: pooling and activation are one unit per output under HAWAII and tasks, too.
/// Sources: EMCLab-Sinica/HAWAII_Project @377be38 (MIT); CMUAbstract/libdnn @f366b22, restated.
#pragma once

#include "models/runtime/loop_words.hpp"

namespace ebb {

[[nodiscard]] Program lower_hawaii(const Lowering& lowering);
/// Reading the footprints of layer and sub-operations back after a boot.
[[nodiscard]] std::vector<NvOp> footprint_recovery(const OperationTable& table);

[[nodiscard]] Program lower_task_tiles(const Lowering& lowering, std::int64_t tile);

}  // namespace ebb
