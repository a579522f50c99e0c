// SPDX-License-Identifier: Apache-2.0
#include "models/workload/workload_module.hpp"

#include <algorithm>

#include "models/consistency/oracle.hpp"

namespace ebb {

WorkloadModule::WorkloadModule(sc_core::sc_module_name name, Config config, Agenda& agenda)
    : sc_module(name), nvm("nvm"), mcu("mcu"), config_(std::move(config)), agenda_(agenda) {
    if (!config_.arrival.back_to_back) {  // each slot costs something at every decision
        release_slot_ = agenda_.add_slot("release", Rank::release, [this] { release(); });
    }
}

void WorkloadModule::start_of_simulation() {
    progress_ = std::make_unique<WorkProgress>(config_.plan, nvm->account(), config_.atomic_b,
                                               &config_.faster);
    progress_->follow_memory(config_.oracle);
    progress_->follow_errors(config_.errors);
    if (!config_.tasks) {
        progress_->book_layers();
    }
    if (config_.arrival.back_to_back) {
        enqueue({next_id_++, Time()});
        ++stats_.released;
    } else {
        agenda_.set(release_slot_, Time());
    }
}

void WorkloadModule::enqueue(const Job& job) {
    if (waiting_.full()) {
        constexpr std::size_t kLeast = 8;
        waiting_.set_capacity(std::max(kLeast, 2 * waiting_.capacity()));
    }
    waiting_.push_back(job);
}

void WorkloadModule::say(std::string_view event, std::string_view detail) {
    if (observer_ != nullptr) {
        observer_->event(agenda_.now(), event, detail, mcu->terminal_v());
    }
}

void WorkloadModule::release() {
    const Time now = agenda_.now();
    ++stats_.released;
    const ArrivalParams& arrival = config_.arrival;
    if (arrival.queue && static_cast<std::int64_t>(waiting_.size()) >= *arrival.queue) {
        ++stats_.dropped;
        say("job_dropped", "");
    } else {
        enqueue({next_id_, now});
        say("job_released", "");
    }
    ++next_id_;
    // Periods count from time zero, so that they do not drift.
    agenda_.set(release_slot_, Time::from_seconds(arrival.every_s * static_cast<double>(next_id_)));
    mcu->work_arrived();
}

bool WorkloadModule::has_work() {
    if (current_) {
        return true;
    }
    if (waiting_.empty() || exhausted_) {
        return false;
    }
    current_ = waiting_.front();
    waiting_.pop_front();
    progress_->start_job(current_->id);
    if (progress_->job_complete()) {  // only once-per-boot steps, all of them done
        exhausted_ = true;
        waiting_.push_front(*current_);
        current_.reset();
        return false;
    }
    return true;
}

void WorkloadModule::report_steps() {
    for (const std::size_t step : progress_->completed_steps()) {
        if (config_.tasks) {
            say("task_done", config_.plan.steps[step].name);
        }
    }
}

void WorkloadModule::settle() {
    report_steps();
    if (current_ && progress_->in_job() && progress_->job_complete()) {
        const std::int64_t job = progress_->position().job;
        if (job < current_->id) {  // brought back by a snapshot of an earlier job
            progress_->completed_again(config_.arrival.back_to_back ? job + 1 : current_->id);
            return;
        }
        progress_->finish_job();
        job_done();
    }
    if (config_.oracle != nullptr && config_.oracle->count() != violations_told_) {
        report_violations();
    }
}

/// The first ones by name; further ones are only counted.
void WorkloadModule::report_violations() {
    const std::vector<Violation>& known = config_.oracle->violations();
    if (!first_violation_) {
        first_violation_ = agenda_.now();
    }
    for (auto i = static_cast<std::size_t>(violations_told_); i < known.size(); ++i) {
        say("violation", known[i].text());
    }
    violations_told_ = config_.oracle->count();
}

void WorkloadModule::job_done() {
    const Time now = agenda_.now();
    const double latency = now.since(current_->released);
    stats_.latencies_s.push_back(latency);
    ++stats_.done;
    if (config_.arrival.deadline_s && latency > *config_.arrival.deadline_s) {
        ++stats_.late;
    }
    if (!stats_.first_done_s) {
        stats_.first_done_s = now.seconds();
    }
    current_.reset();
    say("job_done", "");
    if (config_.until_jobs && stats_.done >= *config_.until_jobs) {
        goal_();
        return;
    }
    if (config_.arrival.back_to_back) {
        enqueue({next_id_++, now});
        // A list without `repeat` rests until the next boot.
        exhausted_ = config_.tasks && !config_.plan.repeat;
        if (!exhausted_) {
            ++stats_.released;
        }
    }
}

void WorkloadModule::cut_unit() { say("task_cut", config_.plan.steps[progress_->cut_unit()].name); }

void WorkloadModule::skip_step() {
    say("task_skipped", progress_->step().name);
    progress_->skip_step();
    settle();
}

void WorkloadModule::power_failed(bool working) {
    const auto cut = progress_->power_failed(working);
    report_steps();
    if (cut && config_.tasks) {
        say("task_cut", config_.plan.steps[*cut].name);
    }
    if (current_ && !progress_->in_job()) {
        job_done();  // an endless task at the end of the list
    }
    if (exhausted_) {
        exhausted_ = false;
        ++stats_.released;
        waiting_.back().released = agenda_.now();
    }
}

}  // namespace ebb
