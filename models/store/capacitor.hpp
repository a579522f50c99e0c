// SPDX-License-Identifier: Apache-2.0
/// One capacitor as the store: parameters of a scenario, makes the exact walker or its witness.
/// Law, clip, floor and limits: capacitor_store.hpp.
#pragma once

#include <memory>

#include "models/store/capacitor_params.hpp"
#include "models/store/store_model.hpp"

namespace ebb {

class Capacitor final : public StoreModel {
public:
    explicit Capacitor(const CapacitorParams& params) : params_(params) {}
    [[nodiscard]] std::unique_ptr<EnergyStore> make() const override;
    [[nodiscard]] std::unique_ptr<EnergyStore> make_reference() const override;
    [[nodiscard]] double max_v() const noexcept override { return params_.max_v; }
    [[nodiscard]] double initial_v() const noexcept override { return params_.initial_v; }
    [[nodiscard]] double capacitance_f() const noexcept override { return params_.capacitance_f; }
    [[nodiscard]] double leakage_w(double v) const noexcept override;

private:
    CapacitorParams params_;
};

}  // namespace ebb
