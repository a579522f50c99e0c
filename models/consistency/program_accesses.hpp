// SPDX-License-Identifier: Apache-2.0
/// The accesses of a program as somebody needs them who follows the memory: per execution, in the
/// order in which they happen (phase by phase, reads before writes), as ranges of bytes of a
/// buffer, slots apart.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "models/workload/access_runs.hpp"
#include "models/workload/nest_index.hpp"
#include "models/workload/program.hpp"

namespace ebb {

/// A point of the work: `unit` executions of the step's nest are behind it, and of the next one
/// `phase` phases and so many bytes of what it writes; `writing`: the word behind them is in hand.
struct WorkPoint {
    std::size_t step = 0;
    std::int64_t unit = 0;
    std::size_t phase = 0;
    std::int64_t written = 0;
    bool writing = false;
};

[[nodiscard]] inline bool before(const WorkPoint& a, const WorkPoint& b) noexcept {
    return std::tie(a.step, a.unit, a.written) < std::tie(b.step, b.unit, b.written);
}

[[nodiscard]] inline bool is_volatile(const Buffer& buffer) noexcept {
    return buffer.space != Space::nvm;
}

/// For one thread at a time.
class ProgramAccesses {
public:
    /// The program must outlive this and stay where it is.
    explicit ProgramAccesses(const Program& program);

    [[nodiscard]] const Program& program() const noexcept { return program_; }
    [[nodiscard]] std::size_t steps() const noexcept { return index_.size(); }
    [[nodiscard]] const NestIndex& index(std::size_t step) const {
        std::optional<NestIndex>& there = index_[step];
        return there ? *there : there.emplace(program_.nests[step]);
    }
    /// Of a leaf, in order.
    [[nodiscard]] const std::vector<const Access*>& of(std::size_t step, std::size_t leaf) const {
        std::optional<std::vector<const Access*>>& there = known(step).order[leaf];
        return there ? *there : there.emplace(in_order(*index(step).leaves()[leaf].block));
    }
    [[nodiscard]] const Buffer& buffer(const Access& a) const { return program_.buffers[a.buffer]; }
    [[nodiscard]] const Unit& unit_of(std::size_t step, std::int64_t unit) const {
        const NestIndex& nest = index(step);
        return program_.nests[step].units[nest.leaves()[nest.locate(unit).leaf].block->unit];
    }
    /// Does a phase of the step act on the world, so that it may happen once only?
    [[nodiscard]] bool acts_once(std::size_t step) const { return known(step).acts_once; }
    [[nodiscard]] bool inside(const WorkPoint& at) const {
        return at.step < steps() && at.unit < index(at.step).length();
    }

    /// True if falling back from `from` to `to` can have no effect: everything written in between
    /// is written again, from the same data, before anything reads it.
    [[nodiscard]] bool harmless(const WorkPoint& from, const WorkPoint& to) const;

    /// Calls f(access, lo, hi) for what one execution writes from byte `from` to byte `to` of all
    /// that it writes, in order.
    template <class F>
    void writes(std::size_t step, std::int64_t unit, std::int64_t from, std::int64_t to,
                F&& f) const {
        const NestIndex::Spot spot = index(step).locate(unit);
        std::int64_t at = 0;
        for (const Access* access : of(step, spot.leaf)) {
            if (!access->write) {
                continue;
            }
            for_each_range(*access, place_of(*access, buffer(*access), spot.counter),
                           [&](std::int64_t lo, std::int64_t len) {
                               const std::int64_t a = std::clamp<std::int64_t>(from - at, 0, len);
                               const std::int64_t b = std::clamp<std::int64_t>(to - at, 0, len);
                               if (b > a) {
                                   f(*access, lo + a, lo + b);
                               }
                               at += len;
                           });
        }
    }

private:
    [[nodiscard]] bool reads_own(std::size_t step, std::int64_t unit) const;
    [[nodiscard]] bool replayable(std::size_t step) const;
    [[nodiscard]] static std::vector<const Access*> in_order(const Block& leaf);

    struct Known {
        std::vector<std::optional<std::vector<const Access*>>> order;  ///< per leaf
        bool acts_once = false;
        std::optional<bool> replayable;  ///< reads nothing of what it writes
        std::int64_t asked = 0;          ///< whether falling back in it is harmless
    };
    [[nodiscard]] Known& known(std::size_t step) const {
        return known_[step] ? *known_[step] : look_at(step);
    }
    Known& look_at(std::size_t step) const;

    const Program& program_;
    // Of each step, made when it is first asked for: most of it, in most runs, never is.
    mutable std::vector<std::optional<NestIndex>> index_;
    mutable std::vector<std::optional<Known>> known_;
    bool has_volatile_ = false;
};

}  // namespace ebb
