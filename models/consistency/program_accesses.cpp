// SPDX-License-Identifier: Apache-2.0
#include "models/consistency/program_accesses.hpp"

#include <boost/container/small_vector.hpp>
#include <utility>

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

/// Ranges that accesses touch, read and written; each as one range from its first to its last byte.
class Touched {
public:
    /// One execution that begins there.
    void add(const Access& access, std::int64_t lo) {
        std::int64_t low = lo;
        std::int64_t high = lo + access.len;
        for (const Rows& rows : {access.inner, access.outer}) {
            const std::int64_t span = rows.stride * (rows.n - 1);
            (span < 0 ? low : high) += span;
        }
        (access.write ? writes_ : reads_).push_back({access.buffer, low, high});
    }
    /// All executions of a leaf.
    void add(const Program& program, const NestIndex& index, const NestIndex::Leaf& leaf) {
        for (const Access& access : leaf.block->accesses) {
            const Buffer& buffer = program.buffers[access.buffer];
            add(access, access.lo.a0 + access.slot * buffer.bytes);
            Range& range = (access.write ? writes_ : reads_).back();
            for (std::size_t node = leaf.node;; node = index.nodes()[node].parent) {
                const NestIndex::Node& at = index.nodes()[node];
                const std::int64_t span = access.lo.a[at.depth] * (at.n - 1);
                (span < 0 ? range.low : range.high) += span;
                if (access.slot_step[at.depth] != 0) {
                    range.low = 0;
                    range.high = buffer.bytes * buffer.slots;
                }
                if (at.depth == 0) {
                    break;
                }
            }
        }
    }
    [[nodiscard]] bool meet() const {
        for (const Range& r : reads_) {
            for (const Range& w : writes_) {
                if (r.buffer == w.buffer && r.low < w.high && w.low < r.high) {
                    return true;
                }
            }
        }
        return false;
    }

private:
    struct Range {
        std::size_t buffer = 0;
        std::int64_t low = 0, high = 0;
    };
    boost::container::small_vector<Range, 8> reads_, writes_;
};

}  // namespace

ProgramAccesses::ProgramAccesses(const Program& program) : program_(program) {
    for (const Nest& nest : program.nests) {
        index_.emplace_back(nest);
        order_.emplace_back();
        bool once = false;
        Touched touched;
        for (const NestIndex::Leaf& leaf : index_.back().leaves()) {
            order_.back().push_back(in_order(*leaf.block));
            touched.add(program, index_.back(), leaf);
            for (const Phase& phase : nest.units[leaf.block->unit].phases) {
                once = once || phase.io == Io::once;
            }
        }
        acts_once_.push_back(once);
        replayable_.push_back(!once && !touched.meet());
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
    Touched touched;
    for (const Access* access : order_[step][spot.leaf]) {
        touched.add(*access, place_of(*access, buffer(*access), spot.counter));
    }
    return touched.meet();
}

}  // namespace ebb
