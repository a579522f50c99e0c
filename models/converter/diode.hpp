// SPDX-License-Identifier: Apache-2.0
/// A diode (or bridge: give the sum of its drops) with a constant forward drop.
///
///   power    the source's power goes through the diode: p(V) = P V/(V + drop)
///   current  b = I; the source sees V + drop
///   thevenin b = (v - drop)/R, c = -1/R while V < v - drop, else nothing: no current flows back
///
/// Not modelled: the exponential law, reverse leakage, capacitance.
#pragma once

#include "models/converter/converter.hpp"

namespace ebb {

struct DiodeParams {
    double drop_v = 0.0;
};

class Diode : public Converter {
public:
    explicit Diode(const DiodeParams& params) : params_(params) {}
    [[nodiscard]] SupplyShape couple(const SourceShape& source) const override;

private:
    DiodeParams params_;
};

}  // namespace ebb
