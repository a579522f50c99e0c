// SPDX-License-Identifier: Apache-2.0
/// A ceramic capacitor as the store: its capacitance falls with its voltage.
///
///   C(V) = C0/(1 + (V/b)^2)   [F],  b = V1/sqrt(C0/C1 - 1) from one point (V1, C1) of a bias curve
///   leak = V/R + I + I0 e^(V/Va)   [A]
///
/// Law, walk and witness: mlcc_store.hpp. The terminal is clipped at max; 0 V is left for a net
/// inflow. Not modelled: series resistance (milliohms), dielectric absorption, temperature, ageing,
/// hysteresis of the dielectric. Source of the form: fits of X5R/X7R bias curves; parts name
/// theirs.
#pragma once

#include "models/store/mlcc_params.hpp"
#include "models/store/store_model.hpp"

#include <memory>

namespace ebb {

class Mlcc final : public StoreModel {
public:
    explicit Mlcc(const MlccParams& params) : params_(params) {}
    [[nodiscard]] std::unique_ptr<EnergyStore> make() const override;
    [[nodiscard]] std::unique_ptr<EnergyStore> make_reference() const override;
    [[nodiscard]] double max_v() const noexcept override { return params_.max_v; }
    [[nodiscard]] double initial_v() const noexcept override { return params_.initial_v; }
    [[nodiscard]] double capacitance_f() const noexcept override;
    [[nodiscard]] double leakage_w(double v) const noexcept override;
    [[nodiscard]] bool stands_at_terminal() const noexcept override { return !params_.bias_v; }

private:
    MlccParams params_;
};

}  // namespace ebb
