// SPDX-License-Identifier: Apache-2.0
/// The non-dominated points: those that no other point matches or beats in every objective while
/// beating them in one. Exact, by comparison of every point with the front; equal points stay
/// together. On means over repeats, which is said where it is shown.
#pragma once

#include <string>
#include <vector>

#include "sim/analysis/ranking.hpp"

namespace ebb {

/// `rows[i]` are the objectives of point i, all to be made small. Indices in ascending order of the
/// first objective, then the next. Throws nothing; NaN is the caller's to leave out.
[[nodiscard]] std::vector<std::size_t> non_dominated(const std::vector<std::vector<double>>& rows);

struct ParetoPoint {
    Candidate candidate;
    std::vector<MeanInterval> values;  ///< per objective
};

struct ParetoFront {
    std::vector<ParetoPoint> points;
    std::size_t of = 0;  ///< points that were compared
    LeftOut left_out;
};

[[nodiscard]] ParetoFront pareto_front(const SweepData& table,
                                       const std::vector<Objective>& objectives,
                                       const Selection& selection, double confidence);

/// Is more of this result better? By its meaning: work done, energy harvested, time powered; of
/// everything else less is. A user may say it otherwise.
[[nodiscard]] bool more_is_better(const std::string& column);

}  // namespace ebb
