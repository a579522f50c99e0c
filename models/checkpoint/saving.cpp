// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/saving.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/core/error.hpp"

namespace ebb {

namespace {

constexpr std::int64_t kHeaderBytes = 8;

std::string volts(double v) { return format_quantity(v, unit::volt); }

}  // namespace

Protocol two_slots(std::int64_t state) {
    Protocol p;
    p.snapshot_bytes = state + kHeaderBytes;
    p.snapshot = {{NvOpKind::write, "volatile state", -1, kHeaderBytes, state},
                  {NvOpKind::write, "snapshot header", -1, 0, kHeaderBytes}};
    p.snapshot.back().header = true;
    p.recover = {{NvOpKind::read, "snapshot header, slot 0", 0, 0, kHeaderBytes},
                 {NvOpKind::read, "snapshot header, slot 1", 1, 0, kHeaderBytes},
                 {NvOpKind::read, "volatile state", -1, kHeaderBytes, state, true}};
    return p;
}

std::int64_t working_state(const PolicyFacts& facts) {
    return facts.register_bytes + facts.volatile_bytes;
}

Action WaitTrigger::boot(BootCause cause) {
    if (cause == BootCause::reset && waits_at_boot_) {
        return {Action::Kind::sleep, restore_at_v_, std::nullopt};
    }
    return {Action::Kind::proceed, std::nullopt, save_at_v_};
}

std::unique_ptr<Trigger> SavingPolicy::trigger(const PolicyFacts& facts) const {
    const double restore_at = save_.restore_at_v.value_or(facts.turn_on_v);
    return std::make_unique<WaitTrigger>(save_at_v(facts).value(), restore_at,
                                         restore_at > facts.turn_on_v);
}

SaveRules SavingPolicy::save_rules(const PolicyFacts&) const {
    SaveRules rules;
    rules.holds_to_need = !save_.unsafe;
    return rules;
}

void check_memory(CheckContext& context, const char* policy) {
    if (!context.given("nvm")) {
        context.mistake(
            "policy",
            fmt::format("checkpoint {} saves into non-volatile memory, but there is no nvm",
                        policy),
            "give nvm: {part: ...} or its values");
    }
}

void check_voltages(const SaveParams& p, CheckContext& context) {
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

void check_save_at(const SaveParams& p, CheckContext& context) {
    const auto turn_off = context.number("mcu.turn_off");
    if (p.save_at_v && turn_off && *p.save_at_v <= *turn_off) {
        context.mistake("save_at",
                        fmt::format("checkpoint.save_at is {}, not above mcu.turn_off ({}): power "
                                    "fails before a snapshot begins",
                                    volts(*p.save_at_v), volts(*turn_off)),
                        fmt::format("above {}", volts(*turn_off)));
    }
}

void refuse_work(std::string message, std::string hint, const char* policy) {
    throw InputError({Mistake{{},
                              fmt::format("checkpoint {} {}", policy, std::move(message)),
                              std::move(hint),
                              fmt::format("see: ebb describe checkpoint.{}", policy)}});
}

}  // namespace ebb
