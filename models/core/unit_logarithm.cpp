// SPDX-License-Identifier: Apache-2.0
#include "models/core/unit_logarithm.hpp"

#include "models/core/quadrature.hpp"

#include <algorithm>
#include <cmath>

namespace ebb::unit_math {

namespace {

using quadrature::Denominator;
using quadrature::kNearest;

constexpr double kEnough = 1e-14;    // of G: the first term that is left out
constexpr double kRounding = 1e-16;  // of a phase's move; each difference doubles it
constexpr int kMostHalvings = 24;
constexpr double kAtRest = 1e-12;  // relative distance from a fixed point that no longer matters

/// (-1)^i sum over m of binomial(m, i)/(m + 1), m < terms: the logarithm's weight of orbit point i.
template <std::size_t Most>
constexpr std::array<std::array<double, Most>, Most + 1> logarithm_weights() {
    std::array<std::array<double, Most>, Most + 1> w{};
    std::array<std::array<double, Most>, Most> binomial{};
    for (std::size_t m = 0; m < Most; ++m) {
        binomial[m][0] = 1.0;
        for (std::size_t i = 1; i <= m; ++i) {
            binomial[m][i] = binomial[m - 1][i - 1] + (i < m ? binomial[m - 1][i] : 0.0);
        }
    }
    for (std::size_t terms = 1; terms <= Most; ++terms) {
        for (std::size_t i = 0; i < terms; ++i) {
            double sum = 0.0;
            for (std::size_t m = i; m < terms; ++m) {
                sum += binomial[m][i] / static_cast<double>(m + 1);
            }
            w[terms][i] = i % 2 == 0 ? sum : -sum;
        }
    }
    return w;
}

constexpr auto kWeights = logarithm_weights<8>();

}  // namespace

void Unit::step(std::size_t j, double v, SeriesStep& out) const {
    const StoreLaw& law = laws[j];
    const double t = durations_s[j];
    if (law.series(v, t, out)) {
        if (v + out.dv_v > 0.0) {
            return;
        }
        out.dv_v = -v;
        return;
    }
    const double end = law.advance(v, t);
    out.dv_v = end - v;
    out.integrals = end > 0.0 ? law.integrals(v, end, t) : PathIntegrals{};
}

Logarithm::Logarithm(const Unit& unit)
    : unit_(unit),
      width_(1 + 2 * unit.laws.size()),
      orbit_(kMost * width_),
      field_(width_),
      sums_(width_) {}

bool Logarithm::field(double v) {
    double at = v;
    std::array<double, kMost> difference{};  // the newest backward diagonal of D's difference table
    double before = 0.0;
    for (std::size_t i = 0; i < kMost; ++i) {
        double* row = orbit_.data() + i * width_;
        const double start = at;
        double moved = 0.0;  // sum of the phases' moves: what cancels in D has left its rounding
        for (std::size_t j = 0; j < unit_.laws.size(); ++j) {
            SeriesStep step;
            unit_.step(j, at, step);
            at += step.dv_v;
            if (!(at > 0.0)) {
                return false;
            }
            row[1 + 2 * j] = step.integrals.v_dt;
            row[2 + 2 * j] = step.integrals.v2_dt;
            row[0] = (j == 0 ? 0.0 : row[0]) + step.dv_v;
            moved += std::fabs(step.dv_v);
        }
        at = start + row[0];
        double carry = row[0];
        for (std::size_t m = 0; m <= i; ++m) {
            const double next = carry - difference[m];
            difference[m] = carry;
            carry = next;
        }
        const double last = std::fabs(difference[i]) / static_cast<double>(i + 1);
        // The phases' integrals follow powers of V: their differences shrink with (2 D/V)^m.
        const double slow = 2.0 * std::fabs(orbit_[0]) / v;
        const double ratio = std::max({before > 0.0 ? std::min(last / before, 1.0) : 1.0, 1e-9});
        before = last;
        const double noise = std::ldexp(kRounding * moved, static_cast<int>(i));
        if (i >= 3 && last * ratio <= std::max(kEnough * std::fabs(orbit_[0]), noise) &&
            std::pow(slow, static_cast<double>(i + 1)) <= kEnough) {
            const auto& w = kWeights[i + 1];
            for (std::size_t s = 0; s < width_; ++s) {
                double sum = 0.0;
                for (std::size_t p = 0; p <= i; ++p) {
                    sum += w[p] * orbit_[p * width_ + s];
                }
                field_[s] = sum;
            }
            return true;
        }
    }
    return false;
}

bool Logarithm::panel(double lo, double hi, std::size_t half, const double* node,
                      const double* weight) {
    const double m = 0.5 * (lo + hi);
    const double h = 0.5 * (hi - lo);
    for (std::size_t i = 0; i < 2 * half; ++i) {
        const double v = m + (i % 2 == 0 ? h : -h) * node[i / 2];
        if (!field(v)) {
            return false;
        }
        if (field_[0] == 0.0 || (!settled_ && (field_[0] > 0.0) != rises_)) {
            return false;
        }
        const double w = h * weight[i / 2];
        const double inverse = 1.0 / field_[0];
        sums_[0] += w * (settled_ ? inverse - 1.0 / (fixed_.gamma * (v - fixed_.v)) : inverse);
        for (std::size_t s = 1; s < width_; ++s) {
            sums_[s] += w * inverse * (settled_ ? field_[s] - fixed_.values[s] : field_[s]);
        }
    }
    return true;
}

/// Are the other fixed points and V = 0, where G is singular, away from this panel?
bool Logarithm::clear(double m, double h) const {
    if (!(std::fabs(m) > kNearest * std::fabs(h))) {
        return false;
    }
    const Terms& q = unit_.average.terms();
    const Denominator d =
        settled_ ? Denominator{q.c_s * (m + fixed_.average_root) + q.b_a, h * q.c_s, 0.0}
                 : Denominator{q.power_at(m), h * (q.b_a + 2.0 * q.c_s * m), h * h * q.c_s};
    return d.clear_of(kNearest) || d.exactly_clear_of(kNearest);
}

bool Logarithm::integrate(double v0, double v1) {
    rises_ = v1 > v0;
    std::array<double, kMostHalvings + 1> ends{};
    std::size_t depth = 0;
    double left = v0;
    ends[0] = v1;
    const auto& rule = quadrature::kGauss16;
    for (;;) {
        const double right = ends[depth];
        const double m = 0.5 * (left + right);
        if (clear(m, 0.5 * (right - left))) {
            if (!panel(left, right, rule.node.size(), rule.node.data(), rule.weight.data())) {
                return false;
            }
            if (depth == 0) {
                return true;
            }
            left = right;
            --depth;
        } else if (depth == kMostHalvings) {
            return false;
        } else {
            ends[++depth] = m;
        }
    }
}

void Logarithm::clear_sums() { std::fill(sums_.begin(), sums_.end(), 0.0); }

/// From an end v1 that is a guess to the end after exactly n units: Newton on k, whose small rests
/// are integrated with 4 points.
bool Logarithm::refine(double v0, double v1, double n, double& v) {
    for (int attempt = 0; attempt < 5; ++attempt) {
        clear_sums();
        if (!integrate(v0, v1)) {
            return false;
        }
        v = v1;
        for (int i = 0; i < 3; ++i) {
            if (!field(v)) {
                return false;
            }
            const double move = (n - sums_[0]) * field_[0];
            if (std::fabs(move) > 0.02 * std::fabs(v1 - v0)) {
                break;
            }
            const auto& rule = quadrature::kGauss4;
            if (std::fabs(move) <= 1e-16 * v) {
                return true;
            }
            if (!panel(v, v + move, rule.node.size(), rule.node.data(), rule.weight.data())) {
                return false;
            }
            v += move;
            if (i == 2 || std::fabs(move) < 1e-9 * std::fabs(v1 - v0)) {
                return true;
            }
        }
        if (!field(v)) {
            return false;
        }
        v1 = v + (n - sums_[0]) * field_[0];
        if (!(v1 > 0.0) || (v1 > v0) != (field_[0] > 0.0)) {
            return false;
        }
    }
    return false;
}

/// Looks for the fixed point of F near the averaged law's equilibrium that the path heads for.
bool Logarithm::find_fixed_point(double v0, double guess) {
    const Terms& q = unit_.average.terms();
    const double cap = unit_.average.capacitance_f();
    std::optional<double> rest = unit_.average.equilibrium_from(v0);
    const double m = 0.5 * (v0 + guess);
    const double h = 0.5 * std::fabs(guess - v0);
    if (!rest || *rest <= 0.0 || std::fabs(*rest - m) > kNearest * h) {
        return false;
    }
    const double slope = unit_.duration_s * (q.b_a + 2.0 * q.c_s * *rest) / (cap * *rest);
    if (!(slope < 0.0)) {
        return false;
    }
    double v = *rest;
    double last = 0.0;
    for (int i = 0; i < 60; ++i) {
        if (!field(v)) {
            return false;
        }
        const double move = -orbit_[0] / slope;
        v += move;
        if (!(v > 0.0) || std::fabs(move) <= 2e-16 * v ||
            (i > 8 && std::fabs(move) >= std::fabs(last))) {
            break;
        }
        last = move;
    }
    if (!(v > 0.0) || !field(v)) {
        return false;
    }
    fixed_.v = v;
    fixed_.average_root = *rest;
    fixed_.values.assign(orbit_.begin(), orbit_.begin() + static_cast<std::ptrdiff_t>(width_));
    // gamma by central differences of order 6; G varies on the scale of V and of the other root.
    const double other = q.c_s != 0.0 ? std::fabs(2.0 * *rest + q.b_a / q.c_s) : v;
    const double d = 0.004 * std::min(v, other);
    constexpr double kStencil[] = {3.0 / 4.0, -3.0 / 20.0, 1.0 / 60.0};
    double gamma = 0.0;
    for (int i = 1; i <= 3; ++i) {
        for (const double side : {1.0, -1.0}) {
            if (!field(v + side * static_cast<double>(i) * d)) {
                return false;
            }
            gamma += side * kStencil[i - 1] * field_[0] / d;
        }
    }
    fixed_.gamma = gamma;
    return gamma < 0.0;
}

/// The same as refine, towards a fixed point: Newton in the logarithm of the distance.
bool Logarithm::settle(double v0, double guess, double n, double& v) {
    const double x0 = v0 - fixed_.v;
    const double nearest = kAtRest * fixed_.v;
    settled_ = true;
    clear_sums();
    if (std::fabs(x0) <= nearest) {
        v = v0;
        return true;
    }
    double x = guess - fixed_.v;
    if ((x > 0.0) != (x0 > 0.0) || std::fabs(x) > std::fabs(x0)) {
        x = x0 * std::exp(fixed_.gamma * n);
    }
    x = std::copysign(std::max(std::fabs(x), nearest), x0);
    for (int attempt = 0; attempt < 6; ++attempt) {
        clear_sums();
        if (!integrate(v0, fixed_.v + x)) {
            return false;
        }
        for (int i = 0; i < 4; ++i) {
            const double at = fixed_.v + x;
            if (!field(at)) {
                return false;
            }
            const double late = std::log(x / x0) / fixed_.gamma + sums_[0] - n;
            const double wanted = x * std::exp(-late * field_[0] / x);
            const double move = wanted - x;
            if (std::fabs(move) <= 1e-16 * at ||
                (std::fabs(wanted) <= nearest && std::fabs(x) <= nearest)) {
                v = fixed_.v + wanted;
                return true;
            }
            x = wanted;
            if (std::fabs(x) <= nearest ||
                std::fabs(move) > 0.02 * std::max(std::fabs(x), std::fabs(x0 - x))) {
                break;
            }
            const auto& rule = quadrature::kGauss4;
            if (!panel(at, fixed_.v + x, rule.node.size(), rule.node.data(), rule.weight.data())) {
                return false;
            }
            if (i == 3 || std::fabs(move) <= 1e-9 * std::fabs(x0)) {
                v = fixed_.v + x;
                return true;
            }
        }
        x = std::copysign(std::max(std::fabs(x), nearest), x0);
    }
    return false;
}

void Logarithm::hand_over(double n, std::vector<PathIntegrals>& sums) const {
    for (std::size_t j = 0; j < unit_.laws.size(); ++j) {
        const std::size_t s = 1 + 2 * j;
        sums[j].v_dt += sums_[s] + (settled_ ? n * fixed_.values[s] : 0.0);
        sums[j].v2_dt += sums_[s + 1] + (settled_ ? n * fixed_.values[s + 1] : 0.0);
    }
}

bool Logarithm::leap(double v0, std::int64_t n, double& v, std::vector<PathIntegrals>& sums) {
    const auto count = static_cast<double>(n);
    const double guess = unit_.average.advance(v0, count * unit_.duration_s);
    settled_ = false;
    const bool done = find_fixed_point(v0, guess)
                          ? settle(v0, guess, count, v)
                          : guess > 0.0 && guess != v0 && refine(v0, guess, count, v);
    if (done) {
        hand_over(count, sums);
    }
    return done;
}

bool Logarithm::sum_to(double v0, double v, std::int64_t n, std::vector<PathIntegrals>& sums) {
    const auto count = static_cast<double>(n);
    settled_ = false;
    bool done = false;
    clear_sums();
    if (find_fixed_point(v0, v)) {
        settled_ = true;
        clear_sums();
        const double x = v - fixed_.v;
        const double nearest = kAtRest * fixed_.v;
        const double end =
            std::fabs(x) > nearest ? v : fixed_.v + std::copysign(nearest, v0 - fixed_.v);
        done = std::fabs(v0 - fixed_.v) <= nearest || integrate(v0, end);
    } else {
        done = v != v0 && integrate(v0, v);
    }
    if (done) {
        hand_over(count, sums);
    }
    return done;
}

}  // namespace ebb::unit_math
