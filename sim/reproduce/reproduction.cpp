// SPDX-License-Identifier: Apache-2.0
#include "sim/reproduce/reproduction.hpp"

#include "models/core/nearest.hpp"
#include "sim/device/findings.hpp"
#include "sim/device/run.hpp"
#include "sim/result/summary_json.hpp"
#include "sim/trace/catalog.hpp"
#include "sim/trace/locate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

namespace ebb {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> missing(const Experiment& experiment, const TraceEnvironment& traces) {
    std::vector<std::string> names;
    if (experiment.traces.empty()) {
        return names;
    }
    const Catalog catalog = Catalog::read(traces.catalog);
    for (const std::string& id : experiment.traces) {
        const CatalogRow* const row = catalog.find(id);
        if (row == nullptr) {
            throw InputError({Mistake{{experiment.folder + "/experiment.yaml", 0, 0, {}, 1},
                                      fmt::format("there is no trace '{}' in the catalog", id),
                                      did_you_mean(id, catalog.ids()),
                                      "see: ebb trace list"}});
        }
        std::vector<std::string> rejected;
        if (!locate(*row, traces, rejected)) {
            names.push_back(id);
        }
    }
    return names;
}

/// What --set complained of stands in a cell of cases.csv; and every mistake names its case.
Result run_case(const ExperimentCase& one, const ScenarioReader& read, Recorder& recorder) {
    try {
        return run(read(one.scenario, one.sets), {}, &recorder);
    } catch (const InputError& error) {
        std::vector<Mistake> mistakes = error.mistakes();
        for (Mistake& m : mistakes) {
            for (std::size_t i = 0; m.place.file == "--set" && i < one.sets.size(); ++i) {
                if (m.place.excerpt == one.sets[i]) {
                    m.place = one.set_places[i];
                }
            }
            m.message = fmt::format("case {}: {}", one.name, m.message);
        }
        throw InputError(mistakes, error.stop());
    }
}

Numbers columns_of(const ExperimentCase& one) {
    Numbers numbers;
    for (const auto& [column, text] : one.cells) {
        const std::size_t end = text.find_last_of("0123456789.");
        if (end == std::string::npos) {
            continue;
        }
        const std::size_t unit = std::min(text.find_first_not_of(' ', end + 1), text.size());
        if (const auto value = with_unit(text.substr(0, end + 1), text.substr(unit))) {
            numbers[column] = value->value;
        }
    }
    return numbers;
}

MeasuredCase measure(const Experiment& experiment, const ExperimentCase& one,
                     const Numbers& constants, const ScenarioReader& read) {
    EventMeter meter(experiment.events);
    const Result result = run_case(one, read, meter);
    MeasuredCase measured{one.name, constants};
    const Numbers columns = columns_of(one);
    measured.numbers.insert(columns.begin(), columns.end());
    for (const std::string& code : finding_codes()) {  // one that did not occur is counted 0 times
        measured.numbers["findings." + code] = 0.0;
    }
    for (const auto& [path, value] : flat_summary(summary_json(result))) {
        if (value.is_number() || value.is_boolean() || value.is_null()) {
            measured.numbers[path] = value.is_number()    ? value.get<double>()
                                     : value.is_boolean() ? (value.get<bool>() ? 1.0 : 0.0)
                                                          : kNone;
        }
    }
    for (const auto& [name, value] : meter.numbers()) {
        measured.numbers[name] = value;
    }
    for (const NamedExpression& q : experiment.quantities) {
        measured.numbers[q.name] = evaluate(q.text, measured.numbers, q.place);
    }
    return measured;
}

double over_rows(const ErrorOverRows& wanted, const std::vector<ComparedRow>& rows) {
    std::vector<double> errors;
    for (const ComparedRow& row : rows) {
        if (row.run && matches(wanted.rows, row.expected.id) &&
            !matches(wanted.except, row.expected.id) && row.expected.value != 0.0) {
            errors.push_back(std::fabs(row.ours / row.expected.value - 1.0));
        }
    }
    if (errors.empty()) {
        return kNone;
    }
    std::sort(errors.begin(), errors.end());
    const std::size_t n = errors.size();
    switch (wanted.give) {
        case ErrorNumber::worst:
            return errors.back();
        case ErrorNumber::median:
            return 0.5 * (errors[(n - 1) / 2] + errors[n / 2]);
        case ErrorNumber::mean:
            break;
    }
    double sum = 0.0;
    for (const double e : errors) {
        sum += e;
    }
    return sum / static_cast<double>(n);
}

/// What cannot be told for want of recordings: cases, and numbers made of theirs.
class NotRun {
public:
    NotRun(const Experiment& experiment, const std::vector<std::string>& missing) {
        for (const ExperimentCase& one : experiment.cases) {
            if (!names_one_of(one, experiment.traces)) {
                apart_ = false;
            }
            if (names_one_of(one, missing)) {
                cases_.insert(one.name);
            }
        }
        all_ = !missing.empty() && (!apart_ || cases_.size() == experiment.cases.size());
    }
    [[nodiscard]] bool all() const { return all_; }
    [[nodiscard]] bool is_case(const std::string& name) const { return cases_.count(name) != 0; }
    [[nodiscard]] bool has(const std::string& number) const {
        return numbers_.count(number) != 0 || is_case(number.substr(0, number.find('.')));
    }
    void add(const std::string& number) { numbers_.insert(number); }
    [[nodiscard]] bool concerns(const NamedExpression& e) const {
        if (cases_.empty()) {
            return false;
        }
        const std::vector<std::string> names = names_in(e.text, e.place);
        return std::any_of(names.begin(), names.end(),
                           [&](const std::string& name) { return has(name); });
    }

private:
    static bool names_one_of(const ExperimentCase& one, const std::vector<std::string>& traces) {
        return std::any_of(one.cells.begin(), one.cells.end(), [&](const auto& cell) {
            return std::find(traces.begin(), traces.end(), cell.second) != traces.end();
        });
    }
    bool apart_ = true, all_ = false;
    std::set<std::string> cases_, numbers_;
};

ComparedRow compared(const ExpectedRow& expected, const Numbers& numbers, const NotRun& not_run) {
    if (not_run.has(expected.id)) {
        return {expected, kNone, true, false};
    }
    const auto at = numbers.find(expected.id);
    if (at == numbers.end()) {
        std::vector<std::string> names;
        for (const auto& n : numbers) {
            names.push_back(n.first);
        }
        throw InputError(
            {Mistake{expected.place, fmt::format("the experiment measures no '{}'", expected.id),
                     did_you_mean(expected.id, names),
                     "ids are CASE.QUANTITY, or names of derived values and errors"}});
    }
    return {expected, at->second, agrees(expected, at->second), true};
}

}  // namespace

