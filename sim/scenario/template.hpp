// SPDX-License-Identifier: Apache-2.0
/// A commented scenario to start from (`ebb new`): a runnable one, with every other key beside it
/// as a comment. Keys, words, ranges and texts come from the tables; only the values of the example
/// are chosen here.
#pragma once

#include "sim/scenario/reference.hpp"

#include <string>

namespace ebb {

/// The scenario as YAML text. `schema` is the schema file that editors are pointed to; empty =
/// none. Throws Defect if a required key has no example value: a new key needs one in template.cpp.
[[nodiscard]] std::string scenario_template(const Reference& reference, const std::string& schema);

}  // namespace ebb
