// SPDX-License-Identifier: Apache-2.0
// What power failures, boots and snapshots do to the progress of the work.
#include <algorithm>
#include <cmath>

#include "models/workload/progress.hpp"

namespace ebb {

// ---- power
// ----------------------------------------------------------------------------------------

std::optional<std::size_t> WorkProgress::power_failed(bool working) {
    std::optional<std::size_t> cut;
    completed_.clear();
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
    return in_job_ && (saved_.has_value() || durable_.step > 0 || durable_.unit > 0);
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
        const double times =
            fixed.growth[i] == Growth::linear ? done : std::ceil(std::log2(done + 1.0));
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
    ++counts_.restored;
    if (plan_->durable) {
        position_ = durable_;
        if (position_.step >= plan_->steps.size()) {
            job_complete_ = true;
            return;
        }
    } else if (saved_) {
        position_ = *saved_;
        counted_ = traffic_until(unit_here(), position_.phase, position_.elapsed_s);
        if (!saved_used_) {
            saved_used_ = true;
            ++counts_.snapshots_restored;
        }
    }
    position_.elapsed_s = std::max(position_.elapsed_s, 0.0);
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
