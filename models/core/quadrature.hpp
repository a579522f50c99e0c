// SPDX-License-Identifier: Apache-2.0
/// Gauss-Legendre rules of even order for integrands N(u)/D(u) with a quadratic D, u in [-1, 1].
///
/// With the nearest zero of D at distance rho (in half-widths of the panel) from its middle, a rule
/// of n points errs by about (rho + sqrt(rho^2 - 1))^(-2n): 16 points are exact to double precision
/// for rho >= 2.2, 8 points for rho >= 8. Of 4 points (exact to degree 7, 0.012 of the coefficient
/// of u^8) a linear N leaves rho^-7, a cubic N rho^-5: enough for rho >= 100 and 700. Nodes come in
/// pairs +-u, which share one division: D(u) D(-u) = (e + o)(e - o) with e, o the even and odd
/// parts of D.
///
/// Source of nodes and weights: zeros of Legendre polynomials, computed in 40 digits; checked
/// against Boost.Math in tests/physics/quadrature_test.cpp.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace ebb::quadrature {

/// The positive half of a rule; the other half mirrors it.
template <std::size_t Half>
struct Rule {
    std::array<double, Half> node;
    std::array<double, Half> weight;
};

inline constexpr Rule<2> kGauss4{{0.3399810435848562648, 0.86113631159405257522},
                                 {0.65214515486254614263, 0.34785484513745385737}};
inline constexpr Rule<4> kGauss8{{0.18343464249564980494, 0.52553240991632898582,
                                  0.79666647741362673959, 0.96028985649753623168},
                                 {0.36268378337836198297, 0.31370664587788728734,
                                  0.22238103445337447054, 0.10122853629037625915}};
inline constexpr Rule<8> kGauss16{
    {0.095012509837637440185, 0.28160355077925891323, 0.45801677765722738634,
     0.61787624440264374845, 0.7554044083550030339, 0.86563120238783174388, 0.94457502307323257608,
     0.9894009349916499326},
    {0.18945061045506849629, 0.18260341504492358887, 0.16915651939500253819, 0.14959598881657673208,
     0.12462897125553387205, 0.09515851168249278481, 0.062253523938647892863,
     0.027152459411754094852}};

inline constexpr double kNearest = 2.2;         ///< least distance of a pole, in half-widths
inline constexpr double kFar = 8.0;             ///< beyond: 8 points
inline constexpr double kVeryFar = 100.0;       ///< beyond: 4 points for a linear N
inline constexpr double kVeryFarCubic = 700.0;  ///< beyond: 4 points for a cubic N

/// p0 + p1 u + p2 u^2 + p3 u^3.
struct Cubic {
    double p0 = 0.0, p1 = 0.0, p2 = 0.0, p3 = 0.0;
};

/// D(u) = a + b u + c u^2 on a panel.
struct Denominator {
    double a = 0.0, b = 0.0, c = 0.0;

    /// No zero with |u| <= rho, real or complex (sufficient, without a square root).
    [[nodiscard]] bool clear_of(double rho) const noexcept {
        return std::fabs(a) > rho * (std::fabs(b) + rho * std::fabs(c));
    }
    /// The same, exactly.
    [[nodiscard]] bool exactly_clear_of(double rho) const noexcept {
        const double d = b * b - 4.0 * a * c;
        if (d < 0.0) {
            return std::fabs(a) > rho * rho * std::fabs(c);
        }
        return 2.0 * std::fabs(a) > rho * (std::fabs(b) + std::sqrt(d));
    }
};

struct Two {
    double first = 0.0, second = 0.0;
};

namespace detail {

template <std::size_t Half>
inline double one(const Rule<Half>& rule, const Denominator& d, double p0, double p1) noexcept {
    double sum = 0.0;
    for (std::size_t i = 0; i < Half; ++i) {
        const double u = rule.node[i];
        const double e = d.a + d.c * (u * u);
        const double o = d.b * u;
        sum += rule.weight[i] * (p0 * e - (p1 * u) * o) / ((e - o) * (e + o));
    }
    return 2.0 * sum;
}

/// Two nodes side by side: SSE2 is in every x86-64, and each lane rounds as a plain double does.
using Lanes = double __attribute__((vector_size(16)));

template <std::size_t Half>
inline Two two(const Rule<Half>& rule, const Denominator& d, const Cubic& f,
               const Cubic& g) noexcept {
    static_assert(Half % 2 == 0, "nodes are taken in twos");
    Lanes first{};
    Lanes second{};
    for (std::size_t i = 0; i < Half; i += 2) {
        const Lanes u{rule.node[i], rule.node[i + 1]};
        const Lanes weight{rule.weight[i], rule.weight[i + 1]};
        const Lanes s = u * u;
        const Lanes e = d.a + d.c * s;
        const Lanes o = d.b * u;
        const Lanes w = weight / ((e - o) * (e + o));
        first += w * ((f.p0 + f.p2 * s) * e - u * (f.p1 + f.p3 * s) * o);
        second += w * ((g.p0 + g.p2 * s) * e - u * (g.p1 + g.p3 * s) * o);
    }
    return {2.0 * (first[0] + first[1]), 2.0 * (second[0] + second[1])};
}

}  // namespace detail

/// Integral over u of (p0 + p1 u)/D(u); D must be clear of kNearest.
inline double integrate(const Denominator& d, double p0, double p1) noexcept {
    if (d.clear_of(kFar)) {
        return d.clear_of(kVeryFar) ? detail::one(kGauss4, d, p0, p1)
                                    : detail::one(kGauss8, d, p0, p1);
    }
    return detail::one(kGauss16, d, p0, p1);
}

/// Integrals over u of f/D and g/D from one pass over the nodes; D must be clear of kNearest.
inline Two integrate(const Denominator& d, const Cubic& f, const Cubic& g) noexcept {
    if (d.clear_of(kFar)) {
        return d.clear_of(kVeryFarCubic) ? detail::two(kGauss4, d, f, g)
                                         : detail::two(kGauss8, d, f, g);
    }
    return detail::two(kGauss16, d, f, g);
}

}  // namespace ebb::quadrature
