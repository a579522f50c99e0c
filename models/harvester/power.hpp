// SPDX-License-Identifier: Apache-2.0
/// A trace of power, as a harvester with its own tracker delivers it.
///
///   P(t) = sample(t)     [W]
///
/// The power does not depend on the store's voltage.
#pragma once

#include "models/harvester/source_model.hpp"

namespace ebb {

class RecordedPower : public SourceModel {
public:
    [[nodiscard]] Quantity reads() const noexcept override { return Quantity::power_w; }
    [[nodiscard]] SourceShape shape() const noexcept override {
        return {SourceKind::power, 1.0, 1, 0.0};
    }
};

}  // namespace ebb
