// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/hibernus_pp.hpp"

#include <fmt/format.h>

#include "models/checkpoint/polling.hpp"

namespace ebb {

namespace {

constexpr std::int64_t kWordBytes = 8;

struct Calibration {
    double at_v = 0.0;       ///< where it is done
    double lowest_v = 0.0;   ///< turn-off and margin: what the droop is added to
    double step_v = 0.0;     ///< of the converter
    double restore_v = 0.0;  ///< where work resumes
    double turn_on_v = 0.0;
};

/// Until the word is found or written it calibrates; from then on it waits and saves as Hibernus.
class CalibratingTrigger final : public Trigger {
public:
    explicit CalibratingTrigger(const Calibration& c) : c_(c) {}

    void found(std::optional<double> word) override { save_at_v_ = word; }
    [[nodiscard]] Action boot(BootCause cause) override {
        if (save_at_v_) {
            return waiting().boot(cause);
        }
        if (cause == BootCause::reset && c_.at_v > c_.turn_on_v) {
            return {Action::Kind::sleep, c_.at_v, std::nullopt};
        }
        before_.reset();
        return {Action::Kind::poll, {}, {}, {}, {}, false};
    }
    [[nodiscard]] Action voltage() override { return {Action::Kind::snapshot, {}, {}}; }
    [[nodiscard]] Action adc(std::int64_t code) override {
        if (!before_) {
            before_ = code;
            return {Action::Kind::snapshot, {}, {}};
        }
        const auto codes = static_cast<double>(*before_ - code + 1);
        save_at_v_ = c_.lowest_v + codes * c_.step_v;
        return {Action::Kind::proceed, {}, save_at_v_, {}, save_at_v_, true};
    }
    [[nodiscard]] Action snapshot_done() override {
        return save_at_v_ ? waiting().snapshot_done() : Action{Action::Kind::poll, {}, {}};
    }

private:
    [[nodiscard]] WaitTrigger waiting() const {
        return {*save_at_v_, c_.restore_v, c_.restore_v > c_.turn_on_v};
    }
    Calibration c_;
    std::optional<double> save_at_v_;
    std::optional<std::int64_t> before_;
};

}  // namespace

HibernusPp::HibernusPp(const HibernusPpParams& params)
    : SavingPolicy(params),
      ram_b_(params.ram_b),
      calibrate_at_v_(params.calibrate_at_v),
      adc_(params.adc.value_or(default_adc())) {}

Protocol HibernusPp::protocol(const PolicyFacts& facts) const {
    Protocol p = two_slots(state_bytes(facts));
    p.record_bytes = kWordBytes;
    p.commit = {{NvOpKind::write, "calibration word", 0, 0, kWordBytes}};
    p.recover.insert(p.recover.begin(), {NvOpKind::read, "calibration word", 0, 0, kWordBytes});
    return p;
}

void HibernusPp::check(const PolicyFacts& facts) const {
    const double most_v = adc_.divider * adc_.reference_v;
    if (calibrate_at(facts) + adc_.step_v() > most_v) {
        refuse_work(
            fmt::format("calibrates at {:.4g} V, and its converter reads up to {:.4g} V",
                        calibrate_at(facts), most_v),
            fmt::format("adc: {{divider: {:.3g}}}", 1.2 * calibrate_at(facts) / adc_.reference_v),
            "hibernus_pp");
    }
    if (calibrate_at(facts) <= facts.snapshot_v) {
        refuse_work(fmt::format("calibrates by a save at {:.4g} V, which is not done before {:.4g} "
                                "V on this device: it needs {:.4g} V",
                                calibrate_at(facts), facts.turn_off_v, facts.snapshot_v),
                    fmt::format("calibrate_at: {:.4g} V", facts.snapshot_v + 0.1), "hibernus_pp");
    }
}

std::unique_ptr<Trigger> HibernusPp::trigger(const PolicyFacts& facts) const {
    return std::make_unique<CalibratingTrigger>(
        Calibration{calibrate_at(facts), facts.turn_off_v + save().margin_v, adc_.step_v(),
                    save().restore_at_v.value_or(facts.turn_on_v), facts.turn_on_v});
}

void register_checkpoint_hibernus_pp(Registry& registry);

void register_checkpoint_hibernus_pp(Registry& registry) {
    using P = HibernusPpParams;
    const ParamTable<P> table = {
        param("calibrate_at", &P::calibrate_at_v, unit::volt, optional, above_up_to(0, 1000),
              "store voltage, rising, at which the first boot measures a save; left out: "
              "restore_at"),
        param<P, double>("margin", &P::margin_v, unit::volt, 0.05, range(0, 1000),
                         "added to mcu.turn_off and the measured droop"),
        restore_at_row<P>(),
        param<P, std::optional<double>>("ram", &P::ram_b, unit::byte, optional, range(1, 1e9),
                                        "volatile memory that is saved, all of it; left out: "
                                        "mcu.ram"),
        block("adc", &P::adc, adc_table(), optional,
              "the converter; left out: ten bits over 7.5 V, as on a WISP 4.1"),
        sleep_in_row<P>(),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "hibernus_pp", "hibernus with a save voltage that the device measures",
         "class: jit; status: read in a public repository; V_R is a parameter"},
        table, [](const P& p) { return std::make_shared<HibernusPp>(p); },
        [](const P& p, CheckContext& context) {
            check_memory(context, "hibernus_pp");
            check_ram(p, context, "hibernus_pp");
            check_voltages(p, context);
        });
}

}  // namespace ebb
