// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "models/core/error.hpp"
#include "sim/analysis/best_answer.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

using Json = nlohmann::ordered_json;

Json inputs_json(const SweepData& table, const Candidate& candidate) {
    Json inputs = Json::object();
    for (const std::size_t axis : axes_of(table)) {
        const SweepColumn& column = table.columns[axis];
        const double cell = column.cells[candidate.first_row];
        if (column.text) {
            inputs[column.name] = table.cell_text(axis, candidate.first_row);
        } else {
            inputs[column.name] = std::isnan(cell) ? Json() : Json(cell);
        }
    }
    return inputs;
}

Json asked_json(const Asked& asked) {
    return {{"expression", asked.text},
            {"unit", asked.unit},
            {"direction", asked.maximise ? "maximize" : "minimize"}};
}

/// Half an interval: null for one run, which has none.
Json margin_json(double margin, std::size_t runs) { return runs > 1 ? Json(margin) : Json(); }

Json left_out_json(const LeftOut& out) {
    return {{"every_run_failed", out.all_failed},
            {"condition_not_met", out.condition},
            {"no_value", out.no_value},
            {"partly_failed_but_ranked", out.partly_failed}};
}

Json ranking_json(const SweepData& table, const BestAnswer& answer) {
    Json json = {{"objective", asked_json(answer.objective)}, {"interval", "student_t_paired"}};
    json["left_out"] = left_out_json(answer.ranking->left_out);
    json["points"] = Json::array();
    for (const RankedPoint& point : answer.ranking->points) {
        const std::size_t runs = point.candidate.rows.size();
        Json row = {{"rank", point.rank}, {"point", point.candidate.point}};
        row["inputs"] = inputs_json(table, point.candidate);
        row["mean"] = point.value.mean;
        row["half_interval"] = margin_json(point.value.margin, runs);
        row["difference"] = point.pairs == 0 ? Json() : Json(point.difference);
        row["difference_half_interval"] = margin_json(point.margin, point.pairs);
        row["tie"] = point.tie;
        row["runs"] = runs;
        row["failed"] = point.candidate.failed;
        row["runs_meeting_condition"] = point.candidate.holds;
        json["points"].push_back(std::move(row));
    }
    return json;
}

Json front_json(const SweepData& table, const BestAnswer& answer) {
    Json json = {{"objectives", Json::array()}, {"compared", answer.front->of}};
    for (const Asked& objective : answer.objectives) {
        json["objectives"].push_back(asked_json(objective));
    }
    json["left_out"] = left_out_json(answer.front->left_out);
    json["points"] = Json::array();
    for (const ParetoPoint& point : answer.front->points) {
        const std::size_t runs = point.candidate.rows.size();
        Json row = {{"point", point.candidate.point}};
        row["inputs"] = inputs_json(table, point.candidate);
        row["mean"] = Json::array();
        row["half_interval"] = Json::array();
        for (const MeanInterval& value : point.values) {
            row["mean"].push_back(value.mean);
            row["half_interval"].push_back(margin_json(value.margin, runs));
        }
        row["runs"] = runs;
        row["failed"] = point.candidate.failed;
        json["points"].push_back(std::move(row));
    }
    return json;
}

Json interval_json(const std::optional<Interval>& interval) {
    return interval ? Json{interval->low, interval->high} : Json();
}

Json sensitivity_json(const BestAnswer& answer) {
    const SobolIndices& s = *answer.sensitivity;
    const bool grid = s.method == SobolIndices::Method::grid;
    Json json = {{"metric", answer.metric.text},
                 {"unit", answer.metric.unit},
                 {"method", grid ? "grid_variance" : "saltelli_jansen"},
                 {"design", s.layout},
                 {"points", s.points},
                 {"blocks_dropped", s.dropped},
                 {"mean", s.mean},
                 {"variance", s.variance},
                 {"noise_share", std::isfinite(s.noise_share) ? Json(s.noise_share) : Json()},
                 {"inputs", Json::array()}};
    for (const InputSensitivity& input : s.inputs) {
        json["inputs"].push_back({{"input", input.input},
                                  {"first_order", input.first},
                                  {"first_order_interval", interval_json(input.first_interval)},
                                  {"total", input.total},
                                  {"total_interval", interval_json(input.total_interval)}});
    }
    return json;
}

