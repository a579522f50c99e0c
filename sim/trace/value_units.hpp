// SPDX-License-Identifier: Apache-2.0
/// Units of a trace's values, in one table: as the end of a column's name in csv ("power_uw"), and
/// as the option `unit` and in the brackets of other headers ("uW").
#pragma once

#include "models/core/series.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ebb {

struct ValueUnit {
    std::string_view suffix;  ///< "_uw_cm2"
    std::string_view text;    ///< "uW/cm^2"
    Quantity quantity = Quantity::none;
    double factor = 1.0;  ///< to SI
};

/// The unit at the end of a column's name, or null.
[[nodiscard]] const ValueUnit* unit_of_name(std::string_view name);

/// The unit written as text, or null.
[[nodiscard]] const ValueUnit* unit_of_text(std::string_view text);

/// Every unit as text, for messages.
[[nodiscard]] std::vector<std::string> unit_texts();

}  // namespace ebb
