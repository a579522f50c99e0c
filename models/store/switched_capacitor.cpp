// SPDX-License-Identifier: Apache-2.0
// A capacitor that the device's own switch joins to the terminal and takes off again
// (EnergyStore::hang): of a single capacitor, of a network, and of a store that bears none.
#include "models/core/error.hpp"
#include "models/store/capacitor_store.hpp"
#include "models/store/supercapacitor_store.hpp"
#include "models/store/withdrawal.hpp"

#include <utility>

namespace ebb {

namespace {

[[noreturn]] void refuse_beside() {
    throw InputError({Mistake{
        {},
        "nothing can be switched beside this store: no constant capacitance is at its terminal",
        "leave mcu.regulator.output_capacitor out, or take another store",
        "see: ebb describe store"}});
}

}  // namespace

void EnergyStore::hang(const SwitchedCapacitor& /*capacitor*/) { refuse_beside(); }
double EnergyStore::join() { refuse_beside(); }
double EnergyStore::part() { refuse_beside(); }
void StoreBody::hang(const SwitchedCapacitor& /*capacitor*/) { refuse_beside(); }
double StoreBody::join() { refuse_beside(); }
double StoreBody::part() { refuse_beside(); }

void CapacitorStore::hang(const SwitchedCapacitor& capacitor) {
    if (params_.esr_ohm > 0.0) {
        EnergyStore::hang(capacitor);
    }
    hung_ = capacitor;
    become(capacitance_at_start());
}

// Laps and the laws of units are found again by their load. A load belongs to the powered device or
// to the unpowered one, so that it always meets the same capacitance.
double CapacitorStore::join() {
    const Joined after = joined_by(hung_.capacitance_f, own_f_, vc_);
    become(own_f_ + hung_.capacitance_f);
    vc_ = after.v;
    return after.heat_j;
}

double CapacitorStore::part() {
    become(own_f_);
    return 0.5 * hung_.capacitance_f * vc_ * vc_;
}

void NetworkBody::take_on(bool joined) {
    if (joined != joined_) {
        std::swap(known_, known_otherwise_);
    }
    joined_ = joined;
    branches_.node_f = decoupling_f_ + (joined ? hung_.capacitance_f : 0.0);
}

void NetworkBody::hang(const SwitchedCapacitor& capacitor) {
    if (!decoupled()) {
        StoreBody::hang(capacitor);
    }
    hung_ = capacitor;
}

double NetworkBody::join() {
    double& y = v_[branches_.count];
    const Joined after = joined_by(hung_.capacitance_f, decoupling_f_, y);
    take_on(true);
    y = after.v;
    return after.heat_j;
}

double NetworkBody::part() {
    take_on(false);
    return 0.5 * hung_.capacitance_f * v_[branches_.count] * v_[branches_.count];
}

}  // namespace ebb
