// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/mementos.hpp"

#include <fmt/format.h>

#include "models/checkpoint/polling.hpp"
#include "models/workload/commit_borders.hpp"

namespace ebb {

namespace {

/// The flag lies in volatile memory: a boot, and a wake-up, begin without it.
class MementosTrigger final : public Trigger {
public:
    MementosTrigger(std::int64_t threshold, std::optional<double> interval_s)
        : threshold_(threshold), interval_s_(interval_s), flag_(!interval_s) {}

    [[nodiscard]] Action boot(BootCause) override {
        flag_ = !interval_s_;
        return {Action::Kind::proceed, {}, {}, interval_s_};
    }
    [[nodiscard]] Action voltage() override { return {}; }
    [[nodiscard]] Action timer() override {
        flag_ = true;
        return {Action::Kind::proceed, {}, {}, interval_s_};
    }
    [[nodiscard]] Action boundary() override {
        return flag_ ? Action{Action::Kind::poll, {}, {}} : Action{};
    }
    [[nodiscard]] Action adc(std::int64_t code) override {
        flag_ = !interval_s_;
        return code >= threshold_ ? Action{} : Action{Action::Kind::snapshot, {}, {}};
    }
    [[nodiscard]] Action snapshot_done() override { return {}; }

private:
    std::int64_t threshold_;
    std::optional<double> interval_s_;
    bool flag_;
};

}  // namespace

Mementos::Mementos(const MementosParams& params)
    : SavingPolicy(params),
      trigger_(params.trigger),
      interval_s_(params.interval_s.value_or(0.0)),
      state_b_(params.state_b),
      adc_(params.adc.value_or(default_adc())) {}

void Mementos::rework(Program& program) const {
    add_questions(program,
                  trigger_ == TriggerPoint::at_return ? Granularity::layer : Granularity::tile);
}

void Mementos::check(const PolicyFacts& facts) const {
    const double most_v = adc_.divider * adc_.reference_v;
    if (const double v = save_at_v(facts).value(); v + adc_.step_v() > most_v) {
        refuse_work(fmt::format("would save below {:.4g} V, and its converter reads up to {:.4g} V",
                                v, most_v),
                    fmt::format("adc: {{divider: {:.3g}}}", 1.2 * v / adc_.reference_v),
                    "mementos");
    }
}

std::unique_ptr<Trigger> Mementos::trigger(const PolicyFacts& facts) const {
    return std::make_unique<MementosTrigger>(
        adc_.code_from(save_at_v(facts).value()),
        sets_timer() ? std::optional(interval_s_) : std::nullopt);
}

SaveRules Mementos::save_rules(const PolicyFacts& facts) const {
    SaveRules rules = SavingPolicy::save_rules(facts);
    rules.sleeps_behind = false;
    rules.looks_every_s = sets_timer() ? interval_s_ : 0.0;
    return rules;
}

void register_checkpoint_mementos(Registry& registry);

void register_checkpoint_mementos(Registry& registry) {
    using P = MementosParams;
    const Names<TriggerPoint> points = {{"latch", TriggerPoint::latch},
                                        {"return", TriggerPoint::at_return},
                                        {"timer", TriggerPoint::timer}};
    const ParamTable<P> table = {
        param("trigger", &P::trigger, points, TriggerPoint::latch,
              "where it looks at the voltage: behind every tile, every layer, or every tile that "
              "is the first behind an interval"),
        param("interval", &P::interval_s, unit::second, optional, above_up_to(0, 1e6),
              "of trigger timer: how long no look follows a look"),
        save_at_row<P>(),
        margin_row<P>(),
        param("state", &P::state_b, unit::byte, optional, range(1, 1e9),
              "bytes of a snapshot; left out: mcu.registers plus the program's volatile working "
              "set"),
        block("adc", &P::adc, adc_table(), optional,
              "the converter; left out: ten bits over 7.5 V, as on a WISP 4.1"),
        unsafe_row<P>(),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "mementos", "looks at the voltage at loop borders, saves if it is low",
         "class: jit; status: read in a public repository; never sleeps"},
        table, [](const P& p) { return std::make_shared<Mementos>(p); },
        [](const P& p, CheckContext& context) {
            check_memory(context, "mementos");
            check_save_at(p, context);
            const bool timer = p.trigger == TriggerPoint::timer;
            if (timer != p.interval_s.has_value()) {
                context.mistake(timer ? "trigger" : "interval",
                                timer ? "checkpoint.trigger is timer, but there is no interval"
                                      : "checkpoint.interval belongs to trigger: timer",
                                timer ? "give interval: for example 20 ms"
                                      : "leave it out, or set trigger: timer");
            }
        });
}

}  // namespace ebb
