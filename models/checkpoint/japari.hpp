// SPDX-License-Identifier: Apache-2.0
/// Progress in the outputs (JAPARI): extra channels of progress indicators are computed and stored
/// with each tile, so that nothing else has to be written.
///
///   unit       a tile, one channel of indicators for each `every` output channels: more products
///   and
///              more bytes, no footprint
///   loss       at most one tile
///   recovery   searches the indicators of the layer in hand, one word per tile: as many reads as
///              there are tiles done, or the logarithm of it (`search`)
///
/// Marks of the job before must be told apart from this job's; they alternate (not billed). Class:
/// replayed. Source: EMCLab-Sinica/JAPARI @497963c, sizes restated (tiles of 4 x 4, 8 channels);
/// the cost of a search is an estimate.
#pragma once

#include "models/checkpoint/checkpoint_policy.hpp"

namespace ebb {

struct JapariParams {
    std::int64_t every = 8;
    bool binary = false;
};

class Japari final : public CheckpointPolicy {
public:
    explicit Japari(const JapariParams& params) : params_(params) {}
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
    JapariParams params_;
};

}  // namespace ebb
