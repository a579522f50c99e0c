// SPDX-License-Identifier: Apache-2.0
/// A trace of current, as a source well below its open-circuit voltage delivers it.
///
///   I(t) = sample(t)     [A]
///
/// The current does not depend on the store's voltage.
#pragma once

#include "models/harvester/source_model.hpp"

namespace ebb {

class RecordedCurrent : public SourceModel {
public:
    [[nodiscard]] Quantity reads() const noexcept override { return Quantity::current_a; }
    [[nodiscard]] SourceShape shape() const noexcept override {
        return {SourceKind::current, 1.0, 1, 0.0};
    }
};

}  // namespace ebb
