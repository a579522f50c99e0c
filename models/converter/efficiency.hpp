// SPDX-License-Identifier: Apache-2.0
/// A converter that passes on a fixed share of the source's power, at any voltage of the store.
///
///   power    a = eta P
///   thevenin a = eta v^2/(4 R)     the source is held at its maximum-power point, v/2
///   current  refused: the power depends on an input voltage that a current source does not state
///
/// Not modelled: cold start, quiescent current, a lowest input voltage.
#pragma once

#include "models/converter/converter.hpp"

namespace ebb {

struct EfficiencyParams {
    double value = 1.0;
};

class Efficiency : public Converter {
public:
    explicit Efficiency(const EfficiencyParams& params) : params_(params) {}
    [[nodiscard]] SupplyShape couple(const SourceShape& source) const override;
    [[nodiscard]] bool wants_power_only() const noexcept override { return true; }

private:
    EfficiencyParams params_;
};

}  // namespace ebb
