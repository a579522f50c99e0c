// SPDX-License-Identifier: Apache-2.0
#include "models/consistency/oracle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/icl/interval_map.hpp>
#include <limits>
#include <optional>
#include <utility>

#include "models/consistency/program_accesses.hpp"

namespace ebb {

namespace {

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

}  // namespace

std::string_view name_of(ViolationKind kind) noexcept {
    static constexpr std::array<std::string_view, 7> kNames = {"WAR",  "STALE", "STALE_JOB", "TORN",
                                                               "LOST", "RIO",   "CORRUPT"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string Violation::text() const {
    if (kind == ViolationKind::rio) {
        return fmt::format(
            "RIO: job {}: execution {} of {} repeats an input or output that may "
            "happen once only",
            job, unit, layer);
    }
    return fmt::format("{}: job {}: execution {} of {} reads bytes {}..{} of {}, left by {}",
                       name_of(kind), job, unit, layer, lo, hi - 1, buffer, wrote);
}

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
    void input_is_there() {
        for (const TensorPlace& tensor : program.tensors) {
            if (tensor.layer < 0) {
                const std::int64_t lo =
                    tensor.lo + tensor.slot * program.buffers[tensor.buffer].bytes;
                clear(tensor.buffer, lo, lo + tensor.bytes);
            }
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

MemoryOracle::MemoryOracle(const Program& program, const Memory& memory)
    : body_(std::make_unique<Body>(program, memory)) {}

MemoryOracle::~MemoryOracle() = default;

void MemoryOracle::start_job(std::int64_t job) {
    body_->job = job;
    if (!clean_) {
        body_->input_is_there();
        clean_ = body_->clean();
    }
}

void MemoryOracle::failed(const WorkPoint& at) {
    if (failed_) {
        return;
    }
    failed_ = true;
    body_->point = at;
}

void MemoryOracle::resumed(const WorkPoint& at, bool volatile_restored, bool job_before) {
    Body& b = *body_;
    failed_ = false;
    b.goes_on = at;
    if (job_before) {
        b.taint_between({}, {b.accesses.steps(), 0, 0, 0, false}, ViolationKind::stale_job);
    } else if (b.accesses.harmless(b.point, at)) {
        return;
    } else if (before(at, b.point)) {
        b.taint_between(at, b.point, ViolationKind::war);
        for (std::size_t step = at.step; step <= b.point.step && step < b.accesses.steps();
             ++step) {
            if (b.accesses.acts_once(step)) {
                repeated_io(step, step == at.step ? at.unit : 0,
                            step == b.point.step ? b.point.unit : b.accesses.index(step).length());
            }
        }
    } else if (before(b.point, at)) {
        // What is skipped was not done in this job: what lies there is older.
        const bool first = b.job == 0;
        b.taint_between(b.point, at, first ? ViolationKind::stale : ViolationKind::stale_job);
    }
    b.tear(b.point);
    b.set_volatile(!volatile_restored);
    if (at.step == 0 && at.unit == 0 && at.phase == 0) {
        b.input_is_there();
    }
    clean_ = b.clean();
}

void MemoryOracle::repeated_io(std::size_t step, std::int64_t from, std::int64_t to) {
    const Body& b = *body_;
    for (std::int64_t unit = from; unit < to; ++unit) {
        for (const Phase& phase : b.accesses.unit_of(step, unit).phases) {
            if (phase.io == Io::once) {
                Violation v;
                v.kind = ViolationKind::rio;
                v.step = step;
                v.unit = unit;
                report(std::move(v));
            }
        }
    }
}

void MemoryOracle::undone(const WorkPoint& at) {
    Body& b = *body_;
    if (!b.accesses.inside(at)) {
        return;
    }
    b.accesses.writes(at.step, at.unit, 0, kAll,
                      [&](const Access& access, std::int64_t lo, std::int64_t hi) {
                          b.clear(access.buffer, lo, hi);
                      });
    clean_ = b.clean();
}

void MemoryOracle::put(std::size_t buffer, std::int64_t lo, std::int64_t hi, const WorkPoint& at,
                       std::optional<ViolationKind> wrong) {
    Body& b = *body_;
    b.clear(buffer, lo, hi);
    if (wrong) {
        b.taint(buffer, lo, hi, {*wrong, at.step, at.unit});
    }
    clean_ = b.clean();
}

void MemoryOracle::reset(std::int64_t job) {
    Body& b = *body_;
    for (Taints& taints : b.taints) {
        taints.clear();
    }
    b.job = job;
    clean_ = true;
    failed_ = false;
    count_ = 0;
    kept_.clear();
}

void MemoryOracle::follow(std::size_t step, std::int64_t from, std::int64_t to) {
    Body& b = *body_;
    if (step >= b.accesses.steps()) {
        return;
    }
    const NestIndex& index = b.accesses.index(step);
    const bool part = b.goes_on.step == step && b.goes_on.unit == from && b.goes_on.phase > 0;
    // All at once, if what is read is right whatever the order.
    bool hit = part;
    for (std::size_t leaf = 0; !hit && leaf < index.leaves().size(); ++leaf) {
        hit = b.meets(step, leaf, index.executed(leaf, from), index.executed(leaf, to));
    }
    for (std::size_t leaf = 0; !hit && leaf < index.leaves().size(); ++leaf) {
        b.clear_writes(step, leaf, index.executed(leaf, from), index.executed(leaf, to));
    }
    for (std::int64_t unit = from; hit && unit < to && !b.clean(); ++unit) {
        const NestIndex::Spot spot = index.locate(unit);
        for (const Access* access : b.accesses.of(step, spot.leaf)) {
            // Of an execution that goes on in its middle, what came before is not read again.
            if (!access->write && unit == from && part && access->phase < b.goes_on.phase) {
                continue;
            }
            bool told = false;
            for_each_range(*access, place_of(*access, b.buffer(*access), spot.counter),
                           [&](std::int64_t lo, std::int64_t len) {
                               if (access->write) {
                                   b.clear(access->buffer, lo, lo + len);
                               } else if (!told) {
                                   told = read(step, unit, access->buffer, lo, lo + len);
                               }
                           });
        }
    }
    b.goes_on.phase = 0;
    clean_ = b.clean();
}

bool MemoryOracle::read(std::size_t step, std::int64_t unit, std::size_t buffer, std::int64_t lo,
                        std::int64_t hi) {
    const Body& b = *body_;
    const auto wrong = b.wrong(buffer, lo, hi);
    if (!wrong) {
        return false;
    }
    Violation v;
    v.kind = wrong->second.kind;
    v.step = step;
    v.unit = unit;
    v.buffer = b.program.buffers[buffer].name;
    v.lo = std::max(lo, boost::icl::first(wrong->first));
    v.hi = std::min(hi, boost::icl::last(wrong->first) + 1);
    const Taint& why = wrong->second;
    const bool named = why.step < b.program.nests.size();
    v.wrote = why.kind == ViolationKind::lost
                  ? std::string("a power failure")
                  : fmt::format("{}execution {} of {}",
                                why.kind == ViolationKind::torn ? "the torn word of " : "",
                                why.unit, named ? b.program.nests[why.step].name : "?");
    report(std::move(v));
    return true;
}

void MemoryOracle::report(Violation violation) {
    ++count_;
    if (kept_.size() < kMost) {
        violation.job = body_->job;
        violation.layer = violation.step < body_->program.nests.size()
                              ? body_->program.nests[violation.step].name
                              : "the job's end";
        kept_.push_back(std::move(violation));
    }
}

void MemoryOracle::job_done() {
    const Body& b = *body_;
    if (clean_ || b.program.nests.empty()) {
        return;
    }
    for (const TensorPlace& tensor : b.program.tensors) {
        if (tensor.layer == b.program.nests.back().layer) {
            const std::int64_t lo =
                tensor.lo + tensor.slot * b.program.buffers[tensor.buffer].bytes;
            read(b.program.nests.size(), 0, tensor.buffer, lo, lo + tensor.bytes);
        }
    }
}

}  // namespace ebb
