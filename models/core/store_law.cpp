// SPDX-License-Identifier: Apache-2.0
// The general law t(V) = C int v dv/q(v) and its inverse. Integrals: store_law_integrals.cpp.
#include "models/core/store_law.hpp"

#include "models/core/error.hpp"
#include "models/core/quadratic.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace ebb {

namespace {

using quadrature::Denominator;
using quadrature::kNearest;

double log_ratio(double step_over_start, double end_over_start) {
    return step_over_start > -0.5 ? std::log1p(step_over_start) : std::log(end_over_start);
}

/// Closed forms of physics' table, for roots that are well separated or exactly double.
double closed_time(const Terms& q, const Quadratic& quad, double cap, double v0, double v1) {
    const double d = v1 - v0;
    const double a = q.a_w;
    const double b = q.b_a;
    const double c = q.c_s;
    if (quad.delta() == 0.0 && c != 0.0) {
        const double r = -b / (2.0 * c);
        const double x0 = v0 - r;
        const double x1 = v1 - r;
        return cap / c * (log_ratio(d / x0, x1 / x0) + r * d / (x1 * x0));
    }
    if (quad.delta() < 0.0) {
        const double s = std::sqrt(-quad.delta());
        const double q0 = quad.at(v0);
        const double log_part = log_ratio(d * (b + c * (v1 + v0)) / q0, quad.at(v1) / q0);
        const double k0 = quad.slope(v0);
        const double k1 = quad.slope(v1);
        const double arc = std::atan2(2.0 * c * s * d, -quad.delta() + k1 * k0);
        return cap / (2.0 * c) * log_part - cap * b / (c * s) * arc;
    }
    // Two real roots; the far one, h/c, is written so that c = 0 needs no case of its own.
    const double s = std::sqrt(quad.delta());
    const double h = -0.5 * (b + std::copysign(s, b));
    const double near = a / h;
    const double far0 = c * v0 - h;
    const double z = c * d / far0;
    const double far_part =
        z > -0.5 ? d * h / far0 * log1p_over(z) : h / c * std::log((c * v1 - h) / far0);
    const double x0 = v0 - near;
    const double near_part = near * log_ratio(d / x0, (v1 - near) / x0);
    return cap / -std::copysign(s, b) * (far_part - near_part);
}

/// t(V) without asking whether it exists: the way from v0 to v1 is free of equilibria. Infinite if
/// v1 is so close to one that no panel resolves it.
double path_time(const Terms& q, const Quadratic& quad, double cap, double v0, double v1) {
    const auto around = [&](double m, double h) { return quad.around(m, h); };
    const double m = 0.5 * (v0 + v1);
    const double h = 0.5 * (v1 - v0);
    const Denominator whole = around(m, h);
    if (whole.clear_of(kNearest) || whole.exactly_clear_of(kNearest)) {
        return cap * h * quadrature::integrate(whole, m, h);
    }
    if (quad.well_separated()) {
        return closed_time(q, quad, cap, v0, v1);
    }
    double sum = 0.0;
    const bool done = for_panels(v0, v1, around, [&](double pm, double ph, const Denominator& d) {
        sum += ph * quadrature::integrate(d, pm, ph);
    });
    return done ? cap * sum : std::numeric_limits<double>::infinity();
}

/// Rule: is there an equilibrium between v0 (where q = q0) and v1, or at v1?
bool blocked(const Quadratic& quad, double q0, double c, double v0, double v1, double at_target) {
    const double q1 = quad.at(v1);
    if ((q1 > 0.0) != (q0 > 0.0) || std::fabs(q1) <= at_target * std::fabs(quad.slope(v1)) * v1) {
        return true;
    }
    // Same sign at both ends: only a pair of roots can lie between, around a vertex that points to
    // 0.
    const double s0 = quad.slope(v0);
    const double s1 = quad.slope(v1);
    return (s0 > 0.0) != (s1 > 0.0) && (q0 > 0.0) == (c > 0.0) && quad.delta() >= 0.0;
}

}  // namespace

