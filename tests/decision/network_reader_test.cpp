// SPDX-License-Identifier: Apache-2.0
// Network tables: what is accepted, and that every mistake is told in one pass at its own place.
#include "sim/scenario/network_reader.hpp"
#include "models/workload/network_check.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

using namespace ebb;

namespace {

const std::string kNetworks = std::string(EBB_SOURCE_DIR) + "/models/workload/networks";
const std::string kHeader =
    "id,name,op,from,in_h,in_w,in_c,out_h,out_w,out_c,kernel_h,kernel_w,stride,stride_w,macs,"
    "params,weight_bytes,input_bytes,output_bytes\n";
const std::string kConv = "0,c0,CONV,input,4,4,1,4,4,2,3,3,1,1,288,20,20,16,32\n";
const std::string kRelu = "1,r0,RELU,0,4,4,2,4,4,2,,,,,0,0,0,32,32\n";
const std::string kDense = "2,d0,FC,1,1,1,32,1,1,3,1,1,1,1,96,99,108,32,3\n";

std::vector<Mistake> mistakes_of(const std::string& text) {
    try {
        (void)parse_network(text, "t", "t.csv");
    } catch (const InputError& error) {
        return error.mistakes();
    }
    return {};
}

/// The one mistake of a table; fails if there are more or none.
Mistake only_mistake(const std::string& text) {
    const auto all = mistakes_of(text);
    INFO(text);
    REQUIRE(all.size() == 1);
    return all.front();
}

std::int64_t total_macs(const Network& network) {
    return std::accumulate(network.layers.begin(), network.layers.end(), std::int64_t{0},
                           [](std::int64_t sum, const Layer& l) { return sum + l.macs; });
}

}  // namespace

