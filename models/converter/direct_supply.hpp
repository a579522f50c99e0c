// SPDX-License-Identifier: Apache-2.0
/// A source's curve at the store node, through a wire or a diode.
///
///   wire          U = V                       current flows back into the source above its zero
///   fixed drop    U = V + drop                while V < zero - drop, else nothing
///   exponential   U = V + n Vt ln(1 + I/Is) + r I, I > -Is: smooth, with the diode's reverse
///                 current
///
///   into the node V I, out of the source U I        [W]
///
/// The exponential diode is solved together with the source for every V: forward by Newton in
/// q = ln(1 + I/Is) from above, where the equation is concave; backward by Newton in I within
/// [-Is, 0]. dI/dV follows from the two slopes, not from differences.
#pragma once

#include "models/core/supply.hpp"
#include "models/harvester/direct_curve.hpp"

#include <memory>
#include <vector>

namespace ebb {

/// What lies between source and node.
struct PathDiode {
    enum class Kind : unsigned char { wire, drop, exponential };
    Kind kind = Kind::wire;
    double drop_v = 0.0;        ///< drop
    double saturation_a = 0.0;  ///< exponential
    double slope_v = 0.0;       ///< exponential: n Vt
    double series_ohm = 0.0;    ///< exponential
};

/// Current and its slope of a source behind an exponential diode at the node's voltage v.
[[nodiscard]] CurvePoint behind_diode(const SourcePiece& source, const PathDiode& diode,
                                      double v) noexcept;

/// `samples`: of the trace (scaled), or one constant.
[[nodiscard]] SupplyShape direct_supply(std::shared_ptr<const DirectCurve> source,
                                        const PathDiode& diode, std::vector<double> samples);

}  // namespace ebb