std::optional<double> StoreLaw::general_time(double v0, double v1) const {
    const double q0 = q_.power_at(v0);
    const double flow = larger(larger(q_.a_w, q_.b_a * v0), q_.c_s * v0 * v0);
    const double d = v1 - v0;
    if (std::fabs(q0) < kStationary * flow) {
        return std::nullopt;
    }
    const double m = 0.5 * (v0 + v1);
    const double h = 0.5 * d;
    const Denominator whole{q_.power_at(m), h * (q_.b_a + 2.0 * q_.c_s * m), h * h * q_.c_s};
    // Fast way: no pole near the whole path, hence no equilibrium on it, and q(m) lost no digits.
    if (whole.clear_of(kNearest) && std::fabs(whole.a) > 1e-2 * larger(q_.a_w, q_.b_a * m)) {
        if ((d > 0.0) != (q0 > 0.0)) {
            return std::nullopt;
        }
        return c_f_ * h * quadrature::integrate(whole, m, h);
    }
    const Quadratic quad(q_);
    const double exact_q0 = quad.at(v0);
    if ((d > 0.0) != (exact_q0 > 0.0) || blocked(quad, exact_q0, q_.c_s, v0, v1, kAtTarget)) {
        return std::nullopt;
    }
    const double t = path_time(q_, quad, c_f_, v0, v1);
    if (!std::isfinite(t)) {
        return std::nullopt;  // within 1e-12 of the path from an equilibrium
    }
    return t;
}

std::optional<double> StoreLaw::equilibrium_from(double v0) const {
    const double q0 = q_.power_at(v0);
    const double flow = larger(larger(q_.a_w, q_.b_a * v0), q_.c_s * v0 * v0);
    if (std::fabs(q0) <= kStationary * flow) {
        return v0;
    }
    const Quadratic::Roots r = Quadratic(q_).roots();
    const bool up = q0 > 0.0;
    std::optional<double> nearest;
    for (const double root : {r.first, r.second}) {
        const bool ahead = up ? root > v0 && std::isfinite(root) : root < v0 && root >= 0.0;
        if (ahead && (!nearest || std::fabs(root - v0) < std::fabs(*nearest - v0))) {
            nearest = root;
        }
    }
    return nearest;
}

double StoreLaw::conditioning(double v0, double v1, double t) const noexcept {
    if (!(t > 0.0)) {
        return 1.0;
    }
    const double q0 = std::fabs(q_.power_at(v0));
    const double q1 = std::fabs(q_.power_at(v1));
    return 1.0 + c_f_ * (v1 * v1 / q1 + v0 * v0 / q0) / t;
}

bool StoreLaw::series(double v0, double t, SeriesStep& out) const noexcept {
    constexpr std::size_t kMost = 14;
    constexpr std::array<double, kMost + 2> kInverse{
        0.0,     1.0,     1.0 / 2,  1.0 / 3,  1.0 / 4,  1.0 / 5,  1.0 / 6,  1.0 / 7,
        1.0 / 8, 1.0 / 9, 1.0 / 10, 1.0 / 11, 1.0 / 12, 1.0 / 13, 1.0 / 14, 1.0 / 15};
    constexpr double kWidest = 0.08;  // a larger ratio would not converge within so many terms
    if (!(v0 > 0.0)) {
        return false;
    }
    if (q_.a_w == 0.0 && q_.c_s == 0.0) {  // a straight line: rounded once, so that ties stay ties
        const double dv = q_.b_a * t / c_f_;
        out.dv_v = dv;
        out.integrals = {t * (v0 + 0.5 * dv), t * (v0 * v0 + dv * (v0 + dv / 3.0))};
        return v0 + dv > 0.0;
    }
    const double k = 2.0 * t / c_f_;
    const double half = 0.5 / v0;
    std::array<double, kMost + 1> v{};
    double y = k * (q_.a_w + q_.b_a * v0 + q_.c_s * v0 * v0);
    v[1] = y * half;
    // Bound of the terms' ratio: the rate of the linearised law plus that of the way to V = 0.
    const double ratio =
        0.5 * k * std::fabs(q_.b_a + 2.0 * q_.c_s * v0) / v0 + 2.0 * std::fabs(v[1]) / v0;
    if (!(ratio < kWidest)) {
        return false;
    }
    double dv = v[1];
    double i1 = 0.5 * v[1];
    double i2 = 0.5 * y;
    // Unrolled, so that the coefficients stay in registers: half the time of the plain loops.
#pragma GCC unroll 16
    for (std::size_t n = 1; n < kMost; ++n) {
        y = k * kInverse[n + 1] * (q_.b_a * v[n] + q_.c_s * y);
        // Sum of v_i v_(n+1-i): pairs are equal.
        double cross = 0.0;
#pragma GCC unroll 8
        for (std::size_t i = 1; 2 * i < n + 1; ++i) {
            cross += v[i] * v[n + 1 - i];
        }
        cross *= 2.0;
        if (n % 2 == 1) {
            cross += v[(n + 1) / 2] * v[(n + 1) / 2];
        }
        v[n + 1] = (y - cross) * half;
        dv += v[n + 1];
        i1 += v[n + 1] * kInverse[n + 2];
        i2 += y * kInverse[n + 2];
        const double last = std::fabs(v[n + 1]) + ratio * std::fabs(v[n]);
        if (last * ratio <= 1e-16 * std::fabs(dv)) {
            out.dv_v = dv;
            out.integrals = {t * (v0 + i1), t * (v0 * v0 + i2)};
            return true;
        }
    }
    return false;
}

