// SPDX-License-Identifier: Apache-2.0
/// Independent answers in 40 digits for the law C V V' = a + b V + c V^2, and seeded random
/// numbers.
///
/// Times and integrals come from adaptive Gauss-Kronrod quadrature of C v^n/q(v) (Boost.Math and
/// Boost.Multiprecision), reachability from the roots of q; no closed form of the law is used.
#pragma once

#include "models/core/terms.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>

namespace ebb::test {

using Big = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<40>,
                                          boost::multiprecision::et_off>;

/// Same numbers on every machine: std distributions differ between libraries, this does not.
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    double unit() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
    double uniform(double lo, double hi) { return lo + (hi - lo) * unit(); }
    double log_uniform(double lo, double hi) { return lo * std::exp(unit() * std::log(hi / lo)); }
    double sign() { return unit() < 0.5 ? -1.0 : 1.0; }
    std::int64_t integer(std::int64_t lo, std::int64_t hi) {
        return lo + static_cast<std::int64_t>(unit() * static_cast<double>(hi - lo + 1));
    }

private:
    std::mt19937_64 engine_;
};

/// The law in 40 digits.
class BigLaw {
public:
    BigLaw(Terms q, double capacitance_f) : a_(q.a_w), b_(q.b_a), c_(q.c_s), cap_(capacitance_f) {}

    [[nodiscard]] Big q(const Big& v) const { return a_ + v * (b_ + v * c_); }

    /// C * integral of v^n/q from v0 to v1, n = 1: time, 2: int V dt, 3: int V^2 dt.
    [[nodiscard]] Big integral(int n, const Big& v0, const Big& v1) const {
        const auto f = [&](const Big& v) {
            if (a_ == 0) {  // q has the factor v: taken out, so that v = 0 is regular
                const Big p = b_ + v * c_;
                return n == 1 ? Big(1) / p : n == 2 ? v / p : v * v / p;
            }
            const Big p = q(v);
            return n == 1 ? v / p : n == 2 ? v * v / p : v * v * v / p;
        };
        return cap_ * halved(f, v0, v1, 0);
    }

    /// Nothing if v1 is never reached from v0.
    [[nodiscard]] std::optional<Big> time_to(double v0, double v1) const {
        if (v0 == v1) {
            return Big(0);
        }
        const Big q0 = a_ == 0 ? b_ + c_ * Big(v0) : q(Big(v0));
        if (q0 == 0 || (v1 > v0) != (q0 > 0) || root_within(v0, v1)) {
            return std::nullopt;
        }
        return integral(1, v0, v1);
    }

    /// V after t, polished from a guess by Newton's method on the quadrature.
    [[nodiscard]] Big advance(const Big& v0, const Big& t, const Big& guess) const {
        Big v = guess;
        for (int i = 0; i < 3; ++i) {
            const Big late = integral(1, v0, v) - t;
            v -= late * (a_ == 0 ? b_ + c_ * v : q(v) / v) / cap_;
        }
        return v;
    }

private:
    /// Halves until each piece is settled by itself: f has one sign, so the sum is as exact.
    template <class F>
    static Big halved(const F& f, const Big& lo, const Big& hi, int depth) {
        using Rule = boost::math::quadrature::gauss_kronrod<Big, 31>;
        Big error;
        const Big whole = Rule::integrate(f, lo, hi, 0U, Big(0), &error);
        if (error <= Big(1e-18) * abs(whole)) {
            return whole;
        }
        if (depth == 80) {
            throw std::runtime_error("reference quadrature did not converge");
        }
        const Big middle = (lo + hi) / 2;
        return halved(f, lo, middle, depth + 1) + halved(f, middle, hi, depth + 1);
    }

    /// A zero of q (of q/v where a = 0) in the closed interval without v0.
    [[nodiscard]] bool root_within(double v0, double v1) const {
        const Big lo = v1 > v0 ? v0 : v1;
        const Big hi = v1 > v0 ? v1 : v0;
        const auto in = [&](const Big& r) { return r >= lo && r <= hi && r != v0; };
        if (c_ == 0) {
            return b_ != 0 && in(-a_ / b_);
        }
        if (a_ == 0) {
            return b_ == 0 ? in(Big(0)) : in(-b_ / c_);
        }
        const Big delta = b_ * b_ - 4 * a_ * c_;
        if (delta < 0) {
            return false;
        }
        const Big s = sqrt(delta);
        return in((-b_ + s) / (2 * c_)) || in((-b_ - s) / (2 * c_));
    }

    Big a_, b_, c_, cap_;
};

inline double relative_error(double got, const Big& want) {
    if (want == 0) {
        return std::fabs(got);
    }
    const Big error = abs((Big(got) - want) / want);
    return error.convert_to<double>();
}

}  // namespace ebb::test
