// SPDX-License-Identifier: Apache-2.0
#include "models/store/node_law.hpp"

#include <algorithm>
#include <cmath>

namespace ebb {

namespace {

constexpr int kMostIterations = 200;
constexpr double kRounding = 1e-15;

/// Largest root of the quadratic d y^2 - u y - r a = 0.
double of_quadratic(double u, double d, double ra, bool& collapsed) noexcept {
    const double disc = u * u + 4.0 * d * ra;
    if (disc < 0.0 || (u <= 0.0 && ra < 0.0)) {
        collapsed = true;
        return std::sqrt(-ra / d);
    }
    const double s = std::sqrt(disc);
    return u >= 0.0 ? (u + s) / (2.0 * d) : 2.0 * ra / (s - u);
}

}  // namespace

double NodeElements::current(double y) const noexcept {
    double i = net.b_a + net.c_s * y;
    i += net.a_w != 0.0 ? net.a_w / y : 0.0;
    i += in.current(y);
    i += out.power_w != 0.0 ? out.power_w / (y + out.shift_v) : 0.0;
    return i;
}

double NodeElements::gross_current(double y) const noexcept {
    const auto of = [y](const RationalTerm& r) {
        return r.power_w != 0.0 ? std::fabs(r.power_w / (y + r.shift_v)) : 0.0;
    };
    return (gross.a_w != 0.0 ? gross.a_w / y : 0.0) + gross.b_a + gross.c_s * y +
           std::fabs(in.current(y)) + of(out);
}

double NodeElements::slope(double y) const noexcept {
    const auto of = [y](double p, double shift) {
        return p != 0.0 ? -p / ((y + shift) * (y + shift)) : 0.0;
    };
    return net.c_s + of(net.a_w, 0.0) + in.slope(y) + of(out.power_w, out.shift_v);
}

double terminal_behind(double u, double r, const NodeElements& node, bool& collapsed) noexcept {
    collapsed = false;
    const double d = 1.0 - r * node.net.c_s;
    const double pushed = u + r * node.net.b_a;
    if (!node.rational()) {
        return node.net.a_w == 0.0 ? pushed / d
                                   : of_quadratic(pushed, d, r * node.net.a_w, collapsed);
    }
    const bool drained = node.out.power_w != 0.0 || node.net.a_w < 0.0;
    if (!drained && node.net.a_w == 0.0) {
        const double at_zero = pushed + r * node.in.current(0.0);
        if (at_zero <= 0.0) {
            return at_zero;
        }
    }
    // No root lies above: p/(y + shift) <= p/y for what is supplied.
    const double given = std::max(node.net.a_w, 0.0) + std::max(node.in.rational.power_w, 0.0);
    const double driven = pushed + r * node.in.most_a();
    const double s = std::sqrt(std::max(driven * driven + 4.0 * d * r * given, 0.0));
    double above = std::max((driven + s) / (2.0 * d), std::sqrt(r * given / d));
    double below = node.out.power_w != 0.0 ? std::max(-node.out.shift_v, 0.0) : 0.0;
    double y = above;
    // y - u - r I(y) is convex where only loads are rational: Newton from above comes down to the
    // largest root. Brackets keep it there where a supply bends it the other way.
    for (int i = 0; i < kMostIterations && y > below; ++i) {
        const double off = y - u - r * node.current(y);
        const double slope = 1.0 - r * node.slope(y);
        if (std::fabs(off) <= kRounding * y) {
            return y;
        }
        (off > 0.0 ? above : below) = y;
        const double next = slope > 0.0 ? y - off / slope : below;
        if (std::fabs(next - y) <= kRounding * y) {
            return next;
        }
        y = next > below && next < above ? next : 0.5 * (below + above);
        if (above - below <= kRounding * above) {
            collapsed = drained && (off > 1e-9 * y || slope <= 0.0);
            return y;
        }
    }
    collapsed = drained;
    return y;
}

}  // namespace ebb
