// SPDX-License-Identifier: Apache-2.0
#include "sim/reproduce/figure.hpp"
#include "sim/reproduce/report.hpp"
#include "sim/result/text_format.hpp"
#include "sim/trace/files.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace ebb {

namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

std::string cell(double value) { return std::isfinite(value) ? shortest(value) : ""; }

}  // namespace

Json report_json(const Reproduction& r) {
    const Experiment& e = r.experiment;
    Json json = {{"slug", e.slug},
                 {"title", e.title},
                 {"source", e.source},
                 {"kinds", e.kinds()},
                 {"claim", e.claim},
                 {"run", r.was_run()},
                 {"missing_traces", r.missing_traces}};
    json["passed"] = r.passed();
    json["failed"] = r.failed();
    json["elapsed_s"] = r.elapsed_s;
    json["rows"] = Json::array();
    for (const ComparedRow& row : r.rows) {
        json["rows"].push_back({{"id", row.expected.id},
                                {"published", number(row.expected.value)},
                                {"ours", number(row.ours)},
                                {"unit", row.expected.unit},
                                {"relative_error", number(row.error())},
                                {"tolerance", row.expected.tolerance_text},
                                {"kind", name_of(row.expected.kind)},
                                {"verdict", verdict_of(row)},
                                {"source", row.expected.source}});
    }
    json["inputs"] = Json::array();
    for (const auto& [file, sha256] : e.inputs) {
        json["inputs"].push_back({{"file", file}, {"sha256", sha256}});
    }
    return json;
}

std::string comparison_csv(const Reproduction& r) {
    std::string text =
        "# published and ours in SI\nid,published,ours,unit,relative_error,tolerance,kind,verdict,"
        "source\n";
    for (const ComparedRow& row : r.rows) {
        const ExpectedRow& x = row.expected;
        text += fmt::format("{},{},{},{},{},{},{},{},{}\n", csv_cell(x.id), cell(x.value),
                            cell(row.ours), csv_cell(x.unit), cell(row.error()),
                            csv_cell(x.tolerance_text), name_of(x.kind), verdict_of(row),
                            csv_cell(x.source));
    }
    return text;
}

std::string measured_csv(const Reproduction& r) {
    std::string text = "case,quantity,value\n";
    for (const MeasuredCase& one : r.cases) {
        for (const auto& [name, value] : one.numbers) {
            text += fmt::format("{},{},{}\n", one.name, csv_cell(name), cell(value));
        }
    }
    return text;
}

void write_report(const Reproduction& r, const std::string& folder) {
    write_file_whole(folder + "/comparison.csv", comparison_csv(r));
    write_file_whole(folder + "/measured.csv", measured_csv(r));
    write_file_whole(folder + "/figure.svg", figure_svg(r));
}

}  // namespace ebb
