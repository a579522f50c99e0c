// SPDX-License-Identifier: Apache-2.0
/// Banks behind diodes: a small buffer at the node starts the device, banks are filled one after
/// the other from its surplus, and each feeds the node by itself when the node falls.
///
///   supply --*----------------+---------------------+------------------ load
///            | y              |                     |
///            |          S_1 --+-- ^ D_1       S_2 --+-- ^ D_2
///           === C           v |   |               v |   |
///            |              --+---*               --+---*        the switch S_k and its
///           gnd                   | V_1                 | V_2    diode v lead into bank k,
///                                === C_1               === C_2   the diode D_k leads out
///                                 |                     |
///                                gnd                   gnd
///
/// Every diode has the same constant drop Vd and no resistance. Bank k feeds the node while V_k
/// would be above y + Vd; with S_k closed it is charged while y would be above V_k + Vd. S_k closes
/// as the voltage before it (the node's for the first bank, bank k-1's for the others) rises to
/// `charge` and opens as that falls to `stop`. Equations and losses: isolated_banks_body.hpp.
/// Not modelled: resistance of diodes and switches, reverse current, what switches and comparators
/// draw (add it to off_current), C(V).
/// Source: charge balance; J. Hester, L. Sitanayah, J. Sorber, Tragedy of the Coulombs (SenSys
/// 2015) for buffers filled in order, H. Williams, M. Hicks, REACT (ASPLOS 2024) for banks that
/// diodes isolate.
#pragma once

#include "models/store/isolated_banks_params.hpp"
#include "models/store/store_model.hpp"

#include <memory>

namespace ebb {

class IsolatedBanks final : public StoreModel {
public:
    explicit IsolatedBanks(const IsolatedBanksParams& params) : params_(params) {}
    [[nodiscard]] std::unique_ptr<EnergyStore> make() const override;
    [[nodiscard]] std::unique_ptr<EnergyStore> make_reference() const override;
    [[nodiscard]] double max_v() const noexcept override { return params_.max_v; }
    [[nodiscard]] double initial_v() const noexcept override { return params_.initial_v; }
    /// Of buffer and banks together.
    [[nodiscard]] double capacitance_f() const noexcept override;
    /// Of the buffer.
    [[nodiscard]] double leakage_w(double v) const noexcept override {
        return params_.leak_ohm ? v * v / *params_.leak_ohm : 0.0;
    }
    [[nodiscard]] bool stands_at_terminal() const noexcept override { return true; }

private:
    IsolatedBanksParams params_;
};

}  // namespace ebb
