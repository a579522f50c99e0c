// SPDX-License-Identifier: Apache-2.0
#include "models/mcu/mcu_module.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "models/core/error.hpp"

namespace ebb {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

McuModule::McuModule(sc_core::sc_module_name name, Config config, Agenda& agenda)
    : sc_module(name),
      store("store"),
      work("work"),
      config_(std::move(config)),
      rail_(config_.mcu, config_.nvm),
      agenda_(agenda) {
    if (config_.mcu.supervision) {
        look_slot_ = agenda_.add_slot("supervisor", Rank::timer, [this] { look(); });
    }
    if (config_.mcu.pickup) {
        pickup_slot_ = agenda_.add_slot("pick-up", Rank::timer, [this] { pickup_step(); });
    }
    apart_ = std::any_of(config_.mcu.peripherals.begin(), config_.mcu.peripherals.end(),
                         [](const PeripheralParams& p) { return p.terminal.has_value(); });
    prepare_failures();
    if (config_.policy->sets_timer()) {  // each slot costs something at every decision
        timer_slot_ = agenda_.add_slot("timer", Rank::timer, [this] { timer_came(); });
    }
    const McuParams& mcu = config_.mcu;
    LoadPhase off = rail_.phase({}, false, kInfinity);
    // What hangs on the store in front of the switch is drawn while the MCU is off.
    for (Draw* draw : {&off.regulated, &off.drop_out}) {
        draw->add({Sink::quiescent, {0.0, mcu.off_current_a, 0.0}, {}});
    }
    off_ = one_phase(off);
    boot_ = one_phase({});
    boot_.phases = rail_.boot_phases();
    rest_ = asleep_in(config_.rest_in);
    wait_ = asleep_in(config_.policy->sleep_in());
    for (std::size_t p = 0; rail_.has_active() && p < operating_points(mcu); ++p) {
        const RailLoads at_point(config_.mcu, config_.nvm, p);
        std::vector<RailLoad> idle = at_point.active(Sink::idle);
        for (const RailLoad& standby : rail_.standby()) {
            idle.push_back(standby);
        }
        idle_.push_back(one_phase(rail_.phase(idle, true, kInfinity)));
    }
    if (const AdcParams* adc = config_.policy->adc()) {
        for (std::size_t p = 0; p < operating_points(mcu); ++p) {
            poll_.push_back(one_phase(RailLoads(config_.mcu, config_.nvm, p).converting(*adc)));
        }
    }
    name_lasting_loads();
}

/// States that simply last may be found again by the store: each of its own loads gets a number.
void McuModule::name_lasting_loads() {
    std::vector<Load*> own = {&off_};
    for (std::optional<Asleep>* asleep : {&rest_, &wait_}) {
        if (*asleep) {
            own.push_back(&(*asleep)->sleep);
        }
    }
    for (Load& load : idle_) {
        own.push_back(&load);
    }
    std::uint32_t id = 0;
    for (Load* load : own) {
        load->id = ++id < Load::kFirstOfPlan ? id : 0;
    }
}

std::optional<McuModule::Asleep> McuModule::asleep_in(const std::string& name) const {
    const SleepParams* state = rail_.sleep_state(name);
    if (state == nullptr) {
        return std::nullopt;
    }
    Asleep made;
    made.loses_ram = state->loses_ram;
    std::vector<RailLoad> asleep = rail_.sleep(*state);
    if (config_.weights && config_.weights->asleep_w > 0.0) {
        asleep.push_back({Sink::sleep, 0.0, 0.0, config_.weights->asleep_w});
    }
    made.sleep = one_phase(rail_.phase(asleep, true, kInfinity));
    for (std::size_t p = 0; p < operating_points(config_.mcu); ++p) {
        Load wake;
        wake.drop_out_below_v = rail_.drop_out_below_v();
        if (state->wake_s > 0.0) {
            wake.phases.push_back(RailLoads(config_.mcu, config_.nvm, p).waking(*state));
        }
        if (state->loses_ram && config_.mcu.boot.time_s > 0.0) {
            wake.phases.insert(wake.phases.end(), boot_.phases.begin(), boot_.phases.end());
        }
        if (config_.weights && config_.weights->load_behind_sleep && !state->loses_ram) {
            wake.phases.push_back(loading_weights());
        }
        made.wake.push_back(std::move(wake));
    }
    return made;
}

/// Behind a boot it is part of the recovery; behind a sleep, of waking.
LoadPhase McuModule::loading_weights() const {
    const WeightLoad& load = config_.weights->load;
    LoadPhase phase = rail_.phase({{Sink::restore, 0.0, 0.0, load.power_w()}}, true, load.time_s);
    phase.preempt = Preempt::finish;
    return phase;
}

Load McuModule::one_phase(const LoadPhase& phase) const {
    Load load;
    load.phases.assign(1, phase);
    load.drop_out_below_v = rail_.drop_out_below_v();
    return load;
}

void McuModule::start_of_simulation() {
    arrange_failure();
    if (config_.mcu.pickup) {
        pickup_step();
    }
    if (config_.mcu.initially_powered) {
        output_cut_v_ = config_.mcu.regulator->output_capacitor().rail_v;
        if (!config_.harvest_while_on) {
            store->connect(false);
        }
        trigger_ = config_.policy->trigger(config_.facts);
        work->progress().booted();
        work->progress().recovered();  // powered at t = 0 is no boot: there is nothing to recover
        act(trigger_->boot(BootCause::wake));
    } else {
        enter(State::off);
        draw(off_);
    }
}

// ---- states
// ---------------------------------------------------------------------------------------

void McuModule::enter(State state) {
    state_ = state;
    if (observer_ == nullptr) {
        return;
    }
    static constexpr DeviceState kShown[] = {
        DeviceState::off,    DeviceState::boot, DeviceState::restore, DeviceState::active,
        DeviceState::sleep,  DeviceState::save, DeviceState::sleep,   DeviceState::active,
        DeviceState::active, DeviceState::save, DeviceState::sleep};
    observer_->state(agenda_.now(), kShown[static_cast<std::size_t>(state)]);
}

void McuModule::draw(Load& load) noexcept {
    load.count = 1;
    load.first_phase = 0;
    load.first_elapsed_s = 0.0;
    own_ = &load;
    load_ = &load;
}

const Load& McuModule::load() {
    if (injection_) {
        arm_injection();
    }
    return *load_;
}

double McuModule::terminal_v() const {
    return store->store().terminal_v(
        load_->phases[std::min(load_->first_phase, load_->phases.size() - 1)].regulated);
}

void McuModule::say(std::string_view event, std::string_view detail) {
    if (observer_ != nullptr) {
        observer_->event(agenda_.now(), event, detail, terminal_v());
    }
}

void McuModule::book(const WalkResult& result) {
    double drawn = 0.0;
    const auto add = [&](Sink sink, double joules) {
        ledger_.add(sink, joules);
        drawn += joules;
    };
    result.done.for_each(add);
    result.tail.for_each(add);
    if (powered()) {
        stats_.drawn_on_j.add(drawn);
        cycle_drawn_j_ += drawn;
    }
    if (!work->progress().books_layers()) {
        return;
    }
    const double seconds = agenda_.now().since(last_walk_);
    last_walk_ = agenda_.now();
    switch (state_) {
        case State::off:
            work->progress().book_recharge(seconds);
            break;
        case State::boot:
            work->progress().book_reboot(seconds, drawn);
            break;
        case State::restore:
            work->progress().book_reload(seconds, drawn);
            break;
        default:
            break;
    }
}

// ---- what a walk brings
// ---------------------------------------------------------------------------

void McuModule::walked(const WalkResult& result) {
    book(result);
    if (injection_) {
        injection_->moved(result.position);
    }
    if (state_ == State::run) {
        work->progress().absorb(result);
        if (config_.errors != nullptr) {
            tell_news();
        }
    }
    switch (result.stop) {
        case Stop::until:
            keep_position(result.position);
            break;
        case Stop::rising:
            rising();
            break;
        case Stop::falling:
            if (falling_is_brown_out()) {
                keep_position(result.position);
                if (look_due_ || seen_now()) {
                    brown_out(result.position);
                }
            } else {
                falling();
            }
            break;
        case Stop::rail:
            rail_stopped();
            break;
        case Stop::load_done:
            load_done(result);
            break;
    }
}

/// The load goes on from where the walk left it.
void McuModule::keep_position(const LoadPosition& position) {
    if (state_ == State::run) {
        load_ = snapshot_pending_ ? &work->progress().rest_of_phase() : &work->progress().next();
    } else {
        own_->first_phase = position.phase;
        own_->first_elapsed_s = position.elapsed_s;
    }
}

void McuModule::rising() {
    if (state_ == State::off) {
        keep_position({});
        if (seen_now()) {
            power_on();
        }
    } else if (state_ == State::run) {
        operate_at(point_ + 1);
    } else {
        ++stats_.wakes;
        wake_up();
    }
}

/// The trigger's watch, or the border of the operating point, has been met while running (the watch
/// also while a task waits for its capacitor: the save then begins at once).
void McuModule::falling() {
    if (state_ == State::run && slower_below_v() > trigger_v()) {
        operate_at(point_ - 1);
        return;
    }
    act(trigger_->voltage());
}

void McuModule::load_done(const WalkResult& result) {
    switch (state_) {
        case State::boot:
            booted();
            break;
        case State::restore:
            work->progress().book_operations(work->progress().recovery(), {1, 0, 0.0}, true);
            work->progress().recovered();
            say("restored");
            if (config_.errors != nullptr && memory_gave_up()) {
                break;
            }
            recovered();
            break;
        case State::run:
            if (config_.errors != nullptr && memory_gave_up()) {
                break;
            }
            work->settle();
            if (agenda_.finished()) {
                break;
            }
            if (snapshot_pending_) {
                snapshot_pending_ = false;
                save_soon();
            } else if (work->progress().at_boundary()) {
                at_boundary();
            } else {
                run_or_rest();
            }
            break;
        case State::save:
            snapshot_done();
            break;
        case State::wake:
            act(trigger_->boot(BootCause::wake));
            break;
        case State::poll:
            act(trigger_->adc(config_.policy->adc()->code(terminal_v())));
            break;
        case State::note:
            work->progress().book_operations(work->progress().plan().commit, {1, 0, 0.0}, true);
            word_ = noting_;
            run_or_rest();
            break;
        default:
            break;
    }
    static_cast<void>(result);
}

}  // namespace ebb
