// SPDX-License-Identifier: Apache-2.0
#include "models/consistency/program_accesses.hpp"

#include <boost/container/small_vector.hpp>
#include <utility>

#include "models/workload/derived.hpp"

namespace ebb {

/// The accesses of a leaf in the order in which they happen.
std::vector<const Access*> ProgramAccesses::in_order(const Block& leaf) {
    std::vector<const Access*> all;
    all.reserve(leaf.accesses.size());
    for (const Access& access : leaf.accesses) {
        all.push_back(&access);
    }
    const auto earlier = [](const Access* a, const Access* b) {
        return std::make_pair(a->phase, a->write) < std::make_pair(b->phase, b->write);
    };
    if (!std::is_sorted(all.begin(), all.end(), earlier)) {
        std::stable_sort(all.begin(), all.end(), earlier);
    }
    return all;
}

ProgramAccesses::ProgramAccesses(const Program& program)
    : program_(program), index_(program.nests.size()), known_(program.nests.size()) {
    for (const Buffer& b : program.buffers) {
        has_volatile_ = has_volatile_ || (is_volatile(b) && b.role != BufferRole::weight);
    }
}

ProgramAccesses::Known& ProgramAccesses::look_at(std::size_t step) const {
    const Nest& nest = program_.nests[step];
    Known known;
    known.order.resize(index(step).leaves().size());
    for (const NestIndex::Leaf& leaf : index(step).leaves()) {
        for (const Phase& phase : nest.units[leaf.block->unit].phases) {
            known.acts_once = known.acts_once || phase.io == Io::once;
        }
    }
    return known_[step].emplace(std::move(known));
}

bool ProgramAccesses::replayable(std::size_t step) const {
    Known& it = known(step);
    if (!it.replayable) {
        const WholeTouches touched = whole_touches(program_, program_.nests[step]);
        it.replayable = !overlap_any(touched.reads, touched.writes);
    }
    return *it.replayable;
}

bool ProgramAccesses::harmless(const WorkPoint& from, const WorkPoint& to) const {
    if (has_volatile_ || from.step != to.step || to.phase != 0 || to.written != 0 ||
        before(from, to) || to.step >= steps() || acts_once(to.step)) {
        return false;
    }
    // A step in which the power fails again and again is looked at as a whole.
    constexpr std::int64_t kOften = 16;
    if (known(to.step).asked++ >= kOften && replayable(to.step)) {
        return true;
    }
    // One execution and, behind it, one that touches nothing (a commit): both cheap to judge.
    const bool begun = from.written > 0 || from.writing;
    const std::int64_t last = begun ? from.unit : from.unit - 1;
    const bool one = last <= to.unit ||
                     (last == to.unit + 1 && of(to.step, index(to.step).locate(last).leaf).empty());
    return (one && (last < to.unit || !reads_own(to.step, to.unit))) || replayable(to.step);
}

bool ProgramAccesses::reads_own(std::size_t step, std::int64_t unit) const {
    const NestIndex::Spot spot = index(step).locate(unit);
    boost::container::small_vector<ByteRange, 8> reads, writes;
    for (const Access* access : of(step, spot.leaf)) {
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
