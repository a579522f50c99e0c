// SPDX-License-Identifier: Apache-2.0
#include "sim/network/tflite_rows.hpp"

#include "models/core/nearest.hpp"
#include "models/workload/graph.hpp"
#include "sim/network/tflite_schema.hpp"
#include "sim/network/tflite_shapes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

namespace ebb {

using namespace tflite;

TfliteRows::TfliteRows(const TfliteModel& model) : model_(model) {
    for (std::size_t i = 0; i < model_.operators.size(); ++i) {
        for (const int tensor : model_.operators[i].outputs) {
            writer_of_.emplace(tensor, i);
        }
    }
}

const std::vector<TfliteRows::OperatorRule>& TfliteRows::rules() {
    static const std::vector<OperatorRule> all = {
        {kAdd, "ADD", &TfliteRows::add},
        {kAveragePool, "AVGPOOL", &TfliteRows::pool},
        {kConcatenation, "CONCAT", &TfliteRows::concatenate},
        {kConv, "CONV", &TfliteRows::conv},
        {kDepthwiseConv, "DWCONV", &TfliteRows::depthwise},
        {kDequantize, nullptr, &TfliteRows::pass},
        {kExpandDims, "RESHAPE", &TfliteRows::keep},
        {kFullyConnected, "FC", &TfliteRows::dense},
        {kMaxPool, "MAXPOOL", &TfliteRows::pool},
        {kMean, "GAVGPOOL", &TfliteRows::mean},
        {kPad, nullptr, &TfliteRows::pad},
        {kQuantize, nullptr, &TfliteRows::pass},
        {kRelu, "RELU", &TfliteRows::keep},
        {kRelu0To1, "RELU", &TfliteRows::keep},
        {kRelu6, "RELU", &TfliteRows::keep},
        {kReluN1To1, "RELU", &TfliteRows::keep},
        {kReshape, "RESHAPE", &TfliteRows::keep},
        {kSoftmax, "SOFTMAX", &TfliteRows::keep},
        {kSqueeze, "RESHAPE", &TfliteRows::keep},
    };
    return all;
}

const TfliteRows::OperatorRule* TfliteRows::find(const TfliteOperator& op) {
    const auto it = std::find_if(rules().begin(), rules().end(),
                                 [&](const OperatorRule& r) { return r.code == op.code; });
    return it == rules().end() ? nullptr : &*it;
}

bool TfliteRows::is_supported(const TfliteOperator& op) { return find(op) != nullptr; }

bool TfliteRows::leaves_row(const TfliteOperator& op) {
    const OperatorRule* rule = find(op);
    return rule == nullptr || rule->op != nullptr;
}

std::string TfliteRows::supported() {
    std::vector<std::string> names;
    for (const auto& rule : rules()) {
        TfliteOperator op;
        op.code = rule.code;
        names.push_back(tflite_operator_name(op));
    }
    std::sort(names.begin(), names.end());
    return joined(names);
}

void TfliteRows::fold(std::size_t index) {
    at_ = index;
    const TfliteOperator& op = model_.operators[index];
    Layer none;
    (this->*find(op)->rule)(op, none);
}

Layer TfliteRows::row(std::size_t index) {
    at_ = index;
    const TfliteOperator& op = model_.operators[index];
    const OperatorRule* rule = find(op);
    if (rule == nullptr) {
        throw UnsupportedOperator{"not supported"};
    }
    Layer row;
    row.id = static_cast<int>(index);
    row.name = fmt::format("operator {}", index);
    row.op_text = rule->op;
    (this->*rule->rule)(op, row);
    return row;
}

/// One that stands for itself, by way of others, writes what it reads.
void TfliteRows::stand_for(int written, int read) {
    for (int tensor = read;; tensor = stands_for_[tensor]) {
        if (tensor == written) {
            throw UnsupportedOperator{"it reads what it writes"};
        }
        if (stands_for_.count(tensor) == 0) {
            break;
        }
    }
    stands_for_[written] = read;
    writer_of_.erase(written);
}

// ---- tensors ------------------------------------------------------------------------------------

int TfliteRows::origin(int tensor) const {
    for (auto it = stands_for_.find(tensor); it != stands_for_.end();
         it = stands_for_.find(tensor)) {
        tensor = it->second;
    }
    return tensor;
}

const TfliteTensor& TfliteRows::input(const TfliteOperator& op, std::size_t i) const {
    if (i >= op.inputs.size() || op.inputs[i] < 0) {
        throw UnsupportedOperator{
            fmt::format("it reads {} tensors, {} is missing", op.inputs.size(), i)};
    }
    return model_.tensors[static_cast<std::size_t>(origin(op.inputs[i]))];
}

int TfliteRows::producer(int tensor) const {
    const int from = origin(tensor);
    if (const auto it = writer_of_.find(from); it != writer_of_.end()) {
        return static_cast<int>(it->second);
    }
    if (std::find(model_.inputs.begin(), model_.inputs.end(), from) != model_.inputs.end()) {
        return kNetworkInput;
    }
    throw UnsupportedOperator{fmt::format("it reads tensor {}, which nothing writes", from)};
}

/// A map that the operator reads: its shape and size go into the row, its producer into `from`.
void TfliteRows::read_map(const TfliteOperator& op, std::size_t operand, Layer& row) {
    TfliteTensor tensor = input(op, operand);
    if (tensor.is_constant) {
        throw UnsupportedOperator{fmt::format("operand {} is a constant", operand)};
    }
    // Written as the operator reads it: in front of a conversion it may have been wider.
    tensor.type = model_.tensors[static_cast<std::size_t>(op.inputs[operand])].type;
    row.from.push_back(producer(op.inputs[operand]));
    row.in = map_of(tensor);
    row.input_bytes = bytes_of(tensor);
    if (!element_type_) {
        element_type_ = tensor.type;
    } else if (*element_type_ != tensor.type) {
        throw UnsupportedOperator{
            fmt::format("it reads {}, other operators {}: a table has one size of "
                        "elements",
                        tflite_type_name(tensor.type), tflite_type_name(*element_type_))};
    }
}

void TfliteRows::write_map(const TfliteOperator& op, Layer& row) const {
    if (op.outputs.size() != 1 || op.outputs[0] < 0) {
        throw UnsupportedOperator{fmt::format("it writes {} tensors", op.outputs.size())};
    }
    const TfliteTensor& tensor = model_.tensors[static_cast<std::size_t>(op.outputs[0])];
    row.out = map_of(tensor);
    row.output_bytes = bytes_of(tensor);
}

const TfliteTensor& TfliteRows::weights(const TfliteOperator& op, std::size_t rank) const {
    const TfliteTensor& tensor = input(op, 1);
    if (!tensor.is_constant) {
        throw UnsupportedOperator{"its weights are not in the file but computed"};
    }
    if (tensor.shape.size() != rank) {
        throw UnsupportedOperator{fmt::format("weights of shape {}", shape_text(tensor.shape))};
    }
    return tensor;
}

/// Parameters and bytes of weights and biases; what stands in the file must fit the shapes.
void TfliteRows::weigh(const TfliteOperator& op, Layer& row) const {
    for (std::size_t i = 1; i < op.inputs.size(); ++i) {
        if (op.inputs[i] < 0) {
            continue;
        }
        const TfliteTensor& tensor = input(op, i);
        const std::int64_t bytes = bytes_of(tensor);
        if (!tensor.is_constant || bytes != static_cast<std::int64_t>(tensor.data.size())) {
            throw UnsupportedOperator{
                fmt::format("its operand {} of shape {} needs {} B, the file has {} B", i,
                            shape_text(tensor.shape), bytes, tensor.data.size())};
        }
        row.params += elements_of(tensor);
        row.weight_bytes += bytes;
    }
}

// ---- rules --------------------------------------------------------------------------------------

/// Strides and dilations, which must be whole and usable.
void TfliteRows::window(const TfliteOperator& op, Layer& row) {
    if (!op.has_options || op.stride_h < 1 || op.stride_w < 1) {
        throw UnsupportedOperator{"it has no strides"};
    }
    if (op.dilation_h != 1 || op.dilation_w != 1) {
        throw UnsupportedOperator{
            fmt::format("its window is dilated by {} x {}", op.dilation_h, op.dilation_w)};
    }
    row.stride_h = op.stride_h;
    row.stride_w = op.stride_w;
}

void TfliteRows::conv(const TfliteOperator& op, Layer& row) {
    window(op, row);
    read_map(op, 0, row);
    write_map(op, row);
    const auto& shape = weights(op, 4).shape;  // outputs, height, width, inputs of a group
    weigh(op, row);
    row.kernel_h = shape[1];
    row.kernel_w = shape[2];
    if (shape[0] != row.out.c || row.in.c % shape[3] != 0) {
        throw UnsupportedOperator{fmt::format("weights of shape {} between {} and {} channels",
                                              shape_text(shape), row.in.c, row.out.c)};
    }
    row.macs = row.out.elements() * (shape[1] * shape[2] * shape[3]);
}

void TfliteRows::depthwise(const TfliteOperator& op, Layer& row) {
    window(op, row);
    read_map(op, 0, row);
    write_map(op, row);
    const auto& shape = weights(op, 4).shape;  // 1, height, width, outputs
    weigh(op, row);
    row.kernel_h = shape[1];
    row.kernel_w = shape[2];
    if (shape[0] != 1 || shape[3] != row.out.c) {
        throw UnsupportedOperator{
            fmt::format("weights of shape {} for {} channels", shape_text(shape), row.out.c)};
    }
    row.macs = row.out.elements() * (shape[1] * shape[2]);
}

void TfliteRows::dense(const TfliteOperator& op, Layer& row) {
    read_map(op, 0, row);
    write_map(op, row);
    const auto& shape = weights(op, 2).shape;  // outputs, inputs
    weigh(op, row);
    const std::int64_t in = row.in.elements();
    const std::int64_t positions = row.out.elements() / shape[0];
    if (positions * shape[0] != row.out.elements() || positions * shape[1] != in) {
        throw UnsupportedOperator{fmt::format("weights of shape {} between {} and {} values",
                                              shape_text(shape), in, row.out.elements())};
    }
    row.macs = in * shape[0];
    if (positions == 1) {
        row.in = {1, 1, in};
        row.out = {1, 1, shape[0]};
    } else {
        row.op_text = "CONV";
        row.kernel_h = row.kernel_w = 1;
        notes_.push_back(
            fmt::format("operator {}: FULLY_CONNECTED at {} positions is a 1x1 "
                        "convolution",
                        at_, positions));
    }
}

void TfliteRows::pool(const TfliteOperator& op, Layer& row) {
    window(op, row);
    read_map(op, 0, row);
    write_map(op, row);
    if (op.filter_h < 1 || op.filter_w < 1) {
        throw UnsupportedOperator{"it has no window"};
    }
    row.kernel_h = op.filter_h;
    row.kernel_w = op.filter_w;
}

/// Only over the whole map: height and width of rank 4, the length of rank 3.
void TfliteRows::mean(const TfliteOperator& op, Layer& row) {
    read_map(op, 0, row);
    write_map(op, row);
    const TfliteTensor& tensor = input(op, 0);
    const TfliteTensor& axes = input(op, 1);
    std::set<std::int64_t> over;
    const auto rank = static_cast<std::int64_t>(tensor.shape.size());
    for (std::size_t at = 0; axes.type == kInt32 && at + sizeof(std::int32_t) <= axes.data.size();
         at += sizeof(std::int32_t)) {
        std::int32_t axis = 0;
        std::memcpy(&axis, axes.data.data() + at, sizeof axis);
        over.insert(axis < 0 ? axis + rank : axis);
    }
    const bool whole = (rank == 4 && over == std::set<std::int64_t>{1, 2}) ||
                       (rank == 3 && over == std::set<std::int64_t>{1});
    if (!whole || row.out.elements() != row.in.c) {
        throw UnsupportedOperator{"its mean is not over the whole map"};
    }
    row.out = {1, 1, row.in.c};
    row.kernel_h = row.in.h;
    row.kernel_w = row.in.w;
}

void TfliteRows::add(const TfliteOperator& op, Layer& row) {
    if (op.inputs.size() != 2) {
        throw UnsupportedOperator{fmt::format("it adds {} tensors", op.inputs.size())};
    }
    write_map(op, row);
    for (const std::size_t operand : {1U, 0U}) {
        read_map(op, operand, row);
        if (input(op, operand).shape != input(op, 0).shape) {
            throw UnsupportedOperator{fmt::format("it adds {} to {}",
                                                  shape_text(input(op, 1).shape),
                                                  shape_text(input(op, 0).shape))};
        }
    }
}

void TfliteRows::concatenate(const TfliteOperator& op, Layer& row) {
    write_map(op, row);
    if (op.inputs.size() < 2) {
        throw UnsupportedOperator{fmt::format("it joins {} tensors", op.inputs.size())};
    }
    MapShape first;
    std::int64_t first_bytes = 0;
    for (std::size_t operand = 0; operand < op.inputs.size(); ++operand) {
        read_map(op, operand, row);
        first = operand == 0 ? row.in : first;
        first_bytes = operand == 0 ? row.input_bytes : first_bytes;
    }
    row.in = first;
    row.input_bytes = first_bytes;
    const auto rank = static_cast<std::int64_t>(input(op, 0).shape.size());
    if (op.axis != rank - 1 && op.axis != -1) {
        throw UnsupportedOperator{
            fmt::format("it joins along axis {}, a table joins channels", op.axis)};
    }
}

void TfliteRows::keep(const TfliteOperator& op, Layer& row) {
    read_map(op, 0, row);
    write_map(op, row);
}

/// Leaves no row: what it writes stands for what it reads.
void TfliteRows::pass(const TfliteOperator& op, Layer& row) {
    write_map(op, row);
    (void)input(op, 0);
    stand_for(op.outputs[0], op.inputs[0]);
    notes_.push_back(fmt::format("operator {}: {} leaves no row", at_, tflite_operator_name(op)));
}

void TfliteRows::pad(const TfliteOperator& op, Layer& row) {
    write_map(op, row);
    (void)input(op, 0);
    static const std::set<std::int32_t> windows = {kConv, kDepthwiseConv, kAveragePool, kMaxPool};
    for (std::size_t i = 0; i < model_.operators.size(); ++i) {
        const auto& reader = model_.operators[i];
        const auto& reads = reader.inputs;
        if (std::find(reads.begin(), reads.end(), op.outputs[0]) != reads.end() &&
            windows.count(reader.code) == 0) {
            throw UnsupportedOperator{
                fmt::format("operator {} ({}) reads the padded map: only windows may", i,
                            tflite_operator_name(reader))};
        }
    }
    stand_for(op.outputs[0], op.inputs[0]);
    notes_.push_back(fmt::format("operator {}: PAD leaves no row, the next window pads", at_));
}

}  // namespace ebb
