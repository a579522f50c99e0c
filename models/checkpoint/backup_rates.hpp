// SPDX-License-Identifier: Apache-2.0
/// A checkpoint policy reduced to rates: so many bytes every so much work, whatever instruction or
/// timer it is that asks for the backup.
///
///   period   work between two backups [s, or cycles of the clock that work is stated for]; left
///            out: the one that is best in the EH model (eh_model.hpp), E = what the store gives
///            from turn-on to turn-off less a boot
///   backup   A + alpha t bytes and a mark (sequence, check) into the older of two slots
///   restore  the marks of both slots; if one is valid, A bytes and what the policy reads back
///   checks   time that the work takes longer, spent at active load and booked as checkpoint
///   loss     work since the last backup, which is done again
///
/// Time and energy of bytes come from the scenario's NVM part, the rest from its MCU. The work is
/// cut before the run (backup_borders.hpp): tasks anywhere, networks behind units. Every period has
/// the same length, where the real rule scatters: a mean is kept, a distribution is not. Class:
/// parametric; nothing is said about consistency.
#pragma once

#include <optional>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/core/component.hpp"

namespace ebb {

struct BackupRates {
    std::optional<double> period_s, period_cycles;  ///< at most one; neither: the EH optimum
    std::optional<double> state_b;       ///< A; left out: registers and volatile working set
    double mark_b = 4.0;                 ///< beside A, of each slot
    double dirty_b_per_cycle = 0.0;      ///< alpha
    std::optional<double> most_dirty_b;  ///< alpha t ends here: the working set
    double restored_b = 0.0;             ///< read back beside A
    double check_share = 0.0;            ///< of the work's time
    std::optional<double> clock_hz;      ///< of cycles; left out: mcu.clocking.work_at
};

class RatedPolicy : public CheckpointPolicy {
public:
    explicit RatedPolicy(const BackupRates& rates) : rates_(rates) {}
    [[nodiscard]] PolicyClass policy_class() const noexcept override {
        return PolicyClass::parametric;
    }
    [[nodiscard]] bool needs_nvm() const noexcept override { return true; }
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override;
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;
    [[nodiscard]] const BackupRates* rates() const noexcept override { return &rates_; }

private:
    BackupRates rates_;
};

/// What every such policy needs: memory, and a clock if it counts cycles.
void check_rates(CheckContext& context, const char* policy, bool counts_cycles, bool clock_given);

}  // namespace ebb
