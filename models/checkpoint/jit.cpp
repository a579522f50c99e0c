// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/jit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "models/core/component.hpp"

namespace ebb {

namespace {

constexpr std::int64_t kHeaderBytes = 8;

/// Pure decisions: thresholds in, actions out.
class JitTrigger final : public Trigger {
public:
    JitTrigger(double save_at_v, double restore_at_v, bool waits_at_boot)
        : save_at_v_(save_at_v), restore_at_v_(restore_at_v), waits_at_boot_(waits_at_boot) {}

    [[nodiscard]] Action boot(BootCause cause) override {
        if (cause == BootCause::reset && waits_at_boot_) {
            return {Action::Kind::sleep, restore_at_v_, std::nullopt};
        }
        return {Action::Kind::proceed, std::nullopt, save_at_v_};
    }
    [[nodiscard]] Action voltage() override { return {Action::Kind::snapshot, {}, {}}; }
    [[nodiscard]] Action snapshot_done() override {
        return {Action::Kind::sleep, restore_at_v_, std::nullopt};
    }

private:
    double save_at_v_;
    double restore_at_v_;
    bool waits_at_boot_;
};

std::string volts(double v) { return format_quantity(v, unit::volt); }

/// The order of the voltages: turn_off < save_at < restore_at <= max.
void check(const JitParams& p, CheckContext& context) {
    if (!context.given("nvm")) {
        context.mistake("policy",
                        "checkpoint jit saves into non-volatile memory, but there is no nvm",
                        "give nvm: {part: ...} or its values");
    }
    const auto turn_off = context.number("mcu.turn_off");
    const auto turn_on = context.number("mcu.turn_on");
    const auto max = context.number("store.max");
    const std::optional<double> restore = p.restore_at_v ? p.restore_at_v : turn_on;
    std::string between;
    if (turn_off && restore && *turn_off < *restore) {
        between = fmt::format("save between {} and {}", volts(*turn_off),
                              volts(std::min(*restore, max.value_or(*restore))));
    }
    if (p.restore_at_v && max && *p.restore_at_v > *max) {
        context.mistake("restore_at",
                        fmt::format("checkpoint.restore_at is {}, above store.max ({}): the device "
                                    "would never resume",
                                    volts(*p.restore_at_v), volts(*max)),
                        fmt::format("at most {}, or a higher store.max", volts(*max)));
    }
    if (!p.save_at_v) {
        return;  // derived: judged once the work is known
    }
    if (turn_off && *p.save_at_v <= *turn_off) {
        context.mistake("save_at",
                        fmt::format("checkpoint.save_at is {}, not above mcu.turn_off ({}): power "
                                    "fails before a snapshot begins",
                                    volts(*p.save_at_v), volts(*turn_off)),
                        between);
    }
    if (restore && *p.save_at_v >= *restore) {
        const std::string resumes =
            p.restore_at_v ? fmt::format("checkpoint.restore_at ({})", volts(*restore))
                           : fmt::format(
                                 "mcu.turn_on ({}), where work resumes as restore_at is "
                                 "left out",
                                 volts(*restore));
        context.mistake("save_at",
                        fmt::format("checkpoint.save_at is {}, not below {}: the device would save "
                                    "again as it resumes",
                                    volts(*p.save_at_v), resumes),
                        between);
    }
}

}  // namespace

Protocol JustInTime::protocol(const PolicyFacts& facts) const {
    Protocol p;
    const std::int64_t state = params_.state_b ? static_cast<std::int64_t>(*params_.state_b)
                                               : facts.register_bytes + facts.volatile_bytes;
    p.snapshot_bytes = state + kHeaderBytes;
    p.snapshot = {{NvOpKind::write, "volatile state", -1, kHeaderBytes, state},
                  {NvOpKind::write, "snapshot header", -1, 0, kHeaderBytes}};
    p.recover = {{NvOpKind::read, "snapshot header, slot 0", 0, 0, kHeaderBytes},
                 {NvOpKind::read, "snapshot header, slot 1", 1, 0, kHeaderBytes},
                 {NvOpKind::read, "volatile state", -1, kHeaderBytes, state, true}};
    return p;
}

std::unique_ptr<Trigger> JustInTime::trigger(const PolicyFacts& facts) const {
    const double restore_at = params_.restore_at_v.value_or(facts.turn_on_v);
    return std::make_unique<JitTrigger>(save_at_v(facts).value(), restore_at,
                                        restore_at > facts.turn_on_v);
}

void register_checkpoint_jit(Registry& registry);

void register_checkpoint_jit(Registry& registry) {
    const ParamTable<JitParams> table = {
        param("save_at", &JitParams::save_at_v, unit::volt, optional, above_up_to(0, 1000),
              "store voltage, falling, at which a snapshot begins; left out: what a snapshot needs "
              "on this store"),
        param("margin", &JitParams::margin_v, unit::volt, 0.01, range(0, 1000),
              "added to a voltage that is derived"),
        param("restore_at", &JitParams::restore_at_v, unit::volt, optional, above_up_to(0, 1000),
              "store voltage, rising, at which work resumes; left out: mcu.turn_on"),
        param(
            "state", &JitParams::state_b, unit::byte, optional, range(1, 1e9),
            "bytes of a snapshot; left out: mcu.registers plus the program's volatile working set"),
        param("sleep_in", &JitParams::sleep_in, optional,
              "name of the sleep state (mcu.sleep_states) in which it waits; left out: mcu.sleep"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "jit", "snapshot at a falling voltage, restore at wake",
         "class: jit; two slots, header last: a cut snapshot leaves the one before it valid"},
        table, [](const JitParams& p) { return std::make_shared<JustInTime>(p); }, check);
}

}  // namespace ebb
