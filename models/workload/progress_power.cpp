// SPDX-License-Identifier: Apache-2.0
// What power failures, boots and snapshots do to the progress of the work.
#include <algorithm>
#include <cmath>

#include "models/consistency/oracle.hpp"
#include "models/consistency/stored_errors.hpp"
#include "models/workload/progress.hpp"

namespace ebb {

// ---- power
// ----------------------------------------------------------------------------------------

std::optional<std::size_t> WorkProgress::power_failed(bool working) {
    std::optional<std::size_t> cut;
    completed_.clear();
    if (oracle_ != nullptr && in_job_ && !job_complete_) {
        oracle_->failed(point_of(position_));
    }
    if (errors_ != nullptr) {
        const bool cut_work = in_job_ && !job_complete_;
        errors_->failed(cut_work ? std::optional(point_of(position_)) : std::nullopt,
                        record_writes_, snapshot_writes_);
    }
    if (in_job_ && !job_complete_) {
        if (step().endless && working) {
            // Drawing until the power fails is all it was asked to do.
            ++counts_.units_done;
            completed_.push_back(position_.step);
            ++counts_.step_done[position_.step];
            ++position_.step;
            position_.unit = 0;
            position_.phase = 0;
            position_.elapsed_s = 0.0;
            skip_done_steps();
            if (job_complete_) {
                finish_job();
            }
        } else if (position_.phase > 0 || position_.elapsed_s > 0.0) {
            keep_sealed();
            if (unit_here().undone > 0 && position_.phase >= unit_here().undone) {
                behind_log_ = position_;
            }
            const UnitRole role = unit_here().role;
            if (role == UnitRole::commit) {
                ++counts_.commits_attempted;
                ++counts_.commits_torn;
                book_operations(plan_->commit, {0, position_.phase, position_.elapsed_s}, false);
            } else {
                if (working && role == UnitRole::work) {
                    cut = position_.step;
                    ++counts_.step_cut[position_.step];
                }
                book_partial_traffic();
            }
        }
    }
    pending_j_ = 0.0;
    return cut;
}

/// What it has drawn is lost; what was done before it, durable or not, is not.
std::size_t WorkProgress::cut_unit() {
    ++counts_.step_cut[position_.step];
    book_partial_traffic();
    counted_ = {};
    pending_j_ = std::min(pending_j_, before_unit_j_);
    position_.phase = 0;
    position_.elapsed_s = 0.0;
    return position_.step;
}

void WorkProgress::skip_step() {
    completed_.clear();
    ++position_.step;
    position_.unit = 0;
    skip_done_steps();
}

/// A cut behind the seal of a redo log: a recovery finishes what the log holds.
void WorkProgress::keep_sealed() {
    const std::size_t sealed = unit_here().sealed;
    if (sealed == 0 || position_.phase < sealed) {
        return;
    }
    const WorkPosition at{position_.job, position_.step, position_.unit, sealed, 0.0};
    durable_marks_ += before(durable_, at) || durable_.phase == 0 ? 1 : 0;
    durable_ = at;
}

/// Bytes of the unit in progress: as much of what its accesses write as it has written.
WorkPoint WorkProgress::point_of(const WorkPosition& p) const {
    WorkPoint point{p.step, p.unit, p.phase, 0, false};
    if (p.step >= plan_->steps.size() || (p.phase == 0 && p.elapsed_s == 0.0)) {
        return point;
    }
    const Step& s = plan_->steps[p.step];
    const std::size_t leaf = s.index.locate(p.unit).leaf;
    const UnitPlan& unit = s.unit(leaf);
    if (unit.whole.write_b <= 0.0) {
        return point;
    }
    point.writing = p.elapsed_s > 0.0 && unit.traffic[p.phase].write_b > 0.0;
    double bytes = 0.0;
    for (const Access& access : s.index.leaves()[leaf].block->accesses) {
        bytes += access.write ? static_cast<double>(access.bytes()) : 0.0;
    }
    const double share = traffic_until(unit, p.phase, p.elapsed_s).write_b / unit.whole.write_b;
    point.written = static_cast<std::int64_t>(atomic_b_ * std::floor(share * bytes / atomic_b_));
    return point;
}

namespace {

/// Has any unit of the step an undo log?
bool undoes(const Step& step) {
    return std::any_of(step.units.begin(), step.units.end(),
                       [](const UnitPlan& unit) { return unit.undone > 0; });
}

}  // namespace

/// Where the work goes on after a power failure, as the memory is followed from there.
void WorkProgress::tell_resumed() {
    const WorkPosition& at = prologue_at_ < prologue_.size() ? resume_ : position_;
    const WorkPoint point = point_of(at);
    oracle_->resumed(point, saved_.has_value() && !plan_->durable, at.job < durable_.job);
    const bool inside = at.step < plan_->steps.size() && at.phase == 0;
    if (inside && undoes(plan_->steps[at.step]) && unit_at(at).undone > 0) {
        oracle_->undone(point);
    }
    if (errors_ != nullptr && at.step == 0 && at.unit == 0 && at.phase == 0) {
        errors_->input_taken();
    }
}

void WorkProgress::give_up() {
    if (oracle_ != nullptr) {
        oracle_->failed(point_of(position_));
    }
    saved_.reset();
    saved_used_ = true;
    pending_j_ = 0.0;
    prologue_.clear();
    prologue_at_ = 0;
    start_job(position_.job);
}

void WorkProgress::keep_cut(double step_s) {
    if (!in_job_ || job_complete_ || step().endless) {
        return;
    }
    saved_ = position_;
    saved_used_ = true;
    if (unit_here().fresh[position_.phase].preempt == Preempt::any) {
        saved_->elapsed_s = step_s * std::floor(position_.elapsed_s / step_s * (1.0 + 1e-12));
    } else {
        saved_->elapsed_s = 0.0;
        saved_->phase = step().atomic ? 0 : position_.phase;
    }
    keep_pending();
    ++durable_marks_;
}

bool WorkProgress::has_durable() const noexcept {
    return in_job_ &&
           (saved_.has_value() || durable_.step > 0 || durable_.unit > 0 || durable_.phase > 0);
}

/// How often an operation of the recovery comes.
double WorkProgress::times_of(Growth growth, double done) const {
    const bool inside = durable_.step < plan_->steps.size();
    switch (growth) {
        case Growth::none:
            break;
        case Growth::linear:
            return done;
        case Growth::logarithmic:
            return std::ceil(std::log2(done + 1.0));
        case Growth::ask_undo:
            return inside && unit_at(durable_).undone > 0 ? 1.0 : 0.0;
        case Growth::put_back:
            return inside && behind_log_ && !before(durable_, *behind_log_) &&
                           !before(*behind_log_, durable_)
                       ? 1.0
                       : 0.0;
    }
    return 1.0;
}

Operations& WorkProgress::recovery() {
    Operations& fixed = has_durable() ? plan_->recover : plan_->recover_nothing;
    const auto grows = [](Growth g) { return g != Growth::none; };
    if (std::none_of(fixed.growth.begin(), fixed.growth.end(), grows)) {
        return fixed;
    }
    searching_ = fixed;
    const auto done = static_cast<double>(durable_.unit);
    for (std::size_t i = 0; i < fixed.growth.size(); ++i) {
        if (!grows(fixed.growth[i])) {
            continue;
        }
        const double times = times_of(fixed.growth[i], done);
        searching_.load.phases[i].duration_s *= times;
        searching_.traffic[i].read_b *= times;
        searching_.traffic[i].write_b *= times;
    }
    return searching_;
}

void WorkProgress::booted() {
    std::fill(done_this_boot_.begin(), done_this_boot_.end(), false);
    prologue_.clear();
    prologue_at_ = 0;
    at_boundary_ = false;
    needs_recovery_ = true;
    counted_ = {};
    if (!in_job_) {
        return;
    }
    // Without anything durable the job starts over; recovered() moves on from here.
    position_ = WorkPosition{position_.job, 0, 0, 0, 0.0};
}

void WorkProgress::recovered() {
    needs_recovery_ = false;
    if (!has_durable()) {
        return;
    }
    if (errors_ != nullptr) {
        const bool records = plan_->durable;
        errors_->recovered(records ? record_writes_ - 1 : -1,
                           !records && saved_ ? snapshot_writes_ - 1 : -1,
                           point_of(!records && saved_ ? *saved_ : durable_));
    }
    ++counts_.restored;
    if (plan_->durable) {
        position_ = durable_;
        if (position_.step >= plan_->steps.size()) {
            job_complete_ = true;
            return;
        }
    } else if (saved_) {
        position_ = *saved_;
        if (!saved_used_) {
            saved_used_ = true;
            ++counts_.snapshots_restored;
        }
    }
    position_.elapsed_s = std::max(position_.elapsed_s, 0.0);
    if (!at_unit_start()) {
        go_on_within();
    }
    for (std::size_t i = 0; i < position_.step; ++i) {
        if (plan_->steps[i].once_per_boot) {
            prologue_.push_back(i);
        }
    }
    if (!prologue_.empty()) {
        resume_ = position_;
        position_ = WorkPosition{position_.job, prologue_[0], 0, 0, 0.0};
    }
}

/// The unit in hand goes on in its middle. It is booked as a whole when it is done, and what came
/// before was booked when the power failed: once is enough.
void WorkProgress::go_on_within() {
    const UnitPlan& unit = unit_here();
    counted_ = traffic_until(unit, position_.phase, position_.elapsed_s);
    LayerBook& layer = counts_.layers[position_.step];
    for (std::size_t i = 0; i <= position_.phase && i < unit.kinds.size(); ++i) {
        const double seconds = i < position_.phase ? unit.fresh[i].duration_s : position_.elapsed_s;
        if (books_layers_ && std::isfinite(seconds)) {
            layer.seconds[static_cast<std::size_t>(unit.kinds[i])] -= seconds;
        }
    }
}

// ---- snapshots
// ------------------------------------------------------------------------------------

void WorkProgress::snapshot_completed() {
    ++counts_.snapshots_completed;
    ++snapshot_writes_;
    saved_ = position_;
    saved_used_ = false;
    keep_pending();
    ++durable_marks_;
}

}  // namespace ebb
