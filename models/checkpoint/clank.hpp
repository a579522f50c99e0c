// SPDX-License-Identifier: Apache-2.0
/// Clank by its rates: hardware watches reads and writes, and saves the registers before a write
/// that would change what was read since the last backup; a watchdog forces one now and then.
///
///   q     probability that a cycle asks for a backup (a write hits what was read, or a buffer is
///         full); a number of program and buffers, to be measured on its trace
///   mean cycles between backups = (1 - (1 - q)^W)/q, W: watchdog; every section has this length
///
/// Data lie in non-volatile memory: only registers are saved. Real sections scatter, so that a
/// power failure loses more than half a mean section on average (at q alone: a whole one); that is
/// left out. Class: parametric. Status: mechanism and figures (80 B, watchdog 8000 cycles) from
/// charleyXuTO/thumbulator @487dfac; run time overheads of Hicks, ISCA 2017 (2.5 % and more) known
/// from the abstract.
#pragma once

#include "models/checkpoint/backup_rates.hpp"

namespace ebb {

struct ClankParams {
    double violations = 0.0;   ///< q per cycle
    double watchdog = 8000.0;  ///< cycles
    std::optional<double> state_b;
    std::optional<double> clock_hz;
};

/// Mean cycles between backups.
[[nodiscard]] double clank_section(double violations, double watchdog) noexcept;

class Clank final : public RatedPolicy {
public:
    explicit Clank(const ClankParams& p);
};

}  // namespace ebb
