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

    /// Awake behind the charging of a reserve: it is taken off as it is, and the task's own banks
    /// are charged. How far the charging has come is a word that a power failure does not lose.
    [[nodiscard]] Action boot(BootCause cause) override {
        if (cause == BootCause::wake && kept_->size() == 2 && kept_->back() == kReserve) {
            kept_->back() = kOwnBanks;
            return charge(*energy_[static_cast<std::size_t>(kept_->front())].mode);
        }
        return {};
    }
    [[nodiscard]] Action voltage() override { return {}; }
    [[nodiscard]] Action snapshot_done() override { return {}; }
    [[nodiscard]] Action boundary() override {
        kept_->clear();
        return {};
    }
    [[nodiscard]] Action before(const Ahead& next) override {
        if (next.step >= energy_.size() || !energy_[next.step].mode) {
            return {};  // a layer of a network, or a task that takes the banks as they are
        }
        const TaskEnergy& task = energy_[next.step];
        const auto step = static_cast<double>(next.step);
        const bool reserved = *kept_ == std::vector<double>{step, kOwnBanks};
        if (task.precharge && !reserved) {
            *kept_ = {step, kReserve};
            return charge(*task.precharge);
        }
        if (task.burst) {
            banks_->connect_only({*task.mode});
            return {};
        }
        return charge(*task.mode);
    }

private:
    static constexpr double kReserve = 1.0, kOwnBanks = 2.0;  // what is being charged

    [[nodiscard]] Action charge(std::size_t mode) {
        banks_->connect_only({mode});
        return {Action::Kind::sleep, full_v_, std::nullopt};
    }

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
