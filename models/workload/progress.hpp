// SPDX-License-Identifier: Apache-2.0
/// How far the work has come: the position in the plan, what of it is durable, what was done
/// before.
///
/// The walker moves through a stretch (trips of one loop of the nest in hand, with whatever loops,
/// commits and upkeep are inside) and the result is absorbed here as run-lengths; nothing loops
/// over units. A stretch is the outermost loop that fits one load, is cut at the border between
/// repeated and new work, so that each joule is booked once, under the right name, and ends behind
/// a unit at which the trigger is to be asked.
///
/// Power failure: everything volatile is lost. What is left is what ended with the last durable
/// unit, or the last complete snapshot, or nothing (the job starts over). An endless task is done
/// by the power failure that ends it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/nvm/nvm_account.hpp"
#include "models/store/energy_store.hpp"
#include "models/workload/plan.hpp"
#include "models/workload/wear_log.hpp"

namespace ebb {

class MemoryOracle;
class StoredErrors;
struct WorkPoint;

struct WorkPosition {
    std::int64_t job = 0;
    std::size_t step = 0;
    std::int64_t unit = 0;  ///< executions of leaves of the step's nest behind us
    std::size_t phase = 0;  ///< of the unit that comes next, or is in progress
    double elapsed_s = 0.0;
};

/// What one layer has cost, as it happened. Times are those of its units at their own clock;
/// reboots, reloads and recharges belong to the layer behind whose durable progress they came.
struct LayerBook {
    std::int64_t units_done = 0, units_repeated = 0;
    std::array<double, kPhaseKinds> seconds{};  ///< of units of work, first and repeated, by kind
    double upkeep_s = 0.0;                      ///< commits, logs, copies
    SinkEnergies joules;                        ///< of everything that ran in it
    double reboot_s = 0.0, reboot_j = 0.0, reload_s = 0.0, reload_j = 0.0, recharge_s = 0.0;
};

struct WorkCounts {
    std::int64_t units_done = 0, units_repeated = 0;
    std::int64_t commits_attempted = 0, commits_completed = 0, commits_torn = 0;
    std::int64_t snapshots_attempted = 0, snapshots_completed = 0, snapshots_torn = 0;
    std::int64_t restored = 0, snapshots_restored = 0;
    double kept_j = 0.0;  ///< energy of units whose result was kept
    std::vector<std::int64_t> step_done, step_cut;
    std::vector<LayerBook> layers;  ///< per step
};

class WorkProgress {
public:
    /// The plan's loads are handed out with their count and starting point set: it is not shared.
    /// `faster`: the same work at the other operating points.
    WorkProgress(Plan& plan, NvmAccount& nvm, double atomic_b, std::vector<Plan>* faster = nullptr);

    // ---- clock
    /// The work goes on at another operating point (0 = the slowest). Loads are to be asked for
    /// again.
    void operate_at(std::size_t point);

    // ---- jobs
    void start_job(std::int64_t job);
    [[nodiscard]] bool in_job() const noexcept { return in_job_; }

    // ---- running
    /// The next stretch of the job in hand. Valid until the next call.
    [[nodiscard]] const Load& next();
    /// Only the rest of the phase (or atomic unit) in progress: what must end before a snapshot.
    [[nodiscard]] const Load& rest_of_phase();
    /// True if the phase in progress must end before a snapshot; false also between phases.
    [[nodiscard]] bool must_finish() const;
    /// Terminals beside the node that the unit in hand needs before it begins.
    [[nodiscard]] const std::vector<std::size_t>& rails_needed() const { return unit_here().rails; }
    /// The unit in progress is cut, and the power stays: it begins anew. Returns its step.
    std::size_t cut_unit();
    /// The step in hand, not yet begun, is left out.
    void skip_step();
    /// Takes in how far a walk through the stretch came.
    void absorb(const WalkResult& result);
    /// Names of steps that were completed by the last absorb(), as step indices, at most a few.
    [[nodiscard]] const std::vector<std::size_t>& completed_steps() const noexcept {
        return completed_;
    }
    /// True if the last absorb() ended behind a unit at which the trigger is to be asked.
    [[nodiscard]] bool at_boundary() const noexcept { return at_boundary_; }
    /// True before the first phase of a unit.
    [[nodiscard]] bool at_unit_start() const noexcept {
        return position_.phase == 0 && position_.elapsed_s == 0.0;
    }
    /// True once the last step of the job is done (and its commit, if there is one).
    [[nodiscard]] bool job_complete() const noexcept { return job_complete_; }
    void finish_job();

