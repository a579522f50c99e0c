// SPDX-License-Identifier: Apache-2.0
/// The source is wired straight to the store.
///
///   power    a = P            the power is what reaches the store
///   current  b = I
///   thevenin b = v/R, c = -1/R     flows back into the source when V > v
///   curve    V I(V)                the same above the source's open circuit (direct_supply.hpp)
#pragma once

#include "models/converter/converter.hpp"

namespace ebb {

class NoConverter : public Converter {
public:
    [[nodiscard]] SupplyShape couple(const SourceShape& source) const override;
    [[nodiscard]] std::optional<PathDiode> path() const override { return PathDiode{}; }
};

}  // namespace ebb
