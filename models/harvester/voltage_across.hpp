// SPDX-License-Identifier: Apache-2.0
/// A voltage that was recorded across a load resistor, read as the power that went into it.
///
///   P(t) = v(t)^2 / R     [W]
///
/// The recording's own load is part of the result: another load would have drawn another power.
/// Source: how the recordings of Mementos (ASPLOS 2011) were made, 30 kOhm across a rectifier.
#pragma once

#include "models/harvester/source_model.hpp"

namespace ebb {

struct VoltageAcrossParams {
    double resistance_ohm = 0.0;
};

class VoltageAcross : public SourceModel {
public:
    explicit VoltageAcross(const VoltageAcrossParams& params) : params_(params) {}
    [[nodiscard]] Quantity reads() const noexcept override { return Quantity::voltage_v; }
    [[nodiscard]] SourceShape shape() const noexcept override {
        return {SourceKind::power, 1.0 / params_.resistance_ohm, 2, 0.0};
    }

private:
    VoltageAcrossParams params_;
};

}  // namespace ebb
