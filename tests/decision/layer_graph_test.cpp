// SPDX-License-Identifier: Apache-2.0
// The layers of a network as a graph: order, lives, memory, cuts. Random graphs against counting.
#include "models/core/error.hpp"
#include "models/workload/graph.hpp"
#include "sim/scenario/network_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <string>

using namespace ebb;

namespace {

const std::string kNetworks = std::string(EBB_SOURCE_DIR) + "/models/workload/networks";

Layer layer(int id, std::vector<int> from, std::int64_t out_bytes, std::int64_t in_bytes = 1) {
    Layer l;
    l.id = id;
    l.name = "l" + std::to_string(id);
    l.from = std::move(from);
    l.input_bytes = in_bytes;
    l.output_bytes = out_bytes;
    return l;
}

/// Each layer reads one to three earlier ones, or the input; ids are not positions.
Network random_network(std::mt19937& dice) {
    Network network;
    network.name = "random";
    const int layers = std::uniform_int_distribution<int>(1, 14)(dice);
    for (int i = 0; i < layers; ++i) {
        std::vector<int> from;
        const int count = std::uniform_int_distribution<int>(1, 3)(dice);
        for (int k = 0; k < count; ++k) {
            const int back = std::uniform_int_distribution<int>(1, 5)(dice);
            from.push_back(i - back < 0 ? kNetworkInput : 7 * (i - back) + 3);
        }
        network.layers.push_back(layer(7 * i + 3, from,
                                       std::uniform_int_distribution<int>(1, 99)(dice),
                                       std::uniform_int_distribution<int>(1, 99)(dice)));
    }
    return network;
}

bool reads(const Layer& l, int id) {
    return std::find(l.from.begin(), l.from.end(), id) != l.from.end();
}

/// Ids of the tensors that must exist while layer `s` of the (ordered) network runs, by going
/// through all that still runs: what is written by then and read at s or later, or by nobody.
std::set<int> alive_in(const Network& n, std::size_t s) {
    std::set<int> alive;
    for (int written = -1; written <= static_cast<int>(s); ++written) {
        const int id = written < 0 ? kNetworkInput : n.layers[static_cast<std::size_t>(written)].id;
        bool read_later = written == static_cast<int>(s);
        bool read_ever = false;
        for (std::size_t k = 0; k < n.layers.size(); ++k) {
            read_ever = read_ever || reads(n.layers[k], id);
            read_later = read_later || (k >= s && reads(n.layers[k], id));
        }
        if (read_later || (!read_ever && id != kNetworkInput)) {
            alive.insert(id);
        }
    }
    return alive;
}

std::int64_t bytes_of(const Network& n, int id) {
    std::int64_t bytes = 0;
    for (const Layer& l : n.layers) {
        if (id == kNetworkInput && reads(l, id)) {
            bytes = std::max(bytes, l.input_bytes);
        } else if (l.id == id) {
            bytes = l.output_bytes;
        }
    }
    return bytes;
}

std::int64_t bytes_of(const Network& n, const std::set<int>& ids) {
    std::int64_t sum = 0;
    for (const int id : ids) {
        sum += bytes_of(n, id);
    }
    return sum;
}

std::string message_of(const Network& network) {
    try {
        (void)LayerGraph(network);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a table in a valid order keeps it, any other is put into the nearest by rows") {
    std::mt19937 dice(20240601);
    for (int round = 0; round < 200; ++round) {
        Network network = random_network(dice);
        INFO("round " << round);
        const LayerGraph straight(network);
        for (std::size_t s = 0; s < straight.size(); ++s) {
            CHECK(straight.order()[s] == s);
        }
        std::shuffle(network.layers.begin(), network.layers.end(), dice);
        const LayerGraph graph(network);
        REQUIRE(graph.order().size() == network.layers.size());
        std::set<int> done{kNetworkInput};
        for (const std::size_t chosen : graph.order()) {
            // The first row that is not done and whose producers are.
            std::size_t first = 0;
            const auto ready = [&](const Layer& l) {
                return done.count(l.id) == 0 &&
                       std::all_of(l.from.begin(), l.from.end(),
                                   [&](int from) { return done.count(from) > 0; });
            };
            while (!ready(network.layers[first])) {
                ++first;
            }
            CHECK(chosen == first);
            done.insert(network.layers[first].id);
        }
        const Network sorted = in_order(network);
        for (std::size_t s = 0; s < sorted.layers.size(); ++s) {
            CHECK(sorted.layers[s].id == network.layers[graph.order()[s]].id);
        }
    }
}

TEST_CASE("what a graph cannot be is said with the names of the layers") {
    Network n;
    n.name = "n";
    n.layers = {layer(0, {kNetworkInput, 3}, 1), layer(1, {0}, 1), layer(2, {1}, 1),
                layer(3, {2, 0}, 1), layer(4, {3}, 1)};
    CHECK(message_of(n) ==
          "network 'n': layers read each other in a circle: 'l0' to 'l1' to 'l2' "
          "to 'l3' to 'l0'");
    n.layers = {layer(0, {kNetworkInput}, 1), layer(1, {1}, 1)};
    CHECK(message_of(n) == "network 'n': layers read each other in a circle: 'l1' to 'l1'");
    n.layers = {layer(0, {kNetworkInput}, 1), layer(1, {5}, 1)};
    CHECK(message_of(n) == "network 'n': layer 'l1' reads layer 5, which does not exist");
    n.layers = {layer(0, {kNetworkInput}, 1), layer(0, {0}, 1)};
    CHECK(message_of(n) == "network 'n': id 0 is used twice");
}

TEST_CASE("lives, memory per step and cuts are those of going through every later layer") {
    std::mt19937 dice(7);
    for (int round = 0; round < 300; ++round) {
        const Network network = random_network(dice);
        INFO("round " << round);
        const LayerGraph graph(network);
        const auto steps = memory_by_step(graph);
        const auto cuts = cuts_between(graph);
        REQUIRE(steps.size() == network.layers.size());
        REQUIRE(cuts.size() + 1 == network.layers.size());
        std::int64_t most_live = 0;
        std::int64_t most_in_out = 0;
        for (std::size_t s = 0; s < steps.size(); ++s) {
            const auto alive = alive_in(network, s);
            CHECK(steps[s].live_bytes == bytes_of(network, alive));
            const Layer& own = network.layers[s];
            const std::set<int> operands(own.from.begin(), own.from.end());
            CHECK(steps[s].in_bytes == std::max(bytes_of(network, operands), own.input_bytes));
            CHECK(steps[s].out_bytes == own.output_bytes);
            most_live = std::max(most_live, steps[s].live_bytes);
            most_in_out = std::max(most_in_out, steps[s].in_bytes + steps[s].out_bytes);
            if (s + 1 < steps.size()) {
                // Across the border goes what lives in the next step but is not born there.
                auto across = alive_in(network, s + 1);
                across.erase(network.layers[s + 1].id);
                CHECK(cuts[s].after == s);
                CHECK(std::set<int>(cuts[s].tensors.begin(), cuts[s].tensors.end()) == across);
                CHECK(cuts[s].bytes == bytes_of(network, across));
            }
        }
        CHECK(peak_live(steps).bytes == most_live);
        CHECK(peak_in_out(steps).bytes == most_in_out);
    }
}

TEST_CASE("tensors alive at the same time never share bytes of the arena") {
    std::mt19937 dice(99);
    for (int round = 0; round < 300; ++round) {
        const Network network = random_network(dice);
        INFO("round " << round);
        auto tensors = tensor_lives(network);
        const std::int64_t arena = place_in_arena(tensors);
        std::int64_t all = 0;
        for (const TensorLife& a : tensors) {
            all += a.bytes;
            CHECK(a.lo >= 0);
            CHECK(a.lo + a.bytes <= arena);
            for (const TensorLife& b : tensors) {
                const bool together = a.first <= b.last && b.first <= a.last;
                const bool overlap = a.lo < b.lo + b.bytes && b.lo < a.lo + a.bytes;
                CHECK((a.layer == b.layer || !(together && overlap)));
            }
        }
        CHECK(arena >= peak_live(memory_by_step(LayerGraph(network))).bytes);
        CHECK(arena <= all);
    }
}

TEST_CASE("the largest input and output of a layer is that of published networks") {
    struct Expected {
        const char* name;
        std::int64_t bytes;
        const char* layer;
    };
    for (const auto& [name, bytes, at] : {Expected{"mlperf_tiny_ad", 768, "fc_0"},
                                          {"mlperf_tiny_ic", 49'152, "add_3"},
                                          {"mlperf_tiny_kws", 16'000, "dwconv_1"},
                                          {"mlperf_tiny_vww", 55'296, "conv_2"},
                                          {"mlperf_tiny_sww", 6'656, "dwconv_2"}}) {
        INFO(name);
        const auto network = read_network(name, "", kNetworks, {});
        const LayerGraph graph(*network);
        const MemoryPeak peak = peak_in_out(memory_by_step(graph));
        CHECK(peak.bytes == bytes);
        CHECK(graph.layer(peak.layer).name == at);
    }
}

TEST_CASE("a skip connection makes the live tensors more than a layer's own") {
    const auto network = read_network("mlperf_tiny_ic", "", kNetworks, {});
    const LayerGraph graph(*network);
    const auto steps = memory_by_step(graph);
    // conv_2: its input, its output, and the output of conv_0 that add_3 still needs.
    CHECK(steps[2].in_bytes + steps[2].out_bytes == 32'768);
    CHECK(steps[2].live_bytes == 49'152);
    const auto cuts = cuts_between(graph);
    CHECK(cuts[1].tensors == std::vector<int>{0, 1});
    CHECK(cuts[3].tensors == std::vector<int>{3});
    CHECK(cuts[3].bytes == 16'384);
}

TEST_CASE(
    "a gating head needs the map that it pools, and the input is as large as its readers say") {
    const auto network = read_network("nodpa_har", "", kNetworks, {});
    const LayerGraph graph(*network);
    const auto tensors = tensor_lives(graph);
    CHECK(tensors[0].bytes == 2304);  // not the 18 B of the pooled row
    const auto steps = memory_by_step(graph);
    CHECK(steps[0].in_bytes == 2304);
    CHECK(steps[6].in_bytes == 2304);  // conv2_head pools pool1
    // What the head finds is gone once the convolution behind it has run.
    CHECK(steps[1].live_bytes == 2304 + 10 + 4608);
    CHECK(steps[2].live_bytes == 4608 + 4608);
    const auto resnet = read_network("nodpa_resnet10_cifar10", "", kNetworks, {});
    CHECK(peak_live(memory_by_step(LayerGraph(*resnet))).bytes == 65'536);
}
