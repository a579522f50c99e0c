// SPDX-License-Identifier: Apache-2.0
/// Tasks with privatisation (Alpaca-like): a task holds so many products of one output, works on
/// private copies, and commits its words through a log in two phases.
///
///   unit       a task: operands are read, products added, then one data word and the loop indices
///   go
///              through the log (each word noted, then copied), and the next task is set
///   loss       at most one task
///   recovery   reads the loop counters and the commit list
///
/// Word counts as the library's tiled version stores them (operations.commits, runtime tile).
/// Class: replayed. Sources: Maeng, Colin, Lucia, OOPSLA 2017; CMUAbstract/libdnn @f366b22,
/// restated.
#pragma once

#include "models/checkpoint/checkpoint_policy.hpp"

namespace ebb {

struct AlpacaParams {
    std::int64_t task = 8;  ///< products
};

class Alpaca final : public CheckpointPolicy {
public:
    explicit Alpaca(const AlpacaParams& params) : params_(params) {}
    [[nodiscard]] PolicyClass policy_class() const noexcept override {
        return PolicyClass::replayed;
    }
    [[nodiscard]] bool needs_nvm() const noexcept override { return false; }
    [[nodiscard]] bool lowers_networks_only() const noexcept override { return true; }
    [[nodiscard]] Program lower(const Lowering& lowering) const override;
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override;
    [[nodiscard]] std::unique_ptr<Journal> journal() const override;
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;

private:
    AlpacaParams params_;
};

}  // namespace ebb
