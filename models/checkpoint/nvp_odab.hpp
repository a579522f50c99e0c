// SPDX-License-Identifier: Apache-2.0
/// A non-volatile processor that backs up on demand, all at once (ODAB).
///
///   run until V <= V_S; back up; off until turn-on; restore; run
///   V_S = sqrt(V_off^2 + 2 (e_backup + e_instruction)/C)   (behind the longest phase that must
///   end)
///
/// The energies are turned into a voltage for the store's known capacitance, without inflow; one
/// instruction is added, since the detector is looked at between two of them. `e_instruction` is
/// given, for the threshold alone. Class: jit.
///
///   share of the energy that is progress = 1 - (e_backup + e_restore)/E of a charge
#pragma once

#include "models/checkpoint/nvp.hpp"

namespace ebb {

struct NvpOdabParams : NvpParams {
    double instruction_j = 0.0;
};

class NvpOdab final : public CheckpointPolicy {
public:
    explicit NvpOdab(const NvpOdabParams& params) : nvp_(params) {}
    [[nodiscard]] PolicyClass policy_class() const noexcept override { return PolicyClass::jit; }
    [[nodiscard]] bool needs_nvm() const noexcept override { return false; }
    [[nodiscard]] bool snapshots() const noexcept override { return true; }
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override;
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;
    [[nodiscard]] std::optional<double> save_at_v(const PolicyFacts& facts) const override;

private:
    NvpOdabParams nvp_;
};

}  // namespace ebb
