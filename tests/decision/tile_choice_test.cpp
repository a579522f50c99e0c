// SPDX-License-Identifier: Apache-2.0
// Does the search find the best tiles, say why, and say what is missing if there are none?
#include "models/workload/tile_choice.hpp"
#include "models/workload/nvm_need.hpp"
#include "models/workload/tile_rules.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <tuple>
#include <vector>

using namespace ebb;

namespace {

const std::string kPlatforms = std::string(EBB_SOURCE_DIR) + "/models/workload/platforms";
const std::string kNetworks = std::string(EBB_SOURCE_DIR) + "/models/workload/networks";

OperationTable table_of(const std::string& platform) {
    return *read_platform(platform, "", kPlatforms, {})->operations;
}

struct Brute {
    std::vector<TileCandidate> fitting;  ///< sorted, best first
    std::int64_t candidates = 0, over_memory = 0, over_energy = 0;
    std::int64_t least_vm_bytes = std::numeric_limits<std::int64_t>::max();
};

/// Every size, every order, every batch; nothing skipped.
Brute brute_force(const LayerShape& shape, const TileModel& model, const TileQuestion& q) {
    Brute out;
    const bool every = q.candidates == TileCandidates::every;
    const MapShape& map = tile_rules(shape.kind).over_input ? shape.in : shape.out;
    const std::int64_t most_n = tile_rules(shape.kind).sums_channels ? shape.in.c : 1;
    const auto takes = [&](std::int64_t size, std::int64_t of) { return every || of % size == 0; };
    for (std::int64_t r = 1; r <= map.h; ++r) {
        for (std::int64_t c = 1; c <= map.w; ++c) {
            for (std::int64_t m = 1; m <= shape.out.c; ++m) {
                for (std::int64_t n = 1; n <= most_n; ++n) {
                    if (!takes(r, map.h) || !takes(c, map.w) || !takes(m, shape.out.c) ||
                        !takes(n, most_n)) {
                        continue;
                    }
                    for (const Reuse reuse : reuses_of(shape.kind)) {
                        TilePlan plan{r, c, m, n, reuse, 1};
                        const std::int64_t limit = q.supply ? batch_limit(shape, plan) : 1;
                        for (plan.batch = 1; plan.batch <= limit; ++plan.batch) {
                            if (limit % plan.batch != 0) {
                                continue;
                            }
                            ++out.candidates;
                            TileCandidate x{plan, model.cost(shape, plan), 0.0};
                            out.least_vm_bytes = std::min(out.least_vm_bytes, x.cost.vm_bytes);
                            if (x.cost.vm_bytes > q.vm_bytes) {
                                ++out.over_memory;
                                continue;
                            }
                            const bool latency = q.objective == TileObjective::latency;
                            if (q.supply) {
                                const FormulaOnStore store = on_store(x.cost, *q.supply);
                                if (!store.safe) {
                                    ++out.over_energy;
                                    continue;
                                }
                                x.value = latency ? store.latency_s.value() : store.energy_j;
                            } else {
                                x.value = latency ? x.cost.continuous_total.latency_s
                                                  : x.cost.continuous_total.energy_j;
                            }
                            out.fitting.push_back(x);
                        }
                    }
                }
            }
        }
    }
    std::sort(out.fitting.begin(), out.fitting.end(), [](const auto& a, const auto& b) {
        const auto key = [](const TileCandidate& x) {
            return std::tuple(x.value, x.cost.vm_bytes, x.plan.r, x.plan.c, x.plan.m, x.plan.n,
                              x.plan.batch, static_cast<int>(x.plan.reuse));
        };
        return key(a) < key(b);
    });
    return out;
}

auto key_of(const TilePlan& p) {
    return std::tuple(p.r, p.c, p.m, p.n, p.batch, static_cast<int>(p.reuse));
}

LayerShape conv(std::int64_t h, std::int64_t w, std::int64_t n, std::int64_t m, std::int64_t kh,
                std::int64_t kw) {
    return {TileKind::conv, {h, w, n}, {h - kh + 1, w - kw + 1, m}, kh, kw, 1, 1};
}

/// A small layer of any kind, from a seed.
LayerShape any_layer(std::mt19937& random) {
    const auto at_most = [&](std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>(1, most)(random);
    };
    LayerShape s =
        conv(at_most(6) + 2, at_most(4) + 2, at_most(6), at_most(6), at_most(3), at_most(3));
    s.kind = static_cast<TileKind>(at_most(static_cast<std::int64_t>(kTileKinds)) - 1);
    if (s.kind != TileKind::conv) {
        s.in.c = s.out.c;
    }
    if (s.kind == TileKind::global_pool) {
        s.out.h = s.out.w = 1;
    } else if (s.kind != TileKind::conv && s.kind != TileKind::depthwise) {
        s.in = s.out;
    }
    return s;
}

}  // namespace

