// SPDX-License-Identifier: Apache-2.0
#include "models/consistency/oracle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "models/consistency/taints.hpp"

namespace ebb {

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

void MemoryOracle::resumed(const WorkPoint& at, bool volatile_restored, std::int64_t jobs_back) {
    Body& b = *body_;
    failed_ = false;
    b.goes_on = at;
    const WorkPoint end{b.accesses.steps(), 0, 0, 0, false};
    if (jobs_back == 1 && volatile_restored) {
        b.taint_between(at, end, ViolationKind::war);
        b.taint_between({}, b.point, ViolationKind::stale_job);
        b.taint_input(ViolationKind::stale_job);
    } else if (jobs_back > 0) {
        b.taint_between({}, end, ViolationKind::stale_job);
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

void MemoryOracle::restored_from(std::size_t buffer, std::int64_t lo, std::int64_t hi,
                                 const WorkPoint& from) {
    Body& b = *body_;
    b.taint_part(buffer, lo, hi, from, b.goes_on);
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
        const bool midway = unit == from && part;
        std::int64_t there = midway ? b.goes_on.written : 0;  // bytes that are not stored again
        for (const Access* access : b.accesses.of(step, spot.leaf)) {
            // Of an execution that goes on in its middle, what came before is not read again.
            if (!access->write && midway && access->phase < b.goes_on.phase) {
                continue;
            }
            bool told = false;
            for_each_range(*access, place_of(*access, b.buffer(*access), spot.counter),
                           [&](std::int64_t lo, std::int64_t len) {
                               if (access->write) {
                                   const std::int64_t kept = std::min(there, len);
                                   there -= kept;
                                   b.clear(access->buffer, lo + kept, lo + len);
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
