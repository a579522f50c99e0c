// SPDX-License-Identifier: Apache-2.0
#include "sim/analysis/result_formula.hpp"

#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "sim/device/findings.hpp"
#include "sim/result/summary_json.hpp"

namespace ebb {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double number_of(const nlohmann::ordered_json& value) {
    if (value.is_boolean()) {
        return value.get<bool>() ? 1.0 : 0.0;
    }
    return value.is_number() ? value.get<double>() : kNone;
}

/// Every number that a run of this scenario may have.
Vocabulary results_of(const Scenario& scenario) {
    Result empty;
    if (scenario.workload.tasks) {
        for (const TaskParams& task : scenario.workload.tasks->tasks) {
            empty.work.tasks.push_back({task.name, 0, 0});
        }
    }
    Vocabulary out;
    for (const auto& [name, value] : flat_summary(summary_json(empty))) {
        if (value.is_number() || value.is_boolean() || value.is_null()) {
            out.names.push_back(name);
        }
    }
    for (const std::string& code : finding_codes()) {
        out.names.push_back("findings." + code);
    }
    out.text.assign(out.names.size(), false);
    return out;
}

}  // namespace

ResultFormula::ResultFormula(const std::string& text, const Scenario& scenario,
                             const std::string& where)
    : vocabulary_(results_of(scenario)), formula_(text, vocabulary_, where) {}

double ResultFormula::value(const Result& result) const {
    std::map<std::string, double> known;
    for (const auto& [name, json] : flat_summary(summary_json(result))) {
        known[name] = number_of(json);
    }
    std::vector<double> values;
    for (const std::size_t i : formula_.used()) {
        const std::string& name = vocabulary_.names[i];
        const auto at = known.find(name);
        // A finding that did not occur is counted zero times.
        const bool finding = name.rfind("findings.", 0) == 0;
        values.push_back(at != known.end() ? at->second : (finding ? 0.0 : kNone));
    }
    return formula_.value(values);
}

}  // namespace ebb
