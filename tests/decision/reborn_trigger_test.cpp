// SPDX-License-Identifier: Apache-2.0
/// A trigger knows what it was told since the boot, and nothing else: one that is built anew at
/// every boot and every wake-up gives the same run.
#include <map>
#include <utility>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "tests/decision/saving_device.hpp"
#include "tests/support/wrapped_policy.hpp"

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

/// The scenario runs the same, decision by decision, if its policy is born again at each boot.
void check_reborn(Scenario scenario, std::int64_t least_units) {
    const Watched once = watch(scenario);
    scenario.checkpoint = std::make_shared<WrappedPolicy>(
        scenario.checkpoint, [](const CheckpointPolicy& policy, const PolicyFacts& facts) {
            return std::make_unique<RebornTrigger>(policy, facts);
        });
    const Watched again = watch(scenario);
    CHECK(once.result.power.boots + once.result.power.sleeps > 1);
    CHECK(once.result.work.units_done >= least_units);
    REQUIRE(once.events.all().size() == again.events.all().size());
    for (std::size_t i = 0; i < once.events.all().size(); ++i) {
        REQUIRE(once.events.all()[i].at == again.events.all()[i].at);
        REQUIRE(once.events.all()[i].event == again.events.all()[i].event);
    }
    CHECK(once.result.work.units_done == again.result.work.units_done);
    CHECK(once.result.checkpoint.completed == again.result.checkpoint.completed);
    CHECK(once.result.energy_j.harvested == again.result.energy_j.harvested);
}

/// An example that runs the policy, or one that does with this policy instead.
struct Example {
    std::string file;
    std::string policy = {};  ///< with its parameters; empty: the example's own
};

const std::multimap<std::string, Example>& examples() {
    static const std::multimap<std::string, Example> kAll = {
        {"none", {"quickstart.yaml", "none"}},
        {"commit", {"quickstart.yaml"}},
        {"commit", {"quickstart.yaml", "commit, granularity: unit"}},
        {"commit", {"quickstart.yaml", "commit, granularity: layer"}},
        {"jit", {"quickstart.yaml", "jit"}},
        {"clairvoyant", {"quickstart.yaml", "clairvoyant, state: 64 B"}},
        {"hibernus", {"examples/hibernus.yaml"}},
        {"hibernus_pp", {"examples/hibernus_pp.yaml"}},
        {"quickrecall", {"examples/quickrecall.yaml"}},
        {"allocated_state", {"examples/allocated_state.yaml"}},
        {"managed_state", {"examples/managed_state.yaml"}},
        {"jit_continue", {"examples/jit_continue.yaml"}},
        {"mementos", {"examples/mementos.yaml"}},
        {"nvp_bec", {"examples/nvp_bec.yaml"}},
        {"nvp_odab", {"examples/nvp_odab.yaml"}},
        {"inas", {"examples/inas.yaml"}},
        {"sonic", {"examples/sonic.yaml"}},
        {"tails", {"examples/tails.yaml"}},
        {"hawaii", {"examples/hawaii.yaml"}},
        {"japari", {"examples/japari.yaml"}},
        {"alpaca", {"examples/alpaca.yaml"}},
        {"optic", {"examples/guarded.yaml"}},
        {"rockclimb", {"examples/guarded.yaml", "rockclimb, charge_to: 2.6 V"}},
        {"samoyed", {"examples/guarded.yaml", "samoyed, start_at: 2.6 V"}},
        {"debs", {"examples/guarded.yaml", "debs, budget: 0.4 V"}},
        {"dewdrop", {"examples/dewdrop.yaml"}},
        {"capybara", {"examples/capybara.yaml"}},
        {"periodic", {"examples/periodic.yaml"}},
        {"clank", {"examples/clank.yaml"}},
        {"ratchet", {"examples/clank.yaml", "ratchet, section: 300, clock: 8 MHz"}},
        {"chinchilla",
         {"examples/clank.yaml", "chinchilla, checks: 5 %, log_per_cycle: 0.01, clock: 8 MHz"}},
    };
    return kAll;
}

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
            check_reborn(scenario_of(d.text()), 100);
        }
    }
}

TEST_CASE("the same holds for an example of every registered policy") {
    for (const Component* component : all_components().of("checkpoint")) {
        INFO(component->info.name);
        CHECK(examples().count(component->info.name) > 0);
    }
    for (const auto& [name, example] : examples()) {
        std::vector<std::string> sets = {"expect={}"};
        if (!example.policy.empty()) {
            sets.push_back("checkpoint={policy: " + example.policy + "}");
        }
        INFO(example.file << ", " << name << " " << example.policy);
        REQUIRE(all_components().find("checkpoint", name) != nullptr);
        check_reborn(scenario_file(example.file, sets), 1);
    }
}