    // ---- power
    /// The power failed while the stretch (or anything else) was in hand. Returns the step that was
    /// cut, if a unit was in progress. `working`: the work itself was interrupted, not a snapshot
    /// or sleep behind it.
    std::optional<std::size_t> power_failed(bool working);
    /// The device has booted: once-per-boot steps run again.
    void booted();
    /// Reads of recover() have been done: goes to what is durable.
    void recovered();
    [[nodiscard]] bool has_durable() const noexcept;
    /// What a recovery does now: as far as it searches, it depends on how far the work has come.
    [[nodiscard]] Operations& recovery();
    /// True from a boot until recovered().
    [[nodiscard]] bool needs_recovery() const noexcept { return needs_recovery_; }

    /// The power fails at this instant, and the processor keeps what it has done: the position, in
    /// whole multiples of `step_s` of the phase in hand; a phase that must not be split begins
    /// anew. To be called before power_failed().
    void keep_cut(double step_s);
    /// What has just been completed is a job before the one in hand, done again from an older
    /// snapshot: nothing of it counts twice, and `job` comes next.
    void completed_again(std::int64_t job) {
        pending_j_ = 0.0;
        start_job(job);
    }

    // ---- snapshots
    void snapshot_begun() noexcept { ++counts_.snapshots_attempted; }
    void snapshot_completed();
    void snapshot_torn() noexcept { ++counts_.snapshots_torn; }
    void abort_phase() noexcept { position_.phase = 0, position_.elapsed_s = 0.0; }

    /// Are the books of single layers kept? They cost a little at every decision.
    void book_layers() noexcept { books_layers_ = true; }
    /// Follows what memory holds; null: nobody does.
    void follow_memory(MemoryOracle* oracle) noexcept { oracle_ = oracle; }
    /// Follows bits that have gone wrong; null: nobody does.
    void follow_errors(StoredErrors* errors) noexcept { errors_ = errors; }
    [[nodiscard]] bool books_layers() const noexcept { return books_layers_; }
    /// Time and energy around the work go to the layer behind whose durable progress they come.
    void book_reboot(double seconds, double joules) {
        here().reboot_s += seconds;
        here().reboot_j += joules;
    }
    void book_reload(double seconds, double joules) {
        here().reload_s += seconds;
        here().reload_j += joules;
    }
    void book_recharge(double seconds) { here().recharge_s += seconds; }
    /// Books the wear of all that was executed; once, at the end of the run.
    void close();

    /// Books NVM traffic of ordered operations, wholly or up to a cut.
    void book_operations(const Operations& operations, const LoadPosition& until, bool complete);

    // ---- traffic, for those who fail by it
    /// Per phase of the stretch that was handed out last.
    [[nodiscard]] const std::vector<PhaseTraffic>& traffic_in_hand();
    /// Of the unit in hand: what it has still to move, and what its phases before this one write.
    [[nodiscard]] PhaseTraffic left_of_unit() const;
    [[nodiscard]] double written_before_phase() const;
    [[nodiscard]] const UnitPlan& unit_in_hand() const { return unit_here(); }
    /// Records and snapshots that have been written so far.
    [[nodiscard]] std::int64_t record_writes() const noexcept { return record_writes_; }
    [[nodiscard]] std::int64_t snapshot_writes() const noexcept { return snapshot_writes_; }
    /// The memory has lost what the work needs: the job in hand starts over, with nothing durable.
    void give_up();

