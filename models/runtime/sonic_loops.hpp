// SPDX-License-Identifier: Apache-2.0
/// The loop structures of SONIC and TAILS: a network as passes over planes, one unit per
/// multiply-accumulate (SONIC) or per tile of a row (TAILS).
///
///   dense and depthwise convolution   per filter, per filter element: a pass over the plane
///   sparse convolution                the same over the filter's non-zero elements
///   fully connected                   per input: a pass over the outputs, each output a row
///   sparse fully connected            per output its non-zeros, in place: value and position are
///                                     saved before the result is stored, so that a cut product is
///                                     undone and done again
///   activation, pooling               one unit per output
///   other layers without MACs         fold into their producer
///
/// How many words each stores: OperationTable::commits. What an operand costs: reads of weight,
/// input and partial sum, a multiply and an add; address arithmetic inside of them is not counted
/// (no source gives it). In sparse layers non-zeros spread over the rows as evenly as they can
/// where the table does not say. Source: CMUAbstract/libdnn @f366b22, restated; SONIC and TAILS,
/// Gobieski, Lucia, Beckmann, ASPLOS 2019.
#pragma once

#include "models/runtime/loop_words.hpp"

namespace ebb {

struct SonicLoops {
    const char* runtime = "sonic";  ///< whose counts: "sonic" or "tails"
    std::int64_t tile = 0;          ///< outputs of a vector call; 0: one at a time, on the CPU
};

[[nodiscard]] Program lower_sonic(const Lowering& lowering, const SonicLoops& loops);

/// The largest tile, from `first` downwards by halves, one vector call of which a charge pays for
/// behind the device's boot; and how many charges the tries before it have burnt. A `charge_j` of
/// 0: `first`. The boot is the scenario's: a table's `reboot` is that of other systems' cost
/// models.
struct CalibratedTile {
    std::int64_t words = 0;
    int failed = 0;
};
[[nodiscard]] CalibratedTile calibrate_tile(const OperationTable& table, std::int64_t first,
                                            double charge_j, double boot_j);

}  // namespace ebb
