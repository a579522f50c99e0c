// SPDX-License-Identifier: Apache-2.0
#include "sim/network/tflite_model.hpp"

#include "sim/network/tflite_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ebb {

namespace {

using flatbuffers::Offset;
using flatbuffers::Vector;
using namespace tflite;

/// Names of the schema's operators, in the order of their numbers.
constexpr std::array kOperatorNames = {"ADD",
                                       "AVERAGE_POOL_2D",
                                       "CONCATENATION",
                                       "CONV_2D",
                                       "DEPTHWISE_CONV_2D",
                                       "DEPTH_TO_SPACE",
                                       "DEQUANTIZE",
                                       "EMBEDDING_LOOKUP",
                                       "FLOOR",
                                       "FULLY_CONNECTED",
                                       "HASHTABLE_LOOKUP",
                                       "L2_NORMALIZATION",
                                       "L2_POOL_2D",
                                       "LOCAL_RESPONSE_NORMALIZATION",
                                       "LOGISTIC",
                                       "LSH_PROJECTION",
                                       "LSTM",
                                       "MAX_POOL_2D",
                                       "MUL",
                                       "RELU",
                                       "RELU_N1_TO_1",
                                       "RELU6",
                                       "RESHAPE",
                                       "RESIZE_BILINEAR",
                                       "RNN",
                                       "SOFTMAX",
                                       "SPACE_TO_DEPTH",
                                       "SVDF",
                                       "TANH",
                                       "CONCAT_EMBEDDINGS",
                                       "SKIP_GRAM",
                                       "CALL",
                                       "CUSTOM",
                                       "EMBEDDING_LOOKUP_SPARSE",
                                       "PAD",
                                       "UNIDIRECTIONAL_SEQUENCE_RNN",
                                       "GATHER",
                                       "BATCH_TO_SPACE_ND",
                                       "SPACE_TO_BATCH_ND",
                                       "TRANSPOSE",
                                       "MEAN",
                                       "SUB",
                                       "DIV",
                                       "SQUEEZE",
                                       "UNIDIRECTIONAL_SEQUENCE_LSTM",
                                       "STRIDED_SLICE",
                                       "BIDIRECTIONAL_SEQUENCE_RNN",
                                       "EXP",
                                       "TOPK_V2",
                                       "SPLIT",
                                       "LOG_SOFTMAX",
                                       "DELEGATE",
                                       "BIDIRECTIONAL_SEQUENCE_LSTM",
                                       "CAST",
                                       "PRELU",
                                       "MAXIMUM",
                                       "ARG_MAX",
                                       "MINIMUM",
                                       "LESS",
                                       "NEG",
                                       "PADV2",
                                       "GREATER",
                                       "GREATER_EQUAL",
                                       "LESS_EQUAL",
                                       "SELECT",
                                       "SLICE",
                                       "SIN",
                                       "TRANSPOSE_CONV",
                                       "SPARSE_TO_DENSE",
                                       "TILE",
                                       "EXPAND_DIMS",
                                       "EQUAL",
                                       "NOT_EQUAL",
                                       "LOG",
                                       "SUM",
                                       "SQRT",
                                       "RSQRT",
                                       "SHAPE",
                                       "POW",
                                       "ARG_MIN",
                                       "FAKE_QUANT",
                                       "REDUCE_PROD",
                                       "REDUCE_MAX",
                                       "PACK",
                                       "LOGICAL_OR",
                                       "ONE_HOT",
                                       "LOGICAL_AND",
                                       "LOGICAL_NOT",
                                       "UNPACK",
                                       "REDUCE_MIN",
                                       "FLOOR_DIV",
                                       "REDUCE_ANY",
                                       "SQUARE",
                                       "ZEROS_LIKE",
                                       "FILL",
                                       "FLOOR_MOD",
                                       "RANGE",
                                       "RESIZE_NEAREST_NEIGHBOR",
                                       "LEAKY_RELU",
                                       "SQUARED_DIFFERENCE",
                                       "MIRROR_PAD",
                                       "ABS",
                                       "SPLIT_V",
                                       "UNIQUE",
                                       "CEIL",
                                       "REVERSE_V2",
                                       "ADD_N",
                                       "GATHER_ND",
                                       "COS",
                                       "WHERE",
                                       "RANK",
                                       "ELU",
                                       "REVERSE_SEQUENCE",
                                       "MATRIX_DIAG",
                                       "QUANTIZE",
                                       "MATRIX_SET_DIAG",
                                       "ROUND",
                                       "HARD_SWISH",
                                       "IF",
                                       "WHILE",
                                       "NON_MAX_SUPPRESSION_V4",
                                       "NON_MAX_SUPPRESSION_V5",
                                       "SCATTER_ND",
                                       "SELECT_V2",
                                       "DENSIFY",
                                       "SEGMENT_SUM",
                                       "BATCH_MATMUL",
                                       "PLACEHOLDER_FOR_GREATER_OP_CODES",
                                       "CUMSUM",
                                       "CALL_ONCE",
                                       "BROADCAST_TO",
                                       "RFFT2D",
                                       "CONV_3D",
                                       "IMAG",
                                       "REAL",
                                       "COMPLEX_ABS",
                                       "HASHTABLE",
                                       "HASHTABLE_FIND",
                                       "HASHTABLE_IMPORT",
                                       "HASHTABLE_SIZE",
                                       "REDUCE_ALL",
                                       "CONV_3D_TRANSPOSE",
                                       "VAR_HANDLE",
                                       "READ_VARIABLE",
                                       "ASSIGN_VARIABLE",
                                       "BROADCAST_ARGS",
                                       "RANDOM_STANDARD_NORMAL",
                                       "BUCKETIZE",
                                       "RANDOM_UNIFORM",
                                       "MULTINOMIAL",
                                       "GELU",
                                       "DYNAMIC_UPDATE_SLICE",
                                       "RELU_0_TO_1"};
static_assert(kOperatorNames.size() == kRelu0To1 + 1);

struct TypeInfo {
    int type;
    int bits;
    const char* name;
};
constexpr std::array<TypeInfo, 8> kTypes = {{{kFloat32, 32, "float32"},
                                             {kFloat16, 16, "float16"},
                                             {kInt32, 32, "int32"},
                                             {kUint8, 8, "uint8"},
                                             {kInt64, 64, "int64"},
                                             {kInt16, 16, "int16"},
                                             {kInt8, 8, "int8"},
                                             {kInt4, 4, "int4"}}};

const TypeInfo* find_type(int type) {
    const auto* const it = std::find_if(kTypes.begin(), kTypes.end(),
                                        [&](const TypeInfo& known) { return known.type == type; });
    return it == kTypes.end() ? nullptr : &*it;
}

/// Letters, digits and the like; anything else would be at the mercy of the terminal.
std::string printable(std::string_view text) {
    constexpr std::size_t kMost = 60;
    std::string plain(text.substr(0, kMost));
    std::replace_if(
        plain.begin(), plain.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return plain;
}

class ModelReader {
public:
    ModelReader(std::string_view bytes, std::string file) : bytes_(bytes), file_(std::move(file)) {}

    TfliteModel read();

private:
    [[noreturn]] void refuse(std::string message, std::string hint = "") const {
        throw InputError({Mistake{{file_, 0, 0, "", 1}, std::move(message), std::move(hint), ""}});
    }
    void check_file() const;
    void read_tensors(const Model& model, const SubGraph& graph, TfliteModel& out) const;
    void read_operators(const Model& model, const SubGraph& graph, TfliteModel& out) const;
    [[nodiscard]] std::vector<int> tensor_list(const Ints* list, std::size_t tensors,
                                               const std::string& what) const;

    std::string_view bytes_;
    std::string file_;
};

void ModelReader::check_file() const {
    constexpr std::size_t kLeast = 8;  // offset of the root and the identifier
    constexpr std::size_t kMost = std::size_t{1} << 31U;
    if (bytes_.size() >= kMost) {
        refuse("a model of 2 GiB or more is not read");
    }
    if (bytes_.size() < kLeast || bytes_.substr(4, 4) != kIdentifier) {
        refuse("this is no TensorFlow Lite model",
               fmt::format("such a file has '{}' at its fifth byte", kIdentifier));
    }
    flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(bytes_.data()),
                                   bytes_.size());
    if (!verifier.VerifyBuffer<Model>(kIdentifier)) {
        refuse("the model is damaged: a table of it lies outside of the file",
               "was it cut short when it was copied?");
    }
}

std::vector<int> ModelReader::tensor_list(const Ints* list, std::size_t tensors,
                                          const std::string& what) const {
    std::vector<int> out;
    for (flatbuffers::uoffset_t i = 0; list != nullptr && i < list->size(); ++i) {
        const int tensor = list->Get(i);
        if (tensor < -1 || tensor >= static_cast<long long>(tensors)) {
            refuse(fmt::format("the model is damaged: {} names tensor {} of {}", what, tensor,
                               tensors));
        }
        out.push_back(tensor);
    }
    return out;
}

void ModelReader::read_tensors(const Model& model, const SubGraph& graph, TfliteModel& out) const {
    const auto* const buffers = model.at<Vector<Offset<Buffer>>>(Model::buffers);
    const auto* const tensors = graph.at<Vector<Offset<Tensor>>>(SubGraph::tensors);
    const std::size_t count = tensors == nullptr ? 0 : tensors->size();
    for (flatbuffers::uoffset_t i = 0; i < count; ++i) {
        const Tensor& tensor = *tensors->Get(i);
        TfliteTensor t;
        if (const auto* const shape = tensor.at<Ints>(Tensor::shape)) {
            t.shape.assign(shape->begin(), shape->end());
        }
        t.type = tensor.value<std::int8_t>(Tensor::type, 0);
        const auto number = tensor.value<std::uint32_t>(Tensor::buffer, 0);
        if (number != 0) {
            if (buffers == nullptr || number >= buffers->size()) {
                refuse(fmt::format("the model is damaged: tensor {} names buffer {} of {}", i,
                                   number, buffers == nullptr ? 0 : buffers->size()));
            }
            const Buffer& buffer = *buffers->Get(number);
            if (buffer.value<std::uint64_t>(Buffer::offset, 0) > 1) {
                refuse(
                    fmt::format("the values of tensor {} stand outside of the model's tables, "
                                "as in models above 2 GiB",
                                i));
            }
            if (const auto* const data = buffer.at<Vector<std::uint8_t>>(Buffer::data);
                data != nullptr && data->size() > 0) {
                t.is_constant = true;
                t.data = {reinterpret_cast<const char*>(data->data()), data->size()};
            }
        }
        out.tensors.push_back(std::move(t));
    }
}

void ModelReader::read_operators(const Model& model, const SubGraph& graph,
                                 TfliteModel& out) const {
    const auto* const codes = model.at<Vector<Offset<OperatorCode>>>(Model::operator_codes);
    const auto* const operators = graph.at<Vector<Offset<Operator>>>(SubGraph::operators);
    const std::size_t count = operators == nullptr ? 0 : operators->size();
    for (flatbuffers::uoffset_t i = 0; i < count; ++i) {
        const Operator& from = *operators->Get(i);
        const auto number = from.value<std::uint32_t>(Operator::opcode_index, 0);
        if (codes == nullptr || number >= codes->size()) {
            refuse(fmt::format("the model is damaged: operator {} names code {} of {}", i, number,
                               codes == nullptr ? 0 : codes->size()));
        }
        const OperatorCode& code = *codes->Get(number);
        TfliteOperator op;
        // Older writers fill the narrow field, newer ones both; codes from 127 on only the wide
        // one.
        op.code = std::max<std::int32_t>(code.value<std::int8_t>(OperatorCode::narrow_code, 0),
                                         code.value<std::int32_t>(OperatorCode::code, 0));
        if (const auto* const custom = code.at<flatbuffers::String>(OperatorCode::custom_code)) {
            op.custom = printable({custom->c_str(), custom->size()});
        }
        const std::string what = fmt::format("operator {}", i);
        op.inputs = tensor_list(from.at<Ints>(Operator::inputs), out.tensors.size(), what);
        op.outputs = tensor_list(from.at<Ints>(Operator::outputs), out.tensors.size(), what);
        if (const auto* const options = from.at<Options>(Operator::options)) {
            const auto number_of = [&](unsigned which, std::int32_t otherwise) {
                return std::int64_t{options->value<std::int32_t>(which, otherwise)};
            };
            const std::uint8_t kind = from.kind();
            const bool convolves = kind == kConvOptions && op.code == kConv;
            const bool deep = kind == kDepthwiseOptions && op.code == kDepthwiseConv;
            const bool pools =
                kind == kPoolOptions && (op.code == kAveragePool || op.code == kMaxPool);
            const bool joins = kind == kConcatenationOptions && op.code == kConcatenation;
            op.has_options = convolves || deep || pools || joins;
            if (convolves || deep || pools) {
                op.stride_w = number_of(Options::stride_w, 0);
                op.stride_h = number_of(Options::stride_h, 0);
            }
            if (convolves) {
                op.dilation_w = number_of(Options::conv_dilation_w, 1);
                op.dilation_h = number_of(Options::conv_dilation_h, 1);
            } else if (deep) {
                op.dilation_w = number_of(Options::depthwise_dilation_w, 1);
                op.dilation_h = number_of(Options::depthwise_dilation_h, 1);
            } else if (pools) {
                op.filter_w = number_of(Options::pool_width, 0);
                op.filter_h = number_of(Options::pool_height, 0);
            } else if (joins) {
                op.axis = number_of(Options::concatenation_axis, 0);
            }
        }
        out.operators.push_back(std::move(op));
    }
}

TfliteModel ModelReader::read() {
    check_file();
    const Model& model = *flatbuffers::GetRoot<Model>(bytes_.data());
    if (const auto version = model.value<std::uint32_t>(Model::version, 0); version != kVersion) {
        refuse(fmt::format("the model has version {} of the format, version {} is read", version,
                           kVersion));
    }
    const auto* const graphs = model.at<Vector<Offset<SubGraph>>>(Model::subgraphs);
    if (graphs == nullptr || graphs->size() == 0) {
        refuse("the model has no graph");
    }
    const SubGraph& graph = *graphs->Get(0);
    TfliteModel out;
    out.graphs = graphs->size();
    read_tensors(model, graph, out);
    read_operators(model, graph, out);
    const auto& tensors = out.tensors;
    out.inputs = tensor_list(graph.at<Ints>(SubGraph::inputs), tensors.size(), "the model's input");
    out.outputs =
        tensor_list(graph.at<Ints>(SubGraph::outputs), tensors.size(), "the model's output");
    return out;
}

}  // namespace

TfliteModel parse_tflite(std::string_view bytes, const std::string& file) {
    return ModelReader(bytes, file).read();
}

std::string tflite_operator_name(const TfliteOperator& op) {
    if (op.code == kCustom && !op.custom.empty()) {
        return fmt::format("CUSTOM '{}'", op.custom);
    }
    const auto index = static_cast<std::size_t>(op.code);
    return op.code >= 0 && index < kOperatorNames.size() ? std::string(kOperatorNames[index])
                                                         : fmt::format("operator {}", op.code);
}

std::string tflite_type_name(int type) {
    const TypeInfo* known = find_type(type);
    return known != nullptr ? known->name : fmt::format("type {}", type);
}

int tflite_type_bits(int type) {
    const TypeInfo* known = find_type(type);
    return known != nullptr ? known->bits : 0;
}

}  // namespace ebb