    [[nodiscard]] const WorkPosition& position() const noexcept { return position_; }
    [[nodiscard]] const WorkCounts& counts() const noexcept { return counts_; }
    [[nodiscard]] const Plan& plan() const noexcept { return *plan_; }
    [[nodiscard]] Plan& plan() noexcept { return *plan_; }
    [[nodiscard]] const Step& step() const { return plan_->steps[position_.step]; }
    /// Progress mark for livelock checks: grows whenever something became durable or a job ended.
    [[nodiscard]] std::int64_t durable_marks() const noexcept { return durable_marks_; }

private:
    [[nodiscard]] bool repeated_at(const WorkPosition& p) const noexcept;
    /// Sets the stretch in hand: a node of the step's index and how many trips.
    void choose_stretch();
    [[nodiscard]] std::int64_t border() const noexcept;
    Load& begin(Load& load, std::int64_t count, std::size_t phase, double elapsed_s) noexcept;
    /// Everything in [position, end) of the step has been executed.
    void pass(std::int64_t end);
    void book_leaf(std::size_t leaf, std::int64_t from, std::int64_t to);
    void kept_up_to(std::int64_t unit);
    void leave_step();
    void skip_done_steps();
    [[nodiscard]] std::size_t leaf_here() const noexcept;
    [[nodiscard]] const UnitPlan& unit_here() const { return step().unit(leaf_here()); }
    [[nodiscard]] const UnitPlan& unit_at(const WorkPosition& p) const {
        const Step& s = plan_->steps[p.step];
        return s.unit(s.index.locate(p.unit).leaf);
    }
    void wear_put_back(std::int64_t bytes);
    [[nodiscard]] double times_of(Growth growth, double done) const;
    void book_partial_traffic();
    [[nodiscard]] PhaseTraffic traffic_until(const UnitPlan& unit, std::size_t phase,
                                             double elapsed_s) const;
    void wear_out(const Access& access, const std::array<std::int64_t, kNestDepth>& counter,
                  std::int64_t most_bytes, std::int64_t times);
    void book_energy(const WalkResult& result);
    [[nodiscard]] LayerBook& here() {
        return counts_.layers[std::min(durable_.step, counts_.layers.size() - 1)];
    }
    void keep_pending() noexcept;
    [[nodiscard]] WorkPoint point_of(const WorkPosition& p) const;
    void tell_resumed();
    void keep_sealed();
    void go_on_within();
    static bool before(const WorkPosition& a, const WorkPosition& b) noexcept;
    static double work_energy(const SinkEnergies& e) noexcept;

    Plan& base_;
    std::vector<Plan>* faster_;
    Plan* plan_;
    NvmAccount& nvm_;
    double atomic_b_;
    static constexpr std::size_t kNoBuffer = static_cast<std::size_t>(-1);
    std::vector<std::size_t> buffers_;  ///< of the program, in the account; kNoBuffer: not written
    std::size_t records_ = 0, snapshots_ = 0;
    std::vector<std::vector<WearLog>> wear_;  ///< per step and leaf

    MemoryOracle* oracle_ = nullptr;
    StoredErrors* errors_ = nullptr;
    bool books_layers_ = false;
    bool in_job_ = false;
    bool needs_recovery_ = false;
    bool job_complete_ = false;
    bool at_boundary_ = false;
    WorkPosition position_;
    WorkPosition high_water_;  ///< first unit never completed (job, step, unit)
    WorkPosition durable_;     ///< behind the last durable unit
    std::optional<WorkPosition> saved_;
    std::optional<WorkPosition> behind_log_;  ///< unit last cut behind its undo log
    bool saved_used_ = true;
    std::vector<bool> done_this_boot_;
    std::vector<std::size_t> prologue_;  ///< once-per-boot steps to run before the position
    std::size_t prologue_at_ = 0;
    WorkPosition resume_;  ///< where the work goes on behind the prologue

    struct Stretch {
        std::size_t node = 0;
        std::int64_t begin = 0;  ///< position of the trip in progress, or of the first one
        std::int64_t trips = 0;
    };
    Stretch stretch_;
    bool repeated_ = false;
    Operations searching_;  ///< a recovery that depends on the progress
    Load rest_;             ///< of rest_of_phase()
    bool rest_only_ = false;
    std::size_t rest_of_ = 0;  ///< phases of the unit that rest_ is the beginning of
    PhaseTraffic counted_;     ///< of the unit in progress, already booked before a snapshot
    double pending_j_ = 0.0;
    double before_unit_j_ = 0.0;  ///< of it, what came before the unit in progress
    std::int64_t durable_marks_ = 0;
    std::int64_t record_writes_ = 0, snapshot_writes_ = 0;
    std::vector<std::size_t> completed_;
    WorkCounts counts_;
};

}  // namespace ebb
