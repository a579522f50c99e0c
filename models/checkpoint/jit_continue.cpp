// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/jit_continue.hpp"

namespace ebb {

namespace {

class ContinueTrigger final : public Trigger {
public:
    ContinueTrigger(double save_at_v, double period_s)
        : save_at_v_(save_at_v), period_s_(period_s) {}

    [[nodiscard]] Action boot(BootCause) override {
        return {Action::Kind::proceed, {}, save_at_v_, kNoTimer};
    }
    [[nodiscard]] Action voltage() override { return {Action::Kind::snapshot, {}, {}}; }
    [[nodiscard]] Action timer() override { return {Action::Kind::snapshot, {}, {}}; }
    [[nodiscard]] Action snapshot_done() override {
        return {Action::Kind::proceed, {}, {}, period_s_};
    }

private:
    double save_at_v_;
    double period_s_;
};

}  // namespace

std::unique_ptr<Trigger> JitContinue::trigger(const PolicyFacts& facts) const {
    return std::make_unique<ContinueTrigger>(save_at_v(facts).value(), period_s_);
}

SaveRules JitContinue::save_rules(const PolicyFacts& facts) const {
    SaveRules rules = SavingPolicy::save_rules(facts);
    rules.sleeps_behind = false;
    rules.saves_every_s = period_s_;
    return rules;
}

void register_checkpoint_jit_continue(Registry& registry);

void register_checkpoint_jit_continue(Registry& registry) {
    using P = JitContinueParams;
    const ParamTable<P> table = {
        save_at_row<P>(),
        margin_row<P>(),
        param("period", &P::period_s, unit::second, required, above_up_to(0, 1e6),
              "from the end of a snapshot to the begin of the next, below save_at"),
        param("state", &P::state_b, unit::byte, optional, range(1, 1e9),
              "bytes of a snapshot; left out: mcu.registers plus the program's volatile working "
              "set"),
        unsafe_row<P>(),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "jit_continue",
         "snapshot at a falling voltage, work on, and again every period",
         "class: jit; status: read in a public repository; never sleeps"},
        table, [](const P& p) { return std::make_shared<JitContinue>(p); },
        [](const P& p, CheckContext& context) {
            check_memory(context, "jit_continue");
            check_save_at(p, context);
        });
}

}  // namespace ebb
