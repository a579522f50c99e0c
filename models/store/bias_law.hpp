// SPDX-License-Identifier: Apache-2.0
/// The store law of a capacitor whose capacitance falls with its voltage (DC bias of a ceramic):
///
///   dQ/dV = C(V) = C0/(1 + (V/b)^2)                    [F]    differential capacitance
///   Q = C0 b atan(V/b),  E = C0 b^2/2 log1p((V/b)^2)   [C, J]
///   C(V) V V' = a + b' V + c V^2                       [W]
///
/// One power alone: E = E0 + P t; one current alone: Q = Q0 + I t. Else t(V) and the integrals of V
/// and V^2 by 16-point Gauss-Legendre panels, each kept clear of the poles of the integrand (roots
/// of the right side and +- i b), and V(t) by Newton on t(V). An endless b is a constant
/// capacitance. Crossing times to 1e-13 after division by conditioning.
///
/// Source: separation of variables; the form of C(V) as in common bias models of X5R ceramics.
#pragma once

#include "models/core/quadratic.hpp"
#include "models/core/store_law.hpp"
#include "models/core/terms.hpp"

#include <optional>

namespace ebb {

/// C0, b and the functions of the state that follow from them.
struct BiasCapacitance {
    double c0_f = 0.0;
    double inverse_b = 0.0;  ///< 1/b [1/V]; 0: constant capacitance

    [[nodiscard]] double at(double v) const noexcept;
    [[nodiscard]] double charge(double v) const noexcept;
    [[nodiscard]] double energy(double v) const noexcept;
    [[nodiscard]] double voltage_of_charge(double q) const noexcept;
    [[nodiscard]] double voltage_of_energy(double e) const noexcept;
    [[nodiscard]] double charge_between(double v0, double v1) const noexcept;
    [[nodiscard]] double energy_between(double v0, double v1) const noexcept;
};

class BiasLaw {
public:
    BiasLaw(const BiasCapacitance& capacitance, const Terms& q)
        : c_(capacitance), q_(q), quad_(q), plain_(q, capacitance.c0_f) {}

    /// Time from v0 to v1 >= 0, or nothing if v1 is never reached.
    [[nodiscard]] std::optional<double> time_to(double v0, double v1) const;
    /// V after t from v0, for a path that does not reach 0 V before.
    [[nodiscard]] double advance(double v0, double t) const;
    /// Integrals of V - v1 [V s] and (V - v1)^2 [V^2 s] over a path from v0 to v1. What differs
    /// from the end, and not V itself: a path that ends at an equilibrium costs no digits.
    [[nodiscard]] PathIntegrals deviations(double v0, double v1) const;

private:
    enum class What { time, off, off_square };  ///< 1, v - v1, (v - v1)^2
    [[nodiscard]] double panels(double from, double to, double v1, What what, int depth) const;
    [[nodiscard]] bool clear(double middle, double half) const noexcept;
    [[nodiscard]] double stretch(double from, double to, double v1, What what) const;

    [[nodiscard]] double inverse_square() const noexcept { return c_.inverse_b * c_.inverse_b; }

    BiasCapacitance c_;
    Terms q_;
    Quadratic quad_;
    StoreLaw plain_;  ///< the same right side: says what is reached, and from where nothing moves
};

}  // namespace ebb
