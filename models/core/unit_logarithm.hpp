// SPDX-License-Identifier: Apache-2.0
/// The iterative logarithm of a unit's map F, behind leap_units (unit_leap.hpp).
///
///   G(V) = sum_m (-1)^m Delta^m D/(m+1),  D_i = F^(i+1)(V) - F^i(V)    field whose time-one map is
///   F k    = int dV/G                                                    units from V0 to Vn sum
///   of e over those units = int e_hat/G dV,  e_hat = sum_m (-1)^m Delta^m e/(m+1)
///
/// Towards a fixed point V* the pole is taken out first, with gamma = G'(V*):
///   k = log(x/x0)/gamma + int (1/G - 1/(gamma (V - V*))) dV,  x = V - V*
///   sum of e = n e(V*) + int (e_hat - e(V*))/G dV
/// so that the cost stays the same for a store that has all but settled.
///
/// Differences to order 8; false where that is not enough for 1e-13 (long units, V near 0).
#pragma once

#include "models/core/store_law.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ebb::unit_math {

/// A unit's phases as laws, and the law averaged over its duration.
struct Unit {
    std::vector<StoreLaw> laws;
    std::vector<double> durations_s;
    double duration_s = 0.0;
    StoreLaw average{{}, 1.0};

    /// Increment and integrals of phase j from v; -v where the path reaches 0 V.
    void step(std::size_t j, double v, SeriesStep& out) const;
};

class Logarithm {
public:
    explicit Logarithm(const Unit& unit);

    /// Voltage after n units from v0, and the sums of the phases' integrals over them.
    [[nodiscard]] bool leap(double v0, std::int64_t n, double& v, std::vector<PathIntegrals>& sums);

    /// Only the sums, where the voltage after n units is known.
    [[nodiscard]] bool sum_to(double v0, double v, std::int64_t n,
                              std::vector<PathIntegrals>& sums);

private:
    static constexpr std::size_t kMost = 8;

    struct FixedPoint {
        double v = 0.0;
        double gamma = 0.0;
        double average_root = 0.0;
        std::vector<double> values;  ///< e(V*) per sequence
    };

    [[nodiscard]] bool field(double v);  ///< fills field_: G, then e_hat per phase and integral
    [[nodiscard]] bool panel(double lo, double hi, std::size_t half, const double* node,
                             const double* weight);
    [[nodiscard]] bool integrate(double v0, double v1);
    [[nodiscard]] bool refine(double v0, double v1, double n, double& v);
    [[nodiscard]] bool settle(double v0, double guess, double n, double& v);
    [[nodiscard]] bool find_fixed_point(double v0, double guess);
    [[nodiscard]] bool clear(double m, double h) const;
    void clear_sums();
    void hand_over(double n, std::vector<PathIntegrals>& sums) const;

    const Unit& unit_;
    std::size_t width_;          ///< sequences: increment, then v_dt and v2_dt of each phase
    std::vector<double> orbit_;  ///< kMost rows of width_
    std::vector<double> field_;
    std::vector<double> sums_;  ///< units, then integrals
    bool rises_ = false;        ///< direction of the whole path
    bool settled_ = false;      ///< a fixed point's pole is taken out
    FixedPoint fixed_;
};

}  // namespace ebb::unit_math
