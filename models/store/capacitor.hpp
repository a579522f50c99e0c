// SPDX-License-Identifier: Apache-2.0
/// One capacitor as the store: parameters of a scenario, makes the exact walker or its witness.
/// Law, clip, floor and limits: capacitor_store.hpp. With a decoupling capacitor on the load's side
/// of the series resistance it is a network of one branch (supercapacitor_store.hpp): the terminal
/// is a state of its own, and a step of the load reaches it over esr C_n C/(C_n + C). With an
/// exponential leak it is a ceramic capacitor without bias (mlcc_store.hpp).
///
/// Leakage of an aluminium electrolytic capacitor, if nothing better is known: a constant current
///   I = max(0.01 1/s C V_rated, 3 uA)                                                       [A]
/// An estimate: the limit "0.01 C V or 3 uA, whichever is greater" (C in uF, V in V, I in uA, after
/// two minutes at rated voltage, 20 degC) that data sheets of general-purpose series state. Most
/// parts leak less, below the rated voltage far less; long storage makes it more for a while.
#pragma once

#include <memory>

#include "models/store/capacitor_params.hpp"
#include "models/store/store_model.hpp"

namespace ebb {

class Capacitor final : public StoreModel {
public:
    explicit Capacitor(const CapacitorParams& params);
    [[nodiscard]] std::unique_ptr<EnergyStore> make() const override;
    [[nodiscard]] std::unique_ptr<EnergyStore> make_reference() const override;
    [[nodiscard]] double max_v() const noexcept override { return params_.max_v; }
    [[nodiscard]] double initial_v() const noexcept override { return params_.initial_v; }
    [[nodiscard]] double capacitance_f() const noexcept override {
        return params_.capacitance_f + params_.decoupling_f.value_or(0.0);
    }
    [[nodiscard]] double leakage_w(double v) const noexcept override;
    [[nodiscard]] bool stands_at_terminal() const noexcept override {
        return params_.esr_ohm == 0.0 || params_.decoupling_f.has_value();
    }

private:
    CapacitorParams params_;
};

}  // namespace ebb
