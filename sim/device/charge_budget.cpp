// SPDX-License-Identifier: Apache-2.0
#include "sim/device/charge_budget.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/store/store_model.hpp"
#include "sim/device/phase_energy.hpp"

namespace ebb {

namespace {

/// Advice is to hold although leaks and the order within a piece are left out.
constexpr double kMargin = 1.02;
constexpr int kMostDoublings = 40;

/// Next value of the E12 series at or above x.
double next_e12(double x) {
    static constexpr double kE12[] = {1.0, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3,
                                      3.9, 4.7, 5.6, 6.8, 8.2, 10.0};
    const auto exponent = static_cast<int>(std::floor(std::log10(x)));
    const auto scaled = [exponent](double step) {  // the decimal that people write, to the last bit
        return std::stod(fmt::format("{}e{}", step, exponent));
    };
    for (const double step : kE12) {
        if (scaled(step) >= x * (1.0 - 1e-9)) {
            return scaled(step);
        }
    }
    return scaled(12.0);  // x lies just below a power of ten
}

std::int64_t work_units_of(const Step& step) {
    std::int64_t sum = 0;
    for (std::size_t leaf = 0; leaf < step.index.leaves().size(); ++leaf) {
        if (step.unit(leaf).role == UnitRole::work) {
            sum += step.index.leaves()[leaf].executions;
        }
    }
    return sum;
}

std::size_t kinds_of_work(const Step& step) {
    std::set<std::size_t> kinds;
    for (std::size_t leaf = 0; leaf < step.index.leaves().size(); ++leaf) {
        if (step.unit(leaf).role == UnitRole::work) {
            kinds.insert(step.index.leaves()[leaf].block->unit);
        }
    }
    return kinds.size();
}

/// "task infer", "unit 17 of conv2", "each of 400 units of conv2", "units 17 to 32 of conv2".
BudgetPiece named(const Plan& plan, const Region& region, bool tasks) {
    const Step& step = plan.steps.at(region.step);
    const std::int64_t all = work_units_of(step);
    const std::int64_t end = region.first + region.work_units;
    const std::size_t kinds = kinds_of_work(step);
    BudgetPiece piece;
    piece.joules = region.weight;
    if (region.work_units == 1) {
        piece.name = all == 1     ? fmt::format("{} {}", tasks ? "task" : "layer", step.name)
                     : kinds == 1 ? fmt::format("each of {} units of {}", all, step.name)
                                  : fmt::format("unit {} of {}", end, step.name);
        return piece;
    }
    piece.needs = "need";
    piece.name = end > all ? fmt::format("{} units from unit {} of {} on", region.work_units,
                                         region.first + 1, step.name)
                 : region.first == 0 && end == all
                     ? fmt::format("the {} units of {} together", all, step.name)
                     : fmt::format("units {} to {} of {}", region.first + 1, end, step.name);
    return piece;
}

BudgetPiece largest_piece(const Plan& plan, bool tasks, double v) {
    const auto energy = [v](const UnitPlan& unit) { return joules_at(unit.fresh, v); };
    if (!plan.durable && !plan.snapshot.empty()) {
        // A snapshot may come behind any unit: the dearest one must fit.
        BudgetPiece largest;
        for (const Step& step : plan.steps) {
            for (const UnitPlan& unit : step.units) {
                if (!step.endless && energy(unit) > largest.joules) {
                    largest = {"a unit of " + step.name, "needs", energy(unit), 0.0};
                }
            }
        }
        return largest;
    }
    const Region region = heaviest_region(plan, energy);
    if (!plan.durable) {
        return {"a whole job", "needs", region.weight, 0.0};
    }
    BudgetPiece piece = named(plan, region, tasks);
    piece.commit_j = joules_at(plan.commit.load.phases, v);
    return piece;
}

/// How far the load pulls the terminal down across the store's series resistance [V].
double pulled_down_v(const Device& device) {
    const EnergyStore& store = device.store().store();
    double drop_v = 0.0;
    for (const Step& step : device.workload().config().plan.steps) {
        for (const UnitPlan& unit : step.units) {
            for (const LoadPhase& phase : unit.fresh) {
                drop_v = std::max(drop_v, store.terminal_v({}) - store.terminal_v(phase.regulated));
            }
        }
    }
    return drop_v;
}

/// Of the heaviest pieces, by power, by charge and by conductance.
Withdrawals heaviest_withdrawals(const Plan& plan) {
    const auto heaviest = [&plan](double Withdrawals::*part) {
        const auto weight = [part](const UnitPlan& unit) {
            return withdrawals_of(unit.fresh).*part;
        };
        if (plan.durable || plan.snapshot.empty()) {
            return heaviest_region(plan, weight).weight;
        }
        return 0.0;
    };
    return {heaviest(&Withdrawals::energy_j), heaviest(&Withdrawals::charge_c),
            heaviest(&Withdrawals::conductance_s_s)};
}

/// From which voltage a store comes down to `v` while this is drawn evenly, in short steps.
double climbed(const Withdrawals& drawn, double v, double capacitance_f) {
    constexpr int kSteps = 200;
    const double per_f = kMargin / (capacitance_f * kSteps);
    for (int i = 0; i < kSteps; ++i) {
        v += 0.5 * per_f * drawn.charge_c;
        v = std::sqrt(v * v + 2.0 * per_f * drawn.energy_j);
        v += 0.5 * per_f * drawn.charge_c;
        v *= std::exp(per_f * drawn.conductance_s_s);
    }
    return v;
}

FallsFrom start_of(const Scenario& scenario, const Plan& plan) {
    return !plan.snapshot.empty()          ? FallsFrom::snapshot
           : scenario.checkpoint->guards() ? FallsFrom::guard
                                           : FallsFrom::turn_on;
}

double start_v_of(FallsFrom from, const Scenario& scenario, const Device& device) {
    const double turn_on_v = scenario.mcu.turn_on_v;
    switch (from) {
        case FallsFrom::snapshot:
            return scenario.checkpoint->save_at_v(device.facts()).value_or(turn_on_v);
        case FallsFrom::guard:
            return std::clamp(device.mcu().wake_at_v(), turn_on_v, scenario.store->max_v());
        default:
            return turn_on_v;
    }
}

}  // namespace

ChargeFit::ChargeFit(const Scenario& scenario, const Device& device, FallsFrom from)
    : scenario_(scenario),
      plans_(device.workload().config()),
      falls_from_(from),
      from_v_(start_v_of(from, scenario, device)),
      drop_v_(pulled_down_v(device)),
      lowest_v_((from == FallsFrom::turn_on_to_save
                     ? start_v_of(FallsFrom::snapshot, scenario, device)
                     : scenario.mcu.turn_off_v) +
                drop_v_) {}

ChargeFit::ChargeFit(const Scenario& scenario, const Device& device)
    : ChargeFit(scenario, device, start_of(scenario, device.workload().config().plan)) {}

ChargeFit::ChargeFit(const Scenario& scenario, const Device& device, double from_v)
    : ChargeFit(scenario, device) {
    from_v_ = from_v;
}

ChargeBudget ChargeFit::budget() const { return at(from_v_, scenario_.store->capacitance_f()); }

ChargeBudget ChargeFit::at(double from_v, double capacitance_f) const {
    const double inner_v = 0.5 * (from_v + lowest_v());
    const double v = inner_v - drop_v_;
    const double k = inner_v / v;  // the series resistance takes its share
    ChargeBudget b;
    const Plan& plan = plan_at(v);
    if (falls_from_ == FallsFrom::snapshot) {
        b.piece = {"a snapshot", "needs", joules_at(plan.snapshot.load.phases, v), 0.0};
    } else {
        b.piece = falls_from_ == FallsFrom::turn_on_to_save
                      ? BudgetPiece{"boot and recovery", "need", 0.0, 0.0}
                      : largest_piece(plan, plans_.tasks, v);
        b.recovery_j = k * joules_at(plan.recover.load.phases, v);
        if (boots()) {  // a guard's wait comes behind the boot
            const OutputCapacitor out = scenario_.mcu.regulator->output_capacitor();
            const RailLoads loads(scenario_.mcu, scenario_.nvm);
            b.boot_j =
                k * (joules_at(loads.boot_phases(), v) + out.charge_c() * v + out.energy_j());
        }
    }
    b.piece.joules *= k;
    b.piece.commit_j *= k;
    b.need_j = b.boot_j + b.recovery_j + b.piece.joules;
    b.given_j = given_j(from_v, capacitance_f);
    return b;
}

/// What is drawn one after the other, last what must end before turn-off.
std::vector<Withdrawals> ChargeFit::stages(double v) const {
    const Plan& plan = plan_at(v);
    if (falls_from_ == FallsFrom::snapshot) {
        return {withdrawals_of(plan.snapshot.load.phases)};
    }
    std::vector<Withdrawals> all;
    if (boots()) {
        const OutputCapacitor out = scenario_.mcu.regulator->output_capacitor();
        all = {{out.energy_j(), out.charge_c(), 0.0},
               withdrawals_of(RailLoads(scenario_.mcu, scenario_.nvm).boot_phases())};
    }
    all.push_back(withdrawals_of(plan.recover.load.phases));
    if (falls_from_ != FallsFrom::turn_on_to_save) {
        all.push_back(heaviest_withdrawals(plan));
    }
    return all;
}

bool ChargeFit::fits(double from_v, double capacitance_f) const {
    const double all_f = capacitance_f + beside_f();
    const double middle_v = 0.5 * (from_v + lowest_v());
    const double k = middle_v / (middle_v - drop_v_);  // powers at the terminal, behind a drop
    const std::vector<Withdrawals> drawn = stages(middle_v - drop_v_);
    double need_v = lowest_v();
    for (auto stage = drawn.rbegin(); stage != drawn.rend(); ++stage) {
        need_v = climbed({k * stage->energy_j, stage->charge_c, stage->conductance_s_s / k}, need_v,
                         all_f);
    }
    const double shared_v = boots() ? from_v * (capacitance_f / all_f) : from_v;
    return shared_v >= need_v;
}

bool ChargeFit::fits_now() const { return fits(from_v_, scenario_.store->capacitance_f()); }

std::optional<double> ChargeFit::capacitance_that_would_do() const {
    if (from_v_ <= lowest_v()) {
        return std::nullopt;
    }
    double low = 0.0;
    double high = scenario_.store->capacitance_f();
    for (int i = 0; !fits(from_v_, high); ++i, high *= 2.0) {
        if (i == kMostDoublings) {
            return std::nullopt;
        }
        low = high;
    }
    for (int i = 0; i < 60; ++i) {
        const double middle = 0.5 * (low + high);
        (fits(from_v_, middle) ? high : low) = middle;
    }
    return next_e12(high);
}

std::optional<double> ChargeFit::start_that_would_do() const {
    double low = std::max(from_v_, lowest_v());
    double high = highest_start_v();
    if (low >= high || !fits(high, scenario_.store->capacitance_f())) {
        return std::nullopt;
    }
    for (int i = 0; i < 60; ++i) {
        const double middle = 0.5 * (low + high);
        (fits(middle, scenario_.store->capacitance_f()) ? high : low) = middle;
    }
    const double rounded = std::ceil(high * 100.0) / 100.0;
    return rounded < scenario_.store->max_v() ? rounded : high;
}

double ChargeFit::highest_start_v() const {
    return falls_from_ == FallsFrom::snapshot ? scenario_.mcu.turn_on_v : scenario_.store->max_v();
}

/// What the device's switch joins to the store while it is powered [F].
double ChargeFit::beside_f() const {
    return scenario_.mcu.regulator->output_capacitor().beside_store_f();
}

/// From the voltage down to the lowest one, the sharing of a boot included; below zero where that
/// alone goes too far.
double ChargeFit::given_j(double from_v, double capacitance_f) const {
    const double all_f = capacitance_f + beside_f();
    const double shared_v = boots() ? from_v * (capacitance_f / all_f) : from_v;
    return 0.5 * all_f * (shared_v * shared_v - lowest_v() * lowest_v());
}

/// The work at the operating point that the voltage allows.
const Plan& ChargeFit::plan_at(double v) const {
    std::size_t point = 0;
    while (point < plans_.faster.size() && scenario_.mcu.clocking->points[point + 1].from_v <= v) {
        ++point;
    }
    return point == 0 ? plans_.plan : plans_.faster[point - 1];
}

}  // namespace ebb
