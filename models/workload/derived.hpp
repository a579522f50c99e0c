// SPDX-License-Identifier: Apache-2.0
/// What a policy, or a designer, may want to know of a nest before the run: derived from its loops
/// and accesses alone, never declared.
///
///   first touches   per execution of a leaf: which ranges are read before anything of the nest has
///                   written them, and which are written for the first time
///   WAR distance    the fewest executions between a read of a cell from outside and a write of the
///                   same cell: what may be done again without harm is shorter than that
///   dirty bytes     bytes of non-volatile buffers written over a stretch, each once; in pages
///   live bytes      volatile bytes that a later execution still reads
///   whole touches   per access: from its first byte to its last, over all loops
///
/// Cells are bytes of a buffer, slots apart. All but the last walk a nest execution by execution;
/// they are meant for questions before a run, not for the run.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/workload/program.hpp"

namespace ebb {

/// A range of a buffer, counted from its first slot.
struct ByteRange {
    std::size_t buffer = 0;
    std::int64_t lo = 0, hi = 0;
    friend bool operator==(const ByteRange& a, const ByteRange& b) noexcept {
        return a.buffer == b.buffer && a.lo == b.lo && a.hi == b.hi;
    }
};
[[nodiscard]] inline bool overlap(const ByteRange& a, const ByteRange& b) noexcept {
    return a.buffer == b.buffer && a.lo < b.hi && b.lo < a.hi;
}
/// Any of these with any of those.
template <class Ranges>
[[nodiscard]] bool overlap_any(const Ranges& these, const Ranges& those) noexcept {
    return std::any_of(these.begin(), these.end(), [&](const ByteRange& a) {
        return std::any_of(those.begin(), those.end(),
                           [&](const ByteRange& b) { return overlap(a, b); });
    });
}

/// What one execution touches for the first time in its nest; ranges sorted and disjoint.
struct FirstTouches {
    std::vector<ByteRange> reads;   ///< not written before in this nest
    std::vector<ByteRange> writes;  ///< not written before in this nest
};

/// Of the execution at each position of the nest, in order.
[[nodiscard]] std::vector<FirstTouches> first_touches(const Program& program, const Nest& nest);

/// Executions from a read of a value that was there before the nest, or before the read, to the
/// next write of the same cell; the least over the nest. 0: within one execution, a read in an
/// earlier phase than the write, or in the same. Empty: nothing that is read is ever overwritten.
/// Only cells of non-volatile buffers count.
[[nodiscard]] std::optional<std::int64_t> war_distance(const Program& program, const Nest& nest);

/// Bytes of non-volatile buffers written in executions [k1, k2) of the nest, each counted once.
[[nodiscard]] std::int64_t dirty_bytes(const Program& program, const Nest& nest, std::int64_t k1,
                                       std::int64_t k2);
/// Pages of `page` bytes, counted from the start of each buffer, that those bytes lie in.
[[nodiscard]] std::int64_t dirty_pages(const Program& program, const Nest& nest, std::int64_t k1,
                                       std::int64_t k2, std::int64_t page);

/// Bytes of volatile buffers, written in this nest before position k, that executions from k on
/// read before they are written again.
[[nodiscard]] std::int64_t live_volatile_bytes(const Program& program, const Nest& nest,
                                               std::int64_t k);

/// What the executions of a nest read and write, each access as one range that holds all of them
/// (what lies between its rows, and all slots that it takes in turn, count as touched).
struct WholeTouches {
    std::vector<ByteRange> reads, writes;
};
[[nodiscard]] WholeTouches whole_touches(const Program& program, const Nest& nest);

}  // namespace ebb
