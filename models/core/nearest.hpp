// SPDX-License-Identifier: Apache-2.0
/// The nearest valid name to a mistyped one: Damerau-Levenshtein distance (insert, delete, replace,
/// swap of neighbours; upper and lower case differ by half a step), at most a third of the length.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

/// Nothing if no candidate is near enough. Ties go to the earlier candidate.
[[nodiscard]] std::optional<std::string> nearest(std::string_view name,
                                                 const std::vector<std::string>& candidates);

/// "did you mean 'x'?", or an empty text.
[[nodiscard]] std::string did_you_mean(std::string_view name,
                                       const std::vector<std::string>& candidates);

/// "a, b, c": for messages that list what is possible.
[[nodiscard]] std::string joined(const std::vector<std::string>& names,
                                 std::string_view separator = ", ");

}  // namespace ebb
