// SPDX-License-Identifier: Apache-2.0
/// A source that gives the same current for ever, whatever the voltage.
///
///   I = current     [A]
///
/// Not modelled: a highest voltage of the source (a PV cell's open-circuit voltage). Without a
/// trace.
#pragma once

#include "models/harvester/source_model.hpp"

namespace ebb {

struct ConstantCurrentParams {
    double current_a = 0.0;
};

class ConstantCurrent : public SourceModel {
public:
    explicit ConstantCurrent(const ConstantCurrentParams& params) : params_(params) {}
    [[nodiscard]] Quantity reads() const noexcept override { return Quantity::none; }
    [[nodiscard]] SourceShape shape() const noexcept override {
        return {SourceKind::current, 1.0, 1, 0.0};
    }
    [[nodiscard]] std::optional<double> constant() const noexcept override {
        return params_.current_a;
    }

private:
    ConstantCurrentParams params_;
};

}  // namespace ebb
