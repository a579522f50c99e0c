// SPDX-License-Identifier: Apache-2.0
// The MCU module when power comes and goes: boot, recovery, brown-out, and the books of a cycle.
#include <algorithm>
#include <utility>

#include "models/mcu/mcu_module.hpp"

namespace ebb {

// ---- power
// ----------------------------------------------------------------------------------------

void McuModule::power_on() {
    const double off = agenda_.now().since(since_);
    stats_.off_s.add(off);
    if (decay_) {
        decay(off);
    }
    if (stats_.boots + stats_.brown_outs + stats_.injected >
        0) {  // an interval that began at t = 0 is not complete
        ++stats_.complete_off;
        stats_.complete_off_s.add(off);
        stats_.longest_off_s = std::max(stats_.longest_off_s, off);
    }
    since_ = agenda_.now();
    powered_by_boot_ = true;
    ++stats_.boots;
    point_ = 0;
    work->progress().operate_at(0);
    cycle_drawn_j_ = 0.0;
    marks_at_boot_ = work->progress().durable_marks();
    if (!config_.harvest_while_on) {
        store->connect(false);
    }
    enter(State::boot);
    draw(boot_);
    say("boot");
    charge_output(off);
    if (config_.mcu.boot.time_s == 0.0) {
        booted();
    }
}

void McuModule::booted() {
    say("ready");
    const BootCause cause = std::exchange(woken_, false) ? BootCause::wake : BootCause::reset;
    trigger_ = config_.policy->trigger(config_.facts);
    trigger_->found(word_);
    work->progress().booted();
    act_behind_recovery(trigger_->boot(cause));
}

void McuModule::begin_recovery() {
    Operations& ops = work->progress().recovery();
    restoring_ = &ops;
    if (injection_) {
        injection_->recovery_begun();
    }
    if (ops.empty()) {
        recovered();
        return;
    }
    enter(State::restore);
    draw(ops.load);
    say("restore");
}

void McuModule::brown_out(const LoadPosition& position) {
    say("brown_out");
    ++stats_.brown_outs;
    power_lost(position);
}

/// Of a load of the MCU's own; where the work stands is known to the work.
LoadPosition McuModule::own_position() const {
    return state_ == State::run ? LoadPosition{}
                                : LoadPosition{0, own_->first_phase, own_->first_elapsed_s};
}

void McuModule::power_lost(const LoadPosition& position) {
    woken_ = false;
    look_due_ = false;
    replay_.reset();
    if (injection_) {
        injection_->power_failed();
    }
    if (config_.mcu.supervision) {
        agenda_.clear(look_slot_);
    }
    WorkProgress& progress = work->progress();
    const State was = state_;
    if (const double step_s = config_.policy->keeps_every_s(); step_s > 0.0 && was == State::run) {
        progress.keep_cut(step_s);
    }
    if (was == State::save) {
        progress.book_operations(progress.plan().snapshot, position, false);
        progress.snapshot_torn();
        say("save_torn");
    } else if (was == State::restore) {
        progress.book_operations(progress.recovery(), position, false);
    } else if (was == State::note) {
        progress.book_operations(progress.plan().commit, position, false);
    }
    work->power_failed(was == State::run);
    note_end_of_cycle(was != State::rest && was != State::charge);
    unpowered();
}

/// The books of the power cycle that ends now. A device that rests has nothing to do: whoever does
/// no work is not stuck with it.
void McuModule::note_end_of_cycle(bool worked) {
    lose_output();
    const double on = agenda_.now().since(since_);
    stats_.on_s.add(on);
    if (powered_by_boot_) {
        ++stats_.complete_on;
        stats_.complete_on_s.add(on);
        stats_.best_cycle_drawn_j = std::max(stats_.best_cycle_drawn_j, cycle_drawn_j_);
        const bool stuck = work->progress().durable_marks() == marks_at_boot_ && worked;
        stats_.cycles_without_progress = stuck ? stats_.cycles_without_progress + 1 : 0;
    }
    since_ = agenda_.now();
}

/// The trigger and all that it has set are volatile.
void McuModule::forget() {
    trigger_.reset();
    watch_v_.reset();
    deferred_.reset();
    timer_due_ = false;
    if (config_.policy->sets_timer()) {
        agenda_.clear(timer_slot_);
    }
}

void McuModule::unpowered() {
    forget();
    snapshot_pending_ = false;
    cleared_ = false;
    awaited_.reset();
    charged_.reset();
    if (!config_.harvest_while_on || source_off_) {
        store->connect(true);
        source_off_ = false;
    }
    enter(State::off);
    draw(off_);
}

void McuModule::close() {
    (powered() ? stats_.on_s : stats_.off_s).add(agenda_.now().since(since_));
}

}  // namespace ebb
