// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/age_of_information.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {

double peak_age_mixed(const AgeModel& m, double h) noexcept {
    const double per_failure =
        m.recharge + m.restore + 0.5 * (m.checkpoint + 1.0) + 0.5 * m.processing / h;
    return m.idle + 2.0 * (m.processing + m.checkpoint * h + m.failures * per_failure);
}

double peak_age_non_volatile(const AgeModel& m) noexcept {
    return m.idle + 2.0 * (m.processing + m.failures * m.recharge);
}

double peak_age_volatile(const AgeModel& m) noexcept {
    const double per_failure = m.recharge + 0.5 * m.processing + m.idle;
    return m.idle + 2.0 * (m.processing + m.failures * per_failure);
}

double best_checkpoints(const AgeModel& m) noexcept {
    return std::sqrt(0.5 * m.failures * m.processing / m.checkpoint);
}

double best_whole_checkpoints(const AgeModel& m) noexcept {
    const double low = std::max(1.0, std::floor(best_checkpoints(m)));
    return peak_age_mixed(m, low) <= peak_age_mixed(m, low + 1.0) ? low : low + 1.0;
}

}  // namespace ebb
