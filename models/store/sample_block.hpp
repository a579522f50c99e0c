// SPDX-License-Identifier: Apache-2.0
/// Sixteen equal samples of a power supply at once, where constant currents flow as well:
///
///   y' = p + beta V - lambda y,    y = V^2,  p = 2 a/C,  beta = 2 b/C,  lambda = -2 c/C
///
/// Without the current the law is affine in y and many samples take one dependent step. The
/// current's share of a sample is small, so its V may come from the sample's ends: over a sample in
/// which y runs straight the mean of V is m + d^2/(3 m), m and d half the sum and half the
/// difference of V at the ends; the bend of y adds (lambda - beta/(2 m)) h d/6. The ends are first
/// taken with V by its tangent in y, then corrected (Newton's method, with the slope at the block's
/// beginning) until what is left is below rounding.
///
/// Accepted by the size of the last correction and of what the mean leaves out (q = h |beta| V/y,
/// W = relative change of y over a sample): per block V to 1e-14, the integrals to 1e-11. Refused
/// otherwise; the caller then takes the power series.
#pragma once

#include <array>
#include <cstddef>

#include "models/core/store_law.hpp"

namespace ebb {

class SampleBlock {
public:
    static constexpr std::size_t kSamples = 16;
    using Ends = std::array<double, kSamples>;

    /// Elements beside the supply's power (a = all other constant powers) and a sample's length.
    SampleBlock(const Terms& others, double capacitance_f, double h_s) noexcept;

    struct State {
        double y = 0.0;  ///< V^2
        double v = 0.0;
    };
    struct Sums {  ///< over samples
        double y = 0.0, x = 0.0, mean_v = 0.0, rise_v = 0.0;
    };

    /// Walks samples with supply powers x[0..15] as long as V stays between low_v and high_v at
    /// their ends. False, and nothing changed, if the block is refused. `ends`, if not null, gets V
    /// at the samples' ends.
    [[nodiscard]] bool step(const double* x, double low_v, double high_v, State& state, Sums& sums,
                            Ends* ends) const noexcept;

    /// Integrals of V and V^2 over `samples` samples that `sums` has gathered.
    [[nodiscard]] PathIntegrals integrals(const Sums& sums, double samples) const noexcept;

private:
    double k_, others_w_, h_, beta_, lambda_, b1_, b2_;
    double d1_;  ///< decay over a sample
};

}  // namespace ebb
