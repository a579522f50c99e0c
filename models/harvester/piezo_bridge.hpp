// SPDX-License-Identifier: Apache-2.0
/// A piezoelectric element that vibrates at one frequency, behind a full bridge of diodes, straight
/// on the store: mean current over a half-wave.
///
///   I = max(0, (2/pi) (I0 - w Cp (V + 2 Vd)))     [A],   w = 2 pi f
///
/// I0 is the amplitude of the element's own current (its force factor times the tip's velocity),
/// from the parameter, else sample(t). As terms at the store this is a voltage I0/(w Cp) behind
/// pi/(2 w Cp), less the two drops 2 Vd, and no current back: until the bridge conducts, the
/// current only recharges Cp, and the share of the half-wave that this takes grows with V. Not
/// modelled: the ripple within a half-wave, the load's effect on the vibration, losses of the
/// element, exponential diodes. Source: textbook result for the standard interface (Ottman et al.,
/// IEEE Trans. Power Electron. 17 (2002) 669), with drops added.
#pragma once

#include "models/harvester/source_model.hpp"

#include <optional>

namespace ebb {

struct PiezoBridgeParams {
    double capacitance_f = 0.0;
    double frequency_hz = 0.0;
    double drop_v = 0.0;
    std::optional<double> current_a;  ///< amplitude; empty: from the trace
};

class PiezoBridge : public SourceModel {
public:
    explicit PiezoBridge(const PiezoBridgeParams& params) : params_(params) {}
    [[nodiscard]] Quantity reads() const noexcept override {
        return params_.current_a ? Quantity::none : Quantity::current_a;
    }
    [[nodiscard]] SourceShape shape() const noexcept override;
    [[nodiscard]] std::optional<double> constant() const noexcept override {
        return params_.current_a;
    }

private:
    PiezoBridgeParams params_;
};

}  // namespace ebb
