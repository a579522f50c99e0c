// SPDX-License-Identifier: Apache-2.0
/// A formula over named numbers, as a user writes it: "work.latency_p95_s <= 200 ms and
/// jobs_done / capacitance_f > 1e6".
///
///   names       columns (names.hpp), with dots; in backquotes if they hold other characters
///   numbers     plain, or with a unit as in a scenario: 200 ms, 47 uF, 90 %; taken in SI
///   texts       'jit' or "jit", only next to == and != and a column of texts
///   constants   _pi, _e
///   operators   + - * / ^   < <= == != >= >   and or not (&& || !)   ?:   ( )
///   functions   min max abs sqrt exp ln log2 log10 ... (those of muParser, which evaluates)
///
/// Comparisons give 1 or 0 and may not be chained (1 < x < 2), because that would not mean what it
/// looks like. Where a number has no value in a run (null), or the result is not finite, the
/// formula has none either: NaN.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace ebb {

/// What a formula may name. `text[i]`: column i holds texts, whose numbers are their places in
/// `words`.
struct Vocabulary {
    std::vector<std::string> names;
    std::vector<bool> text;
    std::vector<std::string> words;
    /// Columns that are missing because of a mistake elsewhere. A name that may mean one of them is
    /// no second mistake; a formula that has one has no meaning and was only checked.
    std::vector<std::string> doubtful;
    bool any_name = false;  ///< no column is known: every name is doubtful
};

class Expression {
public:
    /// Throws InputError with every mistake; `where` is the option that holds it.
    Expression(const std::string& text, const Vocabulary& vocabulary, const std::string& where);
    ~Expression();
    Expression(Expression&&) noexcept;
    Expression& operator=(Expression&&) noexcept;

    [[nodiscard]] const std::string& text() const noexcept;
    /// Indices into the vocabulary's names.
    [[nodiscard]] const std::vector<std::size_t>& used() const noexcept;
    /// Is its outermost operation a comparison, `and`, `or` or `not`?
    [[nodiscard]] bool is_condition() const noexcept;
    /// `values[k]` belongs to used()[k].
    [[nodiscard]] double value(const std::vector<double>& values) const;

private:
    struct Formula;
    std::unique_ptr<Formula> formula_;
};

}  // namespace ebb
