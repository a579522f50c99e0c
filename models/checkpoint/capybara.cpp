// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/capybara.hpp"

#include "models/checkpoint/commit.hpp"
#include "models/checkpoint/guard.hpp"
#include "models/core/component.hpp"

namespace ebb {

namespace {

class CapybaraTrigger final : public Trigger {
public:
    CapybaraTrigger(double full_v, const PolicyFacts& facts)
        : full_v_(full_v), energy_(facts.energy), banks_(facts.banks), kept_(facts.kept) {}

    /// Awake behind the charging: what was charged for later is taken off. Which mode stays is a
    /// word that a power failure during the wait does not lose, so that the wait may end by a boot.
    [[nodiscard]] Action boot(BootCause cause) override {
        if (cause == BootCause::wake && !kept_->empty()) {
            banks_->connect_only({static_cast<std::size_t>(kept_->front())});
        }
        kept_->clear();
        return {};
    }
    [[nodiscard]] Action voltage() override { return {}; }
    [[nodiscard]] Action snapshot_done() override { return {}; }
    [[nodiscard]] Action before(const Ahead& next) override {
        if (next.step >= energy_.size() || !energy_[next.step].mode) {
            return {};  // a layer of a network, or a task that takes the banks as they are
        }
        const TaskEnergy& task = energy_[next.step];
        std::vector<std::size_t> modes = {*task.mode};
        if (task.precharge) {
            modes.push_back(*task.precharge);
            kept_->assign(1, static_cast<double>(*task.mode));
        }
        banks_->connect_only(modes);
        if (task.burst) {
            return {};
        }
        return {Action::Kind::sleep, full_v_, std::nullopt};
    }

private:
    double full_v_;
    std::vector<TaskEnergy> energy_;
    EnergyModes* banks_;
    std::shared_ptr<std::vector<double>> kept_;
};

}  // namespace

Protocol Capybara::protocol(const PolicyFacts& facts) const {
    return Commit({Granularity::unit}).protocol(facts);
}

std::unique_ptr<Trigger> Capybara::trigger(const PolicyFacts& facts) const {
    return std::make_unique<CapybaraTrigger>(params_.full_v, facts);
}

void register_checkpoint_capybara(Registry& registry);

void register_checkpoint_capybara(Registry& registry) {
    const ParamTable<CapybaraParams> table = {
        param("full", &CapybaraParams::full_v, unit::volt, required, above_up_to(0, 1000),
              "terminal voltage, rising, at which the connected banks count as full"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "capybara",
         "before a task its banks are connected and charged (workload.tasks[].mode)",
         "class: replayed; needs a store with modes (store.banks); a burst begins at once, on a "
         "bank that an earlier task has precharged"},
        table, [](const CapybaraParams& p) { return std::make_shared<Capybara>(p); },
        [](const CapybaraParams& p, CheckContext& context) {
            check_guard(context, "capybara");
            check_start_voltage(context, "full", p.full_v);
        });
}

}  // namespace ebb
