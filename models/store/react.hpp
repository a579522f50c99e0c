// SPDX-License-Identifier: Apache-2.0
/// REACT: a small last-level capacitor starts the device; banks behind ideal diodes are added as
/// there is energy to keep, and put in series again to give out what is left in them.
///
/// Each bank is disconnected, then connected with its n capacitors in series (C = c/n), then side
/// by side (C = n c). A controller looks at the terminal while the device has power
/// (polled_ladder.hpp): a step up expands the first bank of the list that can be, a step down
/// contracts the last one; list them from the smallest to the largest. Equations, groups and
/// losses: react_store.hpp.
/// Not modelled: the diodes' drop and resistance, what the switches draw (add it to off_current),
/// C(V), and that the device waits for a level before a heavy task.
/// Source: FoRTE-Research/REACT-Artifact (states, order, thresholds, cooldown: read there);
/// H. Williams, M. Hicks, REACT (ASPLOS 2024). Bank values are not published there: unconfirmed.
#pragma once

#include "models/store/react_params.hpp"
#include "models/store/store_model.hpp"

#include <memory>

namespace ebb {

class React final : public StoreModel {
public:
    explicit React(const ReactParams& params) : params_(params) {}
    [[nodiscard]] std::unique_ptr<EnergyStore> make() const override;
    [[nodiscard]] std::unique_ptr<EnergyStore> make_reference() const override;
    [[nodiscard]] double max_v() const noexcept override { return params_.max_v; }
    [[nodiscard]] double initial_v() const noexcept override { return params_.initial_v; }
    /// Of the last level: what is there whatever the controller has done.
    [[nodiscard]] double capacitance_f() const noexcept override { return params_.capacitance_f; }
    /// Of the last level.
    [[nodiscard]] double leakage_w(double v) const noexcept override {
        return params_.leak_time_s ? v * v * params_.capacitance_f / *params_.leak_time_s : 0.0;
    }
    [[nodiscard]] bool stands_at_terminal() const noexcept override { return true; }

private:
    ReactParams params_;
};

}  // namespace ebb
