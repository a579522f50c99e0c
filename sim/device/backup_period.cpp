// SPDX-License-Identifier: Apache-2.0
#include "sim/device/backup_period.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/checkpoint/backup_rates.hpp"
#include "models/core/error.hpp"
#include "models/store/store_model.hpp"
#include "models/workload/backup_borders.hpp"
#include "models/workload/plan.hpp"
#include "sim/device/phase_energy.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

/// Numbers that are advised keep this much of a charge for loads that are no average.
constexpr double kMargin = 1.02;

/// A backup of so many bytes.
struct Backup {
    double joules = 0.0, seconds = 0.0;
};

class Planner {
public:
    Planner(const Scenario& scenario, const Program& program, const std::optional<NvmParams>& nvm)
        : scenario_(scenario),
          rates_(*scenario.checkpoint->rates()),
          program_(program),
          nvm_(nvm),
          middle_v_(0.5 * (scenario.mcu.turn_on_v + scenario.mcu.turn_off_v)),
          work_s_(counted_work_s(program)) {
        bytes_per_s_ = rates_.dirty_b_per_cycle > 0.0 ? rates_.dirty_b_per_cycle * clock_hz() : 0.0;
        measure();
    }

    BackupPlan plan() {
        BackupPlan out;
        const bool derived = !rates_.period_s && !rates_.period_cycles;
        if (derived && work_s_ > 0.0) {
            refuse_if_hopeless();
        }
        out.period_s = derived           ? best_period_s()
                       : rates_.period_s ? *rates_.period_s
                                         : *rates_.period_cycles / clock_hz();
        out.dirty_bytes = static_cast<std::int64_t>(std::llround(dirty_b(out.period_s)));
        out.model = model(false);
        if (work_s_ > 0.0) {
            judge(out, derived);
        }
        return out;
    }

private:
    [[nodiscard]] double clock_hz() const {
        return rates_.clock_hz ? *rates_.clock_hz : scenario_.mcu.clocking->work_at_hz;
    }

    [[nodiscard]] double dirty_b(double period_s) const {
        const double bytes = bytes_per_s_ * period_s;
        return rates_.most_dirty_b ? std::min(bytes, *rates_.most_dirty_b) : bytes;
    }

    [[nodiscard]] Plan plan_with(std::int64_t dirty_bytes) const {
        PolicyFacts facts;
        facts.register_bytes = static_cast<std::int64_t>(scenario_.mcu.register_bytes);
        facts.volatile_bytes = program_.volatile_bytes;
        facts.dirty_bytes = dirty_bytes;
        return make_plan(program_, scenario_.checkpoint->protocol(facts), scenario_.mcu, nvm_);
    }

    void measure() {
        constexpr std::int64_t kMany = 1000000;
        const Plan plain = plan_with(0);
        least_ = cost_of(plain.commit);
        const Backup more = cost_of(plan_with(kMany).commit);
        per_byte_ = {(more.joules - least_.joules) / kMany,
                     (more.seconds - least_.seconds) / kMany};
        restore_j_ = cost_of(plain.recover).joules;
        const RailLoads loads(scenario_.mcu, nvm_);
        double work_j = 0.0;
        double kept_j = 0.0;
        boot_j_ = joules_at(loads.boot_phases(), middle_v_);
        for (const Step& step : plain.steps) {
            double joules = 0.0;
            for (std::size_t leaf = 0; leaf < step.index.leaves().size(); ++leaf) {
                const auto times = static_cast<double>(step.index.leaves()[leaf].executions);
                joules += times * joules_at(step.unit(leaf).fresh, middle_v_);
                kept_j += times * work_joules(step.unit(leaf).fresh);
            }
            if (!step.endless) {
                (step.once_per_boot ? boot_j_ : work_j) += joules;
            }
        }
        work_w_ = work_s_ > 0.0 ? work_j / work_s_ : 0.0;
        kept_share_ = work_j > 0.0 ? std::min(1.0, kept_j / work_j) : 0.0;
        if (rates_.check_share > 0.0) {
            const LoadPhase checks = loads.phase(loads.active(Sink::checkpoint), true, 1.0);
            checks_w_ = rates_.check_share * joules_at({checks}, middle_v_);
        }
        const double on_v = scenario_.mcu.turn_on_v;
        const double off_v = scenario_.mcu.turn_off_v;
        charge_j_ = 0.5 * scenario_.store->capacitance_f() * (on_v * on_v - off_v * off_v);
    }

    /// Of it what counts as work: nothing that stands by, no regulator's share.
    [[nodiscard]] double work_joules(const std::vector<LoadPhase>& phases) const {
        double sum = 0.0;
        for (const LoadPhase& phase : phases) {
            const Draw& draw = phase.regulated;
            for (int i = 0; std::isfinite(phase.duration_s) && i < draw.count; ++i) {
                const Share& share = draw.shares[static_cast<std::size_t>(i)];
                const bool beside = share.sink == Sink::idle || share.sink == Sink::quiescent ||
                                    share.sink == Sink::regulator_loss;
                sum += beside ? 0.0 : share.drawn.power_at(middle_v_) * phase.duration_s;
            }
        }
        return sum;
    }

    [[nodiscard]] Backup cost_of(const Operations& operations) const {
        Backup cost;
        cost.joules = joules_at(operations.load.phases, middle_v_);
        for (const LoadPhase& phase : operations.load.phases) {
            cost.seconds += phase.duration_s;
        }
        return cost;
    }

    [[nodiscard]] Backup backup(double period_s) const {
        const double bytes = dirty_b(period_s);
        return {least_.joules + bytes * per_byte_.joules,
                least_.seconds + bytes * per_byte_.seconds};
    }

