// SPDX-License-Identifier: Apache-2.0
/// A thermoelectric generator: a voltage in proportion to a temperature difference, behind its own
/// resistance.
///
///   I = (S dT - V)/R     [A],   dT from the parameter, else sample(t)   [K]
///
/// Maximum power (S dT)^2/(4 R) at half the open-circuit voltage. The sign of dT is that of the
/// wiring: straight on a store a reversed difference drains it, a diode prevents that, and a
/// converter of constant efficiency counts as one that takes either sign.
/// Not modelled: the current's own heat (Peltier), S and R over temperature, thermal masses.
#pragma once

#include "models/harvester/source_model.hpp"

#include <optional>

namespace ebb {

struct TegParams {
    double seebeck_v_per_k = 0.0;
    double resistance_ohm = 0.0;
    std::optional<double> difference_k;  ///< empty: from the trace
};

class Teg : public SourceModel {
public:
    explicit Teg(const TegParams& params) : params_(params) {}
    [[nodiscard]] Quantity reads() const noexcept override {
        return params_.difference_k ? Quantity::none : Quantity::temperature_difference_k;
    }
    [[nodiscard]] SourceShape shape() const noexcept override {
        return {SourceKind::thevenin, params_.seebeck_v_per_k, 1, params_.resistance_ohm};
    }
    [[nodiscard]] std::optional<double> constant() const noexcept override {
        return params_.difference_k;
    }

private:
    TegParams params_;
};

}  // namespace ebb
