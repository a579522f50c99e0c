// SPDX-License-Identifier: Apache-2.0
/// What one element does at the store node, as three numbers:
///
///   power into the node  p(V) = a + b V + c V^2     a [W], b [A], c [S]
///
/// A source has positive terms, a load negative ones; terms of parallel elements add.
#pragma once

namespace ebb {

struct Terms {
    double a_w = 0.0;
    double b_a = 0.0;
    double c_s = 0.0;

    [[nodiscard]] constexpr double power_at(double v) const noexcept {
        return a_w + v * (b_a + v * c_s);
    }
    [[nodiscard]] constexpr bool zero() const noexcept {
        return a_w == 0.0 && b_a == 0.0 && c_s == 0.0;
    }

    friend constexpr Terms operator+(Terms x, Terms y) noexcept {
        return {x.a_w + y.a_w, x.b_a + y.b_a, x.c_s + y.c_s};
    }
    friend constexpr Terms operator-(Terms x) noexcept { return {-x.a_w, -x.b_a, -x.c_s}; }
    friend constexpr Terms operator*(double k, Terms x) noexcept {
        return {k * x.a_w, k * x.b_a, k * x.c_s};
    }
};

}  // namespace ebb
