// SPDX-License-Identifier: Apache-2.0
/// Which points of a sweep are best, and which only look so.
///
/// A point's value is the mean of the objective over its done runs, with a Student-t interval.
/// Against the best point it is the difference within a repeat that counts (a repeat has the same
/// start and the same random draws at every point): a point whose interval of the mean difference
/// holds zero is tied with the best. With one run per point there is no interval, and only equal
/// values tie.
///
/// A condition must hold at the means of the columns that it names; `in_every_run` asks it of each
/// run instead. A point is left out, and counted, where a run of it has no value for the objective:
/// the mean of the others would flatter it. Runs that failed are left out of the means; the number
/// of runs that counted is told for each point.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/analysis/statistics.hpp"
#include "sim/analysis/sweep_data.hpp"
#include "sim/formula/expression.hpp"

namespace ebb {

struct Objective {
    Expression expression;
    bool maximise = false;
};

struct Conditions {
    std::vector<Expression> all;
    bool in_every_run = false;
};

/// A point that takes part: its runs that are done.
struct Candidate {
    std::int64_t point = 0;
    std::size_t first_row = 0;       ///< for its inputs
    std::vector<std::size_t> rows;   ///< done
    std::size_t failed = 0;          ///< runs
    std::vector<std::size_t> holds;  ///< per condition: runs in which it holds
};

/// Why points of the sweep take no part.
struct LeftOut {
    std::size_t all_failed = 0;     ///< points without a done run
    std::size_t condition = 0;      ///< a condition does not hold
    std::size_t no_value = 0;       ///< the objective has no value in a run
    std::size_t partly_failed = 0;  ///< points that take part with some runs failed
};

struct Selection {
    std::vector<Candidate> candidates;
    LeftOut left_out;
    std::size_t points = 0;
};

/// Points with a done run at which every condition holds.
[[nodiscard]] Selection select(const SweepData& table, const Conditions& conditions);

/// The formula in each row; NaN where it has no value.
[[nodiscard]] std::vector<double> values_of(const SweepData& table, const Expression& expression);

struct RankedPoint {
    Candidate candidate;
    MeanInterval value;
    double difference = 0.0, margin = 0.0;  ///< mean difference to the best, half its interval
    std::size_t pairs = 0;                  ///< repeats that both have
    bool tie = false;                       ///< with the best; the best itself is
    std::size_t rank = 1;                   ///< ties share 1
};

struct Ranking {
    std::vector<RankedPoint> points;  ///< best first
    LeftOut left_out;
    std::size_t points_in_sweep = 0;
};

[[nodiscard]] Ranking rank_points(const SweepData& table, const Objective& objective,
                                  const Selection& selection, double confidence);

}  // namespace ebb
