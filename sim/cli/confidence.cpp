// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/confidence.hpp"

#include <fmt/format.h>

#include "models/core/error.hpp"
#include "models/core/quantity.hpp"

namespace ebb {

double probability_of(const std::string& text, const std::string& option) {
    const ParsedQuantity parsed = parse_quantity(text, Dimension::ratio);
    if (!parsed.value || !(*parsed.value > 0.0 && *parsed.value < 1.0)) {
        throw InputError({{{option, 1, 1, text, static_cast<int>(text.size())},
                           fmt::format("'{}' is no share between 0 and 1", text),
                           "as in 95 % or 0.95",
                           ""}});
    }
    return *parsed.value;
}

}  // namespace ebb
