// SPDX-License-Identifier: Apache-2.0
/// What a user may try when a run has a finding, by the finding's code. Not every code has an
/// advice.
#pragma once

#include <string_view>
#include <vector>

namespace ebb {

/// One sentence, or an empty text.
[[nodiscard]] std::string_view finding_advice(std::string_view code) noexcept;

/// Every code that has an advice.
[[nodiscard]] std::vector<std::string_view> advised_codes();

}  // namespace ebb
