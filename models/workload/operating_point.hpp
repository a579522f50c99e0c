// SPDX-License-Identifier: Apache-2.0
/// From one operating point of a chip (supply voltage and clock) to another one:
///
///   time    t_b = t_a f_a / f_b                                          [s]
///   energy  E_b = (E_a - P t_a) (V_b / V_a)^2 + P t_b                    [J]
///
/// P is a static power that does not depend on the voltage; with P = 0 all energy goes with the
/// square of the voltage. P is fitted to works that were measured at both points: the P that makes
/// the squares of the relative errors least, when one point is predicted from the other. The
/// equation is linear in P, so that the fit is one division.
///
/// What it is worth: on four works of GAP9 and three of NDP9120 (models/workload/platforms) times
/// are 0.25 % and 9.6 % off at worst, energies 10.2 % with P = 0, and 2.0 % with P fitted to the
/// other works of the chip (tests/decision/operating_point_test.cpp).
/// Not modelled: memory that keeps its own clock, static power that falls with the voltage.
#pragma once

#include <vector>

namespace ebb {

/// One work at one operating point.
struct PointMeasurement {
    double supply_v = 0.0;
    double clock_hz = 0.0;
    double latency_s = 0.0;
    double energy_j = 0.0;
};

/// Time at another clock [s].
[[nodiscard]] double latency_at(const PointMeasurement& known, double clock_hz) noexcept;

/// Energy at another voltage and clock [J]; `static_w` as above.
[[nodiscard]] double energy_at(const PointMeasurement& known, double supply_v, double clock_hz,
                               double static_w) noexcept;

/// The same work at two points.
struct PointPair {
    PointMeasurement from, to;
};

/// Static power that fits the pairs best [W], in both directions of each pair; never below 0.
/// 0 for pairs that do not tell (equal voltages, or none).
[[nodiscard]] double fit_static_power(const std::vector<PointPair>& pairs) noexcept;

}  // namespace ebb
