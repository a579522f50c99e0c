// SPDX-License-Identifier: Apache-2.0
/// q(V) = a + b V + c V^2 with care for its roots, and panels that keep away from them.
///
/// The discriminant is exact to the last digit and its sign is right (Kahan's difference of
/// products with fused multiply-add); near a double root q is evaluated from its vertex, c (V -
/// Vm)^2 + q(Vm), so that no digits cancel there. Panels are halved until the nearest pole of 1/q,
/// real or complex, is farther than 2.2 half-widths from each one's middle (quadrature.hpp).
#pragma once

#include "models/core/quadrature.hpp"
#include "models/core/terms.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace ebb {

inline constexpr std::size_t kMostHalvings = 40;  ///< an end at 1e-12 of the path from a root

/// q with its discriminant to the last digit, and evaluated so that a double root costs no digits.
class Quadratic {
public:
    explicit Quadratic(const Terms& q) : q_(q) {
        const double square = q.b_a * q.b_a;
        const double fourac = 4.0 * q.a_w * q.c_s;
        delta_ = square - fourac;
        if (std::fabs(delta_) <= 0.5 * square) {
            // Kahan's difference of products: error <= 2 ulp of the discriminant, its sign exact.
            delta_ = std::fma(q.b_a, q.b_a, -fourac) - std::fma(4.0 * q.a_w, q.c_s, -fourac);
        }
        near_double_ = q.c_s != 0.0 && std::fabs(delta_) <= 0.1 * square;
        if (near_double_) {
            vertex_v_ = -q.b_a / (2.0 * q.c_s);
            vertex_q_ = -delta_ / (4.0 * q.c_s);
        }
    }

    [[nodiscard]] double at(double v) const noexcept {
        if (near_double_) {
            const double d = v - vertex_v_;
            return q_.c_s * d * d + vertex_q_;
        }
        return q_.power_at(v);
    }
    [[nodiscard]] double slope(double v) const noexcept {
        return near_double_ ? 2.0 * q_.c_s * (v - vertex_v_) : q_.b_a + 2.0 * q_.c_s * v;
    }
    [[nodiscard]] quadrature::Denominator around(double m, double h) const noexcept {
        return {at(m), h * slope(m), h * h * q_.c_s};
    }
    [[nodiscard]] double delta() const noexcept { return delta_; }
    [[nodiscard]] double vertex_q() const noexcept { return vertex_q_; }
    [[nodiscard]] double vertex_v() const noexcept { return vertex_v_; }
    [[nodiscard]] bool near_double() const noexcept { return near_double_; }
    [[nodiscard]] bool well_separated() const noexcept {
        return delta_ == 0.0 || std::fabs(delta_) > 1e-4 * q_.b_a * q_.b_a;
    }

    /// Real roots; infinite where there is none (c = 0, or b = c = 0).
    struct Roots {
        double first = std::numeric_limits<double>::infinity();
        double second = std::numeric_limits<double>::infinity();
    };
    [[nodiscard]] Roots roots() const noexcept {
        Roots r;
        if (delta_ < 0.0) {
            return r;
        }
        const double h = -0.5 * (q_.b_a + std::copysign(std::sqrt(delta_), q_.b_a));
        if (q_.c_s != 0.0) {
            r.first = h / q_.c_s;
        }
        if (h != 0.0) {
            r.second = q_.a_w / h;
        }
        return r;
    }

private:
    Terms q_;
    double delta_ = 0.0;
    double vertex_v_ = 0.0;
    double vertex_q_ = 0.0;
    bool near_double_ = false;
};

/// Calls `use(m, h, denominator)` for panels that cover [v0, v1], each clear of the poles. False if
/// more than kMostHalvings would be needed somewhere.
template <class Around, class Use>
bool for_panels(double v0, double v1, const Around& around, const Use& use) {
    std::array<double, kMostHalvings + 1> ends{};  // pending right ends
    std::size_t depth = 0;
    double left = v0;
    ends[0] = v1;
    for (;;) {
        const double right = ends[depth];
        const double m = 0.5 * (left + right);
        const double h = 0.5 * (right - left);
        const quadrature::Denominator d = around(m, h);
        if (d.clear_of(quadrature::kNearest) || d.exactly_clear_of(quadrature::kNearest)) {
            use(m, h, d);
            if (depth == 0) {
                return true;
            }
            left = right;
            --depth;
        } else {
            if (depth == kMostHalvings) {
                return false;
            }
            ends[++depth] = m;
        }
    }
}

}  // namespace ebb
