// SPDX-License-Identifier: Apache-2.0
/// A reference that no device can follow: one backup per charge, begun at the last voltage from
/// which it is done before turn-off.
///
///   save      at the voltage that a backup needs on this store without inflow (start_voltage.hpp)
///             and a ten-millionth more, as what ends exactly at turn-off counts as cut; no other
///             margin, nothing drawn for watching it; behind a phase that must not be interrupted
///   backup    `state` bytes once, without header or second slot: it is known not to be torn
///   restore   `state` bytes; a device that lives through the sleep goes on without
///   waits     asleep until the turn-on voltage, as `jit` does
///
/// What one backup per charge costs at least, for comparison with policies that save more often,
/// earlier, or with a margin. With inflow it begins early by what comes in during the save. Not a
/// bound for policies that commit in passing (outputs in non-volatile memory). Clairvoyant: not to
/// be ranked. Class: jit. Source: the single backup of the EH model (eh_model.hpp), definition.
#pragma once

#include "models/checkpoint/checkpoint_policy.hpp"

namespace ebb {

struct ClairvoyantParams {
    std::optional<double> state_b;
};

class Clairvoyant final : public CheckpointPolicy {
public:
    explicit Clairvoyant(const ClairvoyantParams& params) : params_(params) {}
    [[nodiscard]] PolicyClass policy_class() const noexcept override { return PolicyClass::jit; }
    [[nodiscard]] bool clairvoyant() const noexcept override { return true; }
    [[nodiscard]] bool needs_nvm() const noexcept override { return true; }
    [[nodiscard]] bool snapshots() const noexcept override { return true; }
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override;
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;
    [[nodiscard]] std::optional<double> save_at_v(const PolicyFacts& facts) const override {
        return (1.0 + kEarlier) * facts.snapshot_v;
    }

private:
    static constexpr double kEarlier = 1e-7;
    ClairvoyantParams params_;
};

}  // namespace ebb
