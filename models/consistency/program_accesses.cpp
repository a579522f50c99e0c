// SPDX-License-Identifier: Apache-2.0
#include "models/consistency/program_accesses.hpp"

#include <boost/container/small_vector.hpp>
#include <utility>

#include "models/workload/derived.hpp"

namespace ebb {

namespace {

/// The accesses of a leaf in the order in which they happen.
std::vector<const Access*> in_order(const Block& leaf) {
    std::vector<const Access*> all;
    for (const Access& access : leaf.accesses) {
        all.push_back(&access);
    }
    std::stable_sort(all.begin(), all.end(), [](const Access* a, const Access* b) {
        return std::make_pair(a->phase, a->write) < std::make_pair(b->phase, b->write);
    });
    return all;
}

}  // namespace

ProgramAccesses::ProgramAccesses(const Program& program) : program_(program) {
    for (const Nest& nest : program.nests) {
        index_.emplace_back(nest);
        order_.emplace_back();
        bool once = false;
        for (const NestIndex::Leaf& leaf : index_.back().leaves()) {
            order_.back().push_back(in_order(*leaf.block));
            for (const Phase& phase : nest.units[leaf.block->unit].phases) {
                once = once || phase.io == Io::once;
            }
        }
        acts_once_.push_back(once);
        const WholeTouches touched = whole_touches(program, nest);
        replayable_.push_back(!once && !overlap_any(touched.reads, touched.writes));
    }
    for (const Buffer& b : program.buffers) {
        has_volatile_ = has_volatile_ || (is_volatile(b) && b.role != BufferRole::weight);
    }
}

bool ProgramAccesses::harmless(const WorkPoint& from, const WorkPoint& to) const {
    if (has_volatile_ || from.step != to.step || to.phase != 0 || to.written != 0 ||
        before(from, to) || to.step >= index_.size()) {
        return false;
    }
    if (replayable_[to.step]) {
        return true;
    }
    // One execution and, behind it, one that touches nothing (a commit): both cheap to judge.
    const bool begun = from.written > 0 || from.writing;
    const std::int64_t last = begun ? from.unit : from.unit - 1;
    if (last > to.unit + 1 || acts_once_[to.step]) {
        return false;
    }
    if (last > to.unit && !order_[to.step][index_[to.step].locate(last).leaf].empty()) {
        return false;
    }
    return last < to.unit || !reads_own(to.step, to.unit);
}

bool ProgramAccesses::reads_own(std::size_t step, std::int64_t unit) const {
    const NestIndex::Spot spot = index_[step].locate(unit);
    boost::container::small_vector<ByteRange, 8> reads, writes;
    for (const Access* access : order_[step][spot.leaf]) {
        const std::int64_t lo = place_of(*access, buffer(*access), spot.counter);
        ByteRange range{access->buffer, lo, lo + access->len};
        for (const Rows& rows : {access->inner, access->outer}) {
            const std::int64_t span = rows.stride * (rows.n - 1);
            (span < 0 ? range.lo : range.hi) += span;
        }
        (access->write ? writes : reads).push_back(range);
    }
    return overlap_any(reads, writes);
}

}  // namespace ebb
