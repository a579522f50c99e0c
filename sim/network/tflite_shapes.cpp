// SPDX-License-Identifier: Apache-2.0
#include "sim/network/tflite_shapes.hpp"

#include <fmt/format.h>

namespace ebb {

namespace {

constexpr std::int64_t kMostPerAxis = 1'000'000;
constexpr std::int64_t kMostElements = 1'000'000'000;

}  // namespace

std::string shape_text(const std::vector<std::int64_t>& shape) {
    std::string text;
    for (const std::int64_t axis : shape) {
        text += fmt::format("{}{}", text.empty() ? "" : "x", axis);
    }
    return text.empty() ? "a single number" : text;
}

std::int64_t elements_of(const TfliteTensor& tensor) {
    std::int64_t all = 1;
    for (const std::int64_t axis : tensor.shape) {
        if (axis < 1 || axis > kMostPerAxis || all > kMostElements / axis) {
            throw UnsupportedOperator{
                fmt::format("a tensor of shape {}", shape_text(tensor.shape))};
        }
        all *= axis;
    }
    return all;
}

/// Height, width and channels of a tensor; see the header.
MapShape map_of(const TfliteTensor& tensor) {
    const auto& s = tensor.shape;
    (void)elements_of(tensor);
    if (s.size() >= 2 && s[0] != 1) {
        throw UnsupportedOperator{fmt::format("a batch of {}; a table is of one inference", s[0])};
    }
    switch (s.size()) {
        case 0:
            return {1, 1, 1};
        case 1:
            return {1, 1, s[0]};
        case 2:
            return {1, 1, s[1]};
        case 3:
            return {s[1], 1, s[2]};
        case 4:
            return {s[1], s[2], s[3]};
        default:
            throw UnsupportedOperator{fmt::format("a tensor of rank {}", s.size())};
    }
}

std::int64_t bytes_of(const TfliteTensor& tensor) {
    const int bits = tflite_type_bits(tensor.type);
    if (bits == 0) {
        throw UnsupportedOperator{fmt::format("a tensor of {}", tflite_type_name(tensor.type))};
    }
    constexpr int kBitsPerByte = 8;
    return (elements_of(tensor) * bits + kBitsPerByte - 1) / kBitsPerByte;
}

}  // namespace ebb
