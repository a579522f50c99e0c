// SPDX-License-Identifier: Apache-2.0
/// The store law over a stretch of constant coefficients:
///
///   C V V' = q(V) = a + b V + c V^2          a [W], b [A], c [S], C [F]
///
/// Closed forms for the state at any time, the time of any crossing and the integrals of V and V^2,
/// each evaluated where it is well conditioned (see docs/models/store_law.md for the derivations):
///   b = 0   E = C V^2/2 is affine:  E' = a - lambda E, lambda = -2c/C
///   a = 0   V is affine:            V' = (b + c V)/C
///   else    t(V) by Gauss-Legendre panels or logarithms, V(t) by series or Halley iteration
///
/// Times are finite durations from the start of the stretch [s]. V never passes below 0: a path
/// that reaches 0 is the caller's event. c may have either sign in principle; physically c <= 0.
/// Errors <= 1e-12 relative divided by conditioning. Throws Defect where a panel cannot converge.
#pragma once

#include "models/core/terms.hpp"

#include <cmath>
#include <optional>

namespace ebb {

struct PathIntegrals {
    double v_dt = 0.0;   ///< integral of V dt    [V s]
    double v2_dt = 0.0;  ///< integral of V^2 dt  [V^2 s]
};

/// A short step by the power series of V(t): its increment is relatively exact, however short.
struct SeriesStep {
    double dv_v = 0.0;
    PathIntegrals integrals;
};

/// (1 - e^-x)/x, (e^-x - 1 + x)/x^2, log1p(x)/x, by series near 0; values at 0: 1, 1/2, 1.
[[nodiscard]] double phi1_of(double x) noexcept;
[[nodiscard]] double phi2_of(double x) noexcept;
[[nodiscard]] double log1p_over(double x) noexcept;

/// Below this, five terms are exact: a leak over a sample or a unit is nearly always so short.
inline constexpr double kPhiShort = 5e-4;
[[nodiscard]] inline double phi1(double x) noexcept {
    return std::fabs(x) < kPhiShort
               ? 1.0 - x * (1.0 / 2 - x * (1.0 / 6 - x * (1.0 / 24 - x * (1.0 / 120))))
               : phi1_of(x);
}
[[nodiscard]] inline double phi2(double x) noexcept {
    return std::fabs(x) < kPhiShort
               ? 1.0 / 2 - x * (1.0 / 6 - x * (1.0 / 24 - x * (1.0 / 120 - x * (1.0 / 720))))
               : phi2_of(x);
}

class StoreLaw {
public:
    StoreLaw(Terms q, double capacitance_f) noexcept : q_(q), c_f_(capacitance_f) {}

    [[nodiscard]] const Terms& terms() const noexcept { return q_; }
    [[nodiscard]] double capacitance_f() const noexcept { return c_f_; }
    [[nodiscard]] double power_at(double v) const noexcept { return q_.power_at(v); }
    /// b = 0: the square of V obeys an affine law.
    [[nodiscard]] bool affine_in_energy() const noexcept { return q_.b_a == 0.0; }
    /// a = 0: V obeys an affine law.
    [[nodiscard]] bool affine_in_voltage() const noexcept { return q_.a_w == 0.0; }

    /// Time from v0 to v1, or nothing if v1 is never reached (behind the direction of travel,
    /// beyond or at an equilibrium, stationary start). 0 if v1 == v0.
    [[nodiscard]] std::optional<double> time_to(double v0, double v1) const {
        if (v1 == v0) {
            return 0.0;
        }
        if (q_.b_a == 0.0) {
            const double r = q_.a_w + q_.c_s * v0 * v0;
            const double d = (v1 - v0) * (v1 + v0);
            return affine_time(0.5 * c_f_ * d, q_.c_s * d, r, q_.a_w + q_.c_s * v1 * v1,
                               larger(q_.a_w, q_.c_s * v0 * v0), q_.c_s * v1 * v1);
        }
        if (q_.a_w == 0.0) {
            const double r = q_.b_a + q_.c_s * v0;
            const double d = v1 - v0;
            return affine_time(c_f_ * d, q_.c_s * d, r, q_.b_a + q_.c_s * v1,
                               larger(q_.b_a, q_.c_s * v0), q_.c_s * v1);
        }
        return general_time(v0, v1);
    }