TEST_CASE("the search finds what brute force finds: the best, the next, and every exclusion") {
    const OperationTable table = table_of("msp430fr5994_extfram_tinas");
    const TileModel model(table);
    std::mt19937 random(20240127);
    std::size_t none = 0, limited = 0;
    for (int i = 0; i < 120; ++i) {
        const LayerShape shape = any_layer(random);
        TileQuestion q;
        q.vm_bytes = std::uniform_int_distribution<std::int64_t>(8, 600)(random);
        if (i % 3 != 0) {
            q.supply = formula_supply(*table.supply);
            q.supply->capacitance_f = std::uniform_real_distribution<double>(20e-6, 120e-6)(random);
        }
        q.objective = i % 2 == 0 ? TileObjective::latency : TileObjective::energy;
        const Brute brute = brute_force(shape, model, q);
        const TileChoice choice = choose_tiles(shape, model, q);
        INFO("layer " << i << " (" << name_of(shape.kind) << "): " << choice.reason);
        CHECK(choice.candidates == brute.candidates);
        CHECK(choice.over_memory == brute.over_memory);
        CHECK(choice.over_energy == brute.over_energy);
        CHECK(choice.least_vm_bytes == brute.least_vm_bytes);
        none += brute.fitting.empty() ? 1U : 0U;
        limited += brute.over_energy > 0 && !brute.fitting.empty() ? 1U : 0U;
        REQUIRE(choice.best.has_value() == !brute.fitting.empty());
        REQUIRE(choice.runner_up.has_value() == (brute.fitting.size() > 1));
        if (choice.best) {
            CHECK(key_of(choice.best->plan) == key_of(brute.fitting[0].plan));
            CHECK(choice.best->value == brute.fitting[0].value);
        }
        if (choice.runner_up) {
            CHECK(key_of(choice.runner_up->plan) == key_of(brute.fitting[1].plan));
        }

        q.candidates = TileCandidates::every;
        const Brute all = brute_force(shape, model, q);
        const TileChoice reduced = choose_tiles(shape, model, q);
        REQUIRE(reduced.best.has_value() == !all.fitting.empty());
        if (reduced.best) {
            CHECK(key_of(reduced.best->plan) == key_of(all.fitting[0].plan));
            CHECK(reduced.best->value == all.fitting[0].value);
        }
    }
    CHECK(none > 5);
    CHECK(limited > 5);
}

TEST_CASE("a layer that fits at no tile is told with the numbers, and what would make it fit") {
    const OperationTable table = table_of("msp430fr5994_extfram_tinas");
    const TileModel model(table);
    // 7 x 7 inputs and weights and one output: 99 elements of 2 B.
    const LayerShape shape = conv(20, 20, 8, 4, 7, 7);
    TileQuestion q;
    q.vm_bytes = 197;
    CHECK(
        choose_tiles(shape, model, q).reason ==
        "no tile of this convolution fits: the smallest needs 198 B of volatile memory, there are "
        "197 B");
    q.vm_bytes = 198;
    REQUIRE(choose_tiles(shape, model, q).best);

    q.vm_bytes = 2048;
    q.supply = formula_supply(*table.supply);
    q.supply->capacitance_f = 20e-6;
    const TileChoice dear = choose_tiles(shape, model, q);
    REQUIRE_FALSE(dear.best);
    CHECK(dear.over_energy == dear.candidates - dear.over_memory);
    CHECK(dear.reason.find("the store gives 58.45 uJ; a capacitor of ") != std::string::npos);
    q.supply->capacitance_f = safe_capacitance_f(*q.supply, dear.least_cycle_j) * (1 + 1e-12);
    CHECK(choose_tiles(shape, model, q).best);
    q.supply->capacitance_f *= 1 - 1e-9;
    CHECK_FALSE(choose_tiles(shape, model, q).best);
}

TEST_CASE("a choice names its best and next tiles and how many candidates each limit excluded") {
    const OperationTable table = table_of("msp430fr5994_extfram_inas");
    const TileModel model(table);
    TileQuestion q;
    q.vm_bytes = table.memory.vm_bytes;
    q.supply = formula_supply(*table.supply, 1);
    const TileChoice choice = choose_tiles(conv(32, 32, 3, 8, 3, 3), model, q);
    REQUIRE(choice.best);
    REQUIRE(choice.runner_up);
    CHECK(choice.reason.find(text_of(choice.best->plan) + ": ") == 0);
    CHECK(choice.reason.find("; next " + text_of(choice.runner_up->plan) + " (+") !=
          std::string::npos);
    CHECK(choice.reason.find("of 1.513 mJ; next") != std::string::npos);
    CHECK(choice.over_memory > 0);
    CHECK(choice.over_energy > 0);
    CHECK(choice.best->cost.vm_bytes <= 2048);
    CHECK(choice.best->cost.worst().energy_j <= 1.513e-3);
}

