// SPDX-License-Identifier: Apache-2.0
// Tables from TensorFlow Lite models: the published ones row by row, and small ones made here.
#include "sim/network/tflite_import.hpp"
#include "sim/network/table_text.hpp"
#include "sim/scenario/network_reader.hpp"
#include "tests/support/tflite_builder.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace ebb;
using namespace ebb::test;

namespace {

const std::string kNetworks = std::string(EBB_SOURCE_DIR) + "/models/workload/networks";

ImportedNetwork imported(const TinyModel& model) {
    // The network keeps nothing of the bytes.
    const std::string bytes = bytes_of(model);
    return network_from_tflite(parse_tflite(bytes, "m.tflite"), "m", "m.tflite");
}

std::vector<Mistake> mistakes_of(const TinyModel& model) {
    try {
        (void)imported(model);
    } catch (const InputError& error) {
        return error.mistakes();
    }
    return {};
}

std::string only_message(const TinyModel& model) {
    const auto all = mistakes_of(model);
    REQUIRE(all.size() == 1);
    CHECK(all[0].place.file == "m.tflite");
    return all[0].message;
}

void check_equal(const Layer& a, const Layer& b) {
    INFO(a.name << " / " << b.name);
    CHECK(a.id == b.id);
    CHECK(a.name == b.name);
    CHECK(a.op == b.op);
    CHECK(a.op_text == b.op_text);
    CHECK(a.from == b.from);
    const auto same_map = [](const MapShape& x, const MapShape& y) {
        return x.h == y.h && x.w == y.w && x.c == y.c;
    };
    CHECK(same_map(a.in, b.in));
    CHECK(same_map(a.out, b.out));
    CHECK(a.kernel_h == b.kernel_h);
    CHECK(a.kernel_w == b.kernel_w);
    CHECK(a.stride_h == b.stride_h);
    CHECK(a.stride_w == b.stride_w);
    CHECK(a.macs == b.macs);
    CHECK(a.params == b.params);
    CHECK(a.weight_bytes == b.weight_bytes);
    CHECK(a.input_bytes == b.input_bytes);
    CHECK(a.output_bytes == b.output_bytes);
}

}  // namespace

TEST_CASE("the tables of the five reference models come out of them row by row") {
    const char* data = std::getenv("EBB_TEST_DATA");
    if (data == nullptr) {
        WARN("skipped: EBB_TEST_DATA is not set, would read models/mlperf_tiny_*_int8.tflite");
        return;
    }
    for (const std::string name : {"mlperf_tiny_ad", "mlperf_tiny_ic", "mlperf_tiny_kws",
                                   "mlperf_tiny_sww", "mlperf_tiny_vww"}) {
        const std::string file = std::string(data) + "/models/" + name + "_int8.tflite";
        INFO(file);
        std::ifstream in(file, std::ios::binary);
        REQUIRE(in);
        const std::string bytes{std::istreambuf_iterator<char>(in),
                                std::istreambuf_iterator<char>()};
        const auto read = network_from_tflite(parse_tflite(bytes, file), name, file);
        CHECK(read.element == "int8");
        CHECK(read.notes.empty());
        const auto table = read_network(name, "", kNetworks, {});
        REQUIRE(read.network.layers.size() == table->layers.size());
        for (std::size_t i = 0; i < table->layers.size(); ++i) {
            check_equal(read.network.layers[i], table->layers[i]);
        }
    }
}

TEST_CASE("every shipped table comes back from the text that is written of it") {
    for (const auto& name : network_names(kNetworks)) {
        INFO(name);
        const auto network = read_network(name, "", kNetworks, {});
        const auto again = parse_network(network_table_text(*network), name, "again.csv");
        CHECK(again.source == network->source);
        REQUIRE(again.layers.size() == network->layers.size());
        for (std::size_t i = 0; i < again.layers.size(); ++i) {
            const Layer& a = again.layers[i];
            const Layer& b = network->layers[i];
            check_equal(a, b);
            CHECK(a.cycles == b.cycles);
            CHECK(a.nonzero_weights == b.nonzero_weights);
            CHECK(a.dense_weights == b.dense_weights);
            CHECK(a.nonzero_per_filter == b.nonzero_per_filter);
            CHECK(a.repeat == b.repeat);
            CHECK(a.variant == b.variant);
            REQUIRE(a.plan.has_value() == b.plan.has_value());
            if (a.plan) {
                CHECK(a.plan->r == b.plan->r);
                CHECK(a.plan->c == b.plan->c);
                CHECK(a.plan->m == b.plan->m);
                CHECK(a.plan->n == b.plan->n);
                CHECK(a.plan->reuse == b.plan->reuse);
                CHECK(a.plan->batch == b.plan->batch);
            }
        }
    }
    Layer exit;
    exit.name = "e";
    exit.op_text = "RELU";
    exit.from = {-1};
    exit.input_bytes = exit.output_bytes = 1;
    exit.exit_accuracy = 0.1;
    Network network;
    network.layers = {exit};
    CHECK(parse_network(network_table_text(network), "e", "e").layers[0].exit_accuracy == 0.1);
}