    /// V after t seconds from v0. If the path reaches 0 V before t, returns 0.
    [[nodiscard]] double advance(double v0, double t) const {
        if (q_.b_a == 0.0) {
            const double square =
                affine_state(v0 * v0, 2.0 * q_.a_w / c_f_, 2.0 * q_.c_s / c_f_, t);
            return square > 0.0 ? std::sqrt(square) : 0.0;
        }
        if (q_.a_w == 0.0) {
            const double v = affine_state(v0, q_.b_a / c_f_, q_.c_s / c_f_, t);
            return v > 0.0 ? v : 0.0;
        }
        return general_advance(v0, t);
    }

    /// Integrals over a path from v0 that lasts t seconds and ends at v1. t is the model's
    /// duration; the integrals come from their own evaluation, not from the one that gave t.
    [[nodiscard]] PathIntegrals integrals(double v0, double v1, double t) const;

    /// Only the integral of V^2, only for a law that is affine in energy: no panels.
    [[nodiscard]] double v2_dt(double v0, double t) const noexcept {
        return affine_integral(v0 * v0, 2.0 * q_.a_w / c_f_, 2.0 * q_.c_s / c_f_, t);
    }

    /// Step of t seconds from v0 by the series of V(t), any law; false if it does not converge to
    /// 1e-16 of the increment within fourteen terms (long steps, V near 0).
    [[nodiscard]] bool series(double v0, double t, SeriesStep& out) const noexcept;

    /// Conditioning of a crossing time: 1 + (|dt/dv1| v1 + |dt/dv0| v0)/t.
    [[nodiscard]] double conditioning(double v0, double v1, double t) const noexcept;

    /// Equilibrium towards which a path from v0 moves, if there is one (for findings).
    [[nodiscard]] std::optional<double> equilibrium_from(double v0) const;

private:
    static constexpr double kStationary = 1e-14;  ///< of the largest flow: no event in 1e20 s
    static constexpr double kAtTarget = 4e-15;  ///< relative distance: the target is an equilibrium

    [[nodiscard]] static double larger(double x, double y) noexcept {
        const double ax = std::fabs(x);
        const double ay = std::fabs(y);
        return ax > ay ? ax : ay;
    }

    /// Time of an affine state whose rate goes from r to r1 = r + kd over the distance d:
    /// t = d log(r1/r)/kd. `flow` is the largest term of r, `slope` the change of r1 per relative
    /// change of the target.
    [[nodiscard]] static std::optional<double> affine_time(double d, double kd, double r, double r1,
                                                           double flow, double slope) {
        if (std::fabs(r) <= kStationary * flow || (d > 0.0) != (r > 0.0)) {
            return std::nullopt;
        }
        if (std::fabs(kd) <= 0.1 * std::fabs(r)) {
            // log(1 + x)/x = 2 atanh(z)/x, x = kd/r, z = x/(2 + x): |z|^14/15 < 1e-18; one
            // division.
            const double inverse = 1.0 / (2.0 * r + kd);
            const double z = kd * inverse;
            const double s = z * z;
            const double tail =
                1.0 / 3 + s * (1.0 / 5 + s * (1.0 / 7 + s * (1.0 / 9 + s * (1.0 / 11 + s / 13))));
            return 2.0 * d * inverse * (1.0 + s * tail);
        }
        const double x = kd / r;
        if (x > -0.5) {
            return d / kd * std::log1p(x);
        }
        if ((r1 > 0.0) != (r > 0.0) || std::fabs(r1) <= kAtTarget * std::fabs(slope)) {
            return std::nullopt;
        }
        return d / kd * std::log(r1 / r);
    }

    /// s(t) for s' = g + k s.
    [[nodiscard]] static double affine_state(double s0, double g, double k, double t) noexcept {
        const double x = -k * t;
        if (x < 0.5) {
            return s0 + (g + k * s0) * t * phi1(x);
        }
        return (g + k * s0) / k * std::exp(-x) - g / k;
    }

    /// Integral of s over [0, t] for s' = g + k s.
    [[nodiscard]] static double affine_integral(double s0, double g, double k, double t) noexcept {
        const double x = -k * t;
        if (std::fabs(x) < 0.5) {
            return t * (s0 + (g + k * s0) * t * phi2(x));
        }
        return t * ((g + k * s0) / k * phi1(x) - g / k);
    }

    [[nodiscard]] std::optional<double> general_time(double v0, double v1) const;
    [[nodiscard]] double general_advance(double v0, double t) const;

    Terms q_;
    double c_f_;
};

}  // namespace ebb
