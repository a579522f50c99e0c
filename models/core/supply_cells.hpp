// SPDX-License-Identifier: Apache-2.0
/// A supply whose terms depend on the terminal voltage: an efficiency table, a measured curve.
///
/// The range of V is cut into cells; in each one the supply is three numbers, so that the store law
/// keeps its closed forms. Borders of cells end a segment of the walk, as a diode's edge does.
///
///   p(V) = a + b V + c V^2 (+ V I(V))                  into the store node       [W]
///   offered(V) = a' + b' V + c' V^2 (+ the curve's)    out of the source         [W]
///
/// A cell may carry a curve I(V) besides (supply_curve.hpp), smooth within it: there the store is
/// integrated.
///
/// Contract: p is continuous at a border, or larger above it. (A supply that fell at a border would
/// hold the store there, neither in one cell nor in the other.)
#pragma once

#include <cstddef>
#include <limits>
#include <memory>

#include "models/core/supply_curve.hpp"
#include "models/core/terms.hpp"

namespace ebb {

struct SupplyCell {
    Terms into;     ///< at the store node
    Terms offered;  ///< by the source
    double low_v = 0.0;
    double high_v = std::numeric_limits<double>::infinity();
    std::shared_ptr<const SupplyCurve> curve;  ///< null: none

    [[nodiscard]] double into_at(double v) const noexcept {
        return into.power_at(v) + (curve ? v * curve->at(v).current_a : 0.0);
    }
    [[nodiscard]] double offered_at(double v) const noexcept {
        return offered.power_at(v) + (curve ? curve->at(v).offered_w : 0.0);
    }
};

class SupplyCells {
public:
    virtual ~SupplyCells() = default;
    /// The cell in which V lies during a sample; of two at a border the upper one if `up`.
    [[nodiscard]] virtual SupplyCell at(std::size_t sample, double v, bool up) const noexcept = 0;
    /// Power that no sample exceeds at V [W]; NaN: that of the sample with the largest value.
    [[nodiscard]] virtual double most_at(double /*v*/) const {
        return std::numeric_limits<double>::quiet_NaN();
    }
};

}  // namespace ebb
