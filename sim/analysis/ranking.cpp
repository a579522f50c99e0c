// SPDX-License-Identifier: Apache-2.0
#include "sim/analysis/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ebb {

namespace {

/// The formula at the columns' means over these rows. A text that differs between them has none.
double at_means(const SweepData& table, const Expression& expression,
                const std::vector<std::size_t>& rows) {
    std::vector<double> means;
    for (const std::size_t c : expression.used()) {
        const SweepColumn& column = table.columns[c];
        double mean = 0.0;
        bool same = true;
        for (const std::size_t row : rows) {
            mean += column.cells[row] / static_cast<double>(rows.size());
            same &= column.cells[row] == column.cells[rows.front()];
        }
        // Equal numbers have their own value as mean, not one that rounding has moved.
        const double first = column.cells[rows.front()];
        means.push_back(same ? first
                             : (column.text ? std::numeric_limits<double>::quiet_NaN() : mean));
    }
    return expression.value(means);
}

/// NaN is no truth.
bool holds(double value) { return !std::isnan(value) && value != 0.0; }

}  // namespace

std::vector<double> values_of(const SweepData& table, const Expression& expression) {
    std::vector<double> values, cells(expression.used().size());
    for (std::size_t row = 0; row < table.rows(); ++row) {
        for (std::size_t k = 0; k < cells.size(); ++k) {
            cells[k] = table.columns[expression.used()[k]].cells[row];
        }
        values.push_back(table.done[row] ? expression.value(cells)
                                         : std::numeric_limits<double>::quiet_NaN());
    }
    return values;
}

Selection select(const SweepData& table, const Conditions& conditions) {
    std::vector<std::vector<double>> truths;
    for (const Expression& condition : conditions.all) {
        truths.push_back(values_of(table, condition));
    }
    Selection out;
    for (const PointRows& point : points_of(table)) {
        ++out.points;
        Candidate candidate{point.point, point.rows.front(), {}, 0, {}};
        for (const std::size_t row : point.rows) {
            if (table.done[row]) {
                candidate.rows.push_back(row);
            } else {
                ++candidate.failed;
            }
        }
        if (candidate.rows.empty()) {
            ++out.left_out.all_failed;
            continue;
        }
        bool meets = true;
        for (std::size_t k = 0; k < conditions.all.size(); ++k) {
            std::size_t count = 0;
            for (const std::size_t row : candidate.rows) {
                count += holds(truths[k][row]) ? 1 : 0;
            }
            candidate.holds.push_back(count);
            meets &= conditions.in_every_run
                         ? count == candidate.rows.size()
                         : holds(at_means(table, conditions.all[k], candidate.rows));
        }
        if (!meets) {
            ++out.left_out.condition;
            continue;
        }
        out.left_out.partly_failed += candidate.failed > 0 ? 1 : 0;
        out.candidates.push_back(std::move(candidate));
    }
    return out;
}

Ranking rank_points(const SweepData& table, const Objective& objective, const Selection& selection,
                    double confidence) {
    const std::vector<double> values = values_of(table, objective.expression);
    Ranking out;
    out.left_out = selection.left_out;
    out.points_in_sweep = selection.points;
    for (const Candidate& candidate : selection.candidates) {
        std::vector<double> mine;
        for (const std::size_t row : candidate.rows) {
            mine.push_back(values[row]);
        }
        if (std::any_of(mine.begin(), mine.end(), [](double x) { return std::isnan(x); })) {
            ++out.left_out.no_value;
            continue;
        }
        RankedPoint point;
        point.candidate = candidate;
        point.value = mean_interval(mine, confidence);
        out.points.push_back(std::move(point));
    }
    std::stable_sort(
        out.points.begin(), out.points.end(), [&](const RankedPoint& a, const RankedPoint& b) {
            return objective.maximise ? a.value.mean > b.value.mean : a.value.mean < b.value.mean;
        });
    for (std::size_t i = 0; i < out.points.size(); ++i) {
        RankedPoint& point = out.points[i];
        const RankedPoint& best = out.points.front();
        std::vector<double> differences;
        for (const std::size_t mine : point.candidate.rows) {
            for (const std::size_t its : best.candidate.rows) {
                if (table.repeat[mine] == table.repeat[its]) {
                    differences.push_back(values[mine] - values[its]);
                }
            }
        }
        point.pairs = differences.size();
        const MeanInterval d = mean_interval(differences, confidence);
        point.difference = d.mean;
        point.margin = d.margin;
        // Without a common repeat nothing can be said, and no difference is claimed.
        point.tie = point.pairs == 0 || std::fabs(d.mean) <= d.margin;
        point.rank = point.tie ? 1 : i + 1;
    }
    return out;
}

}  // namespace ebb
