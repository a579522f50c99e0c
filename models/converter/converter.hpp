// SPDX-License-Identifier: Apache-2.0
/// Couples a source to the store: the pair of source shape and converter gives the supply's shape.
#pragma once

#include "models/core/supply.hpp"
#include "models/harvester/source_model.hpp"

namespace ebb {

class Converter {
public:
    virtual ~Converter() = default;
    /// The supply that source and converter amount to. Throws InputError, naming the pairs that are
    /// possible, if the pair is not.
    [[nodiscard]] virtual SupplyShape couple(const SourceShape& source) const = 0;
    /// The same for a source that is operated on its curve: per operating point, in order. The
    /// default takes the product of voltage and current as a power.
    [[nodiscard]] virtual SupplyShape couple_points(const SourceShape& source,
                                                    const OperatingSeries& points) const;
};

}  // namespace ebb
