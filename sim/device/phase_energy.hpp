// SPDX-License-Identifier: Apache-2.0
/// What phases draw from the store: at one voltage [J], or as powers, charges and conductances.
/// Phases that never end count nothing; drop-out is left out.
#pragma once

#include <cmath>
#include <vector>

#include "models/core/load.hpp"
#include "models/workload/start_voltage.hpp"

namespace ebb {

[[nodiscard]] inline double joules_at(const std::vector<LoadPhase>& phases, double v) {
    double sum = 0.0;
    for (const LoadPhase& phase : phases) {
        if (std::isfinite(phase.duration_s)) {
            const Draw& draw = phase.regulated;
            sum += (draw.total.power_at(v) + draw.rational.power_at(v)) * phase.duration_s;
        }
    }
    return sum;
}

[[nodiscard]] inline Withdrawals withdrawals_of(const std::vector<LoadPhase>& phases) {
    Withdrawals sum;
    for (const LoadPhase& phase : phases) {
        if (std::isfinite(phase.duration_s)) {
            const Draw& draw = phase.regulated;
            sum.energy_j += (draw.total.a_w + draw.rational.power_w) * phase.duration_s;
            sum.charge_c += draw.total.b_a * phase.duration_s;
            sum.conductance_s_s += draw.total.c_s * phase.duration_s;
        }
    }
    return sum;
}

}  // namespace ebb
