// SPDX-License-Identifier: Apache-2.0
/// Small TensorFlow Lite models, written with flatbuffers' builder, for tests of what is read from
/// them. Field numbers are written out: a test of the reader does not use the reader's own.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ebb::test {

struct TinyTensor {
    std::vector<std::int32_t> shape;
    int type = 9;           ///< int8
    std::string data = {};  ///< constants
};

/// A number field of an operator's options.
struct TinyOption {
    unsigned field;
    std::int32_t value;
};

struct TinyOperator {
    std::int32_t code = 0;
    std::vector<std::int32_t> inputs, outputs;
    std::uint8_t options_kind = 0;
    std::vector<TinyOption> options;
    std::string custom;
};

struct TinyModel {
    std::vector<TinyTensor> tensors;
    std::vector<TinyOperator> operators;
    std::vector<std::int32_t> inputs, outputs;
    std::uint32_t version = 3;
    int graphs = 1;
};

/// 3x3 convolution options: stride s, dilation d.
inline std::vector<TinyOption> conv_options(std::int32_t s, std::int32_t d = 1) {
    return {{1, s}, {2, s}, {4, d}, {5, d}};
}

inline std::string bytes_of(const TinyModel& model) {
    using flatbuffers::FlatBufferBuilder;
    using flatbuffers::Offset;
    using flatbuffers::Table;
    using flatbuffers::voffset_t;
    FlatBufferBuilder b;
    const auto slot = [](unsigned field) { return static_cast<voffset_t>(4 + 2 * field); };
    const auto list = [&](const std::vector<Offset<Table>>& tables) {
        return b.CreateVector(tables);
    };
    std::vector<Offset<Table>> buffers, tensors, codes, operators, graphs;
    buffers.emplace_back(b.EndTable(b.StartTable()));
    for (const TinyTensor& t : model.tensors) {
        std::uint32_t buffer = 0;
        if (!t.data.empty()) {
            const auto data =
                b.CreateVector(reinterpret_cast<const std::uint8_t*>(t.data.data()), t.data.size());
            const auto start = b.StartTable();
            b.AddOffset(slot(0), data);
            buffer = static_cast<std::uint32_t>(buffers.size());
            buffers.emplace_back(b.EndTable(start));
        }
        const auto shape = b.CreateVector(t.shape);
        const auto start = b.StartTable();
        b.AddOffset(slot(0), shape);
        b.AddElement<std::int8_t>(slot(1), static_cast<std::int8_t>(t.type), 0);
        b.AddElement<std::uint32_t>(slot(2), buffer, 0);
        tensors.emplace_back(b.EndTable(start));
    }
    for (const TinyOperator& op : model.operators) {
        const auto custom = b.CreateString(op.custom);
        const auto code = b.StartTable();
        b.AddElement<std::int8_t>(slot(0), static_cast<std::int8_t>(op.code < 127 ? op.code : 127),
                                  0);
        b.AddOffset(slot(1), custom);
        b.AddElement<std::int32_t>(slot(3), op.code, 0);
        codes.emplace_back(b.EndTable(code));
        const auto inputs = b.CreateVector(op.inputs);
        const auto outputs = b.CreateVector(op.outputs);
        const auto options = b.StartTable();
        for (const TinyOption& o : op.options) {
            b.AddElement<std::int32_t>(slot(o.field), o.value, 0);
        }
        const Offset<Table> written(b.EndTable(options));
        const auto start = b.StartTable();
        b.AddElement<std::uint32_t>(slot(0), static_cast<std::uint32_t>(codes.size() - 1), 0);
        b.AddOffset(slot(1), inputs);
        b.AddOffset(slot(2), outputs);
        if (op.options_kind != 0) {
            b.AddElement<std::uint8_t>(slot(3), op.options_kind, 0);
            b.AddOffset(slot(4), written);
        }
        operators.emplace_back(b.EndTable(start));
    }
    const auto inputs = b.CreateVector(model.inputs);
    const auto outputs = b.CreateVector(model.outputs);
    const auto tensor_list = list(tensors);
    const auto operator_list = list(operators);
    const auto graph = b.StartTable();
    b.AddOffset(slot(0), tensor_list);
    b.AddOffset(slot(1), inputs);
    b.AddOffset(slot(2), outputs);
    b.AddOffset(slot(3), operator_list);
    const Offset<Table> written(b.EndTable(graph));
    graphs.assign(static_cast<std::size_t>(model.graphs), written);
    const auto code_list = list(codes);
    const auto graph_list = list(graphs);
    const auto buffer_list = list(buffers);
    const auto root = b.StartTable();
    b.AddElement<std::uint32_t>(slot(0), model.version, 0);
    b.AddOffset(slot(1), code_list);
    b.AddOffset(slot(2), graph_list);
    b.AddOffset(slot(4), buffer_list);
    b.Finish(Offset<Table>(b.EndTable(root)), "TFL3");
    return {reinterpret_cast<const char*>(b.GetBufferPointer()), b.GetSize()};
}

/// A 4x4x1 input, a 3x3 convolution to 2 channels, a fully connected layer to 3 outputs.
inline TinyModel small_model() {
    TinyModel m;
    m.tensors = {
        {{1, 4, 4, 1}}, {{2, 3, 3, 1}, 9, std::string(18, '\1')}, {{2}, 2, std::string(8, '\0')},
        {{1, 4, 4, 2}}, {{3, 32}, 9, std::string(96, '\1')},      {{3}, 2, std::string(12, '\0')},
        {{1, 3}}};
    m.operators = {{3, {0, 1, 2}, {3}, 1, conv_options(1), ""}, {9, {3, 4, 5}, {6}, 0, {}, ""}};
    m.inputs = {0};
    m.outputs = {6};
    return m;
}

}  // namespace ebb::test
