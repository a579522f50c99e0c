// SPDX-License-Identifier: Apache-2.0
/// A network's table from a quantised TensorFlow Lite model.
///
/// One row per operator, in the order in which they run; ids count from 0, a name is the row's
/// operation and id ("conv_0"). MACs are dense counts over the output positions; parameters and
/// bytes of weights are those of the constants that the operator reads (int8 weights and int32
/// biases, as a rule). ADD names its last operand first. A map of rank 4 is batch, height, width,
/// channels; of rank 3 a sequence, which stands on the height axis; of rank 2 a vector. The batch
/// is 1.
///
/// What leaves no row: QUANTIZE and DEQUANTIZE (they change how numbers are written, at the model's
/// borders), and PAD in front of a convolution or pooling, which takes the map as it was before.
/// FULLY_CONNECTED at several positions is a 1x1 convolution; MEAN over the whole map is GAVGPOOL.
/// Fused activations cost nothing of their own.
#pragma once

#include "models/workload/network.hpp"
#include "sim/network/tflite_model.hpp"

#include <string>
#include <vector>

namespace ebb {

struct ImportedNetwork {
    Network network;
    std::string element;             ///< type of the maps: "int8"
    std::vector<std::string> notes;  ///< what was folded or passed over
};

/// Throws InputError at `file` with every operator that a table cannot hold, its number and why.
[[nodiscard]] ImportedNetwork network_from_tflite(const TfliteModel& model, const std::string& name,
                                                  const std::string& file);

}  // namespace ebb
