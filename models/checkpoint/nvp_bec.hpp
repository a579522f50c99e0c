// SPDX-License-Identifier: Apache-2.0
/// A non-volatile processor with a backup behind every instruction (BEC): nothing is ever lost but
/// the instruction in hand.
///
/// Each phase in which the core computes becomes longer by the backups of its instructions:
///
///   n = t clock/cycles        t' = t + n t_backup        beside its own energy: n e_backup
///
/// at one draw: the instructions and their backups are spread evenly, and the run leaps over them
/// as over any work. When the power fails, whole instructions with their backups count as done, and
/// the next boot goes on behind them. A phase that must not be interrupted (an accelerator, a DMA
/// block, a packet, a move to or from non-volatile memory) begins anew. Instructions are counted in
/// phases of computing alone. Backups are not counted as snapshots. Class: jit.
///
///   share of the energy that is progress  ->  e_instr/(e_instr + e_backup)  for long charges
#pragma once

#include "models/checkpoint/nvp.hpp"

namespace ebb {

class NvpBec final : public CheckpointPolicy {
public:
    explicit NvpBec(const NvpParams& params) : nvp_(params) {}
    [[nodiscard]] PolicyClass policy_class() const noexcept override { return PolicyClass::jit; }
    [[nodiscard]] bool needs_nvm() const noexcept override { return false; }
    void rework(Program& program) const override;
    [[nodiscard]] double keeps_every_s() const noexcept override {
        return nvp_.instruction_s() + nvp_.backup_s();
    }
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override;
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;

private:
    NvpParams nvp_;
};

}  // namespace ebb
