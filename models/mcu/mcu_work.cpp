// SPDX-License-Identifier: Apache-2.0
// The powered MCU between boot and brown-out: running, resting, snapshots, sleep and wake-up.
#include <fmt/format.h>

#include "models/core/error.hpp"
#include "models/mcu/mcu_module.hpp"

namespace ebb {

void McuModule::run_or_rest() {
    if (work->has_work()) {
        if (state_ != State::run) {
            enter(State::run);
        }
        load_ = &work->progress().next();
        return;
    }
    if (state_ != State::rest) {
        sleep_in(State::rest);
    }
}

void McuModule::sleep_in(State state) {
    enter(state);
    if (rail_.has_sleep()) {
        draw(sleep_);
        ++stats_.sleeps;
        say("sleep");
        return;
    }
    if (!rail_.has_active()) {
        throw InputError({Mistake{
            {},
            fmt::format("the device waits for {}, but neither mcu.sleep nor "
                        "mcu.active says what it draws then",
                        state == State::wait ? fmt::format("{:.6g} V", wake_at_v_) : "work"),
            "give mcu.sleep, for example {current: 2 uA, wake: 20 us}, or "
            "mcu.active: {current: 1 mA}",
            "see: ebb describe mcu"}});
    }
    draw(idle_[point_]);
}

void McuModule::work_arrived() {
    if (state_ == State::rest) {
        wake_up();
    }
}

/// From sleep to work, at active load for the wake-up time.
void McuModule::wake_up() {
    const bool waited = state_ == State::wait;
    const double wake_s = rail_.has_sleep() ? config_.mcu.sleep->wake_s : 0.0;
    if (waited && work->progress().needs_recovery()) {
        say("wake");
        watch_v_ = trigger_->boot(BootCause::wake).watch_v;
        begin_recovery();
        return;
    }
    if (rail_.has_sleep()) {
        say("wake");
    }
    if (wake_s > 0.0) {
        enter(State::wake);
        if (!rail_.has_active()) {
            throw InputError(
                "mcu.sleep.wake takes time at active load, but mcu.active is not given");
        }
        draw(wake_[point_]);
        return;
    }
    obey(trigger_->boot(BootCause::wake));
    run_or_rest();
}

// ---- snapshots
// ------------------------------------------------------------------------------------

void McuModule::begin_snapshot() {
    WorkProgress& progress = work->progress();
    if (!work->has_work()) {
        run_or_rest();  // nothing volatile is worth saving
        return;
    }
    progress.snapshot_begun();
    enter(State::save);
    draw(progress.plan().snapshot.load);
    say("save");
}

void McuModule::snapshot_done() {
    WorkProgress& progress = work->progress();
    progress.book_operations(progress.plan().snapshot, {1, 0, 0.0}, true);
    progress.snapshot_completed();
    say("saved");
    obey(trigger_->snapshot_done());
}

}  // namespace ebb
