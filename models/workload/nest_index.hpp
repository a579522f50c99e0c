// SPDX-License-Identifier: Apache-2.0
/// Finds one's way in a nest by arithmetic, never by counting.
///
/// The executions of all leaves of a nest, in the order in which they happen, are numbered from 0:
/// that number is a position. Over a tree of blocks this answers, each in time proportional to the
/// depth of the tree:
///
///   which leaf is executed at position u, in which iteration of which loops      locate()
///   how often has leaf l been executed before position u                         executed()
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/workload/program.hpp"

namespace ebb {

class NestIndex {
public:
    struct Node {
        std::int64_t n = 1;         ///< trips
        std::int64_t per_trip = 1;  ///< leaf executions of one trip
        std::int64_t at = 0;        ///< where it begins within a trip of its parent
        std::size_t parent = 0;     ///< of the root: itself
        std::size_t depth = 0;
        std::vector<std::size_t> children;  ///< in order; empty for a leaf
        std::size_t first_leaf = 0, end_leaf = 0;
        [[nodiscard]] bool leaf() const noexcept { return children.empty(); }
        [[nodiscard]] std::int64_t length() const noexcept { return n * per_trip; }
    };
    struct Leaf {
        std::size_t node = 0;
        const Block* block = nullptr;  ///< of the nest that this was made from
        std::int64_t executions = 0;   ///< over the whole nest
    };
    /// Where a position is: the leaf's node, and the counters of the loops around it, outermost
    /// first; the last one is the leaf's own.
    struct Spot {
        std::size_t leaf = 0;
        std::array<std::int64_t, kNestDepth> counter{};
    };

    /// The nest must outlive the index and stay where it is.
    explicit NestIndex(const Nest& nest);

    [[nodiscard]] std::int64_t length() const noexcept { return nodes_.front().length(); }
    [[nodiscard]] const std::vector<Node>& nodes() const noexcept { return nodes_; }
    [[nodiscard]] const std::vector<Leaf>& leaves() const noexcept { return leaves_; }

    /// The child of a node that position `q` within one of its trips falls into.
    [[nodiscard]] std::size_t child_at(const Node& node, std::int64_t q) const noexcept;
    /// 0 <= u < length().
    [[nodiscard]] Spot locate(std::int64_t u) const noexcept;
    /// How often the leaf is executed in [0, u); 0 <= u <= length().
    [[nodiscard]] std::int64_t executed(std::size_t leaf, std::int64_t u) const noexcept;
    /// The counters at the k-th execution of a leaf.
    [[nodiscard]] std::array<std::int64_t, kNestDepth> counters(std::size_t leaf,
                                                                std::int64_t k) const noexcept;

private:
    std::size_t add(const Block& block, std::size_t parent, std::size_t depth);

    std::vector<Node> nodes_;
    std::vector<Leaf> leaves_;
};

}  // namespace ebb
