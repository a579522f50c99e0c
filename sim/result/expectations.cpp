// SPDX-License-Identifier: Apache-2.0
#include "sim/result/expectations.hpp"

#include "models/core/error.hpp"
#include "models/core/nearest.hpp"
#include "sim/result/result_table.hpp"
#include "sim/result/summary_json.hpp"
#include "sim/result/text_format.hpp"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <nlohmann/json.hpp>

namespace ebb {

namespace {

using Json = nlohmann::ordered_json;
using FlatSummary = std::vector<std::pair<std::string, Json>>;

constexpr std::string_view kFindings = "findings.";

InputError unknown_path(std::string_view path, const FlatSummary& flat) {
    std::vector<std::string> names;
    for (const auto& [name, value] : flat) {
        if (value.is_number() || value.is_boolean() || value.is_null()) {
            names.push_back(name);
        }
    }
    Mistake mistake;
    mistake.place.file = "expect";
    mistake.message = fmt::format("there is no result '{}' that is one number", path);
    mistake.hint = did_you_mean(path, names);
    mistake.note = "results are named as in summary.json, e.g. work.jobs_done or energy_j.clipped";
    return InputError(std::vector<Mistake>{mistake});
}

std::optional<double> number_in(const FlatSummary& flat, std::string_view path) {
    for (const auto& [name, value] : flat) {
        if (name != path) {
            continue;
        }
        if (value.is_null()) {
            return std::nullopt;
        }
        if (value.is_boolean()) {
            return value.get<bool>() ? 1.0 : 0.0;
        }
        if (value.is_number()) {
            return value.get<double>();
        }
    }
    // A finding that did not occur is counted zero times: its absence can be expected.
    if (path.substr(0, kFindings.size()) == kFindings && path.size() > kFindings.size()) {
        return 0.0;
    }
    throw unknown_path(path, flat);
}

bool holds(double found, const std::string& op, double wanted) {
    static const std::map<std::string, std::function<bool(double, double)>> kOperators = {
        {"<", std::less<>()},           {"<=", std::less_equal<>()}, {"==", std::equal_to<>()},
        {">=", std::greater_equal<>()}, {">", std::greater<>()},     {"!=", std::not_equal_to<>()}};
    const auto at = kOperators.find(op);
    if (at == kOperators.end()) {
        throw InputError(
            fmt::format("expect: '{}' is not a comparison (<, <=, ==, !=, >=, >)", op));
    }
    return at->second(found, wanted);
}

std::string unit_suffix(std::string_view path) {
    const ResultEntry* entry = find_result(path);
    const bool plain = entry == nullptr || entry->unit.empty() || entry->unit == "1";
    return plain ? std::string() : fmt::format(" {}", entry->unit);
}

}  // namespace

std::optional<double> number_at(const Result& result, std::string_view path) {
    return number_in(flat_summary(summary_json(result)), path);
}

void check_expectations(const Scenario& scenario) {
    Result empty;
    if (scenario.workload.tasks) {
        for (const TaskParams& task : scenario.workload.tasks->tasks) {
            empty.work.tasks.push_back({task.name, 0, 0});
        }
    }
    // Every known path is there in an empty result; whether it is met does not matter here.
    static_cast<void>(evaluate_expectations(empty, scenario.expect));
    for (const Expectation& expectation : scenario.expect) {
        static_cast<void>(holds(0.0, expectation.op, expectation.value));
    }
}

std::vector<std::string> evaluate_expectations(const Result& result,
                                               const std::vector<Expectation>& expectations) {
    std::vector<std::string> failed;
    if (expectations.empty()) {
        return failed;
    }
    const FlatSummary flat = flat_summary(summary_json(result));
    for (const Expectation& expectation : expectations) {
        const std::optional<double> found = number_in(flat, expectation.metric);
        const std::string unit = unit_suffix(expectation.metric);
        const std::string wanted =
            fmt::format("{} {}{}", expectation.op, shortest(expectation.value), unit);
        if (!found) {
            failed.push_back(fmt::format("{} has no value in this run, expected {}",
                                         expectation.metric, wanted));
        } else if (!holds(*found, expectation.op, expectation.value)) {
            failed.push_back(fmt::format("{} is {}{}, expected {}", expectation.metric,
                                         shortest(*found), unit, wanted));
        }
    }
    return failed;
}

}  // namespace ebb
