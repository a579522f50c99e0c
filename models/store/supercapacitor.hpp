// SPDX-License-Identifier: Apache-2.0
/// A supercapacitor as the store: branches of a resistance and a capacitor side by side (Zubieta
/// and Bonert): an immediate one that reacts at once, and slower ones that take charge over
/// minutes.
///
///   immediate  R_i - (C_i0 + C_i1 V)   [Ohm, F, F/V]   differential capacitance, leak across it
///   others     R_k - C_k
///   decoupling C_n at the terminal, on the load's side of every resistance
///
/// Equations, walk and witness: supercapacitor_store.hpp. Charge moves between the branches after
/// the load is gone: the terminal recovers, or sags. The terminal is clipped at max.
/// Not modelled: temperature, frequency dependence beyond the branches, ageing. The leak sits
/// across the immediate capacitor instead of the terminal, which moves it by R_i/R_leak (1e-6 of
/// it). Source: L. Zubieta, R. Bonert, Characterization of double-layer capacitors for power
/// electronics applications, IEEE Trans. Ind. Appl. 36 (2000).
#pragma once

#include "models/store/store_model.hpp"
#include "models/store/supercapacitor_params.hpp"

#include <memory>

namespace ebb {

class Supercapacitor final : public StoreModel {
public:
    explicit Supercapacitor(const SupercapacitorParams& params) : params_(params) {}
    [[nodiscard]] std::unique_ptr<EnergyStore> make() const override;
    [[nodiscard]] std::unique_ptr<EnergyStore> make_reference() const override;
    [[nodiscard]] double max_v() const noexcept override { return params_.max_v; }
    [[nodiscard]] double initial_v() const noexcept override { return params_.initial_v; }
    /// The immediate branch's and the decoupling's: what a burst of work sees.
    [[nodiscard]] double capacitance_f() const noexcept override {
        return params_.immediate.capacitance_f +
               params_.immediate.per_volt_f * params_.max_v * 0.5 +
               params_.decoupling_f.value_or(0.0);
    }
    [[nodiscard]] double leakage_w(double v) const noexcept override {
        return params_.leakage.resistance_ohm ? v * v / *params_.leakage.resistance_ohm : 0.0;
    }
    [[nodiscard]] bool stands_at_terminal() const noexcept override {
        return params_.decoupling_f.has_value();
    }

private:
    SupercapacitorParams params_;
};

}  // namespace ebb
