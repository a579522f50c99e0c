// SPDX-License-Identifier: Apache-2.0
// What the trigger's answers make the MCU do, and the timer and the word that it may keep.
#include "models/mcu/mcu_module.hpp"

namespace ebb {

/// Watch, timer and source, as the trigger wants them from now on.
void McuModule::arm(const Action& action) {
    watch_v_ = action.watch_v;
    if (action.timer_s) {
        timer_due_ = false;
        if (*action.timer_s == kNoTimer) {
            agenda_.clear(timer_slot_);
        } else {
            agenda_.set(timer_slot_, agenda_.now().plus(*action.timer_s));
        }
    }
    if (action.source && *action.source == source_off_) {
        source_off_ = !*action.source;
        store->connect(*action.source && config_.harvest_while_on);
    }
}

void McuModule::act(const Action& action) {
    arm(action);
    switch (action.kind) {
        case Action::Kind::proceed:
            if (action.note_v) {
                note_word(*action.note_v);
            } else {
                run_or_rest();
            }
            return;
        case Action::Kind::snapshot:
            save_soon();
            return;
        case Action::Kind::sleep:
            wake_at_v_ = action.wake_at_v.value();
            waits_since_ = agenda_.now();
            ++stats_.waits;
            sleep_in(State::wait);
            return;
        case Action::Kind::shut_down:
            shut_down();
            return;
        case Action::Kind::poll:
            begin_poll();
            return;
    }
}

/// At a boot: a device that sleeps restores when it has woken, all others before anything else.
void McuModule::act_behind_recovery(const Action& action) {
    if (action.kind == Action::Kind::sleep) {
        act(action);
        return;
    }
    if (action.kind == Action::Kind::proceed) {
        arm(action);
    } else {
        deferred_ = action;
    }
    begin_recovery();
}

void McuModule::recovered() {
    if (injection_) {
        begin_replay();
    }
    if (!deferred_) {
        run_or_rest();
        return;
    }
    const Action action = *deferred_;
    deferred_.reset();
    act(action);
}

void McuModule::begin_poll() {
    enter(State::poll);
    draw(poll_.at(point_));
}

void McuModule::note_word(double word) {
    noting_ = word;
    enter(State::note);
    draw(work->progress().plan().commit.load);
}

void McuModule::timer_came() {
    timer_due_ = true;
    hear_timer();
}

/// Only a device that works hears its timer.
void McuModule::hear_timer() {
    if (state_ == State::run && !snapshot_pending_) {
        timer_due_ = false;
        act(trigger_->timer());
    }
}

}  // namespace ebb
