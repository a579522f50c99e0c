// SPDX-License-Identifier: Apache-2.0
/// The JSON Schema (draft 7) of a scenario, for editors. Made from the parameter tables; the judge
/// is `ebb check`, which also compares values with each other.
///
/// Keys that a block does not know, wrong words and quantities without their unit are refused.
/// Required keys are asked for unless they may come from an `include:` or a `part:`.
#pragma once

#include "sim/scenario/reference.hpp"

#include <string>

namespace ebb {

/// The schema as JSON text, two spaces deep, with a line break at its end.
[[nodiscard]] std::string scenario_schema(const Reference& reference);

/// Regular expression for the text of a quantity: "^[+]?(0|[1-9][0-9]*)...(pF|nF|...)$".
[[nodiscard]] std::string quantity_pattern(const Row& row);

}  // namespace ebb
