// SPDX-License-Identifier: Apache-2.0
/// No checkpoint: a power failure loses all progress of the job, and it starts over.
#pragma once

#include "models/checkpoint/checkpoint_policy.hpp"

namespace ebb {

/// The trigger of a policy that never interrupts its work.
class NeverTrigger final : public Trigger {
public:
    [[nodiscard]] Action boot(BootCause) override { return {}; }
    [[nodiscard]] Action voltage() override { return {}; }
    [[nodiscard]] Action snapshot_done() override { return {}; }
};

class NoCheckpoint final : public CheckpointPolicy {
public:
    [[nodiscard]] PolicyClass policy_class() const noexcept override {
        return PolicyClass::replayed;
    }
    [[nodiscard]] bool needs_nvm() const noexcept override { return false; }
    [[nodiscard]] Protocol protocol(const PolicyFacts&) const override { return {}; }
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts&) const override {
        return std::make_unique<NeverTrigger>();
    }
};

}  // namespace ebb
