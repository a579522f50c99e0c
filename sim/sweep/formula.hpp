// SPDX-License-Identifier: Apache-2.0
/// A formula of a sweep file over columns of its table; sim/formula/expression.hpp has the
/// language.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/formula/expression.hpp"
#include "sim/sweep/sweep_spec.hpp"

namespace ebb {

class ColumnFormula {
public:
    /// Throws InputError with every mistake, at its character of the file where that can be told.
    ColumnFormula(const ExpressionSpec& spec, const Vocabulary& vocabulary);

    /// Which of the names it reads, as indices.
    [[nodiscard]] const std::vector<std::size_t>& reads() const { return formula_.used(); }
    /// `row` by the names' order, NaN where a value is missing; texts by their places in the
    /// vocabulary's words. Nothing if a value that it reads is missing, or if the result is no
    /// finite number.
    [[nodiscard]] std::optional<double> value(const std::vector<double>& row) const;

private:
    Expression formula_;
    mutable std::vector<double> values_;
};

/// The number that stands for a text; one that no formula can name if it is not among the words.
[[nodiscard]] double code_of(const std::string& text, const std::vector<std::string>& words);

/// Those that are not yet among the words join them.
void add_words(const std::vector<std::string>& texts, std::vector<std::string>& words);

/// Texts of results are known only after the runs. So those that a formula compares with a column
/// of them join the words: `open[i]` says that column i may hold any text.
void learn_words(const std::string& text, const std::vector<bool>& open, Vocabulary& vocabulary);

/// A name that can stand in a formula as it is.
[[nodiscard]] bool is_formula_name(const std::string& name);

}  // namespace ebb
