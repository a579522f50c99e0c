// SPDX-License-Identifier: Apache-2.0
/// Where memory differs from a failure-free run, as the oracle keeps it: per buffer, ranges of
/// bytes with the reason. Of the oracle alone; nothing else includes this.
#pragma once

#include <algorithm>
#include <boost/icl/interval_map.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "models/consistency/oracle.hpp"
#include "models/consistency/program_accesses.hpp"

namespace ebb {

/// Why a range differs, and which execution left it so.
struct Taint {
    ViolationKind kind = ViolationKind::war;
    std::size_t step = 0;
    std::int64_t unit = 0;
    friend bool operator==(const Taint& a, const Taint& b) noexcept {
        return a.kind == b.kind && a.step == b.step && a.unit == b.unit;
    }
};

using Taints = boost::icl::interval_map<std::int64_t, Taint, boost::icl::partial_enricher>;
using Bytes = boost::icl::interval<std::int64_t>;

constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();

struct MemoryOracle::Body {
    Body(const Program& of, const Memory& with)
        : accesses(of), program(of), memory(with), taints(of.buffers.size()) {}

    [[nodiscard]] const Buffer& buffer(const Access& a) const { return program.buffers[a.buffer]; }

    void taint(std::size_t of, std::int64_t lo, std::int64_t hi, const Taint& why) {
        if (hi > lo) {
            taints[of].set(std::make_pair(Bytes::right_open(lo, hi), why));
        }
    }
    void clear(std::size_t of, std::int64_t lo, std::int64_t hi) {
        taints[of].erase(Bytes::right_open(lo, hi));
    }
    [[nodiscard]] bool clean() const {
        return std::all_of(taints.begin(), taints.end(), [](const Taints& t) { return t.empty(); });
    }

    /// What executions [from, to) of a step write is there, and should not be.
    void taint_writes(std::size_t step, std::int64_t from, std::int64_t to, ViolationKind kind) {
        for (std::size_t leaf = 0; leaf < accesses.index(step).leaves().size(); ++leaf) {
            const std::int64_t k0 = accesses.index(step).executed(leaf, from);
            const std::int64_t k1 = accesses.index(step).executed(leaf, to);
            for (const Access* access : accesses.of(step, leaf)) {
                if (access->write && k1 > k0) {
                    for_each_run(accesses.index(step), leaf, *access, buffer(*access), k0, k1,
                                 [&](std::int64_t lo, std::int64_t len) {
                                     taint(access->buffer, lo, lo + len, {kind, step, to - 1});
                                 });
                }
            }
        }
    }
    /// All that is written between two points of the work.
    void taint_between(const WorkPoint& a, const WorkPoint& b, ViolationKind kind) {
        const auto part = [&](const WorkPoint& at, std::int64_t from, std::int64_t to) {
            if (accesses.inside(at)) {
                accesses.writes(at.step, at.unit, from, to,
                                [&](const Access& access, std::int64_t lo, std::int64_t hi) {
                                    taint(access.buffer, lo, hi, {kind, at.step, at.unit});
                                });
            }
        };
        if (a.step == b.step && a.unit == b.unit) {
            part(a, a.written, b.written);
            return;
        }
        std::int64_t from = a.unit;
        if (a.written > 0) {
            part(a, a.written, kAll);
            ++from;
        }
        for (std::size_t step = a.step; step <= b.step && step < accesses.steps(); ++step) {
            const std::int64_t to = step == b.step ? b.unit : accesses.index(step).length();
            taint_writes(step, from, to, kind);
            from = 0;
        }
        part(b, 0, b.written);
    }
    /// The word that was in hand when the power failed.
    void tear(const WorkPoint& at) {
        if (!at.writing || memory.cut != CutWord::garbage || !accesses.inside(at)) {
            return;
        }
        accesses.writes(
            at.step, at.unit, at.written, at.written + memory.atomic_b,
            [&](const Access& access, std::int64_t lo, std::int64_t hi) {
                if (!is_volatile(buffer(access))) {
                    taint(access.buffer, lo, hi, {ViolationKind::torn, at.step, at.unit});
                }
            });
    }
    void set_volatile(bool lost) {
        for (std::size_t i = 0; i < program.buffers.size(); ++i) {
            const Buffer& b = program.buffers[i];
            if (!is_volatile(b)) {
                continue;
            }
            clear(i, 0, b.bytes * b.slots);
            if (lost && b.role != BufferRole::weight) {
                taint(i, 0, b.bytes * b.slots, {ViolationKind::lost, point.step, point.unit});
            }
        }
    }
    template <class F>
    void for_each_input(F&& f) const {
        for (const TensorPlace& tensor : program.tensors) {
            if (tensor.layer < 0) {
                const std::int64_t lo =
                    tensor.lo + tensor.slot * program.buffers[tensor.buffer].bytes;
                f(tensor.buffer, lo, lo + tensor.bytes);
            }
        }
    }
    void input_is_there() {
        for_each_input(
            [&](std::size_t of, std::int64_t lo, std::int64_t hi) { clear(of, lo, hi); });
    }
    void taint_input(ViolationKind kind) {
        for_each_input([&](std::size_t of, std::int64_t lo, std::int64_t hi) {
            taint(of, lo, hi, {kind, 0, 0});
        });
    }
    /// Of a range: all that is written between two points, in whatever order they come.
    void taint_part(std::size_t of, std::int64_t lo, std::int64_t hi, const WorkPoint& a,
                    const WorkPoint& b) {
        std::vector<Taints> others(taints.size());
        others.swap(taints);
        before(a, b) ? taint_between(a, b, ViolationKind::torn)
                     : taint_between(b, a, ViolationKind::torn);
        const Taints found = std::move(taints[of]);
        others.swap(taints);
        clear(of, lo, hi);
        const auto range = Bytes::right_open(lo, hi);
        for (auto i = found.lower_bound(range); i != found.upper_bound(range); ++i) {
            taint(of, std::max(lo, i->first.lower()), std::min(hi, i->first.upper()), i->second);
        }
    }