double ComparedRow::error() const noexcept {
    const bool bound =
        expected.tolerance == Tolerance::at_most || expected.tolerance == Tolerance::at_least ||
        expected.tolerance == Tolerance::above || expected.tolerance == Tolerance::below;
    return bound || expected.value == 0.0 ? kNone : ours / expected.value - 1.0;
}

int Reproduction::passed() const {
    return static_cast<int>(std::count_if(
        rows.begin(), rows.end(), [](const ComparedRow& r) { return r.counts() && r.agrees; }));
}

int Reproduction::failed() const {
    return static_cast<int>(
        std::count_if(rows.begin(), rows.end(), [](const ComparedRow& r) { return !r.agrees; }));
}

int Reproduction::not_run() const {
    return static_cast<int>(
        std::count_if(rows.begin(), rows.end(), [](const ComparedRow& r) { return !r.run; }));
}

const ComparedRow* Reproduction::find(const std::string& id) const {
    for (const ComparedRow& row : rows) {
        if (row.expected.id == id) {
            return &row;
        }
    }
    return nullptr;
}

Reproduction reproduce(const Experiment& experiment, const ScenarioReader& read,
                       const TraceEnvironment& traces) {
    const auto begin = std::chrono::steady_clock::now();
    Reproduction all;
    all.experiment = experiment;
    all.missing_traces = missing(experiment, traces);
    NotRun not_run(experiment, all.missing_traces);
    if (not_run.all()) {
        all.run = false;
        return all;
    }
    Numbers numbers;
    for (const NamedExpression& c : experiment.constants) {
        numbers[c.name] = evaluate(c.text, numbers, c.place);
    }
    const Numbers constants = numbers;
    for (const ExperimentCase& one : experiment.cases) {
        if (not_run.is_case(one.name)) {
            continue;
        }
        all.cases.push_back(measure(experiment, one, constants, read));
        for (const auto& [name, value] : all.cases.back().numbers) {
            numbers[one.name + "." + name] = value;
        }
    }
    for (const NamedExpression& d : experiment.derived) {
        if (not_run.concerns(d)) {
            not_run.add(d.name);
            continue;
        }
        numbers[d.name] = evaluate(d.text, numbers, d.place);
    }
    // Errors are over rows, and rows may hold errors: first the rows that are there, then the rest.
    std::vector<ComparedRow> plain;
    const auto is_error = [&](const std::string& id) {
        return std::any_of(experiment.errors.begin(), experiment.errors.end(),
                           [&](const ErrorOverRows& e) { return e.name == id; });
    };
    for (const ExpectedRow& row : experiment.expected) {
        if (!is_error(row.id)) {
            plain.push_back(compared(row, numbers, not_run));
        }
    }
    for (const ErrorOverRows& e : experiment.errors) {
        numbers[e.name] = over_rows(e, plain);
        if (std::any_of(plain.begin(), plain.end(), [&](const ComparedRow& row) {
                return !row.run && matches(e.rows, row.expected.id);
            })) {
            not_run.add(e.name);
        }
    }
    for (const ExpectedRow& row : experiment.expected) {
        all.rows.push_back(compared(row, numbers, not_run));
    }
    all.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return all;
}

}  // namespace ebb
