// SPDX-License-Identifier: Apache-2.0
/// A rechargeable cell beside a capacitor at the node: two wells of charge, an open-circuit voltage
/// by state of charge, a series resistance and two transients (KiBaM and an equivalent circuit).
///
///   wells       h1' = -I/(c Q) + (1 - c)(h2 - h1)/T,  h2' = -c (h2 - h1)/T       full: 1
///   terminal    C_n y' = node current + I_b,  I_b = (Voc(h1) - v_f - v_s - y)/R(h1)    [A]
///   transients  v' = (I_b - v/R_t(h1))/C_t(h1)                                       [V/s]
///   leak        I = I_b + Voc(h1)/R_leak                                             [A]
///
/// Stored: Q (c Phi(h1) + (1 - c) Phi(h2)) + C_n y^2/2 + transients, Phi the integral of Voc over
/// the state of charge, so that charge which moves between unequal wells loses energy (esr_loss, as
/// what heats the resistances). Charging is the same equations backwards; the terminal is clipped
/// at max. Not modelled: protection circuit and its cut-off (use turn_off), temperature, ageing,
/// hysteresis. Sources: J. Manwell, J. McGowan (1993) for the wells; M. Chen, G. Rincon-Mora, IEEE
/// Trans. Energy Conversion 21 (2006) for the circuit; T. Kim, W. Qiao (2011) for both together.
#pragma once

#include "models/store/battery_params.hpp"
#include "models/store/store_model.hpp"

#include <memory>

namespace ebb {

class Battery final : public StoreModel {
public:
    explicit Battery(const BatteryParams& params) : params_(params) {}
    [[nodiscard]] std::unique_ptr<EnergyStore> make() const override;
    [[nodiscard]] std::unique_ptr<EnergyStore> make_reference() const override;
    [[nodiscard]] double max_v() const noexcept override { return params_.max_v; }
    [[nodiscard]] double initial_v() const noexcept override;
    /// A capacitor that moves as far per charge as the cell does on average.
    [[nodiscard]] double capacitance_f() const noexcept override;
    [[nodiscard]] double leakage_w(double v) const noexcept override {
        return params_.leak_ohm ? v * v / *params_.leak_ohm : 0.0;
    }
    [[nodiscard]] bool stands_at_terminal() const noexcept override { return true; }

private:
    BatteryParams params_;
};

}  // namespace ebb
