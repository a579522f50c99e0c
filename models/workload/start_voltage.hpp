// SPDX-License-Identifier: Apache-2.0
/// From which voltage a capacitor carries a region of work to its end.
///
///   V = Q/C + sqrt(V_end^2 + 2 E/C)        E [J] drawn as powers, Q [C] as currents
///
/// without inflow: what comes in meanwhile is a reserve. Exact if the region draws only powers or
/// only currents; else on the safe side whatever their order, for a charge costs most where the
/// voltage is highest. A conductance G counts as the current G V over its time, which makes V the
/// same divided by 1 - integral(G)/C. A drop across a series resistance is not in it. Source: the
/// energy balance of a capacitor.
#pragma once

#include <vector>

#include "models/workload/plan.hpp"

namespace ebb {

/// What a stretch of work draws from the store.
struct Withdrawals {
    double energy_j = 0.0;
    double charge_c = 0.0;
    double conductance_s_s = 0.0;  ///< conductance times time [S s]
};

[[nodiscard]] double start_voltage(const Withdrawals& drawn, double end_v, double capacitance_f);

/// Per step of the plan, for the heaviest region that begins in it; infinite where a conductance
/// alone would empty the store, `end_v` for an endless step.
[[nodiscard]] std::vector<double> start_voltages(const Plan& plan, double end_v,
                                                 double capacitance_f);

/// What may lie between the moment at which a policy's voltage is met and the end of the snapshot.
struct SaveNeed {
    SaveRules rules;
    LoadPhase look;  ///< one look at the voltage, where rules.looks_every_s is given
};

/// From which a snapshot is done, behind the longest phase (or whole atomic unit) that a trigger
/// has to wait for: energy and charge of the worst of them each. A policy that looks only at
/// boundaries has the heaviest stretch of work between two of them to wait for instead, the pause
/// between its looks at the program's largest draw, and a look.
[[nodiscard]] double snapshot_voltage(const Plan& plan, const SaveNeed& need, double end_v,
                                      double capacitance_f);

/// The same before the question which voltage: what has to be drawn.
[[nodiscard]] Withdrawals snapshot_withdrawals(const Plan& plan, const SaveNeed& need);

/// How long a snapshot takes.
[[nodiscard]] double snapshot_time_s(const Plan& plan);

}  // namespace ebb
