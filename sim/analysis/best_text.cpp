// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "sim/analysis/best_answer.hpp"
#include "sim/analysis/text_columns.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

std::string number_text(double value, const std::string& unit) {
    if (unit == "m2") {  // a prefix would belong to the metre
        return fmt::format("{:.4g} cm2", 1e4 * value);
    }
    return unit.empty() || unit == "1" ? fmt::format("{:.4g}", value) : engineering(value, unit);
}

std::string cell_for_people(const SweepData& table, std::size_t column, std::size_t row) {
    const SweepColumn& c = table.columns[column];
    if (c.text || std::isnan(c.cells[row])) {
        return table.cell_text(column, row);
    }
    return number_text(c.cells[row], c.unit);
}

std::string with_margin(const MeanInterval& value, const std::string& unit, std::size_t runs) {
    std::string text = number_text(value.mean, unit);
    if (runs > 1) {
        text += " ± " + (unit.empty() || unit == "1" ? fmt::format("{:.2g}", value.margin)
                                                     : number_text(value.margin, unit));
    }
    return text;
}

std::string confidence_text(double confidence) {
    return fmt::format("{:.4g} %", 100.0 * confidence);
}

std::string plural(std::size_t n, const char* one, const char* more) {
    return fmt::format("{} {}", count_text(static_cast<std::int64_t>(n)), n == 1 ? one : more);
}

std::string runs_text(const Candidate& candidate) {
    return candidate.failed == 0
               ? fmt::format("{}", candidate.rows.size())
               : fmt::format("{} ({} failed)", candidate.rows.size(), candidate.failed);
}

std::string left_out_text(const LeftOut& out) {
    std::string text;
    const auto add = [&](std::size_t n, const char* what) {
        if (n > 0) {
            text += fmt::format("  left out: {} {}\n", plural(n, "point", "points"), what);
        }
    };
    add(out.all_failed, "where every run failed");
    add(out.condition, "where a condition does not hold");
    add(out.no_value, "with a run that has no value for what is asked");
    if (out.partly_failed > 0) {
        text += fmt::format("  {} judged by the runs that did not fail\n",
                            plural(out.partly_failed, "point is", "points are"));
    }
    return text;
}

void add_axes(const SweepData& table, const std::vector<std::size_t>& axes, TextColumns& columns) {
    for (const std::size_t axis : axes) {
        columns.column(table.columns[axis].name, !table.columns[axis].text);
    }
}

std::string conditions_text(const BestAnswer& answer) {
    std::string text;
    for (std::size_t k = 0; k < answer.conditions.size(); ++k) {
        text += fmt::format("{}{}", k == 0 ? "" : " and ", answer.conditions[k]);
    }
    return text.empty()
               ? text
               : fmt::format("  subject to {} ({})\n", text,
                             answer.in_every_run ? "in every run" : "at the means of the runs");
}

std::string ranking_text(const SweepData& table, const BestAnswer& answer) {
    const Ranking& ranking = *answer.ranking;
    std::string out = fmt::format("\n{} {}\n", answer.objective.maximise ? "Most" : "Least",
                                  answer.objective.text) +
                      conditions_text(answer);
    if (ranking.points.empty()) {
        return out + "  no point of the sweep takes part\n" + left_out_text(ranking.left_out);
    }
    const std::vector<std::size_t> axes = axes_of(table);
    TextColumns columns;
    columns.column("rank", true);
    columns.column("point", true);
    add_axes(table, axes, columns);
    columns.column(answer.objective.text, true);
    columns.column("against the best", true);
    columns.column("runs", false);
    std::size_t ties = 0, single = 0;
    for (std::size_t i = 0; i < ranking.points.size(); ++i) {
        const RankedPoint& point = ranking.points[i];
        ties += point.tie ? 1 : 0;
        single += point.candidate.rows.size() < 2 ? 1 : 0;
        if (i >= answer.top) {
            continue;
        }
        std::vector<std::string> cells = {fmt::format("{}", point.rank),
                                          fmt::format("{}", point.candidate.point)};
        for (const std::size_t axis : axes) {
            cells.push_back(cell_for_people(table, axis, point.candidate.first_row));
        }
        cells.push_back(
            with_margin(point.value, answer.objective.unit, point.candidate.rows.size()));
        const MeanInterval difference{point.difference, point.margin};
        std::string against = with_margin(difference, answer.objective.unit, point.pairs);
        if (point.difference > 0.0) {
            against.insert(0, "+");
        }
        cells.push_back(i == 0 ? "" : against + (point.tie ? "  tie" : "     "));
        cells.push_back(runs_text(point.candidate));
        columns.row(std::move(cells));
    }
    out += columns.text();
    if (ranking.points.size() > answer.top) {
        out += fmt::format("  ... and {} more (--top N)\n", ranking.points.size() - answer.top);
    }
    if (single == ranking.points.size()) {
        out += "  one run per point: nothing can be said about chance; give the sweep repeats\n";
    } else {
        out += fmt::format(
            "  ± is half the {} interval (Student's t); differences are taken within a repeat\n",
            confidence_text(answer.confidence));
        out += ties > 1 ? fmt::format("  {} of {} points cannot be told from the best\n", ties,
                                      ranking.points.size())
                        : "  the best is told from every other point\n";
    }
    return out + left_out_text(ranking.left_out);
}

