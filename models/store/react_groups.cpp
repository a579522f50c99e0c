// SPDX-License-Identifier: Apache-2.0
// Which banks move together: found anew whenever a bank is switched, two groups have met, or
// something has been taken from one of them.
#include "models/store/react_store.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ebb {

namespace {

constexpr double kMeets = 1e-12;  // share of the voltage within which two groups are one

}  // namespace

/// A group of this capacitance, with what the device has joined not in it.
MlccParams ReactStore::as_one(double capacitance_f, double v) const {
    MlccParams m;
    m.capacitance_f = capacitance_f;
    m.initial_v = v;
    m.max_v = params_.max_v;
    if (params_.leak_time_s) {
        m.leakage.resistance_ohm = *params_.leak_time_s / capacitance_f;
    }
    return m;
}

/// The highest voltage of what is connected and not in the high group.
double ReactStore::next_below_high() const {
    double highest = split_ ? low_.inner_v() : 0.0;
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        if (banks_[k].connected() && banks_[k].group == Group::alone) {
            highest = std::max(highest, bank_v(k));
        }
    }
    return highest;
}

/// The lowest voltage of what is connected and not in the low group.
double ReactStore::next_above_low() const {
    double lowest = node_.inner_v();
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        if (banks_[k].connected() && banks_[k].group == Group::alone) {
            lowest = std::min(lowest, bank_v(k));
        }
    }
    return lowest;
}

bool ReactStore::touching() const {
    const double high = node_.inner_v();
    const double low = low_.inner_v();
    const double near = kMeets * high;
    return high - next_below_high() <= near || next_above_low() - low <= near;
}

/// Every bank by itself again, at the voltage that it has now.
void ReactStore::part_groups() {
    own_.add(Sink::leakage, alone_j() * (1.0 - left(2.0)));
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        banks_[k].cell_v = bank_v(k) / banks_[k].ratio();
    }
    for (Bank& b : banks_) {
        b.group = Group::alone;
    }
    since_ = node_.now();
}

/// The last level with every bank that stands at its voltage or above: those share their charge
/// with it. Returns what is lost [J].
double ReactStore::gather_high() {
    std::vector<Bank*> others;
    for (Bank& b : banks_) {
        if (b.connected()) {
            others.push_back(&b);
        }
    }
    const auto volts = [](const Bank* b) { return b->ratio() * b->cell_v; };
    std::sort(others.begin(), others.end(),
              [&volts](const Bank* a, const Bank* b) { return volts(a) > volts(b); });
    double capacitance = params_.capacitance_f + body_->joined_f();
    double v = node_.inner_v();
    double lost = 0.0;
    for (Bank* const b : others) {
        const double apart = volts(b) - v;
        if (apart < -kMeets * v) {
            break;
        }
        const double own = b->capacitance();
        lost += 0.5 * capacitance * own / (capacitance + own) * apart * apart;
        v += apart * own / (capacitance + own);
        capacitance += own;
        b->group = Group::high;
    }
    const double terminal = std::min(v, params_.max_v);
    lost += 0.5 * capacitance * (v - terminal) * (v + terminal);
    body_->become(as_one(capacitance - body_->joined_f(), terminal));
    return lost;
}

/// Of the banks below, those that stand lowest. What they lose to each other is nothing: they are
/// as good as at one voltage.
void ReactStore::gather_low() {
    const double high = node_.inner_v();
    double lowest = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < banks_.size(); ++k) {
        if (banks_[k].connected() && banks_[k].group == Group::alone) {
            lowest = std::min(lowest, bank_v(k));
        }
    }
    const bool split = lowest < high;
    double capacitance = 0.0;
    double charge = 0.0;
    for (std::size_t k = 0; split && k < banks_.size(); ++k) {
        Bank& b = banks_[k];
        if (b.connected() && b.group == Group::alone && bank_v(k) - lowest <= kMeets * high) {
            capacitance += b.capacitance();
            charge += b.capacitance() * bank_v(k);
            b.group = Group::low;
        }
    }
    if (split != split_) {
        node_.feed_from(split ? nothing_ : *supply_);
        low_.feed_from(split ? *supply_ : nothing_);
        split_ = split;
    }
    low_body_->become(split ? as_one(capacitance, charge / capacitance)
                            : as_one(params_.capacitance_f, 0.0));
}

/// Returns what is lost in the switches [J].
double ReactStore::regroup() {
    low_.walk(idle_,
              {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()},
              node_.now());
    part_groups();
    const double lost = gather_high();
    gather_low();
    return lost;
}

}  // namespace ebb
