// SPDX-License-Identifier: Apache-2.0
#include "sim/reproduce/figure.hpp"

#include "models/core/nearest.hpp"
#include "sim/reproduce/chart.hpp"
#include "sim/reproduce/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace ebb {

namespace {

/// The texts of a case's cells in the columns that tell curves apart.
std::string curve_name(const Experiment& experiment, const std::string& name_of_case,
                       const std::string& by) {
    const auto at = std::find_if(experiment.cases.begin(), experiment.cases.end(),
                                 [&](const ExperimentCase& c) { return c.name == name_of_case; });
    const ExperimentCase& one = *at;
    std::istringstream columns(by);
    std::string name;
    for (std::string column; columns >> column;) {
        for (const auto& [title, text] : one.cells) {
            if (title == column) {
                const std::size_t dot = text.find(".yaml");
                name += (name.empty() ? "" : ", ") + text.substr(0, dot);
            }
        }
    }
    return name;
}

ChartCurve& curve_of(Chart& chart, const std::string& name) {
    for (ChartCurve& c : chart.curves) {
        if (c.name == name) {
            return c;
        }
    }
    chart.curves.push_back({name, {}, {}});
    return chart.curves.back();
}

double number_of(const MeasuredCase& measured, const std::string& name, const std::string& folder) {
    const auto at = measured.numbers.find(name);
    if (at == measured.numbers.end()) {
        std::vector<std::string> names;
        for (const auto& n : measured.numbers) {
            names.push_back(n.first);
        }
        throw InputError(
            {Mistake{{folder + "/experiment.yaml", 0, 0, {}, 1},
                     fmt::format("figure: case '{}' has no number '{}'", measured.name, name),
                     did_you_mean(name, names),
                     ""}});
    }
    return at->second;
}

Chart as_wanted(const Reproduction& r, const FigureParams& f) {
    Chart chart;
    chart.x_label = f.x_label;
    chart.y_label = f.y_label;
    chart.log_x = f.log_x;
    chart.log_y = f.log_y;
    for (const MeasuredCase& measured : r.cases) {
        if (!f.cases.empty() && !matches(f.cases, measured.name)) {
            continue;
        }
        ChartCurve& curve = curve_of(chart, curve_name(r.experiment, measured.name, f.by));
        const double x = number_of(measured, f.over, r.experiment.folder);
        curve.line.push_back({x, number_of(measured, f.show, r.experiment.folder)});
        if (const ComparedRow* row = r.find(measured.name + "." + f.show)) {
            curve.rings.push_back({x, row->expected.value});
        }
    }
    for (ChartCurve& curve : chart.curves) {
        std::stable_sort(curve.line.begin(), curve.line.end(),
                         [](const ChartPoint& a, const ChartPoint& b) { return a.x < b.x; });
    }
    return chart;
}

Chart against_each_other(const Reproduction& r) {
    Chart chart;
    chart.x_label = "published";
    chart.y_label = "ebb";
    chart.log_x = true;
    chart.log_y = true;
    chart.diagonal = true;
    for (const ComparedRow& row : r.rows) {
        const double error = row.error();
        const bool number = row.run && row.expected.kind != AgreementKind::ordering;
        if (number && error == error && row.expected.value > 0.0) {
            const std::string unit = row.expected.unit == "1" ? "" : " [" + row.expected.unit + "]";
            const std::string& id = row.expected.id;
            curve_of(chart,
                     id.substr(id.find('.') == std::string::npos ? 0 : id.find('.') + 1) + unit)
                .line.push_back(
                    {row.expected.value / row.expected.scale, row.ours / row.expected.scale});
        }
    }
    if (chart.curves.size() > 12) {  // too many names for a legend
        ChartCurve one{"all values", {}, {}};
        for (const ChartCurve& c : chart.curves) {
            one.line.insert(one.line.end(), c.line.begin(), c.line.end());
        }
        chart.curves = {one};
    }
    return chart;
}

}  // namespace

std::string figure_svg(const Reproduction& r) {
    const auto& wanted = r.experiment.figure;
    Chart chart = wanted ? as_wanted(r, *wanted) : against_each_other(r);
    chart.title = wanted && !wanted->title.empty() ? wanted->title : r.experiment.title;
    chart.note = tally_text(r);
    return chart_svg(chart);
}

}  // namespace ebb
