// SPDX-License-Identifier: Apache-2.0
/// The tables of a TensorFlow Lite model that an import needs, as views into a flatbuffer, each
/// with the check that makes reading it safe. Field numbers and enumerations are those of the
/// public schema, version 3 (tensorflow/lite/schema/schema.fbs, tensorflow/tflite-micro @6cdf0d7),
/// restated; fields that are not named here are neither checked nor read.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include <cstdint>
#include <initializer_list>

namespace ebb::tflite {

inline constexpr const char* kIdentifier = "TFL3";
inline constexpr std::uint32_t kVersion = 3;

enum TensorType : std::int8_t {
    kFloat32 = 0,
    kFloat16 = 1,
    kInt32 = 2,
    kUint8 = 3,
    kInt64 = 4,
    kInt16 = 7,
    kInt8 = 9,
    kInt4 = 17
};

enum BuiltinOperator : std::int32_t {
    kAdd = 0,
    kAveragePool = 1,
    kConcatenation = 2,
    kConv = 3,
    kDepthwiseConv = 4,
    kDequantize = 6,
    kFullyConnected = 9,
    kMaxPool = 17,
    kRelu = 19,
    kReluN1To1 = 20,
    kRelu6 = 21,
    kReshape = 22,
    kSoftmax = 25,
    kCustom = 32,
    kPad = 34,
    kMean = 40,
    kSqueeze = 43,
    kExpandDims = 70,
    kQuantize = 114,
    kPlaceholder = 127,  ///< the code stands in the wider field
    kRelu0To1 = 152
};

/// Which table an operator's options are: the position in the schema's union, from 1.
enum OptionsKind : std::uint8_t {
    kNoOptions = 0,
    kConvOptions = 1,
    kDepthwiseOptions = 2,
    kPoolOptions = 5,
    kConcatenationOptions = 10
};

/// Offset of a field in a table's list of offsets.
constexpr flatbuffers::voffset_t field(unsigned number) {
    return static_cast<flatbuffers::voffset_t>(4 + 2 * number);
}

class Fields : public flatbuffers::Table {
public:
    template <typename T>
    [[nodiscard]] T value(unsigned number, T otherwise) const {
        return GetField<T>(field(number), otherwise);
    }
    template <typename T>
    [[nodiscard]] const T* at(unsigned number) const {
        return GetPointer<const T*>(field(number));
    }
    template <typename T>
    [[nodiscard]] bool checks_value(flatbuffers::Verifier& verifier, unsigned number) const {
        return VerifyField<T>(verifier, field(number), sizeof(T));
    }
    template <typename T>
    [[nodiscard]] bool checks_vector(flatbuffers::Verifier& verifier, unsigned number) const {
        return VerifyOffset(verifier, field(number)) &&
               verifier.VerifyVector(at<flatbuffers::Vector<T>>(number));
    }
    [[nodiscard]] bool checks_string(flatbuffers::Verifier& verifier, unsigned number) const {
        return VerifyOffset(verifier, field(number)) &&
               verifier.VerifyString(at<flatbuffers::String>(number));
    }
    template <typename T>
    [[nodiscard]] bool checks_tables(flatbuffers::Verifier& verifier, unsigned number) const {
        // Nothing of the vector may be looked at before its offset is known to be good.
        if (!VerifyOffset(verifier, field(number))) {
            return false;
        }
        const auto* const tables = at<flatbuffers::Vector<flatbuffers::Offset<T>>>(number);
        return verifier.VerifyVector(tables) && verifier.VerifyVectorOfTables(tables);
    }
};

using Ints = flatbuffers::Vector<std::int32_t>;

struct OperatorCode : Fields {
    enum : unsigned { narrow_code = 0, custom_code = 1, code = 3 };
    bool Verify(flatbuffers::Verifier& v) const {
        return VerifyTableStart(v) && checks_value<std::int8_t>(v, narrow_code) &&
               checks_string(v, custom_code) && checks_value<std::int32_t>(v, code) && v.EndTable();
    }
};

struct Tensor : Fields {
    enum : unsigned { shape = 0, type = 1, buffer = 2 };
    bool Verify(flatbuffers::Verifier& v) const {
        return VerifyTableStart(v) && checks_vector<std::int32_t>(v, shape) &&
               checks_value<std::int8_t>(v, type) && checks_value<std::uint32_t>(v, buffer) &&
               v.EndTable();
    }
};

struct Buffer : Fields {
    enum : unsigned { data = 0, offset = 1, size = 2 };
    bool Verify(flatbuffers::Verifier& v) const {
        return VerifyTableStart(v) && checks_vector<std::uint8_t>(v, data) &&
               checks_value<std::uint64_t>(v, offset) && checks_value<std::uint64_t>(v, size) &&
               v.EndTable();
    }
};

/// Options of an operator. Of which kind they are stands in the operator; the fields of one kind
/// are all of four bytes or one.
struct Options : Fields {
    // Conv2DOptions and Pool2DOptions; DepthwiseConv2DOptions has the multiplier at 3.
    enum : unsigned {
        padding = 0,
        stride_w = 1,
        stride_h = 2,
        conv_dilation_w = 4,
        conv_dilation_h = 5,
        depthwise_dilation_w = 5,
        depthwise_dilation_h = 6,
        pool_width = 3,
        pool_height = 4,
        concatenation_axis = 0
    };
    bool Verify(flatbuffers::Verifier& v, std::uint8_t kind) const {
        const auto ints = [&](std::initializer_list<unsigned> numbers) {
            for (const unsigned number : numbers) {
                if (!checks_value<std::int32_t>(v, number)) {
                    return false;
                }
            }
            return true;
        };
        return VerifyTableStart(v) &&
               (kind == kConvOptions ? ints({stride_w, stride_h, conv_dilation_w, conv_dilation_h})
                : kind == kDepthwiseOptions
                    ? ints({stride_w, stride_h, depthwise_dilation_w, depthwise_dilation_h})
                : kind == kPoolOptions ? ints({stride_w, stride_h, pool_width, pool_height})
                : kind == kConcatenationOptions ? ints({concatenation_axis})
                                                : true) &&
               v.EndTable();
    }
};

struct Operator : Fields {
    enum : unsigned { opcode_index = 0, inputs = 1, outputs = 2, options_kind = 3, options = 4 };
    [[nodiscard]] std::uint8_t kind() const { return value<std::uint8_t>(options_kind, 0); }
    bool Verify(flatbuffers::Verifier& v) const {
        return VerifyTableStart(v) && checks_value<std::uint32_t>(v, opcode_index) &&
               checks_vector<std::int32_t>(v, inputs) && checks_vector<std::int32_t>(v, outputs) &&
               checks_value<std::uint8_t>(v, options_kind) && VerifyOffset(v, field(options)) &&
               (at<Options>(options) == nullptr || at<Options>(options)->Verify(v, kind())) &&
               v.EndTable();
    }
};

struct SubGraph : Fields {
    enum : unsigned { tensors = 0, inputs = 1, outputs = 2, operators = 3 };
    bool Verify(flatbuffers::Verifier& v) const {
        return VerifyTableStart(v) && checks_tables<Tensor>(v, tensors) &&
               checks_vector<std::int32_t>(v, inputs) && checks_vector<std::int32_t>(v, outputs) &&
               checks_tables<Operator>(v, operators) && v.EndTable();
    }
};

struct Model : Fields {
    enum : unsigned { version = 0, operator_codes = 1, subgraphs = 2, buffers = 4 };
    bool Verify(flatbuffers::Verifier& v) const {
        return VerifyTableStart(v) && checks_value<std::uint32_t>(v, version) &&
               checks_tables<OperatorCode>(v, operator_codes) &&
               checks_tables<SubGraph>(v, subgraphs) && checks_tables<Buffer>(v, buffers) &&
               v.EndTable();
    }
};

}  // namespace ebb::tflite
