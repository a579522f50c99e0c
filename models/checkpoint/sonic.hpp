// SPDX-License-Identifier: Apache-2.0
/// Loop continuation (SONIC): the loop counters are non-volatile, each multiply-accumulate stores
/// its result and its counter, so that a power failure costs at most one product.
///
///   unit       one product: operands and partial sum are read, the result is stored, then the
///   counter buffers    two planes that change places per filter element keep each pass idempotent;
///   sparse
///              fully connected layers work in place behind an undo log of two words
///   upkeep     words at the ends of rows, filter elements and operations, as the library stores
///   them recovery   reads the loop counters back
///
/// Loops and word counts: models/runtime/sonic_loops. Needs a platform with operations and the
/// counts of its library (operations.commits). Class: replayed. Source: Gobieski, Lucia, Beckmann,
/// ASPLOS 2019; words counted in CMUAbstract/libdnn @f366b22, restated.
#pragma once

#include "models/checkpoint/checkpoint_policy.hpp"

namespace ebb {

class Sonic final : public CheckpointPolicy {
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
