// SPDX-License-Identifier: Apache-2.0
// Branches, skip connections and exits of a network: named ones, and random graphs by enumeration.
#include "models/workload/branches.hpp"
#include "sim/scenario/network_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <string>

using namespace ebb;

namespace {

const std::string kNetworks = std::string(EBB_SOURCE_DIR) + "/models/workload/networks";

Layer layer(int id, std::vector<int> from, const std::string& op = "RELU") {
    Layer l;
    l.id = id;
    l.name = "l" + std::to_string(id);
    l.op_text = op;
    l.from = std::move(from);
    return l;
}

Network random_network(std::mt19937& dice) {
    Network network;
    const int layers = std::uniform_int_distribution<int>(2, 10)(dice);
    for (int i = 0; i < layers; ++i) {
        std::vector<int> from;
        const int count = std::uniform_int_distribution<int>(1, 2)(dice);
        for (int k = 0; k < count; ++k) {
            const int back = std::uniform_int_distribution<int>(1, 3)(dice);
            from.push_back(i - back < 0 ? kNetworkInput : i - back);
        }
        network.layers.push_back(layer(i, from));
        if (std::uniform_int_distribution<int>(0, 3)(dice) == 0) {
            network.layers.back().exit_accuracy = 0.5;
        }
    }
    return network;
}

/// Every way from an output to an end of the network, as lists of layers.
void ways_from(const LayerGraph& graph, int from, std::vector<int>& way,
               const std::function<void(const std::vector<int>&)>& found) {
    bool is_end = true;
    for (std::size_t i = 0; i < graph.size(); ++i) {
        const auto& reads = graph.layer(i).from;
        if (std::find(reads.begin(), reads.end(), from) != reads.end()) {
            is_end = false;
            way.push_back(static_cast<int>(i));
            ways_from(graph, static_cast<int>(i), way, found);
            way.pop_back();
        }
    }
    if (is_end) {
        found(way);
    }
}

bool direct(const LayerGraph& graph, int from, std::size_t to) {
    const auto& reads = graph.layer(to).from;
    return std::find(reads.begin(), reads.end(), from) != reads.end();
}

const Layer& at(const LayerGraph& graph, std::size_t i) { return graph.layer(i); }

}  // namespace

TEST_CASE("forks close where all ways meet, and skips go around: random graphs by enumeration") {
    std::mt19937 dice(42);
    int closed = 0;
    int skipped = 0;
    for (int round = 0; round < 300; ++round) {
        INFO("round " << round);
        const Network network = random_network(dice);
        const LayerGraph graph(network);
        const auto all_forks = forks(graph);
        const auto all_skips = skips(graph);
        std::size_t seen_forks = 0;
        std::size_t seen_skips = 0;
        for (int from = kNetworkInput; from < static_cast<int>(graph.size()); ++from) {
            std::optional<std::set<int>> common;
            std::vector<std::size_t> longest(graph.size(), 0);
            std::size_t readers = 0;
            std::vector<int> way;
            ways_from(graph, from, way, [&](const std::vector<int>& w) {
                const std::set<int> here(w.begin(), w.end());
                std::set<int> both;
                if (common) {
                    std::set_intersection(common->begin(), common->end(), here.begin(), here.end(),
                                          std::inserter(both, both.begin()));
                }
                common = common ? both : here;
                for (std::size_t k = 0; k < w.size(); ++k) {
                    auto& most = longest[static_cast<std::size_t>(w[k])];
                    most = std::max(most, k);
                }
            });
            for (std::size_t i = 0; i < graph.size(); ++i) {
                readers += direct(graph, from, i) ? 1 : 0;
                if (direct(graph, from, i) && longest[i] > 0) {
                    ++seen_skips;
                    const auto it =
                        std::find_if(all_skips.begin(), all_skips.end(), [&](const Skip& s) {
                            return s.to == i && (s.from ? static_cast<int>(*s.from) : -1) == from;
                        });
                    REQUIRE(it != all_skips.end());
                    CHECK(it->over == longest[i]);
                }
            }
            if (readers < 2) {
                continue;
            }
            ++seen_forks;
            const auto it = std::find_if(all_forks.begin(), all_forks.end(), [&](const Fork& f) {
                return (f.from ? static_cast<int>(*f.from) : -1) == from;
            });
            REQUIRE(it != all_forks.end());
            CHECK(it->readers.size() == readers);
            // On a way the layers' numbers grow, so the first common one is the smallest.
            CHECK(it->join.has_value() == !common->empty());
            if (!common->empty()) {
                CHECK(static_cast<int>(*it->join) == *common->begin());
                ++closed;
            }
        }
        CHECK(all_forks.size() == seen_forks);
        CHECK(all_skips.size() == seen_skips);
        skipped += static_cast<int>(seen_skips);
    }
    CHECK(closed > 100);
    CHECK(skipped > 100);
}

