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
        const Cell* const cell = cell_of(x);
        if (cell == nullptr) {
            return exact_(x);
        }
        const Pair at = value(*cell, x);
        return {at[0], at[1]};
    }

    /// The same for many x, the bits as well.
    void points(const double* x, std::size_t count, double* v, double* i);
    /// V I of many scale x.
    void powers(const double* x, double scale, std::size_t count, double* power_w);

    /// Cells made so far, and how many of them the polynomials did not reach.
    [[nodiscard]] std::size_t cells() const noexcept { return cells_.size() + exact_cells_; }
    [[nodiscard]] std::size_t exact_cells() const noexcept { return exact_cells_; }

private:
    static constexpr int kDegree = 7;
    static constexpr double kSmallest = 0x1p-100;
    static constexpr double kLargest = 0x1p100;
    static constexpr int kShift = 52 - 3;
    static constexpr std::size_t kFirst = static_cast<std::size_t>(1023 - 100) << 3;
    using Pair = double __attribute__((vector_size(16)));  ///< V and I

    struct Cell {
        Pair middle{};
        Pair per_half{};
        std::array<Pair, kDegree + 1> c{};
    };

    static Pair value(const Cell& cell, double x) noexcept {
        const Pair t = (Pair{x, x} - cell.middle) * cell.per_half;
        const Pair t2 = t * t;
        const Pair t4 = t2 * t2;
        const auto& c = cell.c;
        return ((c[0] + c[1] * t) + (c[2] + c[3] * t) * t2) +
               ((c[4] + c[5] * t) + (c[6] + c[7] * t) * t2) * t4;
    }

    /// Null where x is left to the exact function.
    const Cell* cell_of(double x) {
        if (!(x > kSmallest && x < kLargest)) {
            return nullptr;
        }
        std::uint64_t bits = 0;
        std::memcpy(&bits, &x, sizeof bits);
        const auto key = static_cast<std::size_t>(bits >> kShift) - kFirst;
        const std::uint32_t at = key < slot_.size() ? slot_[key] : kUnknown;
        return at >= kCells ? &cells_[at - kCells] : at == kExact ? nullptr : make(key);
    }
    const Cell* make(std::size_t key);

    /// What a slot says; from kCells on the place in cells_.
    static constexpr std::uint32_t kUnknown = 0;
    static constexpr std::uint32_t kExact = 1;
    static constexpr std::uint32_t kCells = 2;

    Exact exact_;
    std::vector<std::uint32_t> slot_;
    std::vector<Cell> cells_;
    std::size_t exact_cells_ = 0;
};

}  // namespace ebb
