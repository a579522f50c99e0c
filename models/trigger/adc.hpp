// SPDX-License-Identifier: Apache-2.0
/// A converter by which a device reads its store's voltage, as a trigger polls it.
///
///   code = floor(V / (divider reference) 2^bits), at most 2^bits - 1
///
/// A conversion lasts `time`, in which the MCU draws its active load and the converter (with its
/// reference and divider) `energy` beside it; the code is that of the voltage at its end. Left out:
/// offset, noise, non-linearity.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ebb {

struct AdcParams {
    std::int64_t bits = 10;
    double reference_v = 2.5;
    double divider = 3;
    double time_s = 0.0;
    double energy_j = 0.0;

    /// Volts at the store from one code to the next.
    [[nodiscard]] double step_v() const noexcept {
        return std::ldexp(divider * reference_v, -static_cast<int>(bits));
    }
    [[nodiscard]] std::int64_t code(double v) const noexcept {
        const double most = std::ldexp(1.0, static_cast<int>(bits)) - 1.0;
        return static_cast<std::int64_t>(std::clamp(std::floor(v / step_v()), 0.0, most));
    }
    /// The lowest code that promises at least `v`.
    [[nodiscard]] std::int64_t code_from(double v) const noexcept {
        return static_cast<std::int64_t>(std::ceil(v / step_v() * (1.0 - 1e-15)));
    }
};

}  // namespace ebb