TEST_CASE("for an exit run the layers that it needs and no others: random graphs by enumeration") {
    std::mt19937 dice(43);
    int compared = 0;
    for (int round = 0; round < 200; ++round) {
        INFO("round " << round);
        const Network network = random_network(dice);
        const LayerGraph graph(network);
        const std::function<bool(std::size_t, std::size_t)> needs = [&](std::size_t end,
                                                                        std::size_t i) {
            return end == i || std::any_of(graph.producers(end).begin(), graph.producers(end).end(),
                                           [&](std::size_t p) { return needs(p, i); });
        };
        std::set<std::size_t> before;
        std::size_t stated = 0;
        for (const Exit& exit : exits(graph)) {
            if (!exit.accuracy) {
                CHECK(exit.layers.size() == graph.size());
                continue;
            }
            ++stated;
            std::vector<std::size_t> expected;
            std::vector<std::size_t> fresh;
            for (std::size_t i = 0; i < graph.size(); ++i) {
                if (needs(exit.end, i)) {
                    expected.push_back(i);
                    if (before.insert(i).second) {
                        fresh.push_back(i);
                    }
                }
            }
            CHECK(exit.layers == expected);
            CHECK(exit.then_runs == fresh);
            ++compared;
        }
        const auto marked = std::count_if(network.layers.begin(), network.layers.end(),
                                          [](const Layer& l) { return l.exit_accuracy; });
        CHECK(stated == static_cast<std::size_t>(marked));
    }
    CHECK(compared > 200);
}

TEST_CASE("ResNet8 forks at its blocks, with one skip that is an edge and two that convolve") {
    const auto network = read_network("mlperf_tiny_ic", "", kNetworks, {});
    const LayerGraph graph(*network);
    const auto all = forks(graph);
    REQUIRE(all.size() == 3);
    CHECK(at(graph, *all[0].from).name == "conv_0");
    CHECK(at(graph, *all[0].join).name == "add_3");
    CHECK(at(graph, *all[1].from).name == "add_3");
    CHECK(at(graph, *all[1].join).name == "add_7");
    CHECK(at(graph, *all[2].join).name == "add_11");
    const auto around = skips(graph);
    REQUIRE(around.size() == 1);
    CHECK(at(graph, *around[0].from).name == "conv_0");
    CHECK(at(graph, around[0].to).name == "add_3");
    CHECK(around[0].over == 2);
}

TEST_CASE("gating heads lead nowhere, run with the layer that they gate, and close no fork") {
    const auto network = read_network("nodpa_resnet10_cifar10", "", kNetworks, {});
    const LayerGraph graph(*network);
    const auto all = forks(graph);
    REQUIRE(all.size() == 4);  // one per block: head, first convolution, skip
    CHECK(at(graph, *all[0].from).name == "relu");
    CHECK(all[0].readers.size() == 3);
    CHECK(at(graph, *all[0].join).name == "l0b0_add");
    CHECK(at(graph, *all[3].join).name == "l1b1_add");

    // Two exits: the first leaves after l0, before the head of the block behind it.
    Network two = *network;
    Layer exit = two.layers[29];
    exit.id = 30;
    exit.name = "early";
    exit.from = {14};
    exit.exit_accuracy = 0.6;
    two.layers.back().exit_accuracy = 0.8;
    two.layers.insert(two.layers.begin() + 15, exit);
    const LayerGraph with_exits(two);
    const auto ends = exits(with_exits);
    REQUIRE(ends.size() == 2);
    const auto runs = [&](const Exit& e, const std::string& name) {
        return std::any_of(e.layers.begin(), e.layers.end(),
                           [&](std::size_t i) { return at(with_exits, i).name == name; });
    };
    CHECK(ends[0].accuracy == 0.6);
    CHECK(runs(ends[0], "l0b1_head"));
    CHECK_FALSE(runs(ends[0], "l1b0_head"));
    CHECK(ends[0].layers.size() == 16);
    CHECK_FALSE(runs(ends[1], "early"));
    CHECK(runs(ends[1], "l1b1_head"));
    CHECK(ends[1].layers.size() == 30);
    CHECK(ends[1].then_runs.size() == 15);
    // With an exit in between, the ways from its fork end apart.
    const auto open = forks(with_exits);
    CHECK_FALSE(open[2].join);
}
