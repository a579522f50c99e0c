// SPDX-License-Identifier: Apache-2.0
/// A source that nobody holds at an operating point: its voltage is what the store, and a diode
/// between, make of it.
///
///   I(U)     [A]    out of the source at its own voltage U, in stretches that are smooth each
///
/// A measured curve is straight lines (the store keeps its closed forms), a single diode one
/// stretch from 0 V to any voltage. A rectifier whose efficiency depends on the store's voltage
/// adds a constant power: through a wire that is the term a, behind a diode it is refused
/// (SourceShape::at_store).
#pragma once

#include "models/core/single_diode.hpp"

#include <limits>
#include <memory>

namespace ebb {

struct Series;

struct SourcePiece {
    double low_v = 0.0;
    double high_v = std::numeric_limits<double>::infinity();
    bool straight = false;
    double at_zero_a = 0.0, slope_s = 0.0;  ///< straight: I = constant_w/U + at_zero_a + slope_s U
    double constant_w = 0.0;                ///< not 0 only where nothing but a wire is possible
    SingleDiode diode;                      ///< else

    [[nodiscard]] double current(double u) const noexcept {
        if (straight) {
            return at_zero_a + slope_s * u + (constant_w != 0.0 ? constant_w / u : 0.0);
        }
        return diode.current(u);
    }
    /// dI/dU where the current is i.
    [[nodiscard]] double slope(double u, double i) const noexcept {
        return straight ? slope_s : diode.slope(u, i);
    }
    [[nodiscard]] double voltage(double i) const noexcept {
        return straight ? (i - at_zero_a) / slope_s : diode.voltage(i);
    }
};

class DirectCurve {
public:
    virtual ~DirectCurve() = default;
    /// The stretch in which U lies; of two at a border the upper one if `up`.
    [[nodiscard]] virtual SourcePiece piece(double sample, double u, bool up) const = 0;
    /// Where the current is zero; above it none flows out.
    [[nodiscard]] virtual double zero_v(double sample) const = 0;
    /// Largest power of the curve, where the supply's value has to be made from it.
    [[nodiscard]] virtual double most_w(double /*sample*/) const { return 0.0; }
    /// The same for samples that mean something only together with their series; `scale` then is a
    /// factor on currents. Null: samples are what they are, times the scale.
    [[nodiscard]] virtual std::shared_ptr<const DirectCurve> over(const Series& /*series*/,
                                                                  double /*scale*/) const {
        return nullptr;
    }
};

}  // namespace ebb
