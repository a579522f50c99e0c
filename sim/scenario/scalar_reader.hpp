// SPDX-License-Identifier: Apache-2.0
/// One word of YAML as the value that a row takes.
#pragma once

#include <optional>
#include <string>

#include "models/core/param_table.hpp"

namespace ebb {

/// Either `value`, or what is wrong: `message` follows the key ("needs a unit: ..."), `hint` says
/// what would be right, `note` gives the choices.
struct ScalarResult {
    std::optional<Value> value;
    std::string message;
    std::string hint;
    std::string note;
};

[[nodiscard]] ScalarResult read_scalar_text(const Row& row, const std::string& text);

}  // namespace ebb
