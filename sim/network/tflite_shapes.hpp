// SPDX-License-Identifier: Apache-2.0
/// Shapes and sizes of a model's tensors as a network's table takes them.
#pragma once

#include "models/workload/network.hpp"
#include "sim/network/tflite_model.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ebb {

/// A table cannot say this of one operator.
struct UnsupportedOperator {
    std::string why;
};

/// "1x4x4x2".
[[nodiscard]] std::string shape_text(const std::vector<std::int64_t>& shape);

/// Throws UnsupportedOperator if an axis is below 1 or the tensor absurdly large.
[[nodiscard]] std::int64_t elements_of(const TfliteTensor& tensor);

/// Bytes of its elements. Throws UnsupportedOperator as above, and for types that are no numbers.
[[nodiscard]] std::int64_t bytes_of(const TfliteTensor& tensor);

/// Height, width and channels: rank 4 is batch, height, width, channels; rank 3 a sequence, on the
/// height axis; rank 2 and less a vector. Throws UnsupportedOperator for a batch other than 1.
[[nodiscard]] MapShape map_of(const TfliteTensor& tensor);

}  // namespace ebb
