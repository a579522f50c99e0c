// SPDX-License-Identifier: Apache-2.0
/// A step of the store law over a stretch in which the voltage hardly moves, four terms of the
/// power series of V(t) written out: a third of the cost of StoreLaw::series, which goes on where
/// this one says false.
///
///   C V V' = a + b V + c V^2,   y = V^2:  y_n+1 = 2h/(C (n+1)) (a [n = 0] + b v_n + c y_n)
#pragma once

#include <cmath>

#include "models/core/store_law.hpp"

namespace ebb {

/// The power series of V(t) to the fourth order, for samples in which the voltage hardly moves;
/// false if the next term may exceed 2e-14 of the first.
inline bool short_series(const Terms& q, double c_f, double v, double h, SeriesStep& out) noexcept {
    const double k = 2.0 * h / c_f;
    const double r = 0.5 / v;
    const double y0 = v * v;
    const double y1 = k * (q.a_w + q.b_a * v + q.c_s * y0);
    const double v1 = y1 * r;
    const double y2 = (k / 2.0) * (q.b_a * v1 + q.c_s * y1);
    const double v2 = (y2 - v1 * v1) * r;
    const double y3 = (k / 3.0) * (q.b_a * v2 + q.c_s * y2);
    const double v3 = (y3 - 2.0 * v1 * v2) * r;
    const double y4 = (k / 4.0) * (q.b_a * v3 + q.c_s * y3);
    const double v4 = (y4 - (2.0 * v1 * v3 + v2 * v2)) * r;
    // Bound of the terms' ratio: the rate of the linearised law plus that of the way to V = 0. One
    // term may vanish by chance, hence two of them.
    const double ratio = r * (k * std::fabs(q.b_a + 2.0 * q.c_s * v) + 4.0 * std::fabs(v1));
    if (!((std::fabs(v4) + ratio * std::fabs(v3)) * ratio <= 2e-14 * std::fabs(v1))) {
        return false;
    }
    out.dv_v = v1 + (v2 + (v3 + v4));
    out.integrals.v_dt = h * (v + (v1 / 2.0 + (v2 / 3.0 + (v3 / 4.0 + v4 / 5.0))));
    out.integrals.v2_dt = h * (y0 + (y1 / 2.0 + (y2 / 3.0 + (y3 / 4.0 + y4 / 5.0))));
    return true;
}

}  // namespace ebb
