// SPDX-License-Identifier: Apache-2.0
#include "models/converter/converter.hpp"

#include <fmt/format.h>

#include "models/core/error.hpp"

namespace ebb {

void refuse_at_store(const SourceShape& source, const char* converter) {
    if (source.at_store) {
        throw InputError(fmt::format(
            "converter {} changes the voltage between source and store, and this source is stated "
            "over the store's own voltage; expected converter none",
            converter));
    }
}

SupplyShape Converter::couple_points(const SourceShape& source, const OperatingSeries&) const {
    return couple(source);
}

std::optional<Shortfall> Converter::shortfall(const OperatingSeries&) const { return std::nullopt; }

std::optional<OutsideTable> Converter::outside_table(const OperatingSeries&,
                                                     const std::vector<double>&) const {
    return std::nullopt;
}

}  // namespace ebb