std::string front_text(const SweepData& table, const BestAnswer& answer) {
    const ParetoFront& front = *answer.front;
    std::string out = "\nPareto front:";
    for (std::size_t k = 0; k < answer.objectives.size(); ++k) {
        out += fmt::format("{} {} {}", k == 0 ? "" : ",",
                           answer.objectives[k].maximise ? "most" : "least",
                           answer.objectives[k].text);
    }
    out += "\n" + conditions_text(answer);
    if (front.points.empty()) {
        return out + "  no point of the sweep takes part\n" + left_out_text(front.left_out);
    }
    const std::vector<std::size_t> axes = axes_of(table);
    TextColumns columns;
    columns.column("point", true);
    add_axes(table, axes, columns);
    for (const Asked& objective : answer.objectives) {
        columns.column(objective.text, true);
    }
    columns.column("runs", false);
    for (const ParetoPoint& point : front.points) {
        std::vector<std::string> cells = {fmt::format("{}", point.candidate.point)};
        for (const std::size_t axis : axes) {
            cells.push_back(cell_for_people(table, axis, point.candidate.first_row));
        }
        for (std::size_t k = 0; k < point.values.size(); ++k) {
            cells.push_back(with_margin(point.values[k], answer.objectives[k].unit,
                                        point.candidate.rows.size()));
        }
        cells.push_back(runs_text(point.candidate));
        columns.row(std::move(cells));
    }
    out += columns.text();
    out += fmt::format(
        "  {} of {} points; no other point is as good in all and better in one (by means)\n",
        front.points.size(), front.of);
    return out + left_out_text(front.left_out);
}

std::string share_text(double share, const std::optional<Interval>& interval) {
    std::string text = fmt::format("{:.4f}", share);
    if (interval) {
        text += fmt::format("  [{:.4f}, {:.4f}]", interval->low, interval->high);
    }
    return text;
}

std::string sensitivity_text(const BestAnswer& answer) {
    const SobolIndices& s = *answer.sensitivity;
    const bool grid = s.method == SobolIndices::Method::grid;
    std::string out = fmt::format("\nWhat {} depends on: Sobol indices\n", answer.metric.text);
    TextColumns columns;
    columns.column("input", false);
    columns.column("alone (first order)", true);
    columns.column("with others (total)", true);
    double sum = 0.0;
    for (const InputSensitivity& input : s.inputs) {
        sum += input.first;
        columns.row({input.input, share_text(input.first, input.first_interval),
                     share_text(input.total, input.total_interval)});
    }
    out += columns.text();
    out += fmt::format("  mean {}, variance {:.4g}; interplay explains {:.4f} of it\n",
                       number_text(s.mean, answer.metric.unit), s.variance, 1.0 - sum);
    out +=
        grid ? fmt::format("  exact variances over a {}, all levels weighing the same\n", s.layout)
             : fmt::format(
                   "  Saltelli 2010 (first order) and Jansen 1999 (total) over {}\n"
                   "  [ ] holds the {} interval (bootstrap over blocks)\n",
                   s.layout, confidence_text(answer.confidence));
    if (s.dropped > 0) {
        out += fmt::format("  {} left out for want of a value\n",
                           plural(s.dropped, "block", "blocks"));
    }
    if (s.noise_share > 0.0) {
        out += fmt::format("  {} of the variance is scatter of the means over repeats\n",
                           percent_text(s.noise_share));
    }
    if (!answer.conditions.empty()) {
        out += "  conditions do not apply here: they would tear holes into the design\n";
    }
    return out;
}

}  // namespace

std::string best_text(const SweepData& table, const BestAnswer& answer) {
    std::string out =
        fmt::format("Sweep of {}, {}\n", plural(points_of(table).size(), "point", "points"),
                    plural(table.rows(), "run", "runs"));
    const std::string failures = failures_text(table);
    if (!failures.empty()) {
        out += "  " + failures + "\n";
    }
    if (answer.ranking) {
        out += ranking_text(table, answer);
    }
    if (answer.front) {
        out += front_text(table, answer);
    }
    if (answer.sensitivity) {
        out += sensitivity_text(answer);
    }
    return out;
}

}  // namespace ebb
