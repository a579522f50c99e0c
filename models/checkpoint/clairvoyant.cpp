// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/clairvoyant.hpp"

#include <cmath>

#include "models/core/component.hpp"

namespace ebb {

namespace {

class LastMoment final : public Trigger {
public:
    LastMoment(double save_v, double resume_v) : save_v_(save_v), resume_v_(resume_v) {}
    [[nodiscard]] Action boot(BootCause) override {
        return {Action::Kind::proceed, std::nullopt, save_v_};
    }
    [[nodiscard]] Action voltage() override { return {Action::Kind::snapshot, {}, {}}; }
    [[nodiscard]] Action snapshot_done() override {
        return {Action::Kind::sleep, resume_v_, std::nullopt};
    }

private:
    double save_v_;
    double resume_v_;
};

}  // namespace

Protocol Clairvoyant::protocol(const PolicyFacts& facts) const {
    const std::int64_t state = params_.state_b
                                   ? static_cast<std::int64_t>(std::llround(*params_.state_b))
                                   : facts.register_bytes + facts.volatile_bytes;
    Protocol p;
    p.snapshot_bytes = state;
    p.snapshot = {{NvOpKind::write, "volatile state", -1, 0, state}};
    p.recover = {{NvOpKind::read, "volatile state", -1, 0, state, true}};
    return p;
}

std::unique_ptr<Trigger> Clairvoyant::trigger(const PolicyFacts& facts) const {
    return std::make_unique<LastMoment>(save_at_v(facts).value(), facts.turn_on_v);
}

void register_checkpoint_clairvoyant(Registry& registry);

void register_checkpoint_clairvoyant(Registry& registry) {
    const ParamTable<ClairvoyantParams> table = {
        param("state", &ClairvoyantParams::state_b, unit::byte, optional, range(1, 1e9),
              "bytes of a backup; left out: mcu.registers plus the program's volatile working set"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "clairvoyant", "a reference: one backup per charge at the last moment",
         "class: jit; clairvoyant: what no device can know, not to be ranked"},
        table, [](const ClairvoyantParams& p) { return std::make_shared<Clairvoyant>(p); },
        [](const ClairvoyantParams&, CheckContext& context) {
            if (!context.given("nvm")) {
                context.mistake(
                    "policy",
                    "checkpoint clairvoyant saves into non-volatile memory, but there is no nvm",
                    "give nvm: {part: ...} or its values");
            }
        });
}

}  // namespace ebb
