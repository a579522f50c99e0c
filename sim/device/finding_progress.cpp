// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/store/store_model.hpp"
#include "models/workload/plan_regions.hpp"
#include "sim/device/finding_parts.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

double joules_at(const std::vector<LoadPhase>& phases, double v) {
    double sum = 0.0;
    for (const LoadPhase& phase : phases) {
        if (std::isfinite(phase.duration_s)) {
            sum += phase.regulated.total.power_at(v) * phase.duration_s;
        }
    }
    return sum;
}

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

/// The piece of work that must fit between two durable points.
struct Piece {
    std::string name;
    double joules = 0.0;
    const char* needs = "needs";
};

Piece largest_piece(const Plan& plan, double v) {
    const auto energy = [v](const UnitPlan& unit) { return joules_at(unit.fresh, v); };
    if (!plan.durable && !plan.snapshot.empty()) {
        // A snapshot may come behind any unit: the dearest one must fit.
        Piece largest;
        for (const Step& step : plan.steps) {
            for (const UnitPlan& unit : step.units) {
                if (!step.endless && energy(unit) > largest.joules) {
                    largest = {"a unit of " + step.name, energy(unit)};
                }
            }
        }
        return largest;
    }
    const Region region = heaviest_region(plan, energy);
    if (!plan.durable) {
        return {"a whole job", region.weight};
    }
    const std::string& name = plan.steps.at(region.step).name;
    return region.work_units > 1 ? Piece{fmt::format("{} units of {}", region.work_units, name),
                                         region.weight, "need"}
                                 : Piece{"a unit of " + name, region.weight};
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

/// What one stretch of falling voltage has to pay for, and what the store gives for it.
struct Budget {
    Piece piece;
    double need_j = 0.0, given_j = 0.0;
};

/// The question `does it fit?` for a start voltage and a capacitance, harvest left aside.
class Fit {
public:
    Fit(const Scenario& scenario, const Device& device, bool snapshot)
        : scenario_(scenario),
          plans_(device.workload().config()),
          facts_(device.facts()),
          snapshot_(snapshot),
          drop_v_(pulled_down_v(device)) {}

    [[nodiscard]] double from_v() const {
        return snapshot_ ? scenario_.checkpoint->save_at_v(facts_).value_or(scenario_.mcu.turn_on_v)
                         : scenario_.mcu.turn_on_v;
    }
    [[nodiscard]] double drop_v() const noexcept { return drop_v_; }
    /// The inner voltage at which the loaded terminal is at turn-off.
    [[nodiscard]] double lowest_v() const { return scenario_.mcu.turn_off_v + drop_v_; }

    [[nodiscard]] Budget at(double from_v, double capacitance_f) const {
        const double inner_v = 0.5 * (from_v + lowest_v());
        const double v = inner_v - drop_v_;
        Budget b;
        const Plan& plan = plan_at(v);
        if (snapshot_) {
            b.piece = {"a snapshot", joules_at(plan.snapshot.load.phases, v)};
        } else {
            const OutputCapacitor out = scenario_.mcu.regulator->output_capacitor();
            b.piece = largest_piece(plan, v);
            b.need_j = scenario_.mcu.boot.charge_c * v + out.charge_c() * v + out.energy_j() +
                       joules_at(plan.recover.load.phases, v);
        }
        b.need_j =
            (b.need_j + b.piece.joules) * inner_v / v;  // the series resistance takes its share
        b.given_j = given_j(from_v, capacitance_f);
        return b;
    }

    /// The next capacitance of the E12 series that would do; empty if none would.
    [[nodiscard]] std::optional<double> capacitance_that_would_do() const {
        if (from_v() <= lowest_v()) {
            return std::nullopt;
        }
        return next_e12(capacitance_for(kMargin * at(from_v(), 1.0).need_j));
    }

    /// The least start voltage that would do with the present capacitance, in hundredths of a volt.
    [[nodiscard]] std::optional<double> start_that_would_do() const {
        const auto fits = [this](double from_v) {
            const Budget b = at(from_v, scenario_.store->capacitance_f());
            return b.given_j >= kMargin * b.need_j;
        };
        double low = std::max(from_v(), lowest_v());
        double high = snapshot_ ? scenario_.mcu.turn_on_v : scenario_.store->max_v();
        if (low >= high || !fits(high)) {
            return std::nullopt;
        }
        for (int i = 0; i < 60; ++i) {
            const double middle = 0.5 * (low + high);
            (fits(middle) ? high : low) = middle;
        }
        const double rounded = std::ceil(high * 100.0) / 100.0;
        return rounded < scenario_.store->max_v() ? rounded : high;
    }

private:
    /// The advice is to hold although loads at the middle voltage are an average, and leaks are
    /// left out.
    static constexpr double kMargin = 1.02;

    /// What the device's switch joins to the store while it is powered [F].
    [[nodiscard]] double beside_f() const {
        return scenario_.mcu.regulator->output_capacitor().beside_store_f();
    }
    /// From the voltage down to the lowest one, the sharing of a boot included; below zero where
    /// that alone goes too far.
    [[nodiscard]] double given_j(double from_v, double capacitance_f) const {
        const double all_f = capacitance_f + beside_f();
        const double shared_v = snapshot_ ? from_v : from_v * (capacitance_f / all_f);
        return 0.5 * all_f * (shared_v * shared_v - lowest_v() * lowest_v());
    }
    /// Solves given_j(from_v, C) = joules for C.
    [[nodiscard]] double capacitance_for(double joules) const {
        const double out_f = beside_f();
        const double low2 = lowest_v() * lowest_v();
        const double span = from_v() * from_v() - low2;
        if (snapshot_) {
            return std::max(2.0 * joules / span - out_f, 0.0);
        }
        const double half_b = low2 * out_f + joules;
        const double c = out_f * (low2 * out_f + 2.0 * joules);
        return (half_b + std::sqrt(half_b * half_b + span * c)) / span;
    }

    /// The work at the operating point that the voltage allows.
    [[nodiscard]] const Plan& plan_at(double v) const {
        std::size_t point = 0;
        while (point < plans_.faster.size() &&
               scenario_.mcu.clocking->points[point + 1].from_v <= v) {
            ++point;
        }
        return point == 0 ? plans_.plan : plans_.faster[point - 1];
    }

    const Scenario& scenario_;
    const WorkloadModule::Config& plans_;
    const PolicyFacts& facts_;
    bool snapshot_;
    double drop_v_;
};

/// Nothing became durable, though what must fit would fit.
Finding stuck(const Budget& budget, std::int64_t cycles, const Result& result) {
    return {"no_forward_progress",
            result.time.simulated_s,
            fmt::format("nothing became durable in the last {} power cycles, though {} {} {} and a "
                        "cycle gives {}",
                        cycles, budget.piece.name, budget.piece.needs,
                        engineering(budget.need_j, "J"), engineering(budget.given_j, "J")),
            {}};
}

/// The load's step across the series resistance is as large as the room between the thresholds.
Finding step_too_large(const Scenario& scenario, const Fit& fit, const Result& result) {
    const double start_v = fit.lowest_v();
    return {
        "load_step_too_large",
        result.time.simulated_s,
        fmt::format("the load pulls the terminal down by {} across the store's series resistance, "
                    "and turn-on lies only {} above turn-off: it browns out as it begins, with any "
                    "capacitance; less store.esr, or turn-on well above {}, would help",
                    engineering(fit.drop_v(), "V"),
                    engineering(fit.from_v() - scenario.mcu.turn_off_v, "V"),
                    engineering(start_v, "V")),
        {{"step_v", fit.drop_v()}, {"turn_on_above_v", start_v}}};
}

/// A piece of work, or a snapshot, needs more than the store gives for it.
Finding does_not_fit(const Scenario& scenario, const Fit& fit, bool snapshot, std::int64_t cycles,
                     const Result& result) {
    const Budget budget = fit.at(fit.from_v(), scenario.store->capacitance_f());
    const char* start = snapshot ? "save_at" : "turn-on";
    Finding finding;
    finding.code = snapshot ? "snapshot_never_fits" : "unit_never_fits";
    finding.time_s = result.time.simulated_s;
    std::string advice;
    if (const auto capacitance_f = fit.capacitance_that_would_do()) {
        finding.numbers.emplace_back("capacitance_that_would_do_f", *capacitance_f);
        advice = engineering(*capacitance_f, "F");
    }
    if (const auto start_v = fit.start_that_would_do()) {
        finding.numbers.emplace_back(
            snapshot ? "save_at_that_would_do_v" : "turn_on_that_would_do_v", *start_v);
        advice += fmt::format("{}{} at {}", advice.empty() ? "" : " or ", start,
                              engineering(*start_v, "V"));
    }
    finding.text = fmt::format(
        "{} {} {}{}, but the store gives {} from {} to turn-off, beside what is harvested "
        "meanwhile: "
        "no forward progress in the last {} power cycles{}",
        budget.piece.name, budget.piece.needs, engineering(budget.need_j, "J"),
        snapshot ? "" : " with boot and recovery", engineering(budget.given_j, "J"), start, cycles,
        advice.empty() ? "" : "; " + advice + " would do");
    return finding;
}

}  // namespace

void find_no_progress(const Scenario& scenario, const Device& device, Result& result) {
    const PowerStats& power = device.mcu().stats();
    const std::int64_t cycles = power.cycles_without_progress;
    if (cycles < kIdleCycles) {
        return;
    }
    const bool snapshot = !device.workload().config().plan.snapshot.empty();
    const Fit fit(scenario, device, snapshot);
    const Budget budget = fit.at(fit.from_v(), scenario.store->capacitance_f());
    Finding finding;
    if (fit.from_v() <= fit.lowest_v()) {
        finding = step_too_large(scenario, fit, result);
    } else if (budget.need_j > budget.given_j) {
        finding = does_not_fit(scenario, fit, snapshot, cycles, result);
    } else {
        finding = stuck(budget, cycles, result);
    }
    finding.numbers.insert(finding.numbers.begin(),
                           {{"needed_j", budget.need_j},
                            {"given_j", budget.given_j},
                            {"best_cycle_j", power.best_cycle_drawn_j},
                            {"cycles_without_progress", static_cast<double>(cycles)}});
    result.findings.push_back(std::move(finding));
}

}  // namespace ebb
