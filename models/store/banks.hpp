// SPDX-License-Identifier: Apache-2.0
/// Several capacitors joined by switches as the store: a small one starts fast, more are added when
/// there is energy to keep (Capybara, REACT, Morphy).
///
/// One capacitor is always at the node; each bank is joined when the terminal rises to its connect
/// threshold and taken off when it falls to its disconnect threshold. Equations and losses:
/// banks_store.hpp; a policy may switch through BankSwitches there. A bank without thresholds is
/// moved by the device's software, which connects named modes before its tasks (energy_modes.hpp)
/// and pays for each switch that it moves; such switches latch through power failures. Not
/// modelled: series resistance, energy and current of the switches and comparators (add them to
/// off_current), series connection (array.hpp), diode isolation
/// (isolated_banks.hpp), C(V).
/// Source: charge balance; A. Colin et al., A Reconfigurable Energy Storage Architecture for
/// Energy-harvesting Devices (ASPLOS 2018) for the idea.
#pragma once

#include "models/store/banks_params.hpp"
#include "models/store/store_model.hpp"

#include <memory>

namespace ebb {

class Banks final : public StoreModel {
public:
    explicit Banks(const BanksParams& params) : params_(params) {}
    [[nodiscard]] std::unique_ptr<EnergyStore> make() const override;
    [[nodiscard]] std::unique_ptr<EnergyStore> make_reference() const override;
    [[nodiscard]] double max_v() const noexcept override { return params_.max_v; }
    [[nodiscard]] double initial_v() const noexcept override { return params_.initial_v; }
    /// Of all banks together.
    [[nodiscard]] double capacitance_f() const noexcept override;
    /// Of the bank that is always there.
    [[nodiscard]] double leakage_w(double v) const noexcept override;
    [[nodiscard]] bool stands_at_terminal() const noexcept override { return true; }
    [[nodiscard]] std::vector<std::string> energy_modes() const override;

private:
    BanksParams params_;
};

}  // namespace ebb