TEST_CASE("a convolution and a fully connected layer become rows with their counts") {
    const auto read = imported(small_model());
    const auto& layers = read.network.layers;
    REQUIRE(layers.size() == 2);
    CHECK(layers[0].name == "conv_0");
    CHECK(layers[0].macs == 288);
    CHECK(layers[0].params == 20);
    CHECK(layers[0].weight_bytes == 26);
    CHECK(layers[1].name == "fc_1");
    CHECK(layers[1].from == std::vector<int>{0});
    CHECK(layers[1].in.c == 32);
    CHECK(layers[1].macs == 96);
    CHECK(layers[1].weight_bytes == 108);
}

TEST_CASE("conversions and padding leave no row, and what they write stands for what they read") {
    TinyModel m = small_model();
    // 7: float input, 8: padded map, 9: float result; PAD reads its amounts from tensor 10.
    m.tensors.insert(
        m.tensors.end(),
        {{{1, 4, 4, 1}, 0}, {{1, 6, 6, 1}}, {{1, 3}, 0}, {{4, 2}, 2, std::string(32, '\0')}});
    m.operators[0].inputs[0] = 8;
    m.operators.insert(m.operators.begin(),
                       {{114, {7}, {0}, 0, {}, ""}, {34, {0, 10}, {8}, 0, {}, ""}});
    m.operators.push_back({6, {6}, {9}, 0, {}, ""});
    m.inputs = {7};
    m.outputs = {9};
    const auto read = imported(m);
    REQUIRE(read.network.layers.size() == 2);
    CHECK(read.network.layers[0].from == std::vector<int>{-1});
    CHECK(read.network.layers[0].in.h == 4);          // as before PAD
    CHECK(read.network.layers[0].input_bytes == 16);  // as behind QUANTIZE
    CHECK(read.network.layers[0].name == "conv_0");
    CHECK(read.network.layers[1].name == "fc_1");
    CHECK(read.notes ==
          std::vector<std::string>{"operator 0: QUANTIZE leaves no row",
                                   "operator 1: PAD leaves no row, the next window pads",
                                   "operator 4: DEQUANTIZE leaves no row"});
}

TEST_CASE("what a table cannot hold is refused with the operator's number, all in one pass") {
    TinyModel m = small_model();
    m.operators[0].options = conv_options(1, 2);
    m.operators.push_back({28, {6}, {6}, 0, {}, ""});
    m.operators.push_back({32, {6}, {6}, 0, {}, "Detect\x1b[2J"});
    m.operators.push_back({150, {6}, {6}, 0, {}, ""});
    m.operators.push_back({9999, {6}, {6}, 0, {}, ""});
    const auto all = mistakes_of(m);
    REQUIRE(all.size() == 5);
    CHECK(all[0].message == "operator 0 (CONV_2D): its window is dilated by 2 x 2");
    CHECK(all[1].message == "operator 2 (TANH): not supported");
    CHECK(
        all[1].note ==
        "supported are: ADD, AVERAGE_POOL_2D, CONCATENATION, CONV_2D, DEPTHWISE_CONV_2D, "
        "DEQUANTIZE, EXPAND_DIMS, FULLY_CONNECTED, MAX_POOL_2D, MEAN, PAD, QUANTIZE, RELU, RELU6, "
        "RELU_0_TO_1, RELU_N1_TO_1, RESHAPE, SOFTMAX, SQUEEZE");
    CHECK(all[2].message == "operator 3 (CUSTOM 'Detect?[2J'): not supported");
    CHECK(all[3].message == "operator 4 (GELU): not supported");
    CHECK(all[4].message == "operator 5 (operator 9999): not supported");
}

