// SPDX-License-Identifier: Apache-2.0
/// A probability on the command line: "95 %", "95%" or "0.95".
#pragma once

#include <string>

namespace ebb {

/// Throws InputError unless it lies between 0 and 1, both excluded. `option` is its name.
[[nodiscard]] double probability_of(const std::string& text, const std::string& option);

}  // namespace ebb
