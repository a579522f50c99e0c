// SPDX-License-Identifier: Apache-2.0
// The voltages that the MCU module waits for, the clock that follows them, and the supervisor that
// looks at them now and then.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/core/error.hpp"
#include "models/mcu/mcu_module.hpp"

namespace ebb {

namespace {

constexpr double kNotArmed = std::numeric_limits<double>::quiet_NaN();
constexpr double kPi = 3.14159265358979323846;
/// Steps of a picked-up sine in one period.
constexpr double kPickupSteps = 64.0;

}  // namespace

Watches McuModule::watches() const {
    Watches w{kNotArmed, kNotArmed};
    if (state_ == State::off) {
        w.rising_v = look_due_ ? kNotArmed : config_.mcu.turn_on_v - picked_up_v_;
        return w;
    }
    w.falling_v = lowest_v();
    if (state_ == State::run) {
        w.falling_v = std::max({w.falling_v, trigger_v(), slower_below_v()});
        w.rising_v = faster_from_v();
    }
    if (state_ == State::wait) {
        w.rising_v = wake_at_v_;
    }
    if (state_ == State::charge) {  // there is volatile work behind it: the trigger looks on
        w.falling_v = std::max(w.falling_v, trigger_v());
        w.rail = awaited_;
    }
    return w;
}

bool McuModule::falling_is_brown_out() const {
    if (state_ == State::charge) {
        return trigger_v() <= lowest_v();
    }
    return state_ != State::run || std::max(trigger_v(), slower_below_v()) <= lowest_v();
}

/// Terminal voltage, falling, at which power fails, or at which a supervisor is to look.
double McuModule::lowest_v() const {
    return look_due_ ? config_.mcu.supervision->brown_out_v : config_.mcu.turn_off_v - picked_up_v_;
}

/// Voltage of the trigger's watch; 0 if none is armed.
double McuModule::trigger_v() const { return watch_v_.value_or(0.0); }

/// Voltage at which the present operating point is left for the one below; 0 at the slowest.
double McuModule::slower_below_v() const {
    return point_ == 0 ? 0.0 : config_.mcu.clocking->points[point_].from_v;
}

double McuModule::faster_from_v() const {
    if (point_ + 1 >= operating_points(config_.mcu)) {
        return kNotArmed;
    }
    const ClockingParams& clocking = *config_.mcu.clocking;
    return clocking.points[point_ + 1].from_v + clocking.hysteresis_v.value_or(0.0);
}

/// A clock that is left at the instant at which it was taken, and taken again: the load's step
/// across a series resistance is larger than the hysteresis, and nothing would ever end it.
void McuModule::refuse_chatter(std::size_t next) {
    const double v = terminal_v();
    if (next < point_) {
        left_ = {point_, agenda_.now(), v};
        return;
    }
    if (!left_ || left_->point != next || !(left_->at == agenda_.now())) {
        return;
    }
    const ClockingParams& clocking = *config_.mcu.clocking;
    const double step_v = v - left_->v;
    throw InputError({Mistake{
        {},
        fmt::format("the clock changes between '{}' and '{}' without end: the store's terminal is "
                    "at {:.4g} V with one and at {:.4g} V with the other, and the step of {:.3g} V "
                    "is larger than mcu.clocking.hysteresis ({:.3g} V)",
                    clocking.points[point_].name, clocking.points[next].name, v, left_->v, step_v,
                    clocking.hysteresis_v.value_or(0.0)),
        fmt::format("give mcu.clocking.hysteresis more than {:.3g} V, or a store with less series "
                    "resistance",
                    step_v),
        "see: ebb describe mcu.clocking"}});
}

/// The work goes on at another clock.
void McuModule::operate_at(std::size_t point) {
    refuse_chatter(point);
    point_ = point;
    work->progress().operate_at(point);
    say("clock", config_.mcu.clocking->points[point].name);
    load_ = snapshot_pending_ ? &work->progress().rest_of_phase() : &work->progress().next();
}

// ---- a supervisor that looks now and then
// -----------------------------------------------------------------------------------------

/// A threshold has just been crossed. True if it counts now; else the next look is arranged.
bool McuModule::seen_now() {
    if (!config_.mcu.supervision) {
        return true;
    }
    const double period_s = config_.mcu.supervision->period_s;
    const auto look_at = [&](double k) { return Time::from_seconds(k * period_s); };
    const Time now = agenda_.now();
    double k = std::floor(now.seconds() / period_s);
    while (look_at(k) < now || (last_look_ && look_at(k) == *last_look_)) {
        k += 1.0;
    }
    if (look_at(k) == now) {
        last_look_ = now;
        return true;
    }
    look_due_ = true;
    agenda_.set(look_slot_, look_at(k));
    return false;
}

void McuModule::look() {
    look_due_ = false;
    last_look_ = agenda_.now();
    if (state_ == State::off) {
        if (terminal_v() >= config_.mcu.turn_on_v) {
            power_on();
        }
    } else if (terminal_v() <= config_.mcu.turn_off_v) {
        brown_out(own_position());
    }
}

// ---- comparators that hear the mains
// -----------------------------------------------------------------------------------------

/// The next step of the sine begins. The store's walk is planned behind each entry of the agenda,
/// with the thresholds as they then are; one that has moved past the terminal counts at once.
void McuModule::pickup_step() {
    const PickupParams& p = *config_.mcu.pickup;
    const auto begun = static_cast<double>(pickup_steps_);
    picked_up_v_ = p.amplitude_v * std::sin(2.0 * kPi * ((begun + 0.5) / kPickupSteps + p.phase));
    ++pickup_steps_;
    agenda_.set(pickup_slot_, Time::from_seconds((begun + 1.0) / (kPickupSteps * p.frequency_hz)));
}

}  // namespace ebb
