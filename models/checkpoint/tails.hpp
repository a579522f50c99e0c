// SPDX-License-Identifier: Apache-2.0
/// Loop continuation with a vector unit (TAILS): tiles of a row by DMA and one vector call each.
///
///   unit     a tile: operands by DMA, a vector call, results by DMA, then the index word
///   tile     as given, or calibrated: it begins with what the library begins with (128 words) and
///            is halved until one vector call of that length fits what a charge leaves behind the
///            device's boot. The charges that the tries burn, once in a device's life, are not
///            simulated
///   rest     as SONIC
///
/// A vector call over t outputs of k taps costs as a vector multiply-accumulate of t k elements (an
/// estimate: no measured cost of the filter command is public). Class: replayed. Source: as SONIC.
#pragma once

#include "models/checkpoint/checkpoint_policy.hpp"

namespace ebb {

struct TailsParams {
    std::optional<std::int64_t> tile;  ///< words; empty: calibrated
};

class Tails final : public CheckpointPolicy {
public:
    explicit Tails(const TailsParams& params) : params_(params) {}
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
    TailsParams params_;
};

}  // namespace ebb