namespace {

constexpr int kMostIterations = 200;
constexpr double kAcceptStep = 1e-5;  // Halley is cubic: the step after this one is 1e-15

/// `before` is reached before the time that is asked for, `after` is not.
struct Bracket {
    double before, after;
    bool up;

    [[nodiscard]] double between() const {
        return std::isfinite(after) ? 0.5 * (before + after) : 2.0 * before;
    }
    [[nodiscard]] double clamp(double v) const {
        const bool inside = up ? v > before && v < after : v < before && v > after;
        return inside ? v : between();
    }
};

/// One step of Halley's method for t(V) = t, in V, or in V^2/2 where the power term rules (there
/// t(V) is regular down to V = 0). `late` is t(V) - t.
double halley(const Terms& q, const Quadratic& quad, double cap, double v, double late) {
    const double p = quad.at(v);
    const double slope = quad.slope(v);
    if (std::fabs(q.a_w) > std::fabs(q.b_a) * v) {
        const double step = late * p / cap;
        const double w = 0.5 * v * v - step / (1.0 + 0.5 * step * slope / (v * p));
        return w > 0.0 ? std::sqrt(2.0 * w) : -1.0;
    }
    const double step = late * p / (cap * v);
    return v - step / (1.0 - 0.5 * step * (1.0 / v - slope / p));
}

}  // namespace

double StoreLaw::general_advance(double v0, double t) const {
    SeriesStep fast;
    if (series(v0, t, fast)) {
        return v0 + fast.dv_v;
    }
    const Quadratic quad(q_);
    const double q0 = quad.at(v0);
    const double flow = larger(larger(q_.a_w, q_.b_a * v0), q_.c_s * v0 * v0);
    if (t == 0.0 || std::fabs(q0) < kStationary * flow) {
        return v0;
    }
    const bool up = q0 > 0.0;
    const std::optional<double> rest = equilibrium_from(v0);
    if (!up && !rest && path_time(q_, quad, c_f_, v0, 0.0) <= t) {
        return 0.0;
    }
    Bracket bracket{v0, rest ? *rest : (up ? std::numeric_limits<double>::infinity() : 0.0), up};
    const double rate = v0 > 0.0 ? -(q_.b_a + 2.0 * q_.c_s * v0) / (c_f_ * v0) : 0.0;
    const double gain = 2.0 * q0 / c_f_ * t * phi1(std::fmax(rate * t, -40.0));
    double v = bracket.clamp(std::sqrt(std::fmax(v0 * v0 + gain, 0.0)));
    for (int i = 0; i < kMostIterations && v != bracket.before && v != bracket.after; ++i) {
        const double late = path_time(q_, quad, c_f_, v0, v) - t;
        if (!std::isfinite(late)) {
            bracket.after = v;
            v = bracket.between();
            continue;
        }
        double next = halley(q_, quad, c_f_, v, late);
        const double away = rest ? *rest - v : std::numeric_limits<double>::infinity();
        // Accept before the bracket is asked: at 1 ulp the bracket bounces.
        const double near = std::fmin(std::fmin(v, std::fabs(v - v0)), std::fabs(away));
        if (std::fabs(next - v) <= kAcceptStep * near && next > 0.0) {
            return next;
        }
        (late > 0.0 ? bracket.after : bracket.before) = v;
        if (rest && !(std::fabs(next - v) <= 0.5 * std::fabs(away))) {
            // Newton in the logarithm of the distance to the equilibrium: never passes it.
            next = *rest - away * std::exp(std::fmax(late * quad.at(v) / (c_f_ * v * away), -8.0));
        }
        v = bracket.clamp(next);
    }
    if (v != bracket.before && v != bracket.after) {
        throw Defect("store law: V(t) did not converge");
    }
    return v;
}

}  // namespace ebb
