// SPDX-License-Identifier: Apache-2.0
// s' = g0 + g1 t + k s; s is V^2 under linear power, V under linear current.
#include "models/core/linear_law.hpp"

#include "models/core/error.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>

namespace ebb {

namespace {

/// (1/2 - phi2(x))/x; at 0: 1/6.
double phi3(double x) {
    if (std::fabs(x) >= 1.0) {
        return (0.5 - phi2(x)) / x;
    }
    double sum = 1.0;
    for (int k = 17; k >= 1; --k) {
        sum = 1.0 - x / static_cast<double>(k + 3) * sum;
    }
    return sum / 6.0;
}

}  // namespace

LinearLaw::LinearLaw(Terms q0, Terms slope_per_s, double capacitance_f)
    : energy_(q0.b_a == 0.0 && slope_per_s.b_a == 0.0),
      g0_((energy_ ? 2.0 * q0.a_w : q0.b_a) / capacitance_f),
      g1_((energy_ ? 2.0 * slope_per_s.a_w : slope_per_s.b_a) / capacitance_f),
      k_((energy_ ? 2.0 * q0.c_s : q0.c_s) / capacitance_f) {
    const bool current = q0.a_w == 0.0 && slope_per_s.a_w == 0.0;
    if (slope_per_s.c_s != 0.0 || (!energy_ && !current)) {
        throw Defect("linear law: power and current together have no closed form");
    }
}

double LinearLaw::rate_at(double s0, double t) const noexcept {
    const double r = g0_ + k_ * s0;
    return r + (g1_ + k_ * r) * t * phi1(-k_ * t);
}

double LinearLaw::moved(double s0, double t) const noexcept {
    const double x = -k_ * t;
    return t * ((g0_ + k_ * s0) * phi1(x) + g1_ * t * phi2(x));
}

double LinearLaw::advance(double v0, double t) const {
    const double s0 = state_of(v0);
    const double x = -k_ * t;
    double s = 0.0;
    if (x < 0.5) {
        s = s0 + moved(s0, t);
    } else {  // the particular solution and what has not yet decayed
        const double lag = g1_ / k_;
        s = -(g0_ + g1_ * t + lag) / k_ + (s0 + (g0_ + lag) / k_) * std::exp(-x);
    }
    if (!(s > 0.0)) {
        return 0.0;
    }
    return energy_ ? std::sqrt(s) : s;
}

std::optional<double> LinearLaw::turning(double v0) const {
    const double r = g0_ + k_ * state_of(v0);
    if (!(r * g1_ < 0.0)) {
        return std::nullopt;
    }
    // s'(t) = 0 at e^(-k t) = 1 + k r/g1.
    const double z = k_ * r / g1_;
    if (z <= -1.0) {
        return std::nullopt;
    }
    return -r / g1_ * log1p_over(z);
}

/// Crossing of s1 within (lo, hi], on which s is monotone.
std::optional<double> LinearLaw::first_in(double s0, double rise, double lo, double hi) const {
    const auto off = [&](double t) { return moved(s0, t) - rise; };
    const double at_lo = off(lo);
    const double at_hi = off(hi);
    if (at_hi == 0.0) {
        return hi;
    }
    if (at_lo == 0.0 || (at_lo > 0.0) == (at_hi > 0.0)) {
        return std::nullopt;
    }
    std::uintmax_t most = 100;
    const auto bracket = boost::math::tools::toms748_solve(
        off, lo, hi, at_lo, at_hi, boost::math::tools::eps_tolerance<double>(52), most);
    const double middle = 0.5 * (bracket.first + bracket.second);
    // One Newton step: the bracket is as wide as its tolerance, the residual is exact.
    const double rate = rate_at(s0, middle);
    const double polished = rate != 0.0 ? middle - off(middle) / rate : middle;
    return polished >= bracket.first && polished <= bracket.second ? polished : middle;
}

std::optional<double> LinearLaw::time_to(double v0, double v1, double horizon_s) const {
    const double s0 = state_of(v0);
    const double rise = energy_ ? (v1 - v0) * (v1 + v0) : v1 - v0;
    const std::optional<double> turn = turning(v0);
    if (turn && *turn > 0.0 && *turn < horizon_s) {
        const std::optional<double> first = first_in(s0, rise, 0.0, *turn);
        return first ? first : first_in(s0, rise, *turn, horizon_s);
    }
    return first_in(s0, rise, 0.0, horizon_s);
}

PathIntegrals LinearLaw::integrals(double v0, double t) const {
    const double s0 = state_of(v0);
    const double x = -k_ * t;
    const double straight = t * (s0 + t * ((g0_ + k_ * s0) * phi2(x) + g1_ * t * phi3(x)));
    // V of a linear power, V^2 of a linear current: no closed form; smooth, so quadrature in time.
    using Rule = boost::math::quadrature::gauss_kronrod<double, 15>;
    const auto other = [&](double time) {
        const double v = advance(v0, time);
        return energy_ ? v : v * v;
    };
    double sum = 0.0;
    double from = 0.0;
    const std::optional<double> turn = turning(v0);
    if (turn && *turn > 0.0 && *turn < t) {
        sum = Rule::integrate(other, 0.0, *turn, 12, 1e-14);
        from = *turn;
    }
    sum += Rule::integrate(other, from, t, 12, 1e-14);
    return energy_ ? PathIntegrals{sum, straight} : PathIntegrals{straight, sum};
}

}  // namespace ebb
