// SPDX-License-Identifier: Apache-2.0
/// A formula over the results of one run, named as in summary.json (expression.hpp has the
/// language).
///
/// "findings.CODE" counts findings; a truth value is 0 or 1; a result without value in a run (no
/// job was done, so there is no latency) gives NaN.
#pragma once

#include <string>

#include "sim/formula/expression.hpp"
#include "sim/result/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace ebb {

class ResultFormula {
public:
    /// Throws InputError, with the nearest name, for what no run of this scenario can have; `where`
    /// is the option that holds it.
    ResultFormula(const std::string& text, const Scenario& scenario, const std::string& where);

    [[nodiscard]] const std::string& text() const noexcept { return formula_.text(); }
    [[nodiscard]] bool is_condition() const noexcept { return formula_.is_condition(); }
    [[nodiscard]] double value(const Result& result) const;

private:
    Vocabulary vocabulary_;
    Expression formula_;
};

}  // namespace ebb
