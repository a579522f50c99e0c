// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/checkpoint/commit.hpp"

namespace ebb {

namespace {

/// Built at boot, so that a power failure makes it forget that a region was done.
class GuardTrigger final : public Trigger {
public:
    GuardTrigger(StartVoltages start_v, bool goes_on, std::optional<double> charged_v)
        : start_v_(std::move(start_v)), goes_on_(goes_on), charged_v_(charged_v) {}

    [[nodiscard]] Action boot(BootCause) override { return {}; }
    [[nodiscard]] Action voltage() override { return {}; }
    [[nodiscard]] Action snapshot_done() override { return {}; }
    [[nodiscard]] Action boundary() override {
        done_ = true;
        return {};
    }
    [[nodiscard]] Action before(const Ahead& next) override {
        if (goes_on_ && std::exchange(done_, false)) {
            return {};
        }
        const double start_v = start_v_.at(next.step);
        Action action{Action::Kind::sleep, start_v, std::nullopt};
        if (charged_v_) {
            action.unless_at_v = start_v;
            action.wake_at_v = std::max(start_v, *charged_v_);
        }
        return action;
    }

private:
    StartVoltages start_v_;
    bool goes_on_;
    std::optional<double> charged_v_;
    bool done_ = false;
};

std::string volts(double v) { return format_quantity(v, unit::volt); }

}  // namespace

Protocol GuardedPolicy::protocol(const PolicyFacts& facts) const {
    return Commit({granularity_}).protocol(facts);
}

std::unique_ptr<Trigger> GuardedPolicy::trigger(const PolicyFacts& facts) const {
    return std::make_unique<GuardTrigger>(start_at(facts), goes_on(), charges_to(facts));
}

StartVoltages raised(StartVoltages start_v, double by_v) {
    for (double& each : start_v) {
        each += by_v;
    }
    return start_v;
}

double highest(const StartVoltages& start_v) {
    return start_v.empty() ? 0.0 : *std::max_element(start_v.begin(), start_v.end());
}

void check_guard(CheckContext& context, const char* policy) {
    if (!context.given("nvm")) {
        context.mistake("policy",
                        fmt::format("checkpoint {} records what is done in non-volatile memory, "
                                    "but there is no nvm",
                                    policy),
                        "give nvm: {part: ...} or its values");
    }
}

void check_start_voltage(CheckContext& context, const char* key, double start_v) {
    const auto turn_off = context.number("mcu.turn_off");
    const auto max = context.number("store.max");
    if (turn_off && start_v <= *turn_off) {
        context.mistake(key,
                        fmt::format("checkpoint.{} is {}, not above mcu.turn_off ({}): work would "
                                    "begin as the power fails",
                                    key, volts(start_v), volts(*turn_off)));
    }
    if (max && start_v > *max) {
        context.mistake(key,
                        fmt::format("checkpoint.{} is {}, above store.max ({}): work would never "
                                    "begin",
                                    key, volts(start_v), volts(*max)),
                        fmt::format("at most {}, or a higher store.max", volts(*max)));
    }
}

const Names<Granularity>& granularity_names() {
    static const Names<Granularity> kNames = {
        {"unit", Granularity::unit}, {"tile", Granularity::tile}, {"layer", Granularity::layer}};
    return kNames;
}

}  // namespace ebb
