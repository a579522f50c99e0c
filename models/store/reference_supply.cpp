// SPDX-License-Identifier: Apache-2.0
// The supply's value at a moment inside the present sample, as the slow witness reads it, and what
// is taken from it at one instant.
#include "models/store/reference_store.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {

/// By charge and energy alone, apart from the closed forms of the other walkers.
Withdrawn ReferenceStore::take(const Withdrawal& wanted) {
    const double c = params_.capacitance_f;
    const double before_j = stored_j();
    const double before_v = vc_;
    const double after_v =
        wanted.charge_c > 0.0
            ? before_v - wanted.charge_c / c
            : std::sqrt(std::max(before_v * before_v - 2.0 * wanted.energy_j / c, 0.0));
    const double floor_v = std::min(wanted.lowest_v, before_v);
    const bool nothing = wanted.charge_c <= 0.0 && wanted.energy_j <= 0.0;
    vc_ = nothing ? before_v : std::max(after_v, floor_v);
    return {c * (before_v - vc_), before_j - stored_j(), nothing || after_v >= floor_v};
}

void ReferenceStore::hang(const SwitchedCapacitor& capacitor) {
    if (params_.esr_ohm > 0.0) {
        EnergyStore::hang(capacitor);
    }
    hung_ = capacitor;
}

/// By the charge that is kept, and by what the energy was before and after.
double ReferenceStore::join() {
    const double before_j = stored_j();
    const double charge_c = params_.capacitance_f * vc_;
    params_.capacitance_f = own_f_ + hung_.capacitance_f;
    vc_ = charge_c / params_.capacitance_f;
    return before_j - stored_j();
}

double ReferenceStore::part() {
    const double before_j = stored_j();
    params_.capacitance_f = own_f_;
    return before_j - stored_j();
}

double ReferenceStore::supply_x(double ahead_s) const {
    const Supply& s = *supply_;
    const Time end = s.end_of(cursor_);
    if (!s.linear() || end == Time::never()) {
        return s.x()[cursor_.index];
    }
    const Time begin = s.begin_of(cursor_);
    const double share = std::clamp((now_.since(begin) + ahead_s) / end.since(begin), 0.0, 1.0);
    const double* raw = s.raw() + cursor_.index;
    const double sample = (1.0 - share) * raw[0] + share * raw[1];
    const SupplyShape& shape = s.shape();
    return shape.factor * (shape.exponent == 2 ? sample * sample : sample);
}

double ReferenceStore::supply_slope(double ahead_s) const {
    const Supply& s = *supply_;
    const Time end = s.end_of(cursor_);
    if (!s.linear() || end == Time::never()) {
        return 0.0;
    }
    const Time begin = s.begin_of(cursor_);
    const double length = end.since(begin);
    const double* raw = s.raw() + cursor_.index;
    const double per_s = (raw[1] - raw[0]) / length;
    const double sample = raw[0] + per_s * (now_.since(begin) + ahead_s);
    const SupplyShape& shape = s.shape();
    if (shape.exponent == 1) {
        return shape.factor * per_s;
    }
    // At its lowest point a parabola is about to rise.
    return sample == 0.0 ? std::fabs(per_s) : shape.factor * 2.0 * sample * per_s;
}

}  // namespace ebb
