// SPDX-License-Identifier: Apache-2.0
/// A trigger knows what it was told since the boot, and nothing else: one that is built anew at
/// every boot and every wake-up gives the same run.
#include "models/checkpoint/checkpoint_policy.hpp"
#include "tests/decision/saving_device.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

/// Forgets everything at each boot, as the object itself would.
class RebornTrigger final : public Trigger {
public:
    RebornTrigger(const CheckpointPolicy& policy, const PolicyFacts& facts)
        : policy_(policy), facts_(facts), now_(policy.trigger(facts)) {}

    [[nodiscard]] Action boot(BootCause cause) override {
        now_ = policy_.trigger(facts_);
        now_->found(word_);
        return kept(now_->boot(cause));
    }
    [[nodiscard]] Action voltage() override { return kept(now_->voltage()); }
    [[nodiscard]] Action snapshot_done() override { return kept(now_->snapshot_done()); }
    [[nodiscard]] Action boundary() override { return kept(now_->boundary()); }
    [[nodiscard]] Action before(const Ahead& next) override { return kept(now_->before(next)); }
    [[nodiscard]] Action timer() override { return kept(now_->timer()); }
    [[nodiscard]] Action adc(std::int64_t code) override { return kept(now_->adc(code)); }
    void found(std::optional<double> word) override { word_ = word; }

private:
    /// What is noted is found again.
    Action kept(const Action& action) {
        word_ = action.note_v ? action.note_v : word_;
        return action;
    }
    const CheckpointPolicy& policy_;
    PolicyFacts facts_;
    std::unique_ptr<Trigger> now_;
    std::optional<double> word_;
};

/// The same policy with such a trigger.
class Reborn final : public CheckpointPolicy {
public:
    explicit Reborn(std::shared_ptr<const CheckpointPolicy> policy) : policy_(std::move(policy)) {}
    [[nodiscard]] PolicyClass policy_class() const noexcept override {
        return policy_->policy_class();
    }
    [[nodiscard]] bool needs_nvm() const noexcept override { return policy_->needs_nvm(); }
    [[nodiscard]] Granularity commits() const noexcept override { return policy_->commits(); }
    [[nodiscard]] bool snapshots() const noexcept override { return policy_->snapshots(); }
    [[nodiscard]] bool guards() const noexcept override { return policy_->guards(); }
    void rework(Program& program) const override { policy_->rework(program); }
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
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override {
        return std::make_unique<RebornTrigger>(*policy_, facts);
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
};

}  // namespace

TEST_CASE("a trigger that is built anew at each boot and each wake-up changes nothing") {
    for (const char* policy :
         {"jit, save_at: 2.2 V", "hibernus, ram: 28 B", "quickrecall, save_at: 2 V",
          "allocated_state, stack: 100 B", "managed_state, page: 8 B",
          "jit_continue, save_at: 2.5 V, period: 21 ms", "mementos, save_at: 2.5 V",
          "mementos, save_at: 2.5 V, trigger: timer, interval: 13 ms",
          "mementos, save_at: 2.5 V, trigger: return", "hibernus_pp, ram: 28 B",
          "nvp_bec, clock: 8 kHz, backup_energy: 125 nJ, backup_cycles: 2, restore_energy: 250 nJ, "
          "restore_cycles: 1",
          "nvp_odab, clock: 8 kHz, instruction_energy: 31 nJ, backup_energy: 7 uJ, backup_cycles: "
          "35, restore_energy: 250 nJ, restore_cycles: 35"}) {
        for (const char* sleep : {"26 uA", "500 uA"}) {
            INFO(policy << ", asleep at " << sleep);
            SavingDevice d{fmt::format("{{policy: {}}}", policy), "6 s"};
            d.turn_on = "3 V";
            d.sleep = sleep;
            Scenario scenario = scenario_of(d.text());
            const Watched once = watch(scenario);
            scenario.checkpoint = std::make_shared<Reborn>(scenario.checkpoint);
            const Watched again = watch(scenario);
            CHECK(once.result.power.boots + once.result.power.sleeps > 1);
            CHECK(once.result.work.units_done > 100);
            REQUIRE(once.events.all().size() == again.events.all().size());
            for (std::size_t i = 0; i < once.events.all().size(); ++i) {
                REQUIRE(once.events.all()[i].at == again.events.all()[i].at);
                REQUIRE(once.events.all()[i].event == again.events.all()[i].event);
            }
            CHECK(once.result.work.units_done == again.result.work.units_done);
            CHECK(once.result.checkpoint.completed == again.result.checkpoint.completed);
        }
    }
}
