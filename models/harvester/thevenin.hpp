// SPDX-License-Identifier: Apache-2.0
/// A voltage source behind a resistor: rectified RF, a thermoelectric generator, a supply on a
/// bench.
///
///   I = (v - V)/R     [A],   v from the parameter, else sample(t)   [V]
///
/// Straight onto a store the current flows back when V > v; a diode prevents that.
#pragma once

#include "models/harvester/source_model.hpp"

#include <optional>

namespace ebb {

struct TheveninParams {
    std::optional<double> voltage_v;  ///< empty: from the trace
    double resistance_ohm = 0.0;
};

class Thevenin : public SourceModel {
public:
    explicit Thevenin(const TheveninParams& params) : params_(params) {}
    [[nodiscard]] Quantity reads() const noexcept override {
        return params_.voltage_v ? Quantity::none : Quantity::voltage_v;
    }
    [[nodiscard]] SourceShape shape() const noexcept override {
        return {SourceKind::thevenin, 1.0, 1, params_.resistance_ohm};
    }
    [[nodiscard]] std::optional<double> constant() const noexcept override {
        return params_.voltage_v;
    }

private:
    TheveninParams params_;
};

}  // namespace ebb
