// SPDX-License-Identifier: Apache-2.0
/// Footprints (HAWAII): the count of finished accelerator operations is stored beside each output.
///
///   unit       one output: operands by DMA, the vector unit, then result and footprint by DMA
///   while it
///              still computes; a cut finds a part of them stored
///   loss       at most one operation: the footprint is written behind its result
///   recovery   reads the footprints of layer and sub-operations (7 words) and goes on behind them
///
/// The released code works on the internal memory; on a platform with external memory the costs are
/// that platform's. Class: replayed. Source: EMCLab-Sinica/HAWAII_Project @377be38 (MIT).
#pragma once

#include "models/checkpoint/checkpoint_policy.hpp"

namespace ebb {

class Hawaii final : public CheckpointPolicy {
public:
    [[nodiscard]] PolicyClass policy_class() const noexcept override {
        return PolicyClass::replayed;
    }
    [[nodiscard]] bool needs_nvm() const noexcept override { return false; }
    [[nodiscard]] bool lowers_networks_only() const noexcept override { return true; }
    [[nodiscard]] Program lower(const Lowering& lowering) const override;
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override;
    [[nodiscard]] std::unique_ptr<Journal> journal() const override;
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;
};

}  // namespace ebb
