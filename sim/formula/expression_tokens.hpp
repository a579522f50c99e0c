// SPDX-License-Identifier: Apache-2.0
/// A formula cut into its words (expression.hpp has the language). Places count from 0.
#pragma once

#include <string>
#include <vector>

#include "models/core/error.hpp"

namespace ebb {

struct Token {
    enum class Kind { number, name, function, word, comparison, logical, other };
    Kind kind = Kind::other;
    std::string text;  ///< without quotes; operators in muParser's spelling
    std::size_t from = 0, length = 0;
    double number = 0.0;  ///< of a number, SI
};

/// Mistakes are appended to `mistakes`; what could be read comes back.
[[nodiscard]] std::vector<Token> tokens_of(const std::string& text, const std::string& where,
                                           std::vector<Mistake>& mistakes);

/// A mistake at a place of the text.
[[nodiscard]] Mistake mistake_at(const std::string& where, const std::string& text,
                                 std::size_t from, std::size_t length, std::string message,
                                 std::string hint = {});

}  // namespace ebb