std::string header_of_axes(const SweepData& table) {
    std::string out;
    for (const std::size_t axis : axes_of(table)) {
        out += "," + csv_cell(table.columns[axis].name);
    }
    return out;
}

std::string cells_of_axes(const SweepData& table, const Candidate& candidate) {
    std::string out;
    for (const std::size_t axis : axes_of(table)) {
        out += "," + csv_cell(table.cell_text(axis, candidate.first_row));
    }
    return out;
}

std::string number_cell(double value, bool there = true) {
    return "," + (there ? shortest(value) : std::string());
}

std::string ranking_csv(const SweepData& table, const BestAnswer& answer) {
    std::string out = "rank,point" + header_of_axes(table) +
                      ",mean,half_interval,difference,difference_half_interval,tie,runs,failed\n";
    for (const RankedPoint& point : answer.ranking->points) {
        const std::size_t runs = point.candidate.rows.size();
        out += fmt::format("{},{}", point.rank, point.candidate.point) +
               cells_of_axes(table, point.candidate) + number_cell(point.value.mean) +
               number_cell(point.value.margin, runs > 1) +
               number_cell(point.difference, point.pairs > 0) +
               number_cell(point.margin, point.pairs > 1) +
               fmt::format(",{},{},{}\n", point.tie ? 1 : 0, runs, point.candidate.failed);
    }
    return out;
}

std::string front_csv(const SweepData& table, const BestAnswer& answer) {
    std::string out = "point" + header_of_axes(table);
    for (const Asked& objective : answer.objectives) {
        out += "," + csv_cell(objective.text) + "," + csv_cell(objective.text + " half_interval");
    }
    out += ",runs,failed\n";
    for (const ParetoPoint& point : answer.front->points) {
        out += fmt::format("{}", point.candidate.point) + cells_of_axes(table, point.candidate);
        for (const MeanInterval& value : point.values) {
            out += number_cell(value.mean) +
                   number_cell(value.margin, point.candidate.rows.size() > 1);
        }
        out += fmt::format(",{},{}\n", point.candidate.rows.size(), point.candidate.failed);
    }
    return out;
}

std::string sensitivity_csv(const BestAnswer& answer) {
    std::string out =
        "input,first_order,first_order_low,first_order_high,total,total_low,total_high\n";
    for (const InputSensitivity& input : answer.sensitivity->inputs) {
        const Interval none;
        const Interval first = input.first_interval.value_or(none);
        const Interval total = input.total_interval.value_or(none);
        out += csv_cell(input.input) + number_cell(input.first) +
               number_cell(first.low, input.first_interval.has_value()) +
               number_cell(first.high, input.first_interval.has_value()) +
               number_cell(input.total) + number_cell(total.low, input.total_interval.has_value()) +
               number_cell(total.high, input.total_interval.has_value()) + "\n";
    }
    return out;
}

}  // namespace

nlohmann::ordered_json best_json(const SweepData& table, const BestAnswer& answer) {
    Json json = {{"database", table.path},
                 {"points", points_of(table).size()},
                 {"runs", table.rows()},
                 {"failed", table.rows() - table.done_rows()}};
    json["failures"] = Json::array();
    for (const auto& [reason, count] : table.failures) {
        json["failures"].push_back({{"reason", reason}, {"runs", count}});
    }
    json["confidence"] = answer.confidence;
    json["subject_to"] = answer.conditions;
    json["in_every_run"] = answer.in_every_run;
    if (answer.ranking) {
        json["ranking"] = ranking_json(table, answer);
    }
    if (answer.front) {
        json["pareto"] = front_json(table, answer);
    }
    if (answer.sensitivity) {
        json["sensitivity"] = sensitivity_json(answer);
    }
    return json;
}

std::string best_csv(const SweepData& table, const BestAnswer& answer) {
    const int asked =
        (answer.ranking ? 1 : 0) + (answer.front ? 1 : 0) + (answer.sensitivity ? 1 : 0);
    if (asked != 1) {
        throw InputError(
            "--csv writes one table: ask for a ranking, a front or a sensitivity, one at a time");
    }
    if (answer.ranking) {
        return ranking_csv(table, answer);
    }
    return answer.front ? front_csv(table, answer) : sensitivity_csv(answer);
}

}  // namespace ebb
