// SPDX-License-Identifier: Apache-2.0
#include "models/workload/nest_index.hpp"

#include <algorithm>

namespace ebb {

namespace {

/// Of a block: itself and all inside of it; and those of them that are leaves.
struct Blocks {
    std::size_t all = 0, leaves = 0;
    void count(const Block& block) {
        ++all;
        leaves += block.leaf() ? 1 : 0;
        for (const Block& inner : block.body) {
            count(inner);
        }
    }
};

}  // namespace

NestIndex::NestIndex(const Nest& nest) {
    Blocks blocks;
    blocks.count(nest.root);
    nodes_.reserve(blocks.all);
    leaves_.reserve(blocks.leaves);
    add(nest.root, 0, 0);
    for (Leaf& leaf : leaves_) {
        leaf.executions = executed(static_cast<std::size_t>(&leaf - leaves_.data()), length());
    }
}

std::size_t NestIndex::add(const Block& block, std::size_t parent, std::size_t depth) {
    const std::size_t self = nodes_.size();
    nodes_.emplace_back();
    const std::size_t first_leaf = leaves_.size();
    std::int64_t per_trip = 0;
    std::vector<std::size_t> children;
    children.reserve(block.body.size());
    if (block.leaf()) {
        leaves_.push_back({self, &block, 0});
        per_trip = 1;
    }
    for (const Block& inner : block.body) {
        const std::size_t child = add(inner, self, depth + 1);
        nodes_[child].at = per_trip;
        per_trip += nodes_[child].length();
        children.push_back(child);
    }
    Node& node = nodes_[self];
    node.n = block.n;
    node.per_trip = per_trip;
    node.parent = parent;
    node.depth = depth;
    node.children = std::move(children);
    node.first_leaf = first_leaf;
    node.end_leaf = leaves_.size();
    return self;
}

std::size_t NestIndex::child_at(const Node& node, std::int64_t q) const noexcept {
    if (node.children.size() == 1) {
        return node.children.front();
    }
    const auto behind = std::upper_bound(
        node.children.begin(), node.children.end(), q,
        [this](std::int64_t x, std::size_t child) { return x < nodes_[child].at; });
    return *(behind - 1);
}

NestIndex::Spot NestIndex::locate(std::int64_t u) const noexcept {
    Spot spot;
    const Node* node = &nodes_.front();
    while (true) {
        spot.counter[node->depth] = u / node->per_trip;
        u %= node->per_trip;
        if (node->leaf()) {
            spot.leaf = node->first_leaf;
            return spot;
        }
        node = &nodes_[child_at(*node, u)];
        u -= node->at;
    }
}

std::int64_t NestIndex::executed(std::size_t leaf, std::int64_t u) const noexcept {
    // From the leaf outwards: what of [0, u) falls into the trip in progress at each level is only
    // known from the outside in, so the path is taken down first.
    std::array<std::size_t, kNestDepth> path{};
    std::size_t node = leaves_[leaf].node;
    const std::size_t depth = nodes_[node].depth;
    for (std::size_t d = depth + 1; d-- > 0; node = nodes_[node].parent) {
        path[d] = node;
    }
    std::array<std::int64_t, kNestDepth> per_trip{};  // executions of the leaf in one trip
    per_trip[depth] = 1;
    for (std::size_t d = depth; d-- > 0;) {
        per_trip[d] = per_trip[d + 1] * nodes_[path[d + 1]].n;
    }
    std::int64_t count = 0;
    for (std::size_t d = 0; d <= depth; ++d) {
        const Node& at = nodes_[path[d]];
        if (d > 0) {
            u -= at.at;
        }
        if (u <= 0) {
            return count;
        }
        if (u >= at.length()) {
            return count + at.n * per_trip[d];
        }
        count += u / at.per_trip * per_trip[d];
        u %= at.per_trip;
    }
    return count;
}

std::array<std::int64_t, kNestDepth> NestIndex::counters(std::size_t leaf,
                                                         std::int64_t k) const noexcept {
    std::array<std::int64_t, kNestDepth> counter{};
    for (std::size_t node = leaves_[leaf].node;; node = nodes_[node].parent) {
        const Node& at = nodes_[node];
        counter[at.depth] = k % at.n;
        k /= at.n;
        if (at.depth == 0) {
            return counter;
        }
    }
}

}  // namespace ebb