    /// The shortest period that is at least as long as its own backup.
    [[nodiscard]] double backup_s() const {
        const double per_s = bytes_per_s_ * per_byte_.seconds;
        const double growing = per_s < 1.0 ? least_.seconds / (1.0 - per_s) : least_.seconds;
        return std::max(growing, backup(growing).seconds);
    }

    /// In seconds of work; bytes are joules. `full`: as many written bytes as there may be.
    [[nodiscard]] EhModel model(bool full) const {
        EhModel m;
        m.supply_j = charge_j_ - boot_j_;
        m.cycle_j = work_w_ + checks_w_;
        m.backup = {least_.joules, bytes_per_s_ * per_byte_.joules, 1.0};
        if (full) {
            m.backup.bytes += rates_.most_dirty_b.value_or(0.0) * per_byte_.joules;
            m.backup.bytes_per_cycle = 0.0;
        }
        m.restore = {restore_j_, 0.0, 1.0};
        return m;
    }

    /// Below the limit of written bytes, above it, or where it is reached.
    [[nodiscard]] double over_limit(double (*of)(const EhModel&)) const {
        const double growing = of(model(false));
        if (!rates_.most_dirty_b || bytes_per_s_ * growing <= *rates_.most_dirty_b) {
            return growing;
        }
        return std::max(of(model(true)), *rates_.most_dirty_b / bytes_per_s_);
    }

    /// The longest that a charge holds.
    [[nodiscard]] double longest_s() const {
        return over_limit([](const EhModel& m) { return eh_longest_period(m); });
    }

    [[nodiscard]] double best_period_s() const {
        const double best =
            over_limit([](const EhModel& m) { return eh_best_period(m, kEhAverage); });
        return std::max(std::min(best, longest_s() / kMargin), backup_s());
    }

    /// What must fit a charge: a period, or the whole job.
    [[nodiscard]] double region_j(double period_s) const {
        return std::min(period_s, work_s_) * (work_w_ + checks_w_) + backup(period_s).joules;
    }

    [[nodiscard]] std::string fixed_costs() const {
        return fmt::format("boot {}, restore {}, backup {}", engineering(boot_j_, "J"),
                           engineering(restore_j_, "J"), engineering(least_.joules, "J"));
    }

    /// Not even the work of one backup's own time fits.
    void refuse_if_hopeless() const {
        const double need_j = boot_j_ + restore_j_ + region_j(least_.seconds);
        if (need_j <= charge_j_) {
            return;
        }
        throw InputError({Mistake{
            {},
            fmt::format("no period of backups is short enough: the store gives {} a charge, and "
                        "{} leave less than the work in the time of a backup",
                        engineering(charge_j_, "J"), fixed_costs()),
            fmt::format(
                "more than {} would do",
                engineering(kMargin * scenario_.store->capacitance_f() * need_j / charge_j_, "F")),
            "see: ebb describe checkpoint"}});
    }

    void judge(BackupPlan& out, bool derived) const {
        const Backup one = backup(out.period_s);
        const std::string best = longest_s() > 0.0
                                     ? fmt::format("; the best for this device is about {}",
                                                   engineering(best_period_s(), "s"))
                                     : std::string();
        if (out.period_s < one.seconds && out.period_s < work_s_) {
            throw InputError({Mistake{
                {},
                fmt::format("a backup takes {}, and there is one every {} of work: the device "
                            "would save longer than it works",
                            engineering(one.seconds, "s"), engineering(out.period_s, "s")),
                fmt::format("at least {}{}", engineering(one.seconds, "s"), best),
                "see: ebb describe checkpoint"}});
        }
        const double need_j = boot_j_ + restore_j_ + region_j(out.period_s);
        if (need_j > charge_j_) {
            const std::string text = fmt::format(
                "{} of work between two backups need {} ({} of it), and a charge gives {}",
                engineering(std::min(out.period_s, work_s_), "s"), engineering(need_j, "J"),
                fixed_costs(), engineering(charge_j_, "J"));
            const std::string most =
                longest_s() > 0.0
                    ? fmt::format("at most {}{}", engineering(longest_s() / kMargin, "s"), best)
                    : std::string("a larger store.capacitance");
            if (!scenario_.source.harvest_while_on) {
                throw InputError({Mistake{{}, text, most, "see: ebb describe checkpoint"}});
            }
            out.note = fmt::format("{}: only with what is harvested meanwhile; {}", text, most);
            return;
        }
        if (derived) {
            out.note = fmt::format(
                "a backup every {} of work, the best in the EH model for {} a charge ({}; work "
                "{}): of the energy between turn-on and turn-off {} would become progress",
                engineering(out.period_s, "s"), engineering(charge_j_, "J"), fixed_costs(),
                engineering(work_w_, "W"),
                percent_text(kept_share_ * eh_refined_progress(model(false), out.period_s) *
                             (1.0 - boot_j_ / charge_j_)));
        }
    }

    const Scenario& scenario_;
    const BackupRates& rates_;
    const Program& program_;
    const std::optional<NvmParams>& nvm_;
    double middle_v_;
    double work_s_;
    double bytes_per_s_ = 0.0;
    Backup least_, per_byte_;  ///< without anything written since; per byte of that
    double restore_j_ = 0.0, boot_j_ = 0.0, charge_j_ = 0.0;
    double work_w_ = 0.0, checks_w_ = 0.0, kept_share_ = 0.0;
};

}  // namespace

BackupPlan plan_backups(const Scenario& scenario, const Program& program,
                        const std::optional<NvmParams>& nvm) {
    return Planner(scenario, program, nvm).plan();
}

}  // namespace ebb
