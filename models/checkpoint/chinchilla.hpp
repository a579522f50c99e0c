// SPDX-License-Identifier: Apache-2.0
/// Chinchilla by its rates: a checkpoint in every basic block, most of them skipped until a timer
/// has run out; writes to non-volatile memory are logged so that they can be undone.
///
///   timer    cycles between two checkpoints that are taken; left out: the best in the EH model,
///            which stands for what adapting the timer would reach at best
///   checks   time of testing the flags of skipped checkpoints, over that of the work
///   log      bytes per cycle of work that the undo log adds to the next checkpoint
///
/// The rule by which the timer adapts (longer on success, shorter after a failure) is unconfirmed
/// and left out. Undoing after a failure costs nothing here. Class: parametric. Status: mechanism
/// and result (125 % mean speed-up over Ratchet; Maeng, Lucia, OSDI 2018) known from the abstract.
#pragma once

#include "models/checkpoint/backup_rates.hpp"

namespace ebb {

struct ChinchillaParams {
    std::optional<double> timer;  ///< cycles
    double checks = 0.0;
    double log_per_cycle = 0.0;  ///< [B]
    std::optional<double> state_b;
    std::optional<double> clock_hz;
};

class Chinchilla final : public RatedPolicy {
public:
    explicit Chinchilla(const ChinchillaParams& p);
};

}  // namespace ebb
