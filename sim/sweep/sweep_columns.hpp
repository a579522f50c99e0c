// SPDX-License-Identifier: Apache-2.0
/// The columns of a sweep's table, and the cells of a run in them: what went in (axes, what repeats
/// varied), what came out (metrics), and what is computed from both (derived).
#pragma once

#include <string>
#include <vector>

#include "sim/sweep/formula.hpp"
#include "sim/sweep/run_row.hpp"
#include "sim/sweep/sweep_plan.hpp"

namespace ebb {

class SweepColumns {
public:
    /// Throws InputError for derived columns that cannot be. Plan and metrics must outlive it.
    SweepColumns(const SweepPlan& plan, const MetricColumns& metrics);
    /// What is wrong with the derived columns of a plan, even of one that has mistakes itself.
    static void check_derived(const SweepPlan& plan, MistakeList& mistakes);

    /// Inputs, repeats, metrics, derived, in this order.
    [[nodiscard]] const std::vector<Column>& all() const { return all_; }
    [[nodiscard]] const MetricColumns& metrics() const { return metrics_; }
    [[nodiscard]] const SweepPlan& plan() const { return plan_; }
    /// Cells of a row, in the order of all(); empty ones for what a failed run does not have.
    void cells(const RunRow& row, std::vector<Cell>& out) const;

private:
    SweepColumns(const SweepPlan& plan, const MetricColumns& metrics, MistakeList& mistakes);
    void add_all(MistakeList& mistakes);
    void add_derived(MistakeList& mistakes);
    [[nodiscard]] double formula_number(std::size_t column, const Cell& cell) const;
    const SweepPlan& plan_;
    const MetricColumns& metrics_;
    std::vector<Column> all_;
    std::vector<ColumnFormula> derived_;
    std::vector<std::string> words_;  ///< texts that formulas may compare with
    std::vector<bool> reads_;         ///< by column: does a formula read it?
    mutable std::vector<AxisValue> values_;
    mutable std::vector<double> numbers_;
};

}  // namespace ebb
