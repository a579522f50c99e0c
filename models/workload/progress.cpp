// SPDX-License-Identifier: Apache-2.0
#include "models/workload/progress.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "models/core/error.hpp"

namespace ebb {

namespace {

bool before(const WorkPosition& a, const WorkPosition& b) {
    return std::tie(a.job, a.step, a.unit) < std::tie(b.job, b.step, b.unit);
}

}  // namespace

WorkProgress::WorkProgress(Plan& plan, NvmAccount& nvm, double atomic_b, std::vector<Plan>* faster)
    : base_(plan),
      faster_(faster),
      plan_(&plan),
      nvm_(nvm),
      atomic_b_(atomic_b),
      done_this_boot_(plan.steps.size(), false) {
    arena_ = nvm_.add_buffer("activations", plan.arena_bytes);
    records_ = nvm_.add_buffer("progress records", 2 * plan.record_bytes);
    snapshots_ = nvm_.add_buffer("snapshots", 2 * plan.snapshot_bytes);
    counts_.step_done.assign(plan.steps.size(), 0);
    counts_.step_cut.assign(plan.steps.size(), 0);
}

double WorkProgress::work_energy(const SinkEnergies& e) noexcept {
    return e[Sink::compute] + e[Sink::nvm_read] + e[Sink::nvm_write] + e[Sink::repeated_work] +
           e[Sink::peripherals];
}

// ---- jobs
// -----------------------------------------------------------------------------------------

void WorkProgress::start_job(std::int64_t job) {
    in_job_ = true;
    job_complete_ = false;
    commit_due_ = false;
    position_ = WorkPosition{job, 0, 0, 0, 0.0};
    durable_ = position_;
    if (before(high_water_, position_)) {
        high_water_ = position_;
    }
    counted_ = {};
    skip_done_steps();
}

void WorkProgress::finish_job() {
    keep_pending();
    ++durable_marks_;
    in_job_ = false;
    job_complete_ = false;
}

void WorkProgress::keep_pending() noexcept {
    counts_.kept_j += pending_j_;
    pending_j_ = 0.0;
}

void WorkProgress::skip_done_steps() {
    while (position_.step < plan_->steps.size() && plan_->steps[position_.step].once_per_boot &&
           done_this_boot_[position_.step]) {
        ++position_.step;
        position_.unit = 0;
    }
    if (position_.step >= plan_->steps.size()) {
        job_complete_ = true;
    }
}

// ---- clock
// ----------------------------------------------------------------------------------------

void WorkProgress::operate_at(std::size_t point) {
    Plan& next = point == 0 ? base_ : faster_->at(point - 1);
    if (&next == plan_) {
        return;
    }
    // What has been done of a phase is a share of it; its seconds are others at another clock.
    const auto carry = [](double elapsed_s, const LoadPhase& from, const LoadPhase& to) {
        return std::isfinite(from.duration_s) && from.duration_s != to.duration_s
                   ? std::min(to.duration_s, elapsed_s * (to.duration_s / from.duration_s))
                   : elapsed_s;
    };
    const auto move = [&](WorkPosition& p) {
        if (p.step < next.steps.size() && p.elapsed_s > 0.0) {
            p.elapsed_s = carry(p.elapsed_s, plan_->steps[p.step].fresh.phases.at(p.phase),
                                next.steps[p.step].fresh.phases.at(p.phase));
        }
    };
    move(position_);
    move(resume_);
    if (saved_) {
        move(*saved_);
    }
    plan_ = &next;
}

// ---- running
// --------------------------------------------------------------------------------------

bool WorkProgress::repeated_at(const WorkPosition& p) const noexcept {
    return before(p, high_water_) && !plan_->steps[p.step].once_per_boot;
}

std::int64_t WorkProgress::units_to_border() const noexcept {
    const std::int64_t rest = step().units - position_.unit;
    if (repeated_ && high_water_.job == position_.job && high_water_.step == position_.step) {
        return std::min(rest, high_water_.unit - position_.unit);
    }
    return rest;
}

Load& WorkProgress::begin(Load& load, std::int64_t count, const LoadPosition& from) noexcept {
    load.count = count;
    load.first_phase = from.phase;
    load.first_elapsed_s = from.elapsed_s;
    return load;
}

const Load& WorkProgress::next() {
    rest_only_ = false;
    if (commit_due_) {
        kind_ = Kind::commit;
        return begin(plan_->commit.load, 1, commit_at_);
    }
    Step& s = plan_->steps[position_.step];
    repeated_ = repeated_at(position_);
    std::int64_t count = units_to_border();
    const std::int64_t every = s.commit_every;
    if (every > 0 && every < s.units) {
        const std::int64_t into = position_.unit % every;
        const std::int64_t tiles = (s.units - position_.unit) / every;
        if (into == 0 && tiles > 0 && !repeated_ && position_.phase == 0 &&
            position_.elapsed_s == 0.0) {
            kind_ = Kind::tiles;
            return begin(s.tile, tiles, {});
        }
        count = std::min(count, every - into);
    }
    kind_ = Kind::units;
    return begin(repeated_ ? s.repeated : s.fresh, count,
                 {0, position_.phase, position_.elapsed_s});
}

const Load& WorkProgress::rest_of_phase() {
    const Step& s = step();
    kind_ = Kind::units;
    repeated_ = repeated_at(position_);
    const std::vector<LoadPhase>& phases = (repeated_ ? s.repeated : s.fresh).phases;
    const std::size_t last = s.atomic ? phases.size() : position_.phase + 1;
    rest_only_ = last < phases.size();
    rest_.phases.assign(phases.begin(), phases.begin() + static_cast<std::ptrdiff_t>(last));
    rest_.drop_out_below_v = s.fresh.drop_out_below_v;
    return begin(rest_, 1, {0, position_.phase, position_.elapsed_s});
}

bool WorkProgress::must_finish() const {
    const LoadPhase& phase = step().fresh.phases[position_.phase];
    const bool begun = position_.elapsed_s > 0.0 || (step().atomic && position_.phase > 0);
    return begun && phase.preempt == Preempt::finish;
}

void WorkProgress::absorb(const WalkResult& result) {
    completed_.clear();
    pending_j_ += work_energy(result.done);
    const LoadPosition& at = result.position;
    if (kind_ == Kind::commit) {
        if (at.unit > 0) {
            ++counts_.commits_attempted;
            book_operations(plan_->commit, {1, 0, 0.0}, true);
            committed(1);
        } else {
            commit_at_ = at;
        }
        return;
    }
    if (kind_ == Kind::units) {
        // A load that holds only the first phases of a unit (rest_of_phase) ends inside the unit.
        const bool ends_inside = rest_only_ && at.unit > 0;
        if (at.unit > 0 && !ends_inside) {
            const std::size_t entered = position_.step;
            units_completed(at.unit, repeated_);
            if (position_.step != entered) {
                return;  // behind a once-per-boot step the work goes on inside a unit
            }
        }
        position_.phase = ends_inside ? rest_.phases.size() : at.phase;
        position_.elapsed_s = at.elapsed_s;
        pending_j_ += work_energy(result.tail);
        return;
    }
    const Step& s = step();
    const std::size_t phases = s.fresh.phases.size();
    const std::size_t unit_phases = phases * static_cast<std::size_t>(s.commit_every);
    if (at.unit > 0) {
        const std::size_t entered = position_.step;
        counts_.commits_attempted += at.unit;
        units_completed(at.unit * s.commit_every, false);
        book_operations(plan_->commit, {at.unit, 0, 0.0}, true);
        commit_due_ = false;
        committed(at.unit);
        if (position_.step != entered || job_complete_) {
            return;
        }
    }
    if (at.phase >= unit_phases) {
        units_completed(s.commit_every, false);
        commit_at_ = {0, at.phase - unit_phases, at.elapsed_s};
    } else {
        const auto whole = static_cast<std::int64_t>(at.phase / phases);
        if (whole > 0) {
            units_completed(whole, false);
        }
        position_.phase = at.phase % phases;
        position_.elapsed_s = at.elapsed_s;
    }
    pending_j_ += work_energy(result.tail);
}

void WorkProgress::units_completed(std::int64_t count, bool repeated) {
    book_unit_traffic(count);
    position_.unit += count;
    position_.phase = 0;
    position_.elapsed_s = 0.0;
    (repeated ? counts_.units_repeated : counts_.units_done) += count;
    if (before(high_water_, position_)) {
        high_water_ = position_;
    }
    const Step& s = step();
    commit_due_ = s.commit_every > 0 && position_.unit % s.commit_every == 0;
    commit_at_ = {};
    if (position_.unit >= s.units && !commit_due_) {
        leave_step();
    }
}

void WorkProgress::committed(std::int64_t count) {
    counts_.commits_completed += count;
    commit_due_ = false;
    commit_at_ = {};
    position_.phase = 0;
    position_.elapsed_s = 0.0;
    keep_pending();
    durable_marks_ += count;
    if (position_.unit >= step().units) {
        leave_step();
    }
    durable_ = position_;
}

void WorkProgress::leave_step() {
    completed_.push_back(position_.step);
    ++counts_.step_done[position_.step];
    done_this_boot_[position_.step] = true;
    if (prologue_at_ < prologue_.size()) {
        // A once-per-boot step that came before the resumed position.
        if (++prologue_at_ < prologue_.size()) {
            position_ = WorkPosition{position_.job, prologue_[prologue_at_], 0, 0, 0.0};
        } else {
            position_ = resume_;
        }
        return;
    }
    ++position_.step;
    position_.unit = 0;
    skip_done_steps();
}

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
        } else if (commit_due_) {
            if (commit_at_.phase > 0 || commit_at_.elapsed_s > 0.0) {
                ++counts_.commits_attempted;
                ++counts_.commits_torn;
                book_operations(plan_->commit, commit_at_, false);
            }
        } else if (position_.phase > 0 || position_.elapsed_s > 0.0) {
            if (working) {
                cut = position_.step;
                ++counts_.step_cut[position_.step];
            }
            book_partial_traffic();
        }
    }
    pending_j_ = 0.0;
    return cut;
}

bool WorkProgress::has_durable() const noexcept {
    return in_job_ && (saved_.has_value() || durable_.step > 0 || durable_.unit > 0);
}

void WorkProgress::booted() {
    std::fill(done_this_boot_.begin(), done_this_boot_.end(), false);
    prologue_.clear();
    prologue_at_ = 0;
    commit_due_ = false;
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
        const PhaseTraffic done = traffic_until(step(), position_.phase, position_.elapsed_s);
        counted_ = done;
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
