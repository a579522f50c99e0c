// SPDX-License-Identifier: Apache-2.0
/// Puts the protocol's commit behind every so much work of a program that has none.
///
///   a task that may stop anywhere   is cut into slices: n whole periods are one loop of slice and
///                                   commit, so that they leap; what is left counts on in the next
///                                   task
///   anything else                   behind a unit: so many trips of the outermost loop of which
///                                   one trip is shorter than the period; trips that are longer are
///                                   divided evenly
///   the end of the job              a last commit, unless there has just been one
///
/// Between two commits lies at most one period, or one unit that is longer (where loops are already
/// as deep as they may be: an innermost loop); at the seams of loops a period may be shorter.
/// Endless and once-per-boot work has no borders and counts no time. Work is measured at the clock
/// that it is stated for.
#pragma once

#include "models/workload/program.hpp"

namespace ebb {

/// `check_share`: of the work's time, spent before each commit by a unit of upkeep. The period is
/// positive.
void add_periodic_commits(Program& program, double period_s, double check_share);

/// Of one execution, overlap groups side by side [s].
[[nodiscard]] double unit_time_s(const Unit& unit);
/// Of all work that is counted [s].
[[nodiscard]] double counted_work_s(const Program& program);

}  // namespace ebb
