// SPDX-License-Identifier: Apache-2.0
/// Equal or unequal capacitors that switches rearrange in series and side by side (Morphy, REACT):
/// a small capacitance charges fast, a large one keeps more, and a step back lifts the terminal.
///
/// One capacitor is always at the node. A configuration names the strings that are beside it; cells
/// that it does not name are off and keep their charge. The scenario's rule is a ladder: at its
/// `up` threshold, rising, the next configuration is entered, at `down`, falling, the one before;
/// after a switching the rule waits for `hold` (the period of its controller). Equations and
/// losses: array_store.hpp; a policy may enter configurations through ArraySwitches there. Not
/// modelled: resistance of the switches, what they and their controller draw (add it to
/// off_current), protection of a weak cell of a string from a voltage below 0, C(V).
/// Source: charge balance; F. Yang et al., Morphy (SenSys 2021) and H. Williams, M. Hicks, REACT
/// (ASPLOS 2024) for the idea.
#pragma once

#include "models/store/array_params.hpp"
#include "models/store/store_model.hpp"

#include <memory>

namespace ebb {

class Array final : public StoreModel {
public:
    explicit Array(const ArrayParams& params) : params_(params) {}
    [[nodiscard]] std::unique_ptr<EnergyStore> make() const override;
    [[nodiscard]] std::unique_ptr<EnergyStore> make_reference() const override;
    [[nodiscard]] double max_v() const noexcept override { return params_.max_v; }
    [[nodiscard]] double initial_v() const noexcept override { return params_.initial_v; }
    /// Of the largest configuration.
    [[nodiscard]] double capacitance_f() const noexcept override;
    /// Of the capacitor that is always there.
    [[nodiscard]] double leakage_w(double v) const noexcept override;
    [[nodiscard]] bool stands_at_terminal() const noexcept override { return true; }

private:
    ArrayParams params_;
};

}  // namespace ebb
