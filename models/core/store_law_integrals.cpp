// SPDX-License-Identifier: Apache-2.0
// Integrals of V and V^2 along a path of the store law, and the phi functions.
#include "models/core/error.hpp"
#include "models/core/quadratic.hpp"
#include "models/core/store_law.hpp"

#include <cmath>

namespace ebb {

namespace {

using quadrature::Cubic;
using quadrature::Denominator;

constexpr double kDeflateWithin = 1e-4;  // of the path, from an equilibrium

double phi_series(double x, int first, int terms) {
    // sum over k of (-x)^k first!/(k + first)!
    double sum = 1.0;
    for (int k = terms; k >= 1; --k) {
        sum = 1.0 - x / static_cast<double>(k + first) * sum;
    }
    return sum;
}

}  // namespace

double phi1_of(double x) noexcept {
    return std::fabs(x) < 0.1 ? phi_series(x, 1, 9) : -std::expm1(-x) / x;
}

double phi2_of(double x) noexcept {
    const double m = std::fabs(x);
    if (m < 1.0) {
        return 0.5 * phi_series(x, 2, m < 0.1 ? 9 : 17);
    }
    return (1.0 + std::expm1(-x) / x) / x;
}

double log1p_over(double x) noexcept {
    // log1p is exact to an ulp down to 0; only 0/0 needs a value of its own.
    return x != 0.0 ? std::log1p(x) / x : 1.0;
}

namespace {

/// Sums of the panels' shares of C int f v/q dv for the two integrals.
struct PanelSums {
    quadrature::Two sum;
    void add(double h, const Denominator& den, const Cubic& f, const Cubic& g) {
        const quadrature::Two part = quadrature::integrate(den, f, g);
        sum.first += h * part.first;
        sum.second += h * part.second;
    }
};

/// The equilibrium that one end of the path all but touches, if there is one.
bool touches_equilibrium(const Quadratic& quad, double v0, double v1, double& equilibrium) {
    const Quadratic::Roots roots = quad.roots();
    bool touches = false;
    double closest = kDeflateWithin * std::fabs(v1 - v0);
    for (const double r : {roots.first, roots.second}) {
        const double gap = std::fmin(std::fabs(r - v0), std::fabs(r - v1));
        if (gap <= closest) {
            closest = gap;
            equilibrium = r;
            touches = true;
        }
    }
    return touches;
}

/// Integrals of V and V^2 by panels. The mean voltage w (or, for a path that all but touches an
/// equilibrium, that equilibrium) is taken out first and multiplied by the model's own duration:
///   int V dt = w t + C int (v - w) v/q dv,   int V^2 dt = w^2 t + C int (v^2 - w^2) v/q dv
/// so that rounding of v1 costs no digits, and an equilibrium cancels from the integrand.
PathIntegrals panel_integrals(const Terms& q, double cap, double v0, double v1, double t) {
    if (v1 == v0) {
        return {v0 * t, v0 * v0 * t};
    }
    const Quadratic quad(q);
    double w = 0.5 * (v0 + v1);
    PanelSums panels;
    bool done = false;
    if (touches_equilibrium(quad, v0, v1, w)) {
        const auto other_factor = [&](double m, double h) {  // q/(v - w)
            return Denominator{q.c_s * m + (q.b_a + q.c_s * w), h * q.c_s, 0.0};
        };
        done = for_panels(v0, v1, other_factor, [&](double m, double h, const Denominator& den) {
            panels.add(h, den, {m, h, 0.0, 0.0}, {m * (m + w), h * (2.0 * m + w), h * h, 0.0});
        });
    } else {
        const auto around = [&](double m, double h) { return quad.around(m, h); };
        done = for_panels(v0, v1, around, [&](double m, double h, const Denominator& den) {
            const double g = m - w;
            const double gg = g * (m + w);
            panels.add(h, den, {g * m, h * (g + m), h * h, 0.0},
                       {gg * m, h * (gg + 2.0 * m * m), 3.0 * m * h * h, h * h * h});
        });
    }
    if (!done) {
        throw Defect("store law: no panel resolves the integrals of a path");
    }
    return {w * t + cap * panels.sum.first, w * w * t + cap * panels.sum.second};
}

/// Integral of (tau phi1(y tau))^2 over tau in [0, 1], |y| <= 0.5.
double psi(double y) {
    double sum = 0.0;
    double term = 2.0;   // (-y)^k 2^(k+2)/(k+2)!
    double plain = 0.5;  // the same without the power of two
    for (int k = 0; k < 20; ++k) {
        sum += (term - 2.0 * plain) / static_cast<double>(k + 3);
        term *= -2.0 * y / static_cast<double>(k + 3);
        plain *= -y / static_cast<double>(k + 3);
    }
    return sum;
}

}  // namespace

PathIntegrals StoreLaw::integrals(double v0, double v1, double t) const {
    if (q_.a_w == 0.0) {
        const double g = q_.b_a / c_f_;
        const double k = q_.c_s / c_f_;
        const double y = -k * t;
        const double first = affine_integral(v0, g, k, t);
        const double rate = g + k * v0;
        if (std::fabs(y) < 0.5) {
            const double s = rate * t;
            return {first, t * (v0 * v0 + 2.0 * v0 * s * phi2(y) + s * s * psi(y))};
        }
        const double rest = -g / k;
        const double off = rate / k;
        return {first, t * (rest * rest + 2.0 * rest * off * phi1(y) + off * off * phi1(2.0 * y))};
    }
    PathIntegrals both = panel_integrals(q_, c_f_, v0, v1, t);
    if (q_.b_a == 0.0) {
        both.v2_dt = v2_dt(v0, t);
    }
    return both;
}

}  // namespace ebb
