// SPDX-License-Identifier: Apache-2.0
#include "models/workload/sampled_sequence.hpp"

namespace ebb {

double mean_power_w(const SampledSequence& s, int taken) noexcept {
    const double energy_j = taken * (s.taken_j + s.compute_j) + (s.elements - taken) * s.skipped_j;
    return s.idle_w + energy_j / (s.elements * s.period_s);
}

int most_taken_within(const SampledSequence& s, double budget_w, int step) noexcept {
    int most = 0;
    for (int taken = step; taken <= s.elements; taken += step) {
        if (mean_power_w(s, taken) <= budget_w) {
            most = taken;
        }
    }
    return most;
}

}  // namespace ebb
