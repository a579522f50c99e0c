// SPDX-License-Identifier: Apache-2.0
/// A supply that pushes a current into the store node by a curve of the node's voltage.
///
///   I(V)           [A]   into the node, continuous and smooth, not rising with V
///   offered(V)     [W]   what leaves the source for it; the rest of V I is lost on the way
///
/// No closed form holds for such a supply: the store is integrated under error control. Near the
/// voltage at which a steep curve just feeds what is drawn that takes tiny steps, so that a store
/// whose flows are even (kRests) stands still until something changes: what the source gives is
/// then what is drawn.
#pragma once

#include "models/core/load.hpp"

#include <cmath>

namespace ebb {

/// Share of the currents at a node below which what is left over no longer moves a store.
inline constexpr double kRests = 1e-14;

struct CurvePoint {
    double current_a = 0.0;
    double slope_s = 0.0;  ///< dI/dV <= 0
    double offered_w = 0.0;
};

/// The curve of one stretch of constant light; V >= 0.
class SupplyCurve {
public:
    virtual ~SupplyCurve() = default;
    [[nodiscard]] virtual CurvePoint at(double v) const noexcept = 0;
};

/// What a supply gives beside its quadratic terms: a power through a drop, a curve, or neither.
struct SupplyExtra {
    RationalTerm rational;
    const SupplyCurve* curve = nullptr;  ///< of the cell that is kept beside it

    [[nodiscard]] bool none() const noexcept { return rational.power_w == 0.0 && curve == nullptr; }
    [[nodiscard]] double current(double y) const noexcept {
        double i = curve != nullptr ? curve->at(y).current_a : 0.0;
        i += rational.power_w != 0.0 ? rational.power_w / (y + rational.shift_v) : 0.0;
        return i;
    }
    [[nodiscard]] double slope(double y) const noexcept {
        const double below = y + rational.shift_v;
        double s = curve != nullptr ? curve->at(y).slope_s : 0.0;
        s -= rational.power_w != 0.0 ? rational.power_w / (below * below) : 0.0;
        return s;
    }
    [[nodiscard]] double power(double y) const noexcept {
        return rational.power_at(y) + (curve != nullptr ? y * curve->at(y).current_a : 0.0);
    }
    /// No current of the curve is larger at any V >= 0.
    [[nodiscard]] double most_a() const noexcept {
        return curve != nullptr ? std::fmax(curve->at(0.0).current_a, 0.0) : 0.0;
    }
};

}  // namespace ebb
