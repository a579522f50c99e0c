// SPDX-License-Identifier: Apache-2.0
/// A smooth function x > 0 -> (V, I), compiled to polynomials for long traces.
///
/// Every power of two of x is cut into eight equal cells; within a cell V and I are polynomials of
/// degree 7 through exact points at Chebyshev's nodes, made when x first falls into the cell. A
/// cell counts only if between its nodes both are within 1e-11 of the exact function (relative);
/// else it is asked each time. A logarithm of x converges like 34^-8 in such a cell.
#pragma once

#include "models/core/single_diode.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

namespace ebb {

class CompiledCurve {
public:
    using Exact = std::function<OperatingPoint(double)>;
    static constexpr double kTolerance = 1e-11;

    explicit CompiledCurve(Exact exact) : exact_(std::move(exact)) {}

    [[nodiscard]] OperatingPoint operator()(double x) {
        if (!(x > kSmallest && x < kLargest)) {
            return exact_(x);
        }
        std::uint64_t bits = 0;
        std::memcpy(&bits, &x, sizeof bits);
        const auto key = static_cast<std::size_t>(bits >> kShift) - kFirst;
        const std::uint32_t at = key < slot_.size() ? slot_[key] : 0;
        const Cell& cell = at != 0 ? cells_[at - 1] : make(key);
        if (cell.exact) {
            return exact_(x);
        }
        const double t = (x - cell.middle) * cell.per_half;
        return {value(cell.v, t), value(cell.i, t)};
    }

    /// Cells made so far, and how many of them the polynomials did not reach.
    [[nodiscard]] std::size_t cells() const noexcept { return cells_.size(); }
    [[nodiscard]] std::size_t exact_cells() const noexcept;

private:
    static constexpr int kDegree = 7;
    static constexpr double kSmallest = 0x1p-100;
    static constexpr double kLargest = 0x1p100;
    static constexpr int kShift = 52 - 3;
    static constexpr std::size_t kFirst = static_cast<std::size_t>(1023 - 100) << 3;
    using Coefficients = std::array<double, kDegree + 1>;

    struct Cell {
        double middle = 0.0;
        double per_half = 0.0;
        Coefficients v{};
        Coefficients i{};
        bool exact = false;
    };

    static double value(const Coefficients& c, double t) noexcept {
        const double t2 = t * t;
        const double t4 = t2 * t2;
        return ((c[0] + c[1] * t) + (c[2] + c[3] * t) * t2) +
               ((c[4] + c[5] * t) + (c[6] + c[7] * t) * t2) * t4;
    }

    const Cell& make(std::size_t key);

    Exact exact_;
    std::vector<std::uint32_t> slot_;  ///< index + 1 into cells_, 0 where none was made
    std::vector<Cell> cells_;
};

}  // namespace ebb
