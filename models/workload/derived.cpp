// SPDX-License-Identifier: Apache-2.0
#include "models/workload/derived.hpp"

#include <boost/icl/interval_map.hpp>
#include <boost/icl/interval_set.hpp>

#include <algorithm>
#include <map>

#include "models/workload/access_runs.hpp"

namespace ebb {

namespace {

using Interval = boost::icl::right_open_interval<std::int64_t>;
using Cells = boost::icl::interval_set<std::int64_t, std::less, Interval>;

/// Cells of all buffers of a program.
class Touched {
public:
    explicit Touched(const Program& program) : cells_(program.buffers.size()) {}
    [[nodiscard]] Cells& of(std::size_t buffer) { return cells_[buffer]; }
    [[nodiscard]] const std::vector<Cells>& all() const noexcept { return cells_; }

private:
    std::vector<Cells> cells_;
};

/// Calls f(position, access, interval) for executions [k1, k2), phase by phase, reads of a phase
/// before its writes.
template <class F>
void for_each_touch(const Program& program, const Nest& nest, std::int64_t k1, std::int64_t k2,
                    F&& f) {
    const NestIndex index(nest);
    std::map<const Block*, std::vector<const Access*>> ordered;
    for (const NestIndex::Leaf& leaf : index.leaves()) {
        std::vector<const Access*>& accesses = ordered[leaf.block];
        for (const Access& access : leaf.block->accesses) {
            accesses.push_back(&access);
        }
        std::stable_sort(accesses.begin(), accesses.end(), [](const Access* a, const Access* b) {
            return a->phase != b->phase ? a->phase < b->phase : !a->write && b->write;
        });
    }
    for (std::int64_t k = k1; k < std::min(k2, index.length()); ++k) {
        const NestIndex::Spot spot = index.locate(k);
        const Block& leaf = *index.leaves()[spot.leaf].block;
        for (const Access* access : ordered[&leaf]) {
            const Buffer& buffer = program.buffers[access->buffer];
            for_each_range(
                *access, place_of(*access, buffer, spot.counter),
                [&](std::int64_t lo, std::int64_t len) { f(k, *access, Interval(lo, lo + len)); });
        }
    }
}

std::int64_t length_of(const Nest& nest) { return NestIndex(nest).length(); }

void add_ranges(const Cells& cells, std::size_t buffer, std::vector<ByteRange>& into) {
    for (const Interval& cell : cells) {
        into.push_back({buffer, cell.lower(), cell.upper()});
    }
}

}  // namespace

std::vector<FirstTouches> first_touches(const Program& program, const Nest& nest) {
    std::vector<FirstTouches> all(static_cast<std::size_t>(length_of(nest)));
    Touched written(program);
    Touched reads(program);
    Touched writes(program);
    std::int64_t at = 0;
    const auto close = [&] {
        for (std::size_t b = 0; b < program.buffers.size(); ++b) {
            add_ranges(reads.of(b), b, all[static_cast<std::size_t>(at)].reads);
            add_ranges(writes.of(b), b, all[static_cast<std::size_t>(at)].writes);
            reads.of(b).clear();
            writes.of(b).clear();
        }
    };
    for_each_touch(program, nest, 0, length_of(nest),
                   [&](std::int64_t k, const Access& access, const Interval& cell) {
                       if (k != at) {
                           close();
                           at = k;
                       }
                       Cells fresh;
                       fresh += cell;
                       fresh -= written.of(access.buffer);
                       (access.write ? writes : reads).of(access.buffer) += fresh;
                       if (access.write) {
                           written.of(access.buffer) += cell;
                       }
                   });
    if (!all.empty()) {
        close();
    }
    return all;
}

std::optional<std::int64_t> war_distance(const Program& program, const Nest& nest) {
    // Per cell the last execution that read it since it was written.
    using LastRead =
        boost::icl::interval_map<std::int64_t, std::int64_t, boost::icl::partial_enricher,
                                 std::less, boost::icl::inplace_max, boost::icl::inter_section,
                                 Interval>;
    std::vector<LastRead> read(program.buffers.size());
    std::optional<std::int64_t> least;
    for_each_touch(program, nest, 0, length_of(nest),
                   [&](std::int64_t k, const Access& access, const Interval& cell) {
                       if (program.buffers[access.buffer].space != Space::nvm) {
                           return;
                       }
                       LastRead& last = read[access.buffer];
                       if (!access.write) {
                           last += std::make_pair(cell, k);
                           return;
                       }
                       const auto hits = last.equal_range(cell);
                       for (auto it = hits.first; it != hits.second; ++it) {
                           const std::int64_t distance = k - it->second;
                           least = least ? std::min(*least, distance) : distance;
                       }
                       last.erase(cell);
                   });
    return least;
}

std::int64_t dirty_bytes(const Program& program, const Nest& nest, std::int64_t k1,
                         std::int64_t k2) {
    Touched written(program);
    for_each_touch(program, nest, k1, k2,
                   [&](std::int64_t, const Access& access, const Interval& cell) {
                       if (access.write && program.buffers[access.buffer].space == Space::nvm) {
                           written.of(access.buffer) += cell;
                       }
                   });
    std::int64_t bytes = 0;
    for (const Cells& cells : written.all()) {
        bytes += boost::icl::length(cells);
    }
    return bytes;
}

std::int64_t dirty_pages(const Program& program, const Nest& nest, std::int64_t k1, std::int64_t k2,
                         std::int64_t page) {
    Touched pages(program);
    for_each_touch(program, nest, k1, k2,
                   [&](std::int64_t, const Access& access, const Interval& cell) {
                       if (access.write && program.buffers[access.buffer].space == Space::nvm) {
                           pages.of(access.buffer) +=
                               Interval(cell.lower() / page, (cell.upper() - 1) / page + 1);
                       }
                   });
    std::int64_t count = 0;
    for (const Cells& cells : pages.all()) {
        count += boost::icl::length(cells);
    }
    return count;
}

std::int64_t live_volatile_bytes(const Program& program, const Nest& nest, std::int64_t k) {
    const auto is_volatile = [&](const Access& access) {
        return program.buffers[access.buffer].space != Space::nvm;
    };
    Touched written(program);
    for_each_touch(program, nest, 0, k,
                   [&](std::int64_t, const Access& access, const Interval& cell) {
                       if (access.write && is_volatile(access)) {
                           written.of(access.buffer) += cell;
                       }
                   });
    Touched live(program);
    for_each_touch(program, nest, k, length_of(nest),
                   [&](std::int64_t, const Access& access, const Interval& cell) {
                       if (!is_volatile(access)) {
                           return;
                       }
                       Cells hit;
                       hit += cell;
                       hit &= written.of(access.buffer);
                       if (access.write) {
                           written.of(access.buffer) -= cell;
                       } else {
                           live.of(access.buffer) += hit;
                       }
                   });
    std::int64_t bytes = 0;
    for (const Cells& cells : live.all()) {
        bytes += boost::icl::length(cells);
    }
    return bytes;
}

namespace {

/// `trips`: of the loops around the block, outermost first.
void add_touches(const Program& program, const Block& block, std::vector<std::int64_t>& trips,
                 WholeTouches& all) {
    trips.push_back(block.n);
    for (const Access& access : block.accesses) {
        const Buffer& buffer = program.buffers[access.buffer];
        const std::int64_t lo = access.slot * buffer.bytes + access.lo.a0;
        ByteRange range{access.buffer, lo, lo + access.len};
        bool one_slot = true;
        const auto widen = [&range](std::int64_t by) { (by < 0 ? range.lo : range.hi) += by; };
        for (std::size_t d = 0; d < trips.size(); ++d) {
            widen(access.lo.a[d] * (trips[d] - 1));
            one_slot = one_slot && (access.slot_step[d] == 0 || trips[d] == 1);
        }
        widen(access.inner.stride * (access.inner.n - 1));
        widen(access.outer.stride * (access.outer.n - 1));
        if (!one_slot) {
            range = {access.buffer, 0, buffer.bytes * buffer.slots};
        }
        (access.write ? all.writes : all.reads).push_back(range);
    }
    for (const Block& inner : block.body) {
        add_touches(program, inner, trips, all);
    }
    trips.pop_back();
}

}  // namespace

WholeTouches whole_touches(const Program& program, const Nest& nest) {
    WholeTouches all;
    std::vector<std::int64_t> trips;
    add_touches(program, nest.root, trips, all);
    return all;
}

}  // namespace ebb
