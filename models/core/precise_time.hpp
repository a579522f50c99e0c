// SPDX-License-Identifier: Apache-2.0
/// The time of a crossing with more digits than a double keeps.
///
///   t = C int_{v0}^{v1} v dv/(a + b v + c v^2)      [s]
///
/// Under a constant supply every power cycle repeats the last one, and so does the rounding of its
/// durations: half an ulp of 15 h, 600 times, is 4 ns in a year. The terms and voltages are taken
/// as the doubles that they are; the result is good to about 1e-18 of t where long double has 64
/// bits (x86), and to double's precision elsewhere.
#pragma once

#include "models/core/terms.hpp"

namespace ebb {

/// `t` as found in double precision (the path from v0 to v1 is known to exist), refined by
/// Gauss-Legendre panels in long double. Returns `t` where an end is too near an equilibrium.
[[nodiscard]] long double precise_time(const Terms& q, double capacitance_f, double v0, double v1,
                                       double t);

}  // namespace ebb
