// SPDX-License-Identifier: Apache-2.0
#include "models/core/precise_time.hpp"

#include <boost/math/quadrature/gauss.hpp>
#include <cmath>

#include "models/core/quadratic.hpp"

namespace ebb {

long double precise_time(const Terms& q, double capacitance_f, double v0, double v1, double t) {
    // With poles 2.2 half-widths away, 30 points err by 4.2^-60.
    using Rule = boost::math::quadrature::gauss<long double, 30>;
    constexpr long double kSame = 1e-9L;  // beyond: the panels do not resolve what t means
    const long double a = q.a_w;
    const long double b = q.b_a;
    const long double c = q.c_s;
    // b = 0 or a = 0 leave a regular integrand at V = 0; the factor is taken out.
    const auto integrand = [&](long double v) {
        return a == 0.0L ? 1.0L / (b + c * v) : v / (a + v * (b + c * v));
    };
    const Quadratic quad(q);
    // A panel's border may lie anywhere near where halving puts it, as long as the next panel
    // begins there and the last one ends at v1.
    long double sum = 0.0L;
    long double left = v0;
    long double right = v0;
    const auto add = [&](long double end) {
        sum += Rule::integrate(integrand, left, end);
        left = end;
    };
    const bool done = for_panels(
        v0, v1, [&](double m, double h) { return quad.around(m, h); },
        [&](double m, double h, const quadrature::Denominator&) {
            if (right != static_cast<long double>(v0)) {
                add(right);
            }
            right = m + h;
        });
    add(v1);
    const long double precise = static_cast<long double>(capacitance_f) * sum;
    if (!done || !(std::fabs(precise - static_cast<long double>(t)) <=
                   kSame * static_cast<long double>(t))) {
        return t;
    }
    return precise;
}

}  // namespace ebb
