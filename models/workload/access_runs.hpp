// SPDX-License-Identifier: Apache-2.0
/// Which bytes an access touches, as runs of neighbouring bytes.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/workload/nest_index.hpp"
#include "models/workload/program.hpp"

namespace ebb {

/// First byte of one execution, counted from the first slot of the buffer.
[[nodiscard]] inline std::int64_t place_of(
    const Access& access, const Buffer& buffer,
    const std::array<std::int64_t, kNestDepth>& counter) noexcept {
    std::int64_t slot = access.slot;
    std::int64_t lo = access.lo.a0;
    for (std::size_t d = 0; d < kNestDepth; ++d) {
        slot += access.slot_step[d] * counter[d];
        lo += access.lo.a[d] * counter[d];
    }
    return lo + slot % buffer.slots * buffer.bytes;
}

/// Calls f(lo, len) for the ranges of one execution that begins at `lo`, in order.
template <class F>
void for_each_range(const Access& access, std::int64_t lo, F&& f) {
    for (std::int64_t i = 0; i < access.outer.n; ++i) {
        for (std::int64_t j = 0; j < access.inner.n; ++j) {
            f(lo + i * access.outer.stride + j * access.inner.stride, access.len);
        }
    }
}

/// Calls f(lo, len) for the executions [k0, k1) of a leaf, in order; executions whose bytes follow
/// each other are one run. One number per run where the innermost loops write on and on.
template <class F>
void for_each_run(const NestIndex& index, std::size_t leaf, const Access& access,
                  const Buffer& buffer, std::int64_t k0, std::int64_t k1, F&& f) {
    if (access.inner.n > 1 || access.outer.n > 1) {
        for (std::int64_t k = k0; k < k1; ++k) {
            for_each_range(access, place_of(access, buffer, index.counters(leaf, k)), f);
        }
        return;
    }
    // Loops, from the innermost, that go on writing where the last trip ended: one run.
    std::int64_t joined = 1;
    for (std::size_t node = index.leaves()[leaf].node;; node = index.nodes()[node].parent) {
        const NestIndex::Node& at = index.nodes()[node];
        const bool on =
            access.lo.a[at.depth] == joined * access.len && access.slot_step[at.depth] == 0;
        if (!on && at.n > 1) {
            break;
        }
        joined *= at.n;
        if (at.depth == 0) {
            break;
        }
    }
    for (std::int64_t k = k0; k < k1;) {
        const std::int64_t end = std::min(k1, k - k % joined + joined);
        f(place_of(access, buffer, index.counters(leaf, k)), (end - k) * access.len);
        k = end;
    }
}

}  // namespace ebb