TEST_CASE("weights, batches, types and operands that a table cannot hold are each said") {
    TinyModel m = small_model();
    m.tensors[1].data.clear();
    CHECK(only_message(m) == "operator 0 (CONV_2D): its weights are not in the file but computed");
    m = small_model();
    m.tensors[1].data.resize(17);
    CHECK(only_message(m) ==
          "operator 0 (CONV_2D): its operand 1 of shape 2x3x3x1 needs 18 B, the file has 17 B");
    m = small_model();
    m.tensors[0].shape[0] = 2;
    CHECK(only_message(m) == "operator 0 (CONV_2D): a batch of 2; a table is of one inference");
    m = small_model();
    m.tensors[3].shape = {1, 4, -1, 2};
    CHECK(mistakes_of(m)[0].message == "operator 0 (CONV_2D): a tensor of shape 1x4x-1x2");
    m = small_model();
    m.tensors[3].type = 0;
    CHECK(mistakes_of(m)[0].message ==
          "operator 1 (FULLY_CONNECTED): it reads float32, other operators int8: a table has one "
          "size of elements");
    m = small_model();
    m.operators[1] = {19, {6}, {6}, 0, {}, ""};
    CHECK(only_message(m) ==
          "network 'm': layers read each other in a circle: 'operator 1' to 'operator 1'");
    m = small_model();
    m.operators[0].inputs[0] = 5;
    CHECK(only_message(m) == "operator 0 (CONV_2D): operand 0 is a constant");
    m = small_model();
    m.inputs = {};
    CHECK(only_message(m) == "operator 0 (CONV_2D): it reads tensor 0, which nothing writes");
    m = small_model();
    m.inputs = {0, 3};
    CHECK(only_message(m) == "the model has 2 inputs, a table has one");
    m = small_model();
    m.operators.clear();
    CHECK(only_message(m) == "the model has no operators");
    m = small_model();
    m.operators[0].options_kind = 2;
    CHECK(only_message(m) == "operator 0 (CONV_2D): it has no strides");
    m = small_model();
    m.tensors[3].shape = {1, 1, 1, 32};  // convolution leaves too little
    CHECK_FALSE(mistakes_of(m).empty());
}

TEST_CASE("operators in another order than they run are put into order") {
    TinyModel m = small_model();
    std::swap(m.operators[0], m.operators[1]);
    const auto read = imported(m);
    CHECK(read.network.layers[0].name == "conv_0");
    CHECK(read.network.layers[1].name == "fc_1");
    CHECK(read.network.layers[1].from == std::vector<int>{0});
}

TEST_CASE("pooling, mean, addition and concatenation take their shapes from their tensors") {
    TinyModel m = small_model();
    const auto map = [](std::int32_t h, std::int32_t c) { return TinyTensor{{1, h, h, c}}; };
    // 7: add, 8: concat, 9: pool, 10: axes, 11: mean
    m.tensors.insert(
        m.tensors.end(),
        {map(4, 2), map(4, 4), map(2, 4), {{2}, 2, std::string("\1\0\0\0\2\0\0\0", 8)}, {{1, 4}}});
    m.operators = {m.operators[0],
                   {0, {3, 3}, {7}, 11, {}, ""},
                   {2, {3, 7}, {8}, 10, {{0, 3}}, ""},
                   {17, {8}, {9}, 5, {{1, 2}, {2, 2}, {3, 2}, {4, 2}}, ""},
                   {40, {9, 10}, {11}, 27, {}, ""}};
    m.outputs = {11};
    const auto read = imported(m);
    const auto& l = read.network.layers;
    REQUIRE(l.size() == 5);
    CHECK(l[1].from == std::vector<int>{0, 0});
    CHECK(l[2].op_text == "CONCAT");
    CHECK(l[2].from == std::vector<int>{0, 1});
    CHECK(l[2].in.c == 2);
    CHECK(l[2].out.c == 4);
    CHECK(l[3].kernel_h == 2);
    CHECK(l[4].op_text == "GAVGPOOL");
    CHECK(l[4].out.c == 4);
    m.tensors[10].data = std::string("\1\0\0\0\3\0\0\0", 8);
    CHECK(only_message(m) == "operator 4 (MEAN): its mean is not over the whole map");
    m.operators.pop_back();
    m.operators[2].options[0].value = 1;
    CHECK(only_message(m) ==
          "operator 2 (CONCATENATION): it joins along axis 1, a table joins channels");
}

TEST_CASE("a fully connected layer at several positions is a 1x1 convolution") {
    TinyModel m = small_model();
    m.tensors[3].shape = {1, 4, 4, 2};
    m.tensors[4] = {{3, 2}, 9, std::string(6, '\1')};
    m.tensors[6].shape = {1, 4, 4, 3};
    const auto read = imported(m);
    CHECK(read.network.layers[1].op_text == "CONV");
    CHECK(read.network.layers[1].name == "conv_1");
    CHECK(read.network.layers[1].macs == 96);
    CHECK(read.notes.size() == 1);
}
