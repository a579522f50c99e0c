// SPDX-License-Identifier: Apache-2.0
#include "sim/analysis/pareto.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <regex>

namespace ebb {

namespace {

bool dominates(const std::vector<double>& a, const std::vector<double>& b) {
    bool better = false;
    for (std::size_t k = 0; k < a.size(); ++k) {
        if (a[k] > b[k]) {
            return false;
        }
        better |= a[k] < b[k];
    }
    return better;
}

}  // namespace

std::vector<std::size_t> non_dominated(const std::vector<std::vector<double>>& rows) {
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rows[a] < rows[b]; });
    // What dominates a point comes before it in this order, and is itself dominated by a point of
    // the front if it is not one: so the front alone decides.
    std::vector<std::size_t> front;
    for (const std::size_t i : order) {
        const bool dominated = std::any_of(
            front.begin(), front.end(), [&](std::size_t f) { return dominates(rows[f], rows[i]); });
        if (!dominated) {
            front.push_back(i);
        }
    }
    return front;
}

ParetoFront pareto_front(const SweepData& table, const std::vector<Objective>& objectives,
                         const Selection& selection, double confidence) {
    std::vector<std::vector<double>> values;
    values.reserve(objectives.size());
    for (const Objective& objective : objectives) {
        values.push_back(values_of(table, objective.expression));
    }
    ParetoFront out;
    out.left_out = selection.left_out;
    std::vector<ParetoPoint> all;
    std::vector<std::vector<double>> rows;
    for (const Candidate& candidate : selection.candidates) {
        ParetoPoint point{candidate, {}};
        std::vector<double> row;
        bool complete = true;
        for (std::size_t k = 0; k < objectives.size(); ++k) {
            std::vector<double> mine;
            for (const std::size_t r : candidate.rows) {
                mine.push_back(values[k][r]);
            }
            complete &=
                std::none_of(mine.begin(), mine.end(), [](double x) { return std::isnan(x); });
            point.values.push_back(mean_interval(mine, confidence));
            row.push_back(objectives[k].maximise ? -point.values.back().mean
                                                 : point.values.back().mean);
        }
        if (!complete) {
            ++out.left_out.no_value;
            continue;
        }
        all.push_back(std::move(point));
        rows.push_back(std::move(row));
    }
    out.of = all.size();
    for (const std::size_t i : non_dominated(rows)) {
        out.points.push_back(all[i]);
    }
    return out;
}

bool more_is_better(const std::string& column) {
    static const std::regex kMore(
        "(work\\.(jobs_done|units_done|forward_progress|tasks\\..*\\.done)|energy_j\\.(harvested|"
        "compute)|power\\.(on_s|mean_on_s)|checkpoint\\.completed)");
    return std::regex_match(column, kMore);
}

}  // namespace ebb
