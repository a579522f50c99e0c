// SPDX-License-Identifier: Apache-2.0
/// What a run is asked for: a condition over its results (result_formula.hpp).
///
/// A condition over a result without value is not met. A run that computed on wrong data
/// (consistency.violations) meets none, whatever it achieved.
///
///   per run       met or not
///   on average    LEFT op RIGHT, op one of < <= >= >: the margin by which it is met,
///                 in the unit of its sides, negative where it is not
#pragma once

#include <optional>
#include <string>

#include "sim/analysis/result_formula.hpp"
#include "sim/result/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace ebb {

class Goal {
public:
    /// Throws InputError, with the nearest name, for what no run of this scenario can have, for
    /// what is no condition, and, `on_average`, for what has no margin.
    Goal(const std::string& text, const Scenario& scenario, bool on_average);

    [[nodiscard]] const std::string& text() const noexcept { return condition_.text(); }
    [[nodiscard]] bool met(const Result& result) const;
    /// NaN where a side has no value or the run computed on wrong data.
    [[nodiscard]] double margin(const Result& result) const;

private:
    ResultFormula condition_;
    std::optional<ResultFormula> left_, right_;
    bool more_ = true;  ///< LEFT is to be above RIGHT
};

/// What the scenario expects of itself, as one condition; empty if it expects nothing.
[[nodiscard]] std::string goal_of_expectations(const Scenario& scenario);

}  // namespace ebb
