// SPDX-License-Identifier: Apache-2.0
/// A TensorFlow Lite model as plain data: the operators and tensors of its main graph. Reading
/// checks the whole file first (flatbuffers' verifier), so that a damaged one is a mistake of the
/// user's file, named, and never read beyond its end.
#pragma once

#include "models/core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

struct TfliteTensor {
    std::vector<std::int64_t> shape;
    int type = 0;              ///< as the schema numbers it; tflite_type_name() for people
    bool is_constant = false;  ///< its values stand in the file
    std::string_view data;     ///< of a constant, inside the bytes that were read
};

struct TfliteOperator {
    std::int32_t code = 0;    ///< as the schema numbers it
    std::string custom;       ///< name of a custom operator
    std::vector<int> inputs;  ///< tensors; -1 = an optional one that is left out
    std::vector<int> outputs;
    bool has_options = false;  ///< of the kind that belongs to the code; else the numbers are 0
    std::int64_t stride_h = 0, stride_w = 0;
    std::int64_t dilation_h = 1, dilation_w = 1;
    std::int64_t filter_h = 0, filter_w = 0;  ///< of pooling
    std::int64_t axis = 0;                    ///< of concatenation
};

struct TfliteModel {
    std::vector<TfliteTensor> tensors;
    std::vector<TfliteOperator> operators;
    std::vector<int> inputs, outputs;  ///< tensors
    std::size_t graphs = 0;            ///< in the file; the first is read
};

/// The model in the bytes of a file. The tensors' data point into `bytes`. Throws InputError at the
/// file if it is no model, another version, damaged, or too large (2 GiB).
[[nodiscard]] TfliteModel parse_tflite(std::string_view bytes, const std::string& file);

/// "CONV_2D"; "operator 200" where no name is known.
[[nodiscard]] std::string tflite_operator_name(const TfliteOperator& op);
/// "int8"; "type 13" where no name is known.
[[nodiscard]] std::string tflite_type_name(int type);
/// Bits of one element, or 0 where the type is not one of numbers.
[[nodiscard]] int tflite_type_bits(int type);

}  // namespace ebb
