// SPDX-License-Identifier: Apache-2.0
// The powered MCU between boot and brown-out: enabling the rail, running, resting, snapshots, sleep
// and wake-up.
#include <fmt/format.h>

#include "models/core/error.hpp"
#include "models/mcu/mcu_module.hpp"

namespace ebb {

/// The regulator is enabled: its output capacitor takes its charge at once. What is on it is lost
/// after the next power failure, so that it belongs to the cost of the boot.
/// Behind `off_s` without power.
void McuModule::charge_output(double off_s) {
    const OutputCapacitor out = config_.mcu.regulator->output_capacitor();
    if (out.capacitance_f == 0.0) {
        return;
    }
    const auto& supervision = config_.mcu.supervision;
    const double lowest_v = supervision ? supervision->brown_out_v : config_.mcu.turn_off_v;
    if (out.at_store) {
        book_switch(Sink::switch_loss, store->join());
        const bool starved = !(terminal_v() > lowest_v);
        stats_.starved_boots += starved ? 1 : 0;
        say("inrush", starved ? "cut short" : "");
        return;
    }
    const double left_v = out.left_v(output_cut_v_, off_s);
    const Withdrawn given = store->take({out.charge_c(left_v), out.energy_j(left_v), lowest_v});
    const double held_j = out.held_j(given.charge_c, given.energy_j, left_v);
    output_cut_v_ =
        given.whole ? out.rail_v : out.charged_v(given.charge_c, given.energy_j, left_v);
    ledger_.add(Sink::boot, held_j);
    ledger_.add(Sink::regulator_loss, given.energy_j - held_j);
    stats_.drawn_on_j.add(given.energy_j);
    cycle_drawn_j_ += given.energy_j;
    stats_.starved_boots += given.whole ? 0 : 1;
    say("inrush", given.whole ? "" : "cut short");
}

/// The power has failed, and the device's switch opens: what is behind it is lost.
void McuModule::lose_output() {
    if (config_.mcu.regulator->output_capacitor().beside_store_f() > 0.0) {
        book_switch(Sink::boot, store->part());
    }
}

void McuModule::book_switch(Sink sink, double joules) {
    ledger_.add(sink, joules);
    stats_.drawn_on_j.add(joules);
    cycle_drawn_j_ += joules;
}

void McuModule::run_or_rest() {
    if (may_work()) {
        if (config_.policy->guards() && put_off()) {
            return;
        }
        charged_.reset();
        if (state_ != State::run) {
            enter(State::run);
        }
        load_ = &work->progress().next();
        if (timer_due_) {
            hear_timer();
        }
        return;
    }
    if (awaited_) {
        waits_since_ = agenda_.now();
        sleep_in(State::charge);
        return;
    }
    if (state_ != State::rest) {
        sleep_in(State::rest);
    }
}

/// Is there something to do, and nothing that keeps it from its beginning? A task that is left out
/// for its capacitor keeps nothing: the next one is asked.
bool McuModule::may_work() {
    awaited_.reset();
    while (work->has_work()) {
        awaited_ = apart_ ? missing_rail() : std::nullopt;
        if (!awaited_) {
            return true;
        }
        if (!work->progress().step().skips) {
            return false;
        }
        awaited_.reset();
        work->skip_step();
        if (work->over()) {
            return false;
        }
    }
    return false;
}

/// A capacitor that the task in hand needs and that is not charged.
std::optional<std::size_t> McuModule::missing_rail() {
    if (!work->progress().at_unit_start()) {
        return std::nullopt;
    }
    for (const std::size_t rail : work->progress().rails_needed()) {
        if (charged_ != rail && !store->store().rail_charged(rail)) {
            return rail;
        }
    }
    return std::nullopt;
}

/// The capacitor that the device waits for is charged, or one in use has run empty.
void McuModule::rail_stopped() {
    if (state_ == State::charge) {
        charged_ = awaited_;
        awaited_.reset();
        wake_up();
        return;
    }
    work->cut_unit();
    cleared_ = false;
    if (snapshot_pending_) {
        snapshot_pending_ = false;
        save_soon();
        return;
    }
    run_or_rest();
}

void McuModule::sleep_in(State state) {
    enter(state);
    std::optional<Asleep>& asleep = state == State::wait ? wait_ : rest_;
    if (asleep) {
        draw(asleep->sleep);
        ++stats_.sleeps;
        say("sleep");
        return;
    }
    if (!rail_.has_active() && work->over()) {
        draw(off_);  // the run ends at this instant
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

/// The terminal as a device sees it that is awake and does nothing else.
double McuModule::looked_at_v() const {
    return store->store().terminal_v(idle_.empty() ? Draw{} : idle_[point_].phases[0].regulated);
}

/// A guard is asked once before each region. True if the region waits for a voltage.
bool McuModule::put_off() {
    if (cleared_ || !work->progress().at_unit_start()) {
        return false;
    }
    cleared_ = true;
    const Action action = trigger_->before({work->progress().position().step});
    if (action.kind != Action::Kind::sleep ||
        (action.unless_at_v && looked_at_v() >= *action.unless_at_v)) {
        return false;
    }
    act(action);
    return true;
}

/// The trigger is asked behind a unit that wants it.
void McuModule::at_boundary() {
    cleared_ = false;
    if (failures_ && failures_->behind_durable_unit()) {
        pull_plug();
        return;
    }
    act(trigger_->boundary());
}

/// The device cuts its own power: everything volatile is lost, and it boots when the store is at
/// turn-on again.
void McuModule::shut_down() {
    say("shut_down");
    woken_ = false;
    work->power_failed(false);
    note_end_of_cycle(true);
    const double toll_j = config_.policy->shut_down_toll_j(config_.facts);
    if (toll_j > 0.0) {
        const Withdrawn taken = store->take({0.0, toll_j, 0.0});
        ledger_.add(Sink::switch_loss, taken.energy_j);
    }
    unpowered();
}

void McuModule::work_arrived() {
    if (state_ == State::rest) {
        wake_up();
    }
}

/// From sleep to work, or to a boot if the sleep has lost what was in memory.
void McuModule::wake_up() {
    const bool waited = state_ == State::wait;
    const std::optional<Asleep>& asleep = waited ? wait_ : rest_;
    if (asleep && asleep->loses_ram) {
        reborn();
        return;
    }
    if (waited && work->progress().needs_recovery()) {
        say("wake");
        act_behind_recovery(trigger_->boot(BootCause::wake));
        return;
    }
    if (asleep) {
        say("wake");
    }
    Load* const wake = asleep ? &(waited ? wait_ : rest_)->wake[point_] : nullptr;
    if (wake != nullptr && !wake->phases.empty()) {
        enter(State::wake);
        draw(*wake);
        return;
    }
    act(trigger_->boot(BootCause::wake));
}

/// The sleep has lost registers and RAM: what follows is a boot, though the power never failed.
void McuModule::reborn() {
    say("wake");
    Load& wake = (state_ == State::wait ? wait_ : rest_)->wake[point_];
    work->power_failed(false);
    point_ = 0;
    work->progress().operate_at(0);
    forget();
    woken_ = true;
    enter(State::boot);
    if (wake.phases.empty()) {
        booted();
        return;
    }
    draw(wake);
}

// ---- snapshots
// ------------------------------------------------------------------------------------

/// Now, or behind what must not be interrupted.
void McuModule::save_soon() {
    if (!work->has_work() && !source_off_) {  // but a policy that measures itself saves anyway
        run_or_rest();                        // nothing volatile is worth saving
        return;
    }
    if (state_ == State::run && work->progress().must_finish()) {
        snapshot_pending_ = true;
        load_ = &work->progress().rest_of_phase();
        return;
    }
    begin_snapshot();
}

void McuModule::begin_snapshot() {
    WorkProgress& progress = work->progress();
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
    act(trigger_->snapshot_done());
}

}  // namespace ebb
