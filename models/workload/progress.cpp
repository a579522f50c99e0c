// SPDX-License-Identifier: Apache-2.0
#include "models/workload/progress.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "models/consistency/oracle.hpp"
#include "models/consistency/stored_errors.hpp"

namespace ebb {

namespace {

constexpr std::int64_t kFewTrips = 4;
constexpr std::size_t kLongTrip = 32;  // phases: walking them costs about as much as a leap

}  // namespace

bool WorkProgress::before(const WorkPosition& a, const WorkPosition& b) noexcept {
    return std::tie(a.job, a.step, a.unit) < std::tie(b.job, b.step, b.unit);
}

WorkProgress::WorkProgress(Plan& plan, NvmAccount& nvm, double atomic_b, std::vector<Plan>* faster)
    : base_(plan),
      faster_(faster),
      plan_(&plan),
      nvm_(nvm),
      atomic_b_(atomic_b),
      buffers_(plan.buffers.size(), kNoBuffer),
      done_this_boot_(plan.steps.size(), false) {
    for (const Step& step : plan.steps) {
        wear_.emplace_back();
        for (const NestIndex::Leaf& leaf : step.index.leaves()) {
            wear_.back().emplace_back(leaf.executions);
            for (const Access& access : leaf.block->accesses) {
                const Buffer& buffer = plan.buffers[access.buffer];
                std::size_t& number = buffers_[access.buffer];
                if (access.write && buffer.space == Space::nvm && number == kNoBuffer) {
                    number = nvm_.add_buffer(buffer.name, buffer.bytes * buffer.slots);
                }
            }
        }
    }
    records_ = nvm_.add_buffer("progress records", 2 * plan.record_bytes);
    snapshots_ = nvm_.add_buffer("snapshots", 2 * plan.snapshot_bytes);
    counts_.step_done.assign(plan.steps.size(), 0);
    counts_.step_cut.assign(plan.steps.size(), 0);
    counts_.layers.resize(plan.steps.size());
}

double WorkProgress::work_energy(const SinkEnergies& e) noexcept {
    return e[Sink::compute] + e[Sink::nvm_read] + e[Sink::nvm_write] + e[Sink::nvm_index] +
           e[Sink::repeated_work] + e[Sink::peripherals];
}

// ---- jobs
// -----------------------------------------------------------------------------------------

void WorkProgress::start_job(std::int64_t job) {
    in_job_ = true;
    job_complete_ = false;
    at_boundary_ = false;
    // Written out, not copied from one another: a copy would wait for the stores before it.
    position_ = WorkPosition{job, 0, 0, 0, 0.0};
    durable_ = WorkPosition{job, 0, 0, 0, 0.0};
    if (high_water_.job < job) {
        high_water_ = WorkPosition{job, 0, 0, 0, 0.0};
    }
    counted_ = {};
    if (oracle_ != nullptr) {
        oracle_->start_job(job);
        if (errors_ != nullptr) {
            errors_->input_taken();
        }
    }
    skip_done_steps();
}

void WorkProgress::finish_job() {
    if (oracle_ != nullptr) {
        oracle_->job_done();
    }
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
            const std::size_t leaf = plan_->steps[p.step].index.locate(p.unit).leaf;
            p.elapsed_s = carry(p.elapsed_s, plan_->steps[p.step].unit(leaf).fresh.at(p.phase),
                                next.steps[p.step].unit(leaf).fresh.at(p.phase));
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

/// Where repeated work of the present step ends; behind the step if all of it is of one kind.
std::int64_t WorkProgress::border() const noexcept {
    const bool inside =
        repeated_ && high_water_.job == position_.job && high_water_.step == position_.step;
    return inside ? high_water_.unit : step().index.length();
}

std::size_t WorkProgress::leaf_here() const noexcept {
    const NestIndex& index = step().index;
    return index.leaves().size() == 1 ? 0 : index.locate(position_.unit).leaf;
}

Load& WorkProgress::begin(Load& load, std::int64_t count, std::size_t phase,
                          double elapsed_s) noexcept {
    load.count = count;
    load.first_phase = phase;
    load.first_elapsed_s = elapsed_s;
    return load;
}

void WorkProgress::choose_stretch() {
    const Step& s = plan_->steps[position_.step];
    const std::vector<NestIndex::Node>& nodes = s.index.nodes();
    const std::int64_t until = border();
    std::size_t at = 0;
    std::int64_t within = position_.unit;  // of the node's present execution
    while (true) {
        const NestIndex::Node& node = nodes[at];
        const Step::Stretchable& may = s.nodes[at];
        const std::int64_t trip = within / node.per_trip;
        within %= node.per_trip;
        const std::int64_t begin = position_.unit - within;
        std::int64_t trips = node.n - trip;
        if (begin + trips * node.per_trip > until) {
            trips = (until - begin) / node.per_trip;
        }
        // A few long trips are not leapt over; the loops inside of them may be.
        const bool few_and_long = trips < kFewTrips && may.phases > kLongTrip;
        if (node.leaf() || (trips > 0 && may.phases > 0 && !may.broken && !few_and_long)) {
            stretch_ = {at, begin, may.boundary ? 1 : trips};
            return;
        }
        at = s.index.child_at(node, within);
        within -= nodes[at].at;
    }
}

const Load& WorkProgress::next() {
    if (oracle_ != nullptr && oracle_->waits()) {
        tell_resumed();
    }
    rest_only_ = false;
    if (at_unit_start()) {
        before_unit_j_ = pending_j_;
    }
    repeated_ = repeated_at(position_);
    choose_stretch();
    if (errors_ != nullptr && errors_->wary()) {
        stretch_ = {step().index.leaves()[leaf_here()].node, position_.unit, 1};
    }
    Step& s = plan_->steps[position_.step];
    TripLoad& piece = s.piece(stretch_.node);
    const auto into = static_cast<std::size_t>(position_.unit - stretch_.begin);
    return begin(repeated_ ? s.repeated(stretch_.node) : piece.fresh, stretch_.trips,
                 piece.first_phase[into] + position_.phase, position_.elapsed_s);
}

const Load& WorkProgress::rest_of_phase() {
    const UnitPlan& unit = unit_here();
    repeated_ = repeated_at(position_);
    const std::vector<LoadPhase>& phases = repeated_ ? unit.repeated : unit.fresh;
    const std::size_t last = step().atomic ? phases.size() : position_.phase + 1;
    rest_only_ = true;
    rest_of_ = phases.size();
    rest_.phases.assign(phases.begin(), phases.begin() + static_cast<std::ptrdiff_t>(last));
    rest_.drop_out_below_v = step().drop_out_below_v;
    return begin(rest_, 1, position_.phase, position_.elapsed_s);
}

bool WorkProgress::must_finish() const {
    const LoadPhase& phase = unit_here().fresh[position_.phase];
    const bool begun = position_.elapsed_s > 0.0 || (step().atomic && position_.phase > 0);
    return begun && phase.preempt == Preempt::finish;
}

void WorkProgress::book_energy(const WalkResult& result) {
    SinkEnergies& sum = counts_.layers[position_.step].joules;
    const auto add = [&sum](Sink sink, double joules) { sum[sink] += joules; };
    result.done.for_each(add);
    result.tail.for_each(add);
}

void WorkProgress::absorb(const WalkResult& result) {
    completed_.clear();
    at_boundary_ = false;
    if (books_layers_) {
        book_energy(result);
    }
    pending_j_ += work_energy(result.done);
    const std::size_t entered = position_.step;
    const LoadPosition& at = result.position;
    if (rest_only_) {
        const bool over = at.unit > 0;
        if (over && rest_.phases.size() == rest_of_) {
            stretch_ = {step().index.leaves()[leaf_here()].node, position_.unit, 1};
            pass(position_.unit + 1);
        } else {
            position_.phase = over ? rest_.phases.size() : at.phase;
            position_.elapsed_s = at.elapsed_s;
        }
        pending_j_ += work_energy(result.tail);
        return;
    }
    Step& s = plan_->steps[position_.step];
    const TripLoad& piece = s.piece(stretch_.node);
    const std::int64_t per_trip = s.index.nodes()[stretch_.node].per_trip;
    std::int64_t end = stretch_.begin + at.unit * per_trip;
    std::size_t phase = 0;
    if (at.unit < stretch_.trips) {
        const auto behind =
            std::upper_bound(piece.first_phase.begin(), piece.first_phase.end() - 1, at.phase);
        const auto leaf = behind - 1 - piece.first_phase.begin();
        end += leaf;
        phase = at.phase - *(behind - 1);
    }
    if (end > position_.unit) {
        pass(end);
    }
    if (position_.step == entered && !job_complete_) {
        position_.phase = phase;
        position_.elapsed_s = at.unit < stretch_.trips ? at.elapsed_s : 0.0;
    }
    pending_j_ += work_energy(result.tail);
}

void WorkProgress::pass(std::int64_t end) {
    const Step& s = step();
    const NestIndex::Node& node = s.index.nodes()[stretch_.node];
    if (s.index.leaves().size() == 1) {
        book_leaf(0, position_.unit, end);
    } else if (node.leaf()) {
        const std::int64_t k = s.index.executed(node.first_leaf, position_.unit);
        book_leaf(node.first_leaf, k, k + (end - position_.unit));
    } else {
        for (std::size_t leaf = node.first_leaf; leaf < node.end_leaf; ++leaf) {
            book_leaf(leaf, s.index.executed(leaf, position_.unit), s.index.executed(leaf, end));
        }
    }
    counted_ = {};
    if (oracle_ != nullptr) {
        oracle_->passed(position_.step, position_.unit, end);
        if (errors_ != nullptr) {
            errors_->passed(position_.step, position_.unit, end);
        }
    }
    at_boundary_ = s.nodes[stretch_.node].boundary && (end - stretch_.begin) % node.per_trip == 0 &&
                   end > stretch_.begin;
    // The last durable unit of [stretch begin, end).
    const TripLoad& piece = plan_->steps[position_.step].piece(stretch_.node);
    const std::int64_t trips = (end - stretch_.begin) / node.per_trip;
    std::int64_t kept =
        piece.durable_before[static_cast<std::size_t>((end - stretch_.begin) % node.per_trip)];
    if (kept > 0) {
        kept += stretch_.begin + trips * node.per_trip;
    } else if (trips > 0 && piece.durable_before.back() > 0) {
        kept = stretch_.begin + (trips - 1) * node.per_trip + piece.durable_before.back();
    }
    const bool keeps = kept > position_.unit;
    position_.unit = end;
    position_.phase = 0;
    position_.elapsed_s = 0.0;
    if (before(high_water_, position_)) {
        high_water_ = WorkPosition{position_.job, position_.step, end, 0, 0.0};
    }
    if (keeps) {
        keep_pending();
        ++durable_marks_;
        durable_ = WorkPosition{position_.job, position_.step, kept, 0, 0.0};
    }
    if (end >= s.index.length()) {
        const bool whole = keeps && kept >= end;
        leave_step();
        if (whole) {
            durable_ = position_;
        }
    }
}

void WorkProgress::book_leaf(std::size_t leaf, std::int64_t from, std::int64_t to) {
    const std::int64_t count = to - from;
    if (count <= 0) {
        return;
    }
    const UnitPlan& unit = step().unit(leaf);
    LayerBook& layer = counts_.layers[position_.step];
    wear_[position_.step][leaf].add(from, to);
    for (std::size_t kind = 0; books_layers_ && kind < kPhaseKinds; ++kind) {
        const double seconds = static_cast<double>(count) * unit.seconds[kind];
        (unit.role == UnitRole::work ? layer.seconds[kind] : layer.upkeep_s) += seconds;
    }
    if (unit.role == UnitRole::commit) {
        counts_.commits_attempted += count;
        counts_.commits_completed += count;
        book_operations(plan_->commit, {count, 0, 0.0}, true);
        return;
    }
    const auto n = static_cast<double>(count);
    nvm_.read(n * unit.whole.read_b - counted_.read_b);
    nvm_.written(n * unit.whole.write_b - counted_.write_b);
    counted_ = {};
    if (unit.role == UnitRole::work) {
        (repeated_ ? counts_.units_repeated : counts_.units_done) += count;
        (repeated_ ? layer.units_repeated : layer.units_done) += count;
    }
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

}  // namespace ebb
