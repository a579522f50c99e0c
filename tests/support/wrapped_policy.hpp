// SPDX-License-Identifier: Apache-2.0
/// A checkpoint policy with another trigger: in everything else it is the policy that it wraps.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/consistency/journal.hpp"

namespace ebb::test {

class WrappedPolicy final : public CheckpointPolicy {
public:
    using MakeTrigger = std::function<std::unique_ptr<Trigger>(const CheckpointPolicy& policy,
                                                               const PolicyFacts& facts)>;
    WrappedPolicy(std::shared_ptr<const CheckpointPolicy> policy, MakeTrigger make)
        : policy_(std::move(policy)), make_(std::move(make)) {}
    [[nodiscard]] PolicyClass policy_class() const noexcept override {
        return policy_->policy_class();
    }
    [[nodiscard]] bool needs_nvm() const noexcept override { return policy_->needs_nvm(); }
    [[nodiscard]] Granularity commits() const noexcept override { return policy_->commits(); }
    [[nodiscard]] bool snapshots() const noexcept override { return policy_->snapshots(); }
    [[nodiscard]] Program lower(const Lowering& lowering) const override {
        return policy_->lower(lowering);
    }
    [[nodiscard]] bool guards() const noexcept override { return policy_->guards(); }
    [[nodiscard]] bool switches_banks() const noexcept override {
        return policy_->switches_banks();
    }
    void rework(Program& program) const override { policy_->rework(program); }
    void check(const PolicyFacts& facts) const override { policy_->check(facts); }
    [[nodiscard]] bool lowers_networks_only() const noexcept override {
        return policy_->lowers_networks_only();
    }
    [[nodiscard]] double shut_down_toll_j(const PolicyFacts& facts) const override {
        return policy_->shut_down_toll_j(facts);
    }
    [[nodiscard]] bool clairvoyant() const noexcept override { return policy_->clairvoyant(); }
    [[nodiscard]] const BackupRates* rates() const noexcept override { return policy_->rates(); }
    [[nodiscard]] SaveRules save_rules(const PolicyFacts& facts) const override {
        return policy_->save_rules(facts);
    }
    [[nodiscard]] const AdcParams* adc() const noexcept override { return policy_->adc(); }
    [[nodiscard]] bool sets_timer() const noexcept override { return policy_->sets_timer(); }
    [[nodiscard]] double keeps_every_s() const noexcept override {
        return policy_->keeps_every_s();
    }
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override {
        return policy_->protocol(facts);
    }
    [[nodiscard]] std::unique_ptr<Journal> journal() const override { return policy_->journal(); }
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override {
        return make_(*policy_, facts);
    }
    [[nodiscard]] std::string sleep_in() const override { return policy_->sleep_in(); }
    [[nodiscard]] std::optional<double> save_at_v(const PolicyFacts& facts) const override {
        return policy_->save_at_v(facts);
    }
    [[nodiscard]] std::optional<double> restore_at_v() const noexcept override {
        return policy_->restore_at_v();
    }

private:
    std::shared_ptr<const CheckpointPolicy> policy_;
    MakeTrigger make_;
};

}  // namespace ebb::test
