// SPDX-License-Identifier: Apache-2.0
/// A source that gives the same power for ever, whatever the voltage.
///
///   P = power     [W]
///
/// Not modelled: a highest voltage or current of the source. Without a trace.
#pragma once

#include "models/harvester/source_model.hpp"

namespace ebb {

struct ConstantPowerParams {
    double power_w = 0.0;
};

class ConstantPower : public SourceModel {
public:
    explicit ConstantPower(const ConstantPowerParams& params) : params_(params) {}
    [[nodiscard]] Quantity reads() const noexcept override { return Quantity::none; }
    [[nodiscard]] SourceShape shape() const noexcept override {
        return {SourceKind::power, 1.0, 1, 0.0};
    }
    [[nodiscard]] std::optional<double> constant() const noexcept override {
        return params_.power_w;
    }

private:
    ConstantPowerParams params_;
};

}  // namespace ebb
