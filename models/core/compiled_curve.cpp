// SPDX-License-Identifier: Apache-2.0
#include "models/core/compiled_curve.hpp"

#include <cmath>

namespace ebb {

namespace {

constexpr double kPi = 3.14159265358979323846;

/// Through (t[k], y[k]) by divided differences, then in powers of t.
template <std::size_t N>
std::array<double, N> interpolate(const std::array<double, N>& t, std::array<double, N> y) {
    for (std::size_t order = 1; order < N; ++order) {
        for (std::size_t k = N - 1; k >= order; --k) {
            y[k] = (y[k] - y[k - 1]) / (t[k] - t[k - order]);
        }
    }
    std::array<double, N> c{};
    c[0] = y[N - 1];
    for (std::size_t k = N - 1; k-- > 0;) {
        for (std::size_t j = N - 1; j > 0; --j) {
            c[j] = c[j - 1] - t[k] * c[j];
        }
        c[0] = y[k] - t[k] * c[0];
    }
    return c;
}

bool close(double is, double wanted) {
    return std::fabs(is - wanted) <= CompiledCurve::kTolerance * std::fabs(wanted);
}

}  // namespace

const CompiledCurve::Cell* CompiledCurve::make(std::size_t key) {
    if (key >= slot_.size()) {
        slot_.resize(key + 1, kUnknown);
    }
    const std::uint64_t bits = static_cast<std::uint64_t>(key + kFirst) << kShift;
    double low = 0.0;
    std::memcpy(&low, &bits, sizeof low);
    const double half = std::ldexp(1.0, std::ilogb(low) - 4);
    const double middle = low + half;
    std::array<double, kDegree + 1> t{};
    std::array<double, kDegree + 1> v{};
    std::array<double, kDegree + 1> i{};
    for (std::size_t k = 0; k < t.size(); ++k) {
        t[k] = std::cos(kPi * (static_cast<double>(k) + 0.5) / (kDegree + 1));
        const OperatingPoint point = exact_(middle + half * t[k]);
        v[k] = point.v;
        i[k] = point.i;
    }
    v = interpolate(t, v);
    i = interpolate(t, i);
    Cell cell;
    cell.middle = Pair{middle, middle};
    cell.per_half = Pair{1.0 / half, 1.0 / half};
    for (std::size_t k = 0; k < t.size(); ++k) {
        cell.c[k] = Pair{v[k], i[k]};
    }
    // The error is largest at the ends and midway between nodes.
    for (std::size_t k = 0; k <= t.size(); ++k) {
        const double x = middle + half * std::cos(kPi * static_cast<double>(k) / (kDegree + 1));
        const OperatingPoint point = exact_(x);
        const Pair is = value(cell, x);
        if (!close(is[0], point.v) || !close(is[1], point.i)) {
            ++exact_cells_;
            slot_[key] = kExact;
            return nullptr;
        }
    }
    cells_.push_back(cell);
    slot_[key] = static_cast<std::uint32_t>(cells_.size() - 1) + kCells;
    return &cells_.back();
}

void CompiledCurve::points(const double* x, std::size_t count, double* v, double* i) {
    for (std::size_t k = 0; k < count; ++k) {
        if (const Cell* const cell = cell_of(x[k])) {
            const Pair at = value(*cell, x[k]);
            v[k] = at[0];
            i[k] = at[1];
        } else if (k > 0 && x[k] == x[k - 1]) {  // a night
            v[k] = v[k - 1];
            i[k] = i[k - 1];
        } else {
            const OperatingPoint point = exact_(x[k]);
            v[k] = point.v;
            i[k] = point.i;
        }
    }
}

void CompiledCurve::powers(const double* x, double scale, std::size_t count, double* power_w) {
    for (std::size_t k = 0; k < count; ++k) {
        const double light = scale * x[k];
        if (const Cell* const cell = cell_of(light)) {
            const Pair at = value(*cell, light);
            power_w[k] = at[0] * at[1];
        } else if (k > 0 && x[k] == x[k - 1]) {  // a night
            power_w[k] = power_w[k - 1];
        } else {
            const OperatingPoint point = exact_(light);
            power_w[k] = point.v * point.i;
        }
    }
}

}  // namespace ebb
