// SPDX-License-Identifier: Apache-2.0
#include "models/converter/converter.hpp"

namespace ebb {

SupplyShape Converter::couple_points(const SourceShape& source, const OperatingSeries&) const {
    return couple(source);
}

std::optional<Shortfall> Converter::shortfall(const OperatingSeries&) const { return std::nullopt; }

}  // namespace ebb
