// SPDX-License-Identifier: Apache-2.0
// Failures of the MCU module that a scenario asks for: the plug that is pulled, by time or by words
// of memory traffic, and bits that go wrong.
#include <cmath>

#include "models/consistency/oracle.hpp"
#include "models/consistency/stored_errors.hpp"
#include "models/mcu/mcu_module.hpp"

namespace ebb {

void McuModule::prepare_failures() {
    if (!config_.failures) {
        return;
    }
    const FailureParams& failures = *config_.failures;
    failures_.emplace(failures, config_.seed);
    if (failures.by_time()) {
        failure_slot_ = agenda_.add_slot("failure", Rank::timer, [this] {
            arrange_failure();
            pull_plug();
        });
    }
    if (failures.by_traffic() && config_.nvm) {
        const double expansion = config_.nvm->ecc ? config_.nvm->ecc->expansion() : 1.0;
        injection_ = std::make_unique<TrafficInjection>(failures, config_.nvm->atomic_b, expansion,
                                                        config_.seed);
        injection_slot_ =
            agenda_.add_slot("memory traffic", Rank::timer, [this] { injection_due(); });
    }
    if (failures.bit_errors && failures.bit_errors->retention_s && config_.errors != nullptr) {
        decay_.emplace(*failures.bit_errors, config_.seed);
    }
}

/// A failure that the scenario asked for; the store is what it was.
void McuModule::pull_plug() {
    if (!powered()) {
        return;
    }
    say("plug_pulled");
    ++stats_.injected;
    power_lost(own_position());
}

void McuModule::arrange_failure() {
    if (!failures_ || !config_.failures->by_time()) {
        return;
    }
    if (const std::optional<Time> next = failures_->next()) {
        agenda_.set(failure_slot_, *next);
    }
}

// ---- with the traffic
// ------------------------------------------------------------------------------------

/// What is left of a recovery in words that are read or written, as far as the state in hand knows.
std::int64_t McuModule::recovering_words() {
    if (state_ == State::restore) {
        return BitErrorDraws::kNever;
    }
    if (state_ != State::run || !replay_) {
        return 0;
    }
    const WorkPosition& at = work->progress().position();
    if (at.job == replay_->job && at.step == replay_->step && at.unit == replay_->unit) {
        const PhaseTraffic left = work->progress().left_of_unit();
        return std::llround((left.read_b + left.write_b) / config_.nvm->atomic_b);
    }
    replay_.reset();
    injection_->recovery_done();
    return 0;
}

/// Before each walk: the load that comes, and what it is to meet first.
void McuModule::arm_injection() {
    const std::vector<PhaseTraffic>* traffic = nullptr;
    WorkProgress& progress = work->progress();
    switch (state_) {
        case State::run:
            traffic = &progress.traffic_in_hand();
            break;
        case State::save:
            traffic = &progress.plan().snapshot.traffic;
            break;
        case State::note:
            traffic = &progress.plan().commit.traffic;
            break;
        case State::restore:
            traffic = &restoring_->traffic;
            break;
        default:
            break;
    }
    injection_->begin(*load_, traffic, recovering_words());
    if (const auto next = injection_->next()) {
        injects_ = next->kind;
        agenda_.set(injection_slot_, agenda_.now().plus(next->in_s));
    } else {
        agenda_.clear(injection_slot_);
    }
}

void McuModule::injection_due() {
    if (injects_ == TrafficInjection::Kind::bit_error) {
        write_bit_wrong();
    } else {
        pull_plug();
    }
    injection_->happened(injects_);
}

/// What a recovery has found is a position within a unit whose log is complete: carrying that out
/// belongs to the recovery.
void McuModule::begin_replay() {
    const WorkProgress& progress = work->progress();
    if (progress.plan().durable && progress.in_job() && !progress.job_complete() &&
        !progress.at_unit_start()) {
        replay_ = progress.position();
    } else {
        injection_->recovery_done();
    }
}

// ---- bits
// ------------------------------------------------------------------------------------------------

/// Of the bits that a phase stores, the one in hand.
std::int64_t McuModule::bit_in_hand(const std::vector<PhaseTraffic>& traffic, std::size_t phase,
                                    double share) const {
    const double expansion = config_.nvm->ecc ? config_.nvm->ecc->expansion() : 1.0;
    return static_cast<std::int64_t>(8.0 * expansion * share * traffic[phase].write_b);
}

void McuModule::write_bit_wrong() {
    StoredErrors& errors = *config_.errors;
    WorkProgress& progress = work->progress();
    // Bits of operations that are done one behind the other.
    const auto bit_of = [&](const Operations& operations, std::size_t phase, double elapsed_s) {
        std::int64_t bit = bit_in_hand(operations.traffic, phase,
                                       elapsed_s / operations.load.phases[phase].duration_s);
        for (std::size_t i = 0; i < phase; ++i) {
            bit += bit_in_hand(operations.traffic, i, 1.0);
        }
        return bit;
    };
    const LoadPosition own = own_position();
    const WorkPosition& at = progress.position();
    switch (state_) {
        case State::run: {
            const UnitPlan& unit = progress.unit_in_hand();
            if (unit.role == UnitRole::commit) {
                errors.hit_record(progress.record_writes(),
                                  bit_of(progress.plan().commit, at.phase, at.elapsed_s));
            } else {
                errors.hit_write({at.step, at.unit, at.phase, 0, true},
                                 progress.written_before_phase(), unit.whole.write_b,
                                 bit_in_hand(unit.traffic, at.phase,
                                             at.elapsed_s / unit.fresh[at.phase].duration_s));
            }
            if (!snapshot_pending_) {
                load_ = &progress.next();  // it may go on in smaller steps
            }
            break;
        }
        case State::save:
            errors.hit_snapshot(progress.snapshot_writes(),
                                bit_of(progress.plan().snapshot, own.phase, own.elapsed_s));
            break;
        case State::note:
            errors.hit_record(progress.record_writes(),
                              bit_of(progress.plan().commit, own.phase, own.elapsed_s));
            break;
        default:
            errors.hit_elsewhere("what a recovery writes");
            break;
    }
    tell_news();
}

/// What was lost while the device had no power.
void McuModule::decay(double unpowered_s) {
    StoredErrors& errors = *config_.errors;
    const std::int64_t bits = errors.stored_bits();
    const std::int64_t hits = decay_->retention_hits(static_cast<double>(bits), unpowered_s);
    for (std::int64_t i = 0; i < hits; ++i) {
        errors.hit_stored(decay_->place(bits), work->progress().record_writes(),
                          work->progress().snapshot_writes());
    }
    tell_news();
}

void McuModule::tell_news() {
    for (const StoredErrors::News& news : config_.errors->take_news()) {
        say(news.event, news.detail);
    }
}

/// A read has found a word beyond repair: the job in hand starts over. A recovery that did so goes
/// on with nothing; in the midst of work the device resets itself.
bool McuModule::memory_gave_up() {
    WorkProgress& progress = work->progress();
    if (state_ == State::run && progress.in_job() && progress.job_complete()) {
        config_.errors->results_read();
    }
    tell_news();
    if (!config_.errors->take_detected()) {
        return false;
    }
    say("job_restarted");
    if (state_ == State::restore) {
        progress.give_up();
        recovered();
        return true;
    }
    work->power_failed(false);
    progress.give_up();
    restart();
    return true;
}

/// As a power failure, only that the power is there.
void McuModule::restart() {
    forget();
    snapshot_pending_ = false;
    cleared_ = false;
    woken_ = false;
    replay_.reset();
    if (injection_) {
        injection_->power_failed();
    }
    if (source_off_) {
        source_off_ = false;
        store->connect(config_.harvest_while_on);
    }
    point_ = 0;
    work->progress().operate_at(0);
    enter(State::boot);
    draw(boot_);
    if (config_.mcu.boot.time_s == 0.0) {
        booted();
    }
}

}  // namespace ebb