    /// The first wrong range of [lo, hi), if there is one.
    [[nodiscard]] std::optional<std::pair<Bytes::type, Taint>> wrong(std::size_t of,
                                                                     std::int64_t lo,
                                                                     std::int64_t hi) const {
        const auto found = taints[of].find(Bytes::right_open(lo, hi));
        if (found == taints[of].end()) {
            return std::nullopt;
        }
        return std::make_pair(found->first, found->second);
    }
    [[nodiscard]] bool meets(std::size_t step, std::size_t leaf, std::int64_t k0,
                             std::int64_t k1) const {
        bool hit = false;
        for (const Access* access : accesses.of(step, leaf)) {
            if (hit || access->write || taints[access->buffer].empty()) {
                continue;
            }
            for_each_run(accesses.index(step), leaf, *access, buffer(*access), k0, k1,
                         [&](std::int64_t lo, std::int64_t len) {
                             hit = hit || wrong(access->buffer, lo, lo + len);
                         });
        }
        return hit;
    }
    void clear_writes(std::size_t step, std::size_t leaf, std::int64_t k0, std::int64_t k1) {
        for (const Access* access : accesses.of(step, leaf)) {
            if (access->write && !taints[access->buffer].empty()) {
                for_each_run(accesses.index(step), leaf, *access, buffer(*access), k0, k1,
                             [&](std::int64_t lo, std::int64_t len) {
                                 clear(access->buffer, lo, lo + len);
                             });
            }
        }
    }

    ProgramAccesses accesses;
    const Program& program;
    Memory memory;
    std::vector<Taints> taints;  ///< per buffer
    std::int64_t job = 0;
    WorkPoint point;    ///< where the power failed
    WorkPoint goes_on;  ///< where the work went on behind it
};

}  // namespace ebb
