// SPDX-License-Identifier: Apache-2.0
/// The store law under a supply that runs straight in time, where it still has a closed form:
///
///   power    E' = p0 + p1 t - lambda E   (E = C V^2/2, lambda = -2c/C)   all b = 0
///   current  V' = (b0 + b1 t + c V)/C                                    all a = 0
///
/// Both are s' = g0 + g1 t + k s. s turns at most once, at t_m; each side of it is monotone, so a
/// threshold is crossed at most twice and each crossing is bracketed. Errors as in store_law.hpp.
/// Source: variation of constants; phi functions keep small k t exact.
#pragma once

#include "models/core/store_law.hpp"

#include <optional>

namespace ebb {

class LinearLaw {
public:
    /// Terms at the start, and their slope per second. Throws Defect unless b = 0 throughout or
    /// a = 0 throughout, with a constant c.
    LinearLaw(Terms q0, Terms slope_per_s, double capacitance_f);

    /// V after t seconds from v0; 0 if the path is at or below 0 V then.
    [[nodiscard]] double advance(double v0, double t) const;

    /// First time in (0, horizon] at which the path from v0 meets v1; nothing if it does not. A
    /// path that starts at v1 gives the time of its return, if it has one.
    [[nodiscard]] std::optional<double> time_to(double v0, double v1, double horizon_s) const;

    /// Integrals of V and V^2 over [0, t].
    [[nodiscard]] PathIntegrals integrals(double v0, double t) const;

    /// Time at which the path from v0 turns, if it does.
    [[nodiscard]] std::optional<double> turning(double v0) const;

private:
    [[nodiscard]] double state_of(double v) const noexcept { return energy_ ? v * v : v; }
    [[nodiscard]] double rate_at(double s0, double t) const noexcept;
    [[nodiscard]] double moved(double s0, double t) const noexcept;  ///< s(t) - s0
    [[nodiscard]] std::optional<double> first_in(double s0, double rise, double lo,
                                                 double hi) const;

    bool energy_;  ///< the state is V^2, else V
    double g0_, g1_, k_;
};

}  // namespace ebb
