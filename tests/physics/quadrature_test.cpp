// SPDX-License-Identifier: Apache-2.0
// The tables and the rule of choice behind every panel.
#include "models/core/quadrature.hpp"

#include <boost/math/special_functions/legendre.hpp>
#include <catch2/catch.hpp>
#include <cmath>

using namespace ebb::quadrature;

namespace {

template <std::size_t Half>
void check_rule(const Rule<Half>& rule) {
    const auto n = static_cast<int>(2 * Half);
    const auto zeros = boost::math::legendre_p_zeros<long double>(n);
    REQUIRE(zeros.size() == Half);
    for (std::size_t i = 0; i < Half; ++i) {
        const long double x = zeros[i];
        const long double slope = boost::math::legendre_p_prime(n, x);
        CHECK(std::fabs(static_cast<double>(x) - rule.node[i]) <= 2e-16);
        CHECK(rule.weight[i] ==
              Approx(static_cast<double>(2 / ((1 - x * x) * slope * slope))).epsilon(1e-15));
    }
}

/// Integral of (p0 + p1 u)/(u - root) over [-1, 1].
double exact(double p0, double p1, double root) {
    const double log = std::log1p(-2.0 / (1.0 + root));  // log((root - 1)/(root + 1))
    return 2.0 * p1 + (p0 + p1 * root) * log;
}

}  // namespace

TEST_CASE("nodes and weights are those of the Legendre polynomials") {
    check_rule(kGauss4);
    check_rule(kGauss8);
    check_rule(kGauss16);
}

TEST_CASE("each rule is exact to rounding at the nearest pole it is used for") {
    for (const double root : {kNearest, 3.0, kFar, 20.0, kVeryFar, 5e3}) {
        CAPTURE(root);
        const double p0 = 1.0;
        const double p1 = 0.3;
        const double got = integrate({-root, 1.0, 0.0}, p0, p1);
        // The closed form subtracts 1/root from 1/root: its own rounding grows with the root.
        CHECK(got == Approx(exact(p0, p1, root)).epsilon(2e-15 * root).margin(0));
    }
}

TEST_CASE("a pole inside its distance is seen, real or complex") {
    const Denominator real{-2.0, 1.0, 0.0};    // root 2
    const Denominator complex{4.0, 0.0, 1.0};  // roots +-2i
    const Denominator far{-100.0, 1.0, 0.0};
    CHECK(real.exactly_clear_of(1.99));
    CHECK_FALSE(real.exactly_clear_of(2.01));
    CHECK(complex.exactly_clear_of(1.99));
    CHECK_FALSE(complex.exactly_clear_of(2.01));
    CHECK(far.clear_of(kFar));
    for (const Denominator& d : {real, complex, far}) {
        for (double rho = 0.5; rho < 120.0; rho *= 1.3) {
            CHECK(
                (!d.clear_of(rho) || d.exactly_clear_of(rho)));  // the cheap test errs to one side
        }
    }
}
