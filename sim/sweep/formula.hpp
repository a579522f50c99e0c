// SPDX-License-Identifier: Apache-2.0
/// An expression over columns of a sweep, by muParser: + - * / ^, comparisons, && || !, ? :, and
/// its functions (sqrt, exp, log, min, max, abs, ...). Column names are variables as they stand:
/// energy_j.harvested / work.jobs_done.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/document.hpp"

namespace ebb {

class ColumnFormula {
public:
    /// `names` are the variables that exist. Throws InputError at `spot` (the place in the text, if
    /// it is known) for what is no expression or no column.
    ColumnFormula(const std::string& text, const Spot& spot, const std::vector<std::string>& names);
    ~ColumnFormula();
    ColumnFormula(ColumnFormula&&) noexcept;
    ColumnFormula& operator=(ColumnFormula&&) noexcept;

    /// Which of the names it reads, as indices.
    [[nodiscard]] const std::vector<std::size_t>& reads() const;
    /// `values` by the names' order. Nothing if a value that it reads is missing, or if the result
    /// is no finite number.
    [[nodiscard]] std::optional<double> value(
        const std::vector<std::optional<double>>& values) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A name that can stand in a formula as it is.
[[nodiscard]] bool is_formula_name(const std::string& name);

}  // namespace ebb
