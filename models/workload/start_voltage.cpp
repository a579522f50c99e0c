// SPDX-License-Identifier: Apache-2.0
#include "models/workload/start_voltage.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/workload/plan_regions.hpp"

namespace ebb {

namespace {

double sum_over(const UnitPlan& unit, double (*rate)(const Draw&)) {
    double sum = 0.0;
    for (const LoadPhase& phase : unit.fresh) {
        sum += rate(phase.regulated) * phase.duration_s;
    }
    return sum;
}

double watts(const Draw& draw) { return draw.total.a_w + draw.rational.power_w; }
double amperes(const Draw& draw) { return draw.total.b_a; }
double siemens(const Draw& draw) { return draw.total.c_s; }

Withdrawals drawn_in(const LoadPhase& phase) {
    const double t = phase.duration_s;
    return {watts(phase.regulated) * t, amperes(phase.regulated) * t, siemens(phase.regulated) * t};
}

void add(Withdrawals& sum, const Withdrawals& more) {
    sum.energy_j += more.energy_j;
    sum.charge_c += more.charge_c;
    sum.conductance_s_s += more.conductance_s_s;
}

void raise(Withdrawals& most, const Withdrawals& other) {
    most.energy_j = std::max(most.energy_j, other.energy_j);
    most.charge_c = std::max(most.charge_c, other.charge_c);
    most.conductance_s_s = std::max(most.conductance_s_s, other.conductance_s_s);
}

}  // namespace

double start_voltage(const Withdrawals& drawn, double end_v, double capacitance_f) {
    const double left = 1.0 - drawn.conductance_s_s / capacitance_f;
    if (!(left > 0.0)) {
        return std::numeric_limits<double>::infinity();
    }
    const double v = drawn.charge_c / capacitance_f +
                     std::sqrt(end_v * end_v + 2.0 * drawn.energy_j / capacitance_f);
    return v / left;
}

std::vector<double> start_voltages(const Plan& plan, double end_v, double capacitance_f) {
    const auto heaviest = [&plan](double (*rate)(const Draw&)) {
        return heaviest_regions(plan,
                                [rate](const UnitPlan& unit) { return sum_over(unit, rate); });
    };
    const std::vector<Region> energy = heaviest(watts);
    const std::vector<Region> charge = heaviest(amperes);
    const std::vector<Region> conductance = heaviest(siemens);
    std::vector<double> v(plan.steps.size(), end_v);
    for (std::size_t i = 0; i < v.size(); ++i) {
        if (!plan.steps[i].endless) {
            v[i] = start_voltage({energy[i].weight, charge[i].weight, conductance[i].weight}, end_v,
                                 capacitance_f);
        }
    }
    return v;
}

namespace {

/// Behind the phase (or atomic unit) in hand.
Withdrawals longest_phase(const Plan& plan) {
    Withdrawals waiting;
    for (const Step& step : plan.steps) {
        for (const UnitPlan& unit : step.units) {
            Withdrawals whole;
            for (const LoadPhase& phase : unit.fresh) {
                if (phase.preempt == Preempt::finish && std::isfinite(phase.duration_s)) {
                    add(whole, drawn_in(phase));
                    raise(waiting, step.atomic ? whole : drawn_in(phase));
                }
            }
        }
    }
    return waiting;
}

/// Behind the next boundary at which the policy looks; it may have looked just before.
Withdrawals between_looks(const Plan& plan, double pause_s) {
    const auto heaviest = [&plan](double (*rate)(const Draw&)) {
        return heaviest_region(
                   plan, [rate](const UnitPlan& unit) { return sum_over(unit, rate); },
                   [](const UnitPlan& unit) { return unit.boundary; })
            .weight;
    };
    Withdrawals waiting = {heaviest(watts), heaviest(amperes), heaviest(siemens)};
    Withdrawals second;
    for (const Step& step : plan.steps) {
        for (const UnitPlan& unit : step.units) {
            for (LoadPhase phase : unit.fresh) {
                phase.duration_s = 1.0;
                raise(second, drawn_in(phase));
            }
        }
    }
    add(waiting,
        {pause_s * second.energy_j, pause_s * second.charge_c, pause_s * second.conductance_s_s});
    return waiting;
}

}  // namespace

Withdrawals snapshot_withdrawals(const Plan& plan, const SaveNeed& need) {
    const std::optional<double>& looks = need.rules.looks_every_s;
    Withdrawals all = looks ? between_looks(plan, *looks) : longest_phase(plan);
    if (looks) {
        add(all, drawn_in(need.look));
    }
    double bytes = 0.0;
    for (const PhaseTraffic& traffic : plan.snapshot.traffic) {
        bytes += traffic.write_b;
    }
    const double most = bytes > 0.0 ? std::max(1.0, need.rules.most_bytes / bytes) : 1.0;
    for (LoadPhase phase : plan.snapshot.load.phases) {
        phase.duration_s *= most;
        add(all, drawn_in(phase));
    }
    return all;
}

double snapshot_voltage(const Plan& plan, const SaveNeed& need, double end_v,
                        double capacitance_f) {
    return start_voltage(snapshot_withdrawals(plan, need), end_v, capacitance_f);
}

double snapshot_time_s(const Plan& plan) {
    double sum = 0.0;
    for (const LoadPhase& phase : plan.snapshot.load.phases) {
        sum += phase.duration_s;
    }
    return sum;
}

}  // namespace ebb
