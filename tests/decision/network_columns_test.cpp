// SPDX-License-Identifier: Apache-2.0
// Columns of a network table that only some tables have: plans, sparsity, cycles, exits,
// repetition.
#include "models/workload/network_check.hpp"
#include "models/workload/tile_cost.hpp"
#include "sim/scenario/network_reader.hpp"

#include <catch2/catch.hpp>

#include <numeric>
#include <string>
#include <vector>

using namespace ebb;

namespace {

const std::string kNetworks = std::string(EBB_SOURCE_DIR) + "/models/workload/networks";
const std::string kHeader =
    "id,name,op,from,in_h,in_w,in_c,out_h,out_w,out_c,kernel_h,kernel_w,stride,stride_w,macs,"
    "params,weight_bytes,input_bytes,output_bytes";
const std::string kPlan = ",tile_r,tile_c,tile_m,tile_n,reuse,batch\n";
const std::string kConv = "0,c0,CONV,input,4,4,1,4,4,2,3,3,1,1,288,20,20,16,32";
const std::string kRelu = "1,r0,RELU,0,4,4,2,4,4,2,,,,,0,0,0,32,32";

Network read(const std::string& text) { return parse_network(text, "t", "t.csv"); }

std::vector<Mistake> mistakes_of(const std::string& text) {
    try {
        (void)read(text);
    } catch (const InputError& error) {
        return error.mistakes();
    }
    return {};
}

Mistake only_mistake(const std::string& text) {
    const auto all = mistakes_of(text);
    INFO(text);
    REQUIRE(all.size() == 1);
    return all.front();
}

std::int64_t tiles_of(const Layer& layer, const TilePlan& plan) {
    return trips_of(*layer_shape(layer), plan).tiles;
}

const Layer& layer_of(const Network& network, const std::string& name) {
    for (const Layer& layer : network.layers) {
        if (layer.name == name) {
            return layer;
        }
    }
    FAIL("no layer " << name);
    return network.layers.front();
}

}  // namespace

TEST_CASE("a tiling plan is read per layer, and a layer may have none") {
    const auto network = read(kHeader + kPlan + kConv + ",4,2,1,1,W,3\n" + kRelu + ",,,,,,\n");
    const auto& plan = network.layers[0].plan;
    REQUIRE(plan);
    CHECK(plan->r == 4);
    CHECK(plan->c == 2);
    CHECK(plan->m == 1);
    CHECK(plan->n == 1);
    CHECK(plan->reuse == Reuse::weight);
    CHECK(plan->batch == 3);
    CHECK(tiles_of(network.layers[0], *plan) == 4);
    CHECK_FALSE(network.layers[1].plan);
}

TEST_CASE("shipped plans have the tiles of their sources, rounded up at the borders") {
    const auto cifar = read_network("inas_cifar_cap005_ts1", "", kNetworks, {});
    // (30/3) (30/15) (8/8) (3/1) tiles
    CHECK(tiles_of(cifar->layers[0], *cifar->layers[0].plan) == 60);
    CHECK(layer_of(*cifar, "CONV_3").plan->reuse == Reuse::input);
    const auto har = read_network("tinas_har_lat_perc25", "", kNetworks, {});
    const Layer& depthwise = layer_of(*har, "b1.l0.conv1_dw");
    CHECK(tiles_of(depthwise, *depthwise.plan) == 2);  // 32 channels by 16; not cut by input
    const Layer& odd = layer_of(*har, "b1.l0.conv2_pw");
    TilePlan plan = *odd.plan;
    plan.m = 5;  // 12 channels by 5: 3 tiles
    CHECK(tiles_of(odd, plan) == 3 * tiles_of(odd, *odd.plan));
}

TEST_CASE("a plan that does not fit its layer is refused at its cell") {
    const auto with = [](const std::string& plan) { return kHeader + kPlan + kConv + plan + "\n"; };
    CHECK(only_mistake(with(",5,2,1,1,W,3")).message ==
          "layer 'c0': tile_r is 5, the layer has only 4");
    CHECK(only_mistake(with(",4,2,1,2,W,3")).message ==
          "layer 'c0': tile_n is 2, the layer has only 1");
    const auto batch = only_mistake(with(",4,2,1,1,W,5"));
    CHECK(batch.message == "layer 'c0': a batch of 5 tiles, the layer has only 4");
    CHECK(batch.place.line == 2);
    CHECK(batch.place.column == static_cast<int>((kConv + ",4,2,1,1,W,").size()) + 1);
    CHECK(only_mistake(with(",4,0,1,1,W,1")).message == "tile_c is 0, outside 1 .. 1000000000");
    CHECK(only_mistake(with(",4,2,,1,W,1")).message == "tile_m is missing");
    const auto reuse = only_mistake(with(",4,2,1,1,w,1"));
    CHECK(reuse.message == "unknown reuse 'w'");
    CHECK(reuse.hint == "I, W or O: input, weights or output stay while the tiles go by");
    CHECK(only_mistake(kHeader + ",tile_r,tile_c,tile_m,tile_n,batch\n" + kConv + ",4,2,1,1,1\n")
              .message == "column 'reuse' of the tiling plan is missing");
}

