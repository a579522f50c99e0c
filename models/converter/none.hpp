// SPDX-License-Identifier: Apache-2.0
/// The source is wired straight to the store.
///
///   power    a = P            the power is what reaches the store
///   current  b = I
///   thevenin b = v/R, c = -1/R     flows back into the source when V > v
#pragma once

#include "models/converter/converter.hpp"

namespace ebb {

class NoConverter : public Converter {
public:
    [[nodiscard]] SupplyShape couple(const SourceShape& source) const override;
};

}  // namespace ebb
