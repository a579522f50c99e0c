// SPDX-License-Identifier: Apache-2.0
/// A diode (or bridge: give the sum of its drops) with a constant forward drop, or by its equation.
///
///   power    the source's power goes through the diode: p(V) = P V/(V + drop)
///   current  b = I; the source sees V + drop
///   thevenin b = (v - drop)/R, c = -1/R while V < v - drop, else nothing: no current flows back
///   curve    U = V + drop while V < open circuit - drop (direct_supply.hpp)
///
/// A diode by its equation is for sources of kind curve: I = Is (exp(Vd/(N Vt)) - 1), Vt = k T/q at
/// the temperature for which Is holds, and a series resistance: the drop of a real diode falls from
/// 0.3 V to 0.1 V over two decades of current, and its reverse current drains the store at night.
///
/// Not modelled: breakdown, capacitance, a temperature other than that of the data.
#pragma once

#include "models/converter/converter.hpp"

namespace ebb {

struct DiodeParams {
    std::optional<double> drop_v = std::nullopt;
    std::optional<double> saturation_a = std::nullopt;
    std::optional<double> emission = std::nullopt;    ///< left out, 1
    std::optional<double> series_ohm = std::nullopt;  ///< left out, none
    std::optional<double> celsius = std::nullopt;     ///< left out, 27
};

class Diode : public Converter {
public:
    explicit Diode(const DiodeParams& params) : params_(params) {}
    [[nodiscard]] SupplyShape couple(const SourceShape& source) const override;
    [[nodiscard]] std::optional<PathDiode> path() const override;

private:
    DiodeParams params_;
};

}  // namespace ebb
