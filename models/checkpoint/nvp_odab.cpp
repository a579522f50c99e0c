// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/nvp_odab.hpp"

#include <cmath>

namespace ebb {

namespace {

class OnDemandTrigger final : public Trigger {
public:
    explicit OnDemandTrigger(double save_at_v) : save_at_v_(save_at_v) {}
    [[nodiscard]] Action boot(BootCause) override {
        return {Action::Kind::proceed, {}, save_at_v_};
    }
    [[nodiscard]] Action voltage() override { return {Action::Kind::snapshot, {}, {}}; }
    [[nodiscard]] Action snapshot_done() override { return {Action::Kind::shut_down, {}, {}}; }

private:
    double save_at_v_;
};

}  // namespace

Protocol NvpOdab::protocol(const PolicyFacts&) const {
    Protocol p;
    p.snapshot = {nvp_.backup()};
    p.recover = {nvp_.restore()};
    return p;
}

std::optional<double> NvpOdab::save_at_v(const PolicyFacts& facts) const {
    return std::sqrt(facts.snapshot_v * facts.snapshot_v +
                     2.0 * nvp_.instruction_j / facts.capacitance_f);
}

std::unique_ptr<Trigger> NvpOdab::trigger(const PolicyFacts& facts) const {
    return std::make_unique<OnDemandTrigger>(save_at_v(facts).value());
}

void register_checkpoint_nvp_odab(Registry& registry);

void register_checkpoint_nvp_odab(Registry& registry) {
    using P = NvpOdabParams;
    const ParamTable<P> table = {
        clock_row<P>(),
        param("instruction_energy", &P::instruction_j, unit::joule, required, range(0, 1),
              "of an instruction, for the voltage at which the backup begins"),
        backup_energy_row<P>("of a backup, all that is drawn meanwhile"),
        backup_cycles_row<P>(),
        restore_energy_row<P>(),
        restore_cycles_row<P>(),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "nvp_odab", "a non-volatile processor, one backup as the power goes",
         "class: jit; status: read in a public repository; off until turn-on behind a backup"},
        table, [](const P& p) { return std::make_shared<NvpOdab>(p); });
}

}  // namespace ebb
