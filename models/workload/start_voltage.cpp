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

Withdrawals snapshot_withdrawals(const Plan& plan) {
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
    for (const LoadPhase& phase : plan.snapshot.load.phases) {
        add(waiting, drawn_in(phase));
    }
    return waiting;
}

double snapshot_voltage(const Plan& plan, double end_v, double capacitance_f) {
    return start_voltage(snapshot_withdrawals(plan), end_v, capacitance_f);
}

}  // namespace ebb
