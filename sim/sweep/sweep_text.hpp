// SPDX-License-Identifier: Apache-2.0
/// A sweep as people see it: what it will do, how far it is, what came out.
#pragma once

#include <string>
#include <vector>

#include "sim/sweep/database.hpp"
#include "sim/sweep/run_sweep.hpp"

namespace ebb {

/// "2,000 runs: 100 points x 20 repeats, on 2 workers".
[[nodiscard]] std::string plan_text(const SweepPlan& plan, const SweepOptions& options,
                                    std::uint64_t runs);

/// "412/1,000   3,900 runs/s   1 s left   2 failed".
[[nodiscard]] std::string progress_text(const SweepProgress& progress);

/// Counts, speed, the first failures by reason, and where the results are; before that, for sweeps
/// of a few rows, the rows with their key metrics.
[[nodiscard]] std::string outcome_text(const SweepOutcome& outcome, Database& database);

/// "3 failed: mcu.turn_off ..." by reason, the most frequent first.
[[nodiscard]] std::string failures_text(Database& database);

/// The rows of a small table with their inputs and the metrics that matter most; empty if there are
/// too many rows.
[[nodiscard]] std::string rows_text(Database& database);

}  // namespace ebb
