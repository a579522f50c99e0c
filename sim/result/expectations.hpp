// SPDX-License-Identifier: Apache-2.0
/// What a scenario expects of its run (`expect: {work.jobs_done: ">= 10"}`), compared with the
/// result.
///
/// A metric is a path of summary.json that holds one number or truth value (0 or 1), a task's count
/// ("work.tasks.sense.done") or the number of findings of a code ("findings.no_energy"). A metric
/// that is null in this run (no job was done, so there is no latency) fails any expectation.
#pragma once

#include "sim/result/result.hpp"
#include "sim/scenario/scenario.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ebb {

/// The number at a path; empty if it is null there.
/// Throws InputError, with the nearest name, if there is no such path or it holds no number.
[[nodiscard]] std::optional<double> number_at(const Result& result, std::string_view path);

/// Throws InputError if an expectation names what no run of this scenario can have: for checks
/// before the run.
void check_expectations(const Scenario& scenario);

/// One sentence for every expectation that was not met; empty if all were.
/// Throws InputError for an unknown metric or comparison.
[[nodiscard]] std::vector<std::string> evaluate_expectations(
    const Result& result, const std::vector<Expectation>& expectations);

}  // namespace ebb
