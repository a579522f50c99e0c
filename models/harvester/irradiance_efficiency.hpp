// SPDX-License-Identifier: Apache-2.0
/// A solar panel that turns a fixed share of the light on its area into electric power.
///
///   P(t) = area * efficiency * G(t)     [W],   G in W/m^2
///
/// Not modelled: the cell's curve, weak-light losses, temperature, angle of incidence (G is in the
/// plane of the panel).
#pragma once

#include "models/harvester/source_model.hpp"

namespace ebb {

struct IrradianceEfficiencyParams {
    double area_m2 = 0.0;
    double efficiency = 0.0;
};

class IrradianceEfficiency : public SourceModel {
public:
    explicit IrradianceEfficiency(const IrradianceEfficiencyParams& params) : params_(params) {}
    [[nodiscard]] Quantity reads() const noexcept override { return Quantity::irradiance_w_m2; }
    [[nodiscard]] SourceShape shape() const noexcept override {
        return {SourceKind::power, params_.area_m2 * params_.efficiency, 1, 0.0};
    }

private:
    IrradianceEfficiencyParams params_;
};

}  // namespace ebb
