// SPDX-License-Identifier: Apache-2.0
#include "models/store/react_store.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ebb {

namespace {

constexpr double kShortest = 1e-14;  // [s] moves the clock (time.hpp)
constexpr double kNoWatch = std::numeric_limits<double>::quiet_NaN();

/// Draws nothing, for ever.
Load idle_load() {
    Load load;
    LoadPhase phase;
    phase.duration_s = std::numeric_limits<double>::infinity();
    load.phases.assign(1, phase);
    return load;
}

MlccParams last_level(const ReactParams& params) {
    MlccParams m;
    m.capacitance_f = params.capacitance_f;
    m.initial_v = params.initial_v;
    m.max_v = params.max_v;
    return m;
}

}  // namespace

ReactStore::ReactStore(const ReactParams& params, bool witness)
    : SwitchedStore(last_level(params), witness),
      params_(params),
      banks_(params.banks.size()),
      low_body_(new MlccBody(last_level(params), witness)),
      low_(std::unique_ptr<StoreBody>(low_body_)),
      idle_(idle_load()) {
    initially_j_ = 0.5 * params.capacitance_f * params.initial_v * params.initial_v;
    for (const ReactBankParams& bank : params.banks) {
        initially_j_ += 0.5 * static_cast<double>(bank.count) * bank.capacitance_f *
                        bank.initial_v * bank.initial_v;
    }
}

void ReactStore::reset(const Supply& supply) {
    own_ = Ledger();
    supply_ = &supply;
    split_ = false;
    since_ = Time();
    controller_ = PolledLadder(params_.controller);
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        const ReactBankParams& p = params_.banks[k];
        banks_[k] = {p.capacitance_f, static_cast<double>(p.count), BankState::disconnected,
                     Group::alone, p.initial_v};
    }
    body_->become(as_one(params_.capacitance_f, params_.initial_v));
    restart(supply);
    low_body_->become(as_one(params_.capacitance_f, 0.0));
    low_.reset(nothing_);
}

void ReactStore::feed_from(const Supply& supply) {
    supply_ = &supply;
    (split_ ? low_ : node_).feed_from(supply);
}

/// What is left of a voltage (power 1) or an energy (power 2) since the last regrouping.
double ReactStore::left(double power) const {
    return params_.leak_time_s ? std::exp(-power * node_.now().since(since_) / *params_.leak_time_s)
                               : 1.0;
}

double ReactStore::bank_v(std::size_t bank) const {
    const Bank& b = banks_.at(bank);
    return b.group == Group::high  ? node_.inner_v()
           : b.group == Group::low ? low_.inner_v()
                                   : b.ratio() * b.cell_v * left(1.0);
}

int ReactStore::level() const noexcept {
    int sum = 0;
    for (const Bank& b : banks_) {
        sum += static_cast<int>(b.state);
    }
    return sum;
}

/// Of the banks that are alone, at the last regrouping [J].
double ReactStore::alone_j() const noexcept {
    double joules = 0.0;
    for (const Bank& b : banks_) {
        joules += b.group == Group::alone ? 0.5 * b.count * b.cell_f * b.cell_v * b.cell_v : 0.0;
    }
    return joules;
}

double ReactStore::stored_j() const noexcept {
    return node_.stored_j() + (split_ ? low_.stored_j() : 0.0) + alone_j() * left(2.0);
}

const Ledger& ReactStore::ledger() const noexcept {
    ledger_ = node_.ledger();
    const Ledger& low = low_.ledger();
    ledger_.add_offered(low.offered());
    ledger_.add_harvested(low.harvested());
    ledger_.add_converter_loss(low.converter_loss());
    ledger_.add_clipped(low.clipped());
    for (const Sink sink : {Sink::leakage, Sink::switch_loss, Sink::quiescent}) {
        ledger_.add(sink, own_.sink(sink) + low.sink(sink));
    }
    ledger_.add(Sink::leakage, alone_j() * (1.0 - left(2.0)));
    return ledger_;
}

Withdrawn ReactStore::take(const Withdrawal& wanted) {
    const Withdrawn taken = node_.take(wanted);
    own_.add(Sink::switch_loss, split_ ? regroup() : 0.0);
    return taken;
}

double ReactStore::join() {
    const double heat = node_.join();
    return heat + (split_ ? regroup() : 0.0);
}

// ---- the controller -----------------------------------------------------------------------------

bool ReactStore::expand() {
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        if (banks_[k].state != BankState::side_by_side) {
            change(k, banks_[k].connected() ? BankState::side_by_side : BankState::in_series);
            return true;
        }
    }
    return false;
}

bool ReactStore::contract() {
    for (std::size_t k = banks_.size(); k-- > 0;) {
        if (banks_[k].connected()) {
            change(k, banks_[k].state == BankState::side_by_side ? BankState::in_series
                                                                 : BankState::disconnected);
            return true;
        }
    }
    return false;
}

void ReactStore::change(std::size_t bank, BankState to) {
    part_groups();
    banks_[bank].state = to;
    own_.add(Sink::switch_loss, regroup());
}

void ReactStore::begins(bool device_on) {
    if (device_on == controller_.runs()) {
        return;
    }
    if (device_on) {
        controller_.start(node_.now());
        return;
    }
    controller_.stop();
    if (level() > 0) {
        part_groups();
        for (Bank& b : banks_) {
            b.state = BankState::disconnected;
        }
        own_.add(Sink::switch_loss, regroup());
    }
}

void ReactStore::act() {
    const PolledLadder::Step step = controller_.look(node_.inner_v());
    own_.add(Sink::quiescent, take({0.0, controller_.energy_j(), 0.0}).energy_j);
    if ((step == PolledLadder::Step::up && expand()) ||
        (step == PolledLadder::Step::down && contract())) {
        controller_.stepped();
    }
}

// ---- two groups at once -------------------------------------------------------------------------

/// The high group under the load, the low one under the supply, up to the first stop of the high
/// one, or to a level between groups that one of them has reached.
const WalkResult& ReactStore::step(const Load& load, const Watches& watches, Time until) {
    if (split_ && touching()) {
        own_.add(Sink::switch_loss, regroup());
    }
    if (!split_) {
        return node_.walk(load, watches, until);
    }
    const double high = node_.inner_v();
    const double low = low_.inner_v();
    const double below = next_below_high();
    const double above = next_above_low();
    const bool face = below <= low;  // nothing waits between the two
    const double middle = 0.5 * (low + high);
    // What waits falls by its leak: a low group that rises to it is stopped half-way, too.
    double rise = face ? middle : above;
    Time pause = until;
    if (!face && params_.leak_time_s) {
        rise = 0.5 * (low + above);
        const Time falls = node_.now().plus(*params_.leak_time_s * std::log(above / rise));
        pause = std::min(pause, falls);
    }
    PiecewiseStore ahead(low_);
    pause = ahead.walk(idle_, {kNoWatch, rise}, pause).at;
    if (pause <= node_.now()) {  // so near that no clock tells: past each other, and they have met
        pause = std::min(until, node_.now().plus(kShortest));
    }
    Watches both = watches;
    both.falling_v = std::fmax(both.falling_v, face ? middle : below);
    const WalkResult& result = node_.walk(load, both, pause);
    low_.walk(idle_, {kNoWatch, kNoWatch}, node_.now());
    return result;
}

}  // namespace ebb
