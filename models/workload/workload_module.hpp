// SPDX-License-Identifier: Apache-2.0
/// The Workload as a SystemC module: jobs (when released, how long they took) and the progress of
/// the one in hand. Asks the schedule which job is next; the MCU asks it what to run.
#pragma once

#include <boost/circular_buffer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <systemc>
#include <vector>

#include "models/core/agenda.hpp"
#include "models/core/decision_observer.hpp"
#include "models/nvm/nvm_module.hpp"
#include "models/workload/progress.hpp"
#include "models/workload/workload_params.hpp"

namespace ebb {

struct JobStats {
    std::int64_t released = 0, done = 0, late = 0, dropped = 0;
    std::optional<double> first_done_s;
    std::vector<double> latencies_s;
};

/// What the MCU asks of the workload.
class WorkPort : public virtual sc_core::sc_interface {
public:
    /// Is there a job to run (in hand or waiting)? Takes the next one in hand.
    [[nodiscard]] virtual bool has_work() = 0;
    [[nodiscard]] virtual WorkProgress& progress() = 0;
    /// After progress().absorb(): ends jobs, reports tasks.
    virtual void settle() = 0;
    /// The power has failed; `working` if work was being done (not boot, save, sleep, ...).
    virtual void power_failed(bool working) = 0;
    /// The unit in progress is cut, and the power stays.
    virtual void cut_unit() = 0;
    /// The task in hand is left out: it needs a capacitor that is not charged.
    virtual void skip_step() = 0;
    /// The goal of the run has been reached: it ends at this instant.
    [[nodiscard]] virtual bool over() const noexcept = 0;
};

/// What the workload tells the MCU.
class WakePort : public virtual sc_core::sc_interface {
public:
    virtual void work_arrived() = 0;
    [[nodiscard]] virtual double terminal_v() const = 0;
};

class WorkloadModule final : public sc_core::sc_module, public WorkPort {
public:
    sc_core::sc_port<NvmPort> nvm;
    sc_core::sc_port<WakePort> mcu;

    struct Config {
        Plan plan;                 ///< at the slowest operating point
        std::vector<Plan> faster;  ///< at the others
        ArrivalParams arrival;
        double atomic_b = 1.0;
        bool tasks =
            false;  ///< a list of tasks: one job per pass, none after the last without repeat
        std::optional<std::int64_t> until_jobs;
        MemoryOracle* oracle = nullptr;  ///< follows what memory holds; null: nobody does
        StoredErrors* errors = nullptr;  ///< follows bits that go wrong; null: none do
    };
    WorkloadModule(sc_core::sc_module_name name, Config config, Agenda& agenda);

    [[nodiscard]] bool has_work() override;
    [[nodiscard]] WorkProgress& progress() override { return *progress_; }
    void settle() override;
    void power_failed(bool working) override;
    void cut_unit() override;
    void skip_step() override;
    [[nodiscard]] bool over() const noexcept override {
        return config_.until_jobs && stats_.done >= *config_.until_jobs;
    }

    void observe(DecisionObserver* observer) noexcept { observer_ = observer; }
    /// Called once `until.jobs` is reached.
    void on_goal(std::function<void()> goal) { goal_ = std::move(goal); }
    [[nodiscard]] const JobStats& stats() const noexcept { return stats_; }
    [[nodiscard]] const WorkCounts& work_counts() const { return progress_->counts(); }
    /// When the first violation was found.
    [[nodiscard]] const std::optional<Time>& first_violation() const noexcept {
        return first_violation_;
    }
    [[nodiscard]] const Config& config() const noexcept { return config_; }

private:
    struct Job {
        std::int64_t id = 0;
        Time released;
    };
    void start_of_simulation() override;
    void release();
    void release_next_after(Time released);
    void job_done();
    void say(std::string_view event, std::string_view detail);
    void enqueue(const Job& job);
    void report_steps();
    void report_violations();

    Config config_;
    Agenda& agenda_;
    Agenda::SlotId release_slot_ = 0;  ///< of periodic arrivals
    std::unique_ptr<WorkProgress> progress_;
    boost::circular_buffer<Job> waiting_;  ///< grows by enqueue()
    std::optional<Job> current_;
    std::int64_t violations_told_ = 0;
    std::optional<Time> first_violation_;
    std::int64_t next_id_ = 0;
    bool exhausted_ = false;  ///< a list without repeat has been worked off since the last boot
    JobStats stats_;
    DecisionObserver* observer_ = nullptr;
    std::function<void()> goal_;
};

}  // namespace ebb
