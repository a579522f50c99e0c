// SPDX-License-Identifier: Apache-2.0
#include "models/core/compiled_curve.hpp"

#include <algorithm>
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

const CompiledCurve::Cell& CompiledCurve::make(std::size_t key) {
    if (key >= slot_.size()) {
        slot_.resize(key + 1, 0);
    }
    const std::uint64_t bits = static_cast<std::uint64_t>(key + kFirst) << kShift;
    double low = 0.0;
    std::memcpy(&low, &bits, sizeof low);
    const double half = std::ldexp(1.0, std::ilogb(low) - 4);
    Cell cell;
    cell.middle = low + half;
    cell.per_half = 1.0 / half;
    std::array<double, kDegree + 1> t{};
    std::array<double, kDegree + 1> v{};
    std::array<double, kDegree + 1> i{};
    for (std::size_t k = 0; k < t.size(); ++k) {
        t[k] = std::cos(kPi * (static_cast<double>(k) + 0.5) / (kDegree + 1));
        const OperatingPoint point = exact_(cell.middle + half * t[k]);
        v[k] = point.v;
        i[k] = point.i;
    }
    cell.v = interpolate(t, v);
    cell.i = interpolate(t, i);
    // The error is largest at the ends and midway between nodes.
    for (std::size_t k = 0; k <= t.size() && !cell.exact; ++k) {
        const double at = std::cos(kPi * static_cast<double>(k) / (kDegree + 1));
        const OperatingPoint point = exact_(cell.middle + half * at);
        cell.exact = !close(value(cell.v, at), point.v) || !close(value(cell.i, at), point.i);
    }
    cells_.push_back(cell);
    slot_[key] = static_cast<std::uint32_t>(cells_.size());
    return cells_.back();
}

std::size_t CompiledCurve::exact_cells() const noexcept {
    return static_cast<std::size_t>(
        std::count_if(cells_.begin(), cells_.end(), [](const Cell& c) { return c.exact; }));
}

}  // namespace ebb