TEST_CASE("a chosen plan is at least as good as the published one of the same layer and order") {
    // CONV_1 of a published solution: 30 x 30 x 8, 5 x 5, on 5 mF.
    const OperationTable table = table_of("msp430fr5994_extfram_inas");
    const TileModel model(table);
    const LayerShape shape = conv(30, 30, 8, 8, 5, 5);
    const FormulaSupply supply = formula_supply(*table.supply, 1);
    const TilePlan published{1, 13, 1, 8, Reuse::input, 8};
    const TileChoice choice = choose_tiles(
        shape, model,
        {table.memory.vm_bytes, supply, TileObjective::latency, TileCandidates::divisors});
    REQUIRE(choice.best);
    CHECK(choice.best->value <= on_store(model.cost(shape, published), supply).latency_s.value());
}

TEST_CASE("a network larger than the non-volatile memory is refused with the sum") {
    const MemorySpaces memory = table_of("msp430fr5994_lea_intfram_estimate").memory;
    const auto refusal = [&](const std::string& name) {
        return nvm_refusal(*read_network(name, "", kNetworks, {}), memory);
    };
    CHECK(refusal("mlperf_tiny_vww").find("weights 219,064 B + input and output of layer ") !=
          std::string::npos);
    CHECK(refusal("mlperf_tiny_vww").find(" 55,296 B = 274,360 B exceed 262,144 B by 12,216 B") !=
          std::string::npos);
    CHECK(refusal("mlperf_tiny_ad").find(" 768 B = 271,648 B exceed 262,144 B by 9,504 B") !=
          std::string::npos);
    CHECK(refusal("mlperf_tiny_ic").empty());
    CHECK(refusal("mlperf_tiny_kws").empty());
    const auto ic = read_network("mlperf_tiny_ic", "", kNetworks, {});
    CHECK(nvm_need(*ic).total_bytes() == 127896);
    CHECK(nvm_need(*read_network("mlperf_tiny_kws", "", kNetworks, {})).total_bytes() == 40368);
    CHECK(nvm_refusal(*ic, memory, 134249).find(" + the runtime's 134,249 B = 262,145 B") !=
          std::string::npos);
    CHECK(nvm_refusal(*ic, memory, 134248).empty());
}

TEST_CASE("memory for features and memory for weights are asked apart") {
    Network network;
    network.name = "two";
    Layer conv_layer, add_layer;
    conv_layer.name = "c";
    conv_layer.weight_bytes = 70;
    conv_layer.input_bytes = 30;
    conv_layer.output_bytes = 40;
    add_layer.name = "a";
    add_layer.op = LayerOp::add;
    add_layer.from = {0, 0};
    add_layer.input_bytes = add_layer.output_bytes = 40;
    network.layers = {conv_layer, add_layer};
    CHECK(nvm_need_apart(network).feature_bytes == 120);  // three maps of 40 B
    CHECK(nvm_need(network).total_bytes() == 190);
    MemorySpaces memory;
    memory.nvm_feature_bytes = 119;
    memory.nvm_weight_bytes = 69;
    CHECK(nvm_refusal(network, memory) ==
          "network 'two' does not fit the non-volatile memory: buffers of layer a 120 B exceed "
          "119 B of memory for features; weights 70 B exceed 69 B of memory for weights");
    memory.nvm_feature_bytes = 120;
    memory.nvm_weight_bytes = 70;
    CHECK(nvm_refusal(network, memory).empty());
}

TEST_CASE("all reasons why a network cannot be tiled are told at once, by layer") {
    const OperationTable table = table_of("msp430fr5994_extfram_inas");
    Network network;
    network.name = "mine";
    network.file = "mine.csv";
    Layer good, dear, unknown, folded;
    good.id = 0;
    good.name = "c0";
    good.op_text = "CONV";
    good.macs = 1;
    good.in = {8, 8, 2};
    good.out = {8, 8, 2};
    dear = good;
    dear.id = 1;
    dear.name = "c1";
    dear.kernel_h = dear.kernel_w = 40;
    unknown = good;
    unknown.id = 2;
    unknown.name = "d2";
    unknown.op_text = "DWCONV";
    folded = good;
    folded.id = 3;
    folded.name = "r3";
    folded.op_text = "RELU";
    folded.macs = 0;
    network.layers = {good, dear, unknown, folded};
    TileQuestion q;
    q.vm_bytes = table.memory.vm_bytes;
    try {
        (void)choose_tiles(network, table, q);
        FAIL("was accepted");
    } catch (const InputError& error) {
        REQUIRE(error.mistakes().size() == 2);
        CHECK(error.mistakes()[0].place.file == "mine.csv");
        CHECK(error.mistakes()[0].message.find("layer 1 (c1): no tile of this convolution fits") ==
              0);
        CHECK(error.mistakes()[1].message ==
              "layer 2 (d2): the inas model has no rule for depthwise convolution");
    }
    network.layers = {good, folded};
    const auto tiles = choose_tiles(network, table, q);
    REQUIRE(tiles.size() == 2);
    CHECK(tiles[0].choice);
    CHECK_FALSE(tiles[1].choice);
}