TEST_CASE("sparsity is read with its list per filter, and agrees with itself") {
    const auto sonic = read_network("sonic_lenet_mnist", "", kNetworks, {});
    const Layer& conv = layer_of(*sonic, "conv2_5x5");
    CHECK(conv.nonzero_weights == 931);
    CHECK(conv.dense_weights == 50'000);
    REQUIRE(conv.nonzero_per_filter.size() == 100);
    CHECK(conv.nonzero_per_filter[4] == 90);
    CHECK(std::count(conv.nonzero_per_filter.begin(), conv.nonzero_per_filter.end(), 0) == 22);
    CHECK_FALSE(layer_of(*sonic, "relu1").nonzero_weights);

    const std::string header = kHeader + ",nonzero_weights,dense_weights,nonzero_per_filter\n";
    const std::string sparse = "0,c0,SPCONV,input,4,4,1,4,4,2,3,3,1,1,80,5,5,16,32";
    CHECK(read(header + sparse + ",5,18,2;3\n").layers[0].nonzero_per_filter ==
          std::vector<std::int64_t>{2, 3});
    CHECK(only_mistake(header + sparse + ",5,17,2;3\n").message ==
          "layer 'c0' (SPCONV) has 18 weights by its shape, not 17");
    CHECK(only_mistake(header + sparse + ",5,18,2;2\n").message ==
          "layer 'c0': the filters have 4 non-zero weights together, nonzero_weights says 5");
    CHECK(only_mistake(header + sparse + ",5,18,5\n").message ==
          "layer 'c0' has 2 filters, the list 1 counts");
    CHECK(only_mistake(header + sparse + ",5,18,-5;10\n").message ==
          "nonzero_per_filter is -5, outside 0 .. 1000000000000");
    CHECK(only_mistake(header + "0,c0,SPCONV,input,4,4,1,4,4,2,3,3,1,1,80,11,11,16,32,10,18,\n")
              .message ==
          "layer 'c0' has 80 MACs, but 10 non-zero weights at 16 output positions make 160");
    CHECK(only_mistake(header + "0,c0,SPCONV,input,4,4,1,4,4,2,3,3,1,1,80,20,20,16,32,19,,\n")
              .message == "layer 'c0': 19 non-zero weights of 18");
    CHECK(
        only_mistake(header + "0,c0,SPCONV,input,4,4,1,4,4,2,3,3,1,1,80,4,4,16,32,5,,\n").message ==
        "layer 'c0' has 4 parameters, but 5 non-zero weights");
    // Absurd axes are complained about, not multiplied into nonsense.
    CHECK_FALSE(mistakes_of(header + "0,c,CONV,input,1000000,1,1000,1000000,1,1000,1000000,1000000,"
                                     "1,1,1,1,1,1000000000,1000000000,1,,\n")
                    .empty());
}

TEST_CASE("cycles of a named accelerator are read where a layer has them") {
    struct Expected {
        const char* name;
        std::int64_t total;
        std::int64_t softmax;  ///< in the estimator's total, on no layer
    };
    for (const auto& [name, total, softmax] : {Expected{"mlperf_tiny_ad", 402'496, 0},
                                               {"mlperf_tiny_ic", 258'194, 3'958},
                                               {"mlperf_tiny_kws", 92'340, 3'958},
                                               {"mlperf_tiny_vww", 259'954, 4'211}}) {
        const auto network = read_network(name, "", kNetworks, {});
        std::int64_t sum = 0;
        for (const Layer& layer : network->layers) {
            const auto it = layer.cycles.find("ethos_u55_128");
            sum += it == layer.cycles.end() ? 0 : it->second;
        }
        CHECK(sum + softmax == total);
    }
    const auto two = read(kHeader + ",cycles_a,cycles_b\n" + kConv + ",7,\n");
    CHECK(two.layers[0].cycles == std::map<std::string, std::int64_t>{{"a", 7}});
    CHECK(only_mistake(kHeader + ",cycles_a\n" + kConv + ",-1\n").message ==
          "cycles_a is -1, outside 0 .. 1000000000000");
    CHECK(only_mistake(kHeader + ",cycles_\n" + kConv + ",1\n").message ==
          "unknown column 'cycles_' in a network table");
}

TEST_CASE("exits carry an accuracy, and a network with exits has one at its end") {
    const std::string header = kHeader + ",exit_accuracy\n";
    const std::string first = "1,e0,FC,0,1,1,32,1,1,3,1,1,1,1,96,99,108,32,3";
    const std::string last = "2,e1,FC,0,1,1,32,1,1,3,1,1,1,1,96,99,108,32,3";
    const auto network = read(header + kConv + ",\n" + first + ",0.435\n" + last + ",7.675e-1\n");
    CHECK_FALSE(network.layers[0].exit_accuracy);
    CHECK(network.layers[1].exit_accuracy == 0.435);
    CHECK(network.layers[2].exit_accuracy == 0.7675);
    CHECK(only_mistake(header + kConv + ",\n" + first + ",0.5\n" + last + ",\n").message ==
          "a network with exits ends with one, layer 'e1' has no exit_accuracy");
    const auto percent = only_mistake(header + kConv + ",43.5\n");
    CHECK(percent.message == "exit_accuracy is 43.5, outside 0 .. 1");
    CHECK(percent.hint == "a fraction: 0.435?");
    CHECK(only_mistake(header + kConv + ",often\n").message ==
          "exit_accuracy 'often' is not a number");
    CHECK(only_mistake(header + kConv + ",nan\n").message == "exit_accuracy 'nan' is not a number");
}

TEST_CASE("a recurrent layer reads its producer and its state, its readers one state or two") {
    const auto rnn = read_network("budget_rnn_uci_har", "", kNetworks, {});
    const Layer& cell = layer_of(*rnn, "ugrnn_transform");
    CHECK(cell.repeat == Repeat::element);
    CHECK(cell.variant.empty());
    CHECK(elements_read_from(cell) == 20);
    CHECK(layer_of(*rnn, "stop_output").repeat == Repeat::level);
    CHECK(layer_of(*rnn, "fusion").variant == "budget_stride10");

    const std::string header = kHeader + ",repeat\n";
    const std::string embed = "0,e,FC,input,1,1,6,1,1,4,1,1,1,1,24,28,56,12,8,element\n";
    const std::string step = "1,u,UGRNN,0,1,1,10,1,1,12,1,1,1,1,120,132,264,20,24,element\n";
    const std::string out = "2,o,FC,1,1,1,6,1,1,3,1,1,1,1,18,21,42,12,6,level\n";
    CHECK(read(header + embed + step + out).layers[1].repeat == Repeat::element);
    CHECK(only_mistake(header + embed +
                       "1,u,UGRNN,0,1,1,11,1,1,12,1,1,1,1,132,132,264,22,24,element\n")
              .message ==
          "layer 'u' takes 11 elements, its producer 'e' gives 4 and its own state has 6");
    CHECK(only_mistake(header + embed + step + "2,o,FC,1,1,1,7,1,1,3,1,1,1,1,21,24,48,14,6,\n")
              .message == "layer 'o' takes 7 elements, the state of 'u' has 6");
    CHECK(only_mistake(header + embed + step + "2,o,FC,1,1,1,6,1,1,3,1,1,1,1,18,21,42,12,6,often\n")
              .message == "unknown repeat 'often'");
}

TEST_CASE("layers without weights have no parameters, and global pooling leaves one value") {
    CHECK(only_mistake(kHeader + "\n" + kConv + "\n1,r0,RELU,0,4,4,2,4,4,2,,,,,0,3,3,32,32\n")
              .message == "layer 'r0' (RELU) has no parameters of its own, not 3");
    CHECK(only_mistake(kHeader + "\n" + kConv + "\n1,n0,BN,0,4,4,2,4,4,2,,,,,0,8,0,32,32\n")
              .message == "layer 'n0' has 8 parameters in 0 bytes");
    CHECK(
        only_mistake(kHeader + "\n" + kConv + "\n1,g0,GAVGPOOL,0,4,4,2,2,2,2,2,2,2,2,0,0,0,32,8\n")
            .message == "layer 'g0' (GAVGPOOL) gives 1 x 1 x n, not 2 x 2 x 2");
}