TEST_CASE("every shipped network reads, and has the MACs and parameters that its source states") {
    struct Expected {
        const char* name;
        std::int64_t macs;
        std::int64_t params;  ///< 0: not stated
    };
    const std::vector<Expected> all = {
        {"budget_rnn_uci_har", 4'088, 0},
        {"camaroptera_lenet", 135'768, 25'166},
        {"dynbal_cifar10_cnn", 4'548'608, 122'570},
        {"dynbal_har_cnn", 297'216, 13'848},
        {"dynbal_kws_dnn_s", 79'200, 79'644},
        {"hawaii_lenet_mnist", 1'609'600, 62'100},
        {"inas_cifar_cap005_ts1", 3'571'920, 0},
        {"inas_har_cap005_ts1", 283'584, 0},
        {"inas_kws_cap005_ts1", 31'968, 0},
        {"iprune_kws_cnn_s", 2'352'896, 64'948},
        {"mlperf_tiny_ad", 264'192, 265'864},
        {"mlperf_tiny_ic", 12'501'632, 77'706},
        {"mlperf_tiny_kws", 2'656'768, 22'604},
        {"mlperf_tiny_sww", 826'368, 46'883},
        {"mlperf_tiny_vww", 7'489'664, 210'850},
        {"nodpa_har", 380'295, 12'021},
        {"nodpa_kws", 632'581, 38'073},
        {"nodpa_resnet10_cifar10", 5'620'112, 12'178},
        {"sonic_lenet_mnist", 212'412, 0},
        {"squeezenet_cifar10", 3'876'032, 73'546},
        {"tinas_har_lat_perc25", 104'288, 0},
    };
    std::vector<std::string> names;
    for (const auto& expected : all) {
        names.emplace_back(expected.name);
        INFO(expected.name);
        const auto network = read_network(expected.name, "", kNetworks, {});
        CHECK(network->name == expected.name);
        CHECK_FALSE(network->source.empty());
        CHECK(network->source.find("SPDX") == std::string::npos);
        CHECK(network->source.find(" @") != std::string::npos);
        CHECK(total_macs(*network) == expected.macs);
        std::int64_t params = 0;
        for (const auto& layer : network->layers) {
            params += layer.params;
        }
        if (expected.params > 0) {
            CHECK(params == expected.params);
        }
    }
    CHECK(network_names(kNetworks) == names);
}

TEST_CASE("a table reads into layers with producers, shapes, strides and counts") {
    const auto network =
        parse_network("# from a paper\n" + kHeader + kConv + kRelu + kDense, "tiny", "tiny.csv");
    REQUIRE(network.layers.size() == 3);
    CHECK(network.source == "from a paper");
    const auto& conv = network.layers[0];
    CHECK(conv.from == std::vector<int>{-1});
    CHECK(conv.op == LayerOp::conv);
    CHECK(conv.out.elements() == 32);
    CHECK(conv.macs == 288);
    CHECK(network.layers[1].kernel_h == 1);
    CHECK(network.layers[2].from == std::vector<int>{1});
    CHECK(network.layers[2].op == LayerOp::fc);
}

TEST_CASE("byte order mark, CRLF, blank lines and spaces do not change a network table") {
    std::string text = kHeader + kConv + kRelu;
    const auto plain = parse_network(text, "t", "t.csv");
    std::string odd = "\xEF\xBB\xBF\n";
    for (const char c : text) {
        odd += c == '\n' ? std::string("\r\n") : c == ',' ? std::string(" , ") : std::string(1, c);
    }
    const auto same = parse_network(odd + "\r\n\r\n", "t", "t.csv");
    REQUIRE(same.layers.size() == plain.layers.size());
    CHECK(same.layers[0].macs == plain.layers[0].macs);
    CHECK(same.layers[1].op_text == "RELU");
}

TEST_CASE("every mistake of a network table is told in one pass, at its line and column") {
    const std::string text = "# c\n" + kHeader +
                             "0,c0,CONVV,input,4,x,1,4,4,2,3,3,1,1,288,20,20,16,32\n"
                             "1,,RELU,,4,4,2,4,4,2,,,,,-1,0,0,32,32\n";
    const auto all = mistakes_of(text);
    REQUIRE(all.size() == 5);
    CHECK(all[0].message == "unknown op 'CONVV'");
    CHECK(all[0].hint == "did you mean 'CONV'?");
    CHECK(all[0].place.file == "t.csv");
    CHECK(all[0].place.line == 3);
    CHECK(all[0].place.column == 6);
    CHECK(all[0].place.length == 5);
    CHECK(all[1].message == "in_w 'x' is not a whole number");
    CHECK(all[1].place.column == 20);
    CHECK(all[2].message == "name is missing");
    CHECK(all[3].message == "from is missing");
    CHECK(all[4].message == "macs is -1, outside 0 .. 1000000000000");
    CHECK(all[4].place.line == 4);
    CHECK(all[4].place.excerpt == "1,,RELU,,4,4,2,4,4,2,,,,,-1,0,0,32,32");
}

TEST_CASE("a network table without its header's columns is refused with the nearest name") {
    auto header = kHeader;
    header.replace(header.find("macs"), 4, "mac");
    const auto all = mistakes_of(header + kConv);
    REQUIRE(all.size() == 2);
    CHECK(all[0].message == "unknown column 'mac' in a network table");
    CHECK(all[0].hint == "did you mean 'macs'?");
    CHECK(all[1].message == "column 'macs' is missing");
    CHECK(only_mistake("").message == "the network table is empty");
    CHECK(only_mistake(kHeader).message == "the network table has no layers");
    CHECK(only_mistake(kHeader + "0,c0,CONV\n").message ==
          "the row has 3 cells, the header has 19");
}

TEST_CASE("ids are unique, producers exist and come before their readers") {
    CHECK(only_mistake(kHeader + kConv + "0,r0,RELU,0,4,4,2,4,4,2,,,,,0,0,0,32,32\n").message ==
          "id 0 is used twice (first by layer 'c0')");
    CHECK(only_mistake(kHeader + kConv + "1,r0,RELU,7,4,4,2,4,4,2,,,,,0,0,0,32,32\n").message ==
          "layer 'r0' reads layer 7, which does not exist");
    const auto late = only_mistake(kHeader + kConv + kDense + kRelu);
    CHECK(late.message == "layer 'd0' reads a layer that does not come before it");
    CHECK(late.hint == "rows in the order 0, 1, 2 would do");
    CHECK(late.place.line == 3);
    const auto circle = mistakes_of(kHeader + "0,a,RELU,1,4,4,2,4,4,2,,,,,0,0,0,32,32\n" +
                                    "1,b,RELU,0,4,4,2,4,4,2,,,,,0,0,0,32,32\n");
    REQUIRE(circle.size() == 1);
    CHECK(circle[0].hint == "the layers read each other in a circle");
}

TEST_CASE("shapes agree along the edges of a network") {
    const auto fc =
        only_mistake(kHeader + kConv + kRelu + "2,d0,FC,1,1,1,31,1,1,3,1,1,1,1,93,96,105,31,3\n");
    CHECK(fc.message == "layer 'd0' takes 1 x 1 x 31, its producer 'r0' gives 4 x 4 x 2");
    CHECK(fc.hint == "the element counts must agree");
    CHECK(only_mistake(kHeader + kConv + "1,r0,RELU,0,4,4,2,4,4,1,,,,,0,0,0,32,16\n").message ==
          "layer 'r0' (RELU) keeps its shape: 4 x 4 x 2 in, 4 x 4 x 1 out");
    CHECK(only_mistake(kHeader + "0,c0,CONV,input,9,9,1,3,9,2,3,3,1,1,400,20,20,81,54\n").message ==
          "layer 'c0': out_h is 3, but a kernel of 3 at stride 1 over 9 leaves 7 to 9");
    CHECK(only_mistake(kHeader + "0,d,FC,input,4,4,2,1,1,3,1,1,1,1,96,99,108,32,3\n").message ==
          "layer 'd' (FC): kernel 1 x 1 must span the input 4 x 4");
    CHECK(only_mistake(kHeader + kConv + "1,s,ADD,0,4,4,2,4,4,2,,,,,0,0,0,32,32\n").message ==
          "ADD reads two or more layers, layer 's' names 1");
    CHECK(only_mistake(kHeader + kConv + kRelu + "2,j,CONCAT,0;1,4,4,2,4,4,5,,,,,0,0,0,32,80\n")
              .message == "layer 'j' gives 5 channels, its producers have 4 together");
    CHECK(
        only_mistake(kHeader + kConv + "1,p,MAXPOOL,0,4,4,2,2,2,4,2,2,2,2,0,0,0,32,16\n").message ==
        "layer 'p' (MAXPOOL) turns 2 channels into 4");
}

TEST_CASE("counts that a layer cannot have are refused") {
    CHECK(only_mistake(kHeader + "0,c0,CONV,input,4,4,1,4,4,2,3,3,1,1,289,20,20,16,32\n").message ==
          "layer 'c0' has 289 MACs, more than the 288 of a dense CONV");
    CHECK(only_mistake(kHeader + kConv + "1,r0,RELU,0,4,4,2,4,4,2,,,,,5,0,0,32,32\n").message ==
          "layer 'r0' (RELU) has no MACs of its own, not 5");
    CHECK(only_mistake(kHeader + kConv + "1,r0,RELU,0,4,4,2,4,4,2,,,,,0,0,0,32,64\n").message ==
          "layer 'r0': output_bytes is 64, but 32 elements of 1 B are 32 B");
    CHECK(only_mistake(kHeader + "0,c0,CONV,input,4,4,1,4,4,2,3,3,1,1,288,20,20,15,32\n").message ==
          "layer 'c0': 16 elements in 15 B is not 1 B to 16 B each");
    const auto absurd =
        mistakes_of(kHeader + "0,c,CONV,input,1000000,1000000,1000000,1,1,1,1,1,1,1,0,1,1,1,1\n");
    REQUIRE(absurd.size() == 1);
    CHECK(absurd[0].message == "1000000 x 1000000 x 1000000 is more than 1000000000 elements");
}

TEST_CASE("an unknown network is refused with the nearest name and the list, a path is followed") {
    const Place where{"s.yaml", 9, 3, "  network: mlperf_tiny_kvs", 15};
    try {
        (void)read_network("mlperf_tiny_kvs", "", kNetworks, where);
        FAIL("was accepted");
    } catch (const InputError& error) {
        const auto& m = error.mistakes().front();
        CHECK(m.message == "unknown network 'mlperf_tiny_kvs'");
        CHECK(m.hint == "did you mean 'mlperf_tiny_kws'?");
        CHECK(m.note.find("hawaii_lenet_mnist, inas_cifar_cap005_ts1") != std::string::npos);
        CHECK(m.place.line == 9);
    }
    const auto own = read_network("./mlperf_tiny_ad.csv", kNetworks, "/nowhere", where);
    CHECK(own->name == "mlperf_tiny_ad");
    CHECK_THROWS_AS(read_network("missing.csv", kNetworks, kNetworks, where), InputError);
    CHECK_THROWS_AS(read_network("../networks", kNetworks, kNetworks, where), InputError);
}

TEST_CASE("the tables of published networks read as they are, and the shipped ones restate them") {
    const char* data = std::getenv("EBB_TEST_DATA");
    if (data == nullptr) {
        WARN("skipped: EBB_TEST_DATA is not set, would read data/networks/*.csv");
        return;
    }
    const auto folder = std::filesystem::path(data) / "data" / "networks";
    int read = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const auto name = entry.path().stem().string();
        if (name == "sonic_lenet_conv2_nnz") {
            continue;  // a list of counts, no table of layers
        }
        INFO(name);
        const auto theirs = read_network(entry.path().string(), "", "", {});
        const auto ours = read_network(name, "", kNetworks, {});
        ++read;
        REQUIRE(ours->layers.size() == theirs->layers.size());
        for (std::size_t i = 0; i < ours->layers.size(); ++i) {
            const Layer& a = ours->layers[i];
            const Layer& b = theirs->layers[i];
            INFO(a.name);
            CHECK(a.name == b.name);
            CHECK(a.op_text == b.op_text);
            CHECK(a.from == b.from);
            CHECK(a.in.elements() == b.in.elements());
            CHECK(a.out.elements() == b.out.elements());
            CHECK(a.macs == b.macs);
            CHECK(a.params == b.params);
            CHECK(a.weight_bytes == b.weight_bytes);
            CHECK(a.plan.has_value() == b.plan.has_value());
            CHECK(a.cycles == b.cycles);
            CHECK(a.nonzero_weights == b.nonzero_weights);
            CHECK(a.repeat == b.repeat);
            CHECK(a.variant == b.variant);
        }
    }
    CHECK(read == 21);
}
