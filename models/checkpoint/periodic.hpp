// SPDX-License-Identifier: Apache-2.0
/// Backups by a timer: every so much work the registers and what was written since are saved.
///
///   period, cycles   work between two backups; left out: the best in the EH model for this device
///   backup           state + dirty_per_cycle t bytes, at most state + most_dirty
///   restore          the state; what was written lies where it belongs
///
/// Stores between backups go to a volatile buffer, which a power failure drops. Tasks are cut
/// anywhere (in cycles), networks behind units. Class: parametric. Status: the rule as in a public
/// simulator (charleyXuTO/thumbulator @487dfac, scheme parametric: 80 B of registers, 250 to 2750
/// cycles), costs from the scenario's parts.
#pragma once

#include "models/checkpoint/backup_rates.hpp"

namespace ebb {

struct PeriodicParams {
    std::optional<double> period_s, cycles;
    std::optional<double> state_b;
    double mark_b = 4.0;
    double dirty_per_cycle = 0.0;
    std::optional<double> most_dirty_b;
    std::optional<double> clock_hz;
};

class Periodic final : public RatedPolicy {
public:
    explicit Periodic(const PeriodicParams& p);
};

}  // namespace ebb
