// SPDX-License-Identifier: Apache-2.0
/// An index over a held series of equal samples: what a stretch of them amounts to, so that a walk
/// whose law has no memory but a decay can pass it at once.
///
/// A node covers kSamples samples, T long, and holds the moments of x = sample^exponent,
///
///   M_j = T^(j+1) m_j,    m_j = 1/T^(j+1) int x(s) (T - s)^j / j! ds      [unit of x s^(j+1)]
///
/// which do not depend on the decay: after the node, E' = x - lambda E has become
///
///   E(T) = E0 e^(-lambda T) + sum_j (-lambda)^j M_j,
///   int E dt = E0 T phi1(lambda T) + sum_j (-lambda)^j M_(j+1)
///
/// with a remainder below (lambda T)^J/J! of M_0 where x has one sign. Samples behind the last
/// whole node are in no node.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/core/series_columns.hpp"

namespace ebb {

struct SeriesNode {
    static constexpr std::size_t kSamples = 256;
    static constexpr std::size_t kMoments = 7;
    std::array<double, kMoments> moment{};  ///< m_j
};

/// Extremes of the samples themselves, and the first place of each.
struct SeriesRange {
    double smallest = 0.0;
    double largest = 0.0;
    std::uint64_t smallest_at = 0;
    std::uint64_t largest_at = 0;
};

struct SeriesIndex {
    int exponent = 1;
    SeriesRange range;
    const SeriesNode* nodes = nullptr;
    std::size_t count = 0;
    std::vector<SeriesNode> own;                 ///< empty if the nodes are borrowed
    std::shared_ptr<const SampleKeeper> keeper;  ///< of borrowed nodes
};

/// Builds an index from samples as they come. The same samples give the same bits, however they are
/// cut into blocks.
class SeriesIndexBuilder {
public:
    explicit SeriesIndexBuilder(int exponent) noexcept : exponent_(exponent) {}
    /// Appends the nodes that become whole to `nodes`.
    void add(const double* samples, std::size_t count, std::vector<SeriesNode>& nodes);
    [[nodiscard]] int exponent() const noexcept { return exponent_; }
    [[nodiscard]] const SeriesRange& range() const noexcept { return range_; }

private:
    void close(const double* samples, std::vector<SeriesNode>& nodes) const;

    int exponent_;
    SeriesRange range_;
    std::uint64_t seen_ = 0;
    std::size_t waiting_ = 0;
    std::array<double, SeriesNode::kSamples> wait_{};
};

/// The index of samples in memory.
[[nodiscard]] std::shared_ptr<const SeriesIndex> index_of(const double* samples, std::size_t count,
                                                          int exponent);

}  // namespace ebb
