// SPDX-License-Identifier: Apache-2.0
// The supply's value at a moment inside the present sample, as the slow witness reads it.
#include "models/store/reference_store.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {

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
