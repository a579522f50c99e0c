// SPDX-License-Identifier: Apache-2.0
/// Durable progress at every unit, tile or layer.
///
/// Results go to non-volatile memory as they are computed; behind each border the runtime writes a
/// progress record: sequence (2 B), nest (2 B), unit (4 B), check (2 B), padded to 12 B, into the
/// older of two slots, so that a torn record leaves the one before it. recover() reads both slots,
/// takes the newer valid one, and fetches the input window of the next unit again (registers and
/// SRAM are lost). Class: replayed. Source: the two-slot record is textbook; costs come from the
/// NVM part.
#pragma once

#include "models/checkpoint/checkpoint_policy.hpp"

namespace ebb {

struct CommitParams {
    Granularity granularity = Granularity::unit;
};

class Commit final : public CheckpointPolicy {
public:
    explicit Commit(const CommitParams& params) : params_(params) {}
    [[nodiscard]] PolicyClass policy_class() const noexcept override {
        return PolicyClass::replayed;
    }
    [[nodiscard]] bool needs_nvm() const noexcept override { return true; }
    [[nodiscard]] Granularity commits() const noexcept override { return params_.granularity; }
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override;
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;

private:
    CommitParams params_;
};

}  // namespace ebb
