// SPDX-License-Identifier: Apache-2.0
// Is the arithmetic over loop nests what counting would say?
#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "models/workload/access_runs.hpp"
#include "models/workload/nest_index.hpp"
#include "models/workload/wear_log.hpp"

using namespace ebb;

namespace {

/// A random tree of loops, a few hundred executions long.
class Trees {
public:
    explicit Trees(unsigned seed) : random_(seed) {}

    Nest nest() {
        Nest nest;
        nest.units.resize(3);
        nest.root = block(0);
        return nest;
    }
    std::int64_t up_to(std::int64_t n) {
        return std::uniform_int_distribution<std::int64_t>(0, n)(random_);
    }

private:
    Block block(std::size_t depth) {
        const std::int64_t n = 1 + up_to(3);
        if (depth >= 3 || up_to(2) == 0) {
            return repeat(n, static_cast<std::size_t>(up_to(2)));
        }
        std::vector<Block> body;
        for (std::int64_t i = 0; i <= up_to(2); ++i) {
            body.push_back(block(depth + 1));
        }
        return body.empty() ? repeat(n, 0) : loop(n, body);
    }
    std::mt19937 random_;
};

struct Execution {
    const Block* leaf = nullptr;
    std::vector<std::int64_t> counters;
};

/// Every execution of every leaf, in order, by running the loops.
std::vector<Execution> executions(const Nest& nest) {
    std::vector<Execution> all;
    std::vector<std::int64_t> counters;
    const std::function<void(const Block&)> run = [&](const Block& block) {
        counters.push_back(0);
        for (counters.back() = 0; counters.back() < block.n; ++counters.back()) {
            if (block.leaf()) {
                all.push_back({&block, counters});
            }
            for (const Block& inner : block.body) {
                run(inner);
            }
        }
        counters.pop_back();
    };
    run(nest.root);
    return all;
}

}  // namespace

TEST_CASE("positions in a nest are what running its loops says") {
    const unsigned seed = GENERATE(range(1U, 60U));
    CAPTURE(seed);
    const Nest nest = Trees(seed).nest();
    const NestIndex index(nest);
    const std::vector<Execution> all = executions(nest);
    REQUIRE(index.length() == static_cast<std::int64_t>(all.size()));
    std::map<const Block*, std::int64_t> before;
    for (std::size_t u = 0; u < all.size(); ++u) {
        const NestIndex::Spot spot = index.locate(static_cast<std::int64_t>(u));
        REQUIRE(index.leaves()[spot.leaf].block == all[u].leaf);
        const auto counters = index.counters(spot.leaf, before[all[u].leaf]);
        for (std::size_t d = 0; d < all[u].counters.size(); ++d) {
            REQUIRE(spot.counter[d] == all[u].counters[d]);
            REQUIRE(counters[d] == all[u].counters[d]);
        }
        for (std::size_t leaf = 0; leaf < index.leaves().size(); ++leaf) {
            REQUIRE(index.executed(leaf, static_cast<std::int64_t>(u)) ==
                    before[index.leaves()[leaf].block]);
        }
        ++before[all[u].leaf];
    }
    for (const NestIndex::Leaf& leaf : index.leaves()) {
        REQUIRE(leaf.executions == before[leaf.block]);
    }
}

TEST_CASE("the runs of an access hold the bytes that its executions touch, each as often") {
    const unsigned seed = GENERATE(range(1U, 60U));
    CAPTURE(seed);
    Trees trees(seed);
    const Nest nest = trees.nest();
    const NestIndex index(nest);
    const auto leaf =
        static_cast<std::size_t>(trees.up_to(static_cast<std::int64_t>(index.leaves().size()) - 1));
    Buffer buffer;
    buffer.bytes = 4096;
    buffer.slots = 2;
    Access access;
    access.len = 1 + trees.up_to(3);
    std::int64_t stride = access.len;
    const std::size_t depth = index.nodes()[index.leaves()[leaf].node].depth;
    for (std::size_t d = depth + 1; d-- > 0;) {
        access.lo.a[d] = trees.up_to(3) == 0 ? stride + 1 : stride;
        stride *= 4;
    }
    access.slot_step[static_cast<std::size_t>(trees.up_to(1))] = static_cast<int>(trees.up_to(1));
    const std::int64_t n = index.leaves()[leaf].executions;
    const std::int64_t k0 = trees.up_to(n - 1);
    const std::int64_t k1 = k0 + trees.up_to(n - k0);
    std::map<std::int64_t, int> counted;
    for (std::int64_t k = k0; k < k1; ++k) {
        const std::int64_t lo = place_of(access, buffer, index.counters(leaf, k));
        for (std::int64_t b = lo; b < lo + access.len; ++b) {
            ++counted[b];
        }
    }
    std::map<std::int64_t, int> told;
    for_each_run(index, leaf, access, buffer, k0, k1, [&](std::int64_t lo, std::int64_t len) {
        for (std::int64_t b = lo; b < lo + len; ++b) {
            ++told[b];
        }
    });
    REQUIRE(told == counted);
}

TEST_CASE("a log of executions adds up to how often each has happened") {
    std::mt19937 random(7);
    constexpr std::int64_t kMany = 50;
    WearLog log(kMany);
    std::vector<std::int64_t> counted(kMany, 0);
    for (int i = 0; i < 20000; ++i) {
        const auto k0 = static_cast<std::int64_t>(random() % kMany);
        const auto k1 =
            i % 3 == 0 ? kMany : k0 + static_cast<std::int64_t>(random() % (kMany - k0));
        const std::int64_t from = i % 3 == 0 ? 0 : k0;
        log.add(from, k1);
        for (std::int64_t k = from; k < k1; ++k) {
            ++counted[static_cast<std::size_t>(k)];
        }
    }
    std::vector<std::int64_t> told(kMany, 0);
    log.for_each([&](std::int64_t k0, std::int64_t k1, std::int64_t times) {
        for (std::int64_t k = k0; k < k1; ++k) {
            told[static_cast<std::size_t>(k)] += times;
        }
    });
    REQUIRE(told == counted);
}
