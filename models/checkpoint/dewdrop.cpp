// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/dewdrop.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/checkpoint/commit.hpp"

namespace ebb {

namespace {

constexpr std::int64_t kWordBytes = 4;

/// The two words in non-volatile memory.
enum Kept : std::size_t { kWakeAt, kBegun, kWords };

class DewdropTrigger final : public Trigger {
public:
    DewdropTrigger(const DewdropParams& params, const PolicyFacts& facts)
        : params_(params),
          lowest_v_(params.lowest_v.value_or(facts.turn_off_v + params.lower_v)),
          kept_(facts.kept) {
        if (kept_->empty()) {
            kept_->assign(kWords, 0.0);
            (*kept_)[kWakeAt] = params.start_at_v.value_or(facts.turn_on_v);
        }
    }

    [[nodiscard]] Action boot(BootCause cause) override {
        double& begun = (*kept_)[kBegun];
        if (cause == BootCause::reset && begun != 0.0) {
            begun = 0.0;
            change(params_.raise_v);
        }
        return {};
    }
    [[nodiscard]] Action voltage() override { return {}; }
    [[nodiscard]] Action snapshot_done() override { return {}; }
    [[nodiscard]] Action boundary() override {
        (*kept_)[kBegun] = 0.0;
        change(-params_.lower_v);
        return {};
    }
    [[nodiscard]] Action before(const Ahead&) override {
        (*kept_)[kBegun] = 1.0;
        return {Action::Kind::sleep, (*kept_)[kWakeAt], std::nullopt};
    }

private:
    void change(double by_v) {
        double& v = (*kept_)[kWakeAt];
        v = std::clamp(v + by_v, std::min(lowest_v_, params_.highest_v), params_.highest_v);
    }

    DewdropParams params_;
    double lowest_v_;
    std::shared_ptr<std::vector<double>> kept_;
};

void check(const DewdropParams& p, CheckContext& context) {
    const auto volts = [](double v) { return format_quantity(v, unit::volt); };
    check_guard(context, "dewdrop");
    check_start_voltage(context, "highest", p.highest_v);
    for (const auto& [key, v] : {std::pair{"start_at", p.start_at_v}, {"lowest", p.lowest_v}}) {
        if (!v) {
            continue;
        }
        check_start_voltage(context, key, *v);
        if (*v > p.highest_v) {
            context.mistake(key, fmt::format("checkpoint.{} is {}, above its highest ({})", key,
                                             volts(*v), volts(p.highest_v)));
        }
    }
    const auto turn_on = context.number("mcu.turn_on");
    if (!p.start_at_v && turn_on && *turn_on > p.highest_v) {
        context.mistake("highest",
                        fmt::format("checkpoint.highest is {}, below mcu.turn_on ({}), at which "
                                    "the voltage starts",
                                    volts(p.highest_v), volts(*turn_on)),
                        "give start_at, or a higher highest");
    }
}

}  // namespace

Protocol Dewdrop::protocol(const PolicyFacts& facts) const {
    Protocol p = Commit({params_.granularity}).protocol(facts);
    p.commit.push_back({NvOpKind::write, "wake-up voltage", 0, 0, kWordBytes});
    p.recover.insert(p.recover.begin(), {NvOpKind::read, "wake-up voltage", 0, 0, kWordBytes});
    p.record_bytes += kWordBytes;
    return p;
}

std::unique_ptr<Trigger> Dewdrop::trigger(const PolicyFacts& facts) const {
    return std::make_unique<DewdropTrigger>(params_, facts);
}

void register_checkpoint_dewdrop(Registry& registry);

void register_checkpoint_dewdrop(Registry& registry) {
    using P = DewdropParams;
    const ParamTable<P> table = {
        param("start_at", &P::start_at_v, unit::volt, optional, above_up_to(0, 1000),
              "wake-up voltage at the start of the run; left out, mcu.turn_on"),
        param("lower", &P::lower_v, unit::volt, 0.005, range(0, 100),
              "taken off it behind an iteration that was done"),
        param("raise", &P::raise_v, unit::volt, 0.1, range(0, 100),
              "put on it after a power failure within an iteration"),
        param("lowest", &P::lowest_v, unit::volt, optional, above_up_to(0, 1000),
              "it is never below; left out, `lower` above mcu.turn_off"),
        param("highest", &P::highest_v, unit::volt, required, above_up_to(0, 1000),
              "it is never above: what the source can charge the store to"),
        param("granularity", &P::granularity, granularity_names(), Granularity::unit,
              "what counts as an iteration, and is recorded as done"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "dewdrop",
         "sleeps before each iteration until a voltage that success lowers and failure raises",
         "class: replayed; the voltage is a word in non-volatile memory; gains are unconfirmed"},
        table, [](const P& p) { return std::make_shared<Dewdrop>(p); }, check);
}

}  // namespace ebb
