// SPDX-License-Identifier: Apache-2.0
#include "models/store/bias_law.hpp"

#include "models/core/error.hpp"
#include "models/core/quadratic.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {

namespace {

constexpr int kMostHalvingsDeep = 48;
constexpr int kMostIterations = 200;
constexpr double kStationary = 1e-14;  // of the largest flow, as in store_law.hpp

}  // namespace

double BiasCapacitance::at(double v) const noexcept {
    const double x = v * inverse_b;
    return c0_f / (1.0 + x * x);
}

double BiasCapacitance::charge(double v) const noexcept {
    return inverse_b == 0.0 ? c0_f * v : c0_f * std::atan(v * inverse_b) / inverse_b;
}

double BiasCapacitance::energy(double v) const noexcept { return energy_between(0.0, v); }

double BiasCapacitance::voltage_of_charge(double q) const noexcept {
    return inverse_b == 0.0 ? q / c0_f : std::tan(q * inverse_b / c0_f) / inverse_b;
}

double BiasCapacitance::voltage_of_energy(double e) const noexcept {
    const double square = 2.0 * std::max(e, 0.0) / c0_f;
    const double k = inverse_b * inverse_b;
    return k == 0.0 ? std::sqrt(square) : std::sqrt(std::expm1(square * k)) / inverse_b;
}

double BiasCapacitance::charge_between(double v0, double v1) const noexcept {
    const double d = v1 - v0;
    return inverse_b == 0.0
               ? c0_f * d
               : c0_f * std::atan2(d * inverse_b, 1.0 + v0 * v1 * inverse_b * inverse_b) /
                     inverse_b;
}

double BiasCapacitance::energy_between(double v0, double v1) const noexcept {
    const double d = (v1 - v0) * (v1 + v0);
    const double k = inverse_b * inverse_b;
    return 0.5 * c0_f * (k == 0.0 ? d : std::log1p(d * k / (1.0 + v0 * v0 * k)) / k);
}

/// Are all poles of the integrand farther than 2.2 half-widths from the middle?
bool BiasLaw::clear(double middle, double half) const noexcept {
    const double k = inverse_square();
    const double reach = quadrature::kNearest * half;
    if (k * (reach * reach - middle * middle) > 1.0) {
        return false;
    }
    if (q_.a_w == 0.0) {  // v/q loses its pole at 0: what is left is 1/(b + c v)
        return std::fabs(q_.b_a + q_.c_s * middle) > reach * std::fabs(q_.c_s);
    }
    return quad_.around(middle, half).exactly_clear_of(quadrature::kNearest);
}

/// One panel: integral of weight(v) C(v) v/q(v) dv.
double BiasLaw::stretch(double from, double to, double v1, What what) const {
    const double middle = 0.5 * (from + to);
    const double half = 0.5 * (to - from);
    const double k = inverse_square();
    double sum = 0.0;
    for (std::size_t i = 0; i < quadrature::kGauss16.node.size(); ++i) {
        for (const double u : {-quadrature::kGauss16.node[i], quadrature::kGauss16.node[i]}) {
            const double v = middle + half * u;
            double f = q_.a_w == 0.0 ? 1.0 / (q_.b_a + q_.c_s * v) : v / quad_.at(v);
            f /= 1.0 + v * v * k;
            if (what != What::time) {
                f *= (v - v1) * (what == What::off ? 1.0 : v - v1);
            }
            sum += quadrature::kGauss16.weight[i] * f;
        }
    }
    return c_.c0_f * half * sum;
}

double BiasLaw::panels(double from, double to, double v1, What what, int depth) const {
    const double middle = 0.5 * (from + to);
    if (depth >= kMostHalvingsDeep && what != What::time) {
        return 0.0;  // at a root: what differs from the end there is below an ulp of the whole
    }
    if (depth >= kMostHalvingsDeep || clear(middle, 0.5 * std::fabs(to - from))) {
        return stretch(from, to, v1, what);
    }
    return panels(from, middle, v1, what, depth + 1) + panels(middle, to, v1, what, depth + 1);
}

std::optional<double> BiasLaw::time_to(double v0, double v1) const {
    if (!plain_.time_to(v0, v1)) {
        return std::nullopt;  // what is reached does not depend on the capacitance
    }
    if (q_.b_a == 0.0 && q_.c_s == 0.0) {
        return c_.energy_between(v0, v1) / q_.a_w;
    }
    if (q_.a_w == 0.0 && q_.c_s == 0.0) {
        return c_.charge_between(v0, v1) / q_.b_a;
    }
    return v0 == v1 ? 0.0 : panels(v0, v1, v1, What::time, 0);
}

double BiasLaw::advance(double v0, double t) const {
    if (inverse_square() == 0.0) {
        return plain_.advance(v0, t);
    }
    if (q_.b_a == 0.0 && q_.c_s == 0.0) {
        return c_.voltage_of_energy(c_.energy(v0) + q_.a_w * t);
    }
    if (q_.a_w == 0.0 && q_.c_s == 0.0) {
        return c_.voltage_of_charge(c_.charge(v0) + q_.b_a * t);
    }
    // Without a power V divides out, and 0 V is no standstill.
    const double here = q_.a_w == 0.0 ? q_.b_a + q_.c_s * v0 : q_.power_at(v0);
    const double gross =
        q_.a_w == 0.0
            ? std::max(std::fabs(q_.b_a), std::fabs(q_.c_s * v0))
            : std::max({std::fabs(q_.a_w), std::fabs(q_.b_a * v0), std::fabs(q_.c_s * v0 * v0)});
    if (std::fabs(here) <= kStationary * gross) {
        return v0;
    }
    // Newton on t(V) from points that come nearer: each adds the time of its own short stretch.
    const bool up = here > 0.0;
    std::optional<double> equilibrium;
    if (q_.a_w != 0.0) {
        equilibrium = plain_.equilibrium_from(v0);
    } else if (q_.c_s != 0.0 && (-q_.b_a / q_.c_s > v0) == up) {
        equilibrium = -q_.b_a / q_.c_s;
    }
    double reached_v = v0;
    double reached_t = 0.0;
    for (int i = 0; i < kMostIterations; ++i) {
        const double rate = q_.a_w == 0.0     ? (q_.b_a + q_.c_s * reached_v) / c_.at(reached_v)
                            : reached_v > 0.0 ? quad_.at(reached_v) / (c_.at(reached_v) * reached_v)
                                              : 0.0;
        double next = reached_v + (t - reached_t) * rate;
        if (reached_v == 0.0 && q_.a_w != 0.0) {  // a power leaves 0 V along a root
            next = c_.voltage_of_energy(q_.a_w * t);
        }
        if (equilibrium && (next > *equilibrium) == up) {
            next = 0.5 * (reached_v + *equilibrium);
        }
        if (next <= 0.0) {
            next = 0.5 * reached_v;
        }
        if (i > 2 && std::fabs(next - reached_v) <= 4e-16 * next) {
            return next;
        }
        if (next == reached_v) {
            return next;
        }
        reached_t += panels(reached_v, next, next, What::time, 0);
        reached_v = next;
    }
    throw Defect("the biased law did not find its voltage");
}

PathIntegrals BiasLaw::deviations(double v0, double v1) const {
    PathIntegrals i;
    if (v0 != v1) {
        i.v_dt = panels(v0, v1, v1, What::off, 0);
        i.v2_dt = panels(v0, v1, v1, What::off_square, 0);
    }
    return i;
}

}  // namespace ebb
