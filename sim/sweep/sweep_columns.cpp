// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/sweep_columns.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <limits>

namespace ebb {

namespace {

constexpr std::array<const char*, 6> kTaken = {"run",      "point",  "repeat",
                                               "identity", "status", "reason"};

bool same_name(const std::string& a, const std::string& b) {
    return ::strcasecmp(a.c_str(), b.c_str()) == 0;  // as SQL compares columns
}

}  // namespace

SweepColumns::SweepColumns(const SweepPlan& plan, const MetricColumns& metrics,
                           MistakeList& mistakes)
    : plan_(plan), metrics_(metrics) {
    add_all(mistakes);
}

void SweepColumns::add_all(MistakeList& mistakes) {
    for (const Axis& axis : plan_.axes()) {
        const CellType type = !axis.number   ? CellType::text
                              : axis.integer ? CellType::integer
                                             : CellType::real;
        all_.push_back({axis.column, axis.unit, "input", type, "Axis " + axis.spec.path + "."});
        add_words(axis.texts, words_);
    }
    for (const Varied& varied : plan_.varied()) {
        all_.push_back({varied.column, varied.unit, "repeat", CellType::real,
                        "What this repeat ran with for " + varied.path + "."});
    }
    const auto& more = metrics_.columns();
    all_.insert(all_.end(), more.begin(), more.end());
    add_derived(mistakes);
}

SweepColumns::SweepColumns(const SweepPlan& plan, const MetricColumns& metrics)
    : plan_(plan), metrics_(metrics) {
    MistakeList mistakes;
    add_all(mistakes);
    mistakes.throw_if_any();
}

void SweepColumns::check_derived(const SweepPlan& plan, MistakeList& mistakes) {
    const MetricColumns metrics(plan.tasks());
    static_cast<void>(SweepColumns(plan, metrics, mistakes));
}

void SweepColumns::add_derived(MistakeList& mistakes) {
    Vocabulary vocabulary;
    vocabulary.doubtful = plan_.doubtful();
    vocabulary.any_name = !plan_.has_sample();
    vocabulary.words = words_;
    std::vector<bool> open;
    for (const Column& column : all_) {
        const bool text = column.type == CellType::text;
        vocabulary.names.push_back(column.name);
        vocabulary.text.push_back(text);
        open.push_back(text && column.kind != "input");
    }
    for (const ExpressionSpec& spec : plan_.spec().derive) {
        const bool taken =
            std::any_of(all_.begin(), all_.end(),
                        [&](const Column& c) { return same_name(c.name, spec.name); }) ||
            std::any_of(kTaken.begin(), kTaken.end(),
                        [&](const char* own) { return same_name(own, spec.name); });
        if (taken || !is_formula_name(spec.name)) {
            mistakes.add(spec.spot.place(),
                         fmt::format(taken ? "there is a column '{}' already"
                                           : "'{}' is no name for a column",
                                     spec.name),
                         "letters, digits, '_' and '.', for example energy_per_job_j");
            vocabulary.doubtful.push_back(spec.name);
            continue;
        }
        learn_words(spec.text, open, vocabulary);
        try {
            derived_.emplace_back(spec, vocabulary);
        } catch (const InputError& error) {
            mistakes.add(error, spec.spot.place());
        }
        // Also if it is wrong: those that read it are not wrong again.
        all_.push_back({spec.name, "", "derived", CellType::real, spec.text});
        vocabulary.names.push_back(spec.name);
        vocabulary.text.push_back(false);
    }
    words_ = vocabulary.words;
    reads_.assign(all_.size(), false);
    for (const ColumnFormula& formula : derived_) {
        for (const std::size_t i : formula.reads()) {
            reads_[i] = true;
        }
    }
}

/// NaN for what is missing and what no formula asks for.
double SweepColumns::formula_number(std::size_t column, const Cell& cell) const {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    if (!reads_[column]) {
        return kNone;
    }
    const auto* text = std::get_if<std::string>(&cell);
    return text != nullptr ? code_of(*text, words_) : number_of(cell).value_or(kNone);
}

void SweepColumns::cells(const RunRow& row, std::vector<Cell>& out) const {
    out.clear();
    plan_.values_of(row.run / plan_.repeats(), values_);
    for (std::size_t a = 0; a < values_.size(); ++a) {
        const Axis& axis = plan_.axes()[a];
        if (!axis.number) {
            out.emplace_back(axis.texts[values_[a].index]);
        } else if (axis.integer) {
            out.emplace_back(static_cast<std::int64_t>(values_[a].number));
        } else {
            out.emplace_back(values_[a].number);
        }
    }
    const std::size_t varied = plan_.varied().size();
    for (std::size_t i = 0; i < varied; ++i) {
        out.push_back(row.varied.size() == varied ? Cell(row.varied[i]) : Cell());
    }
    const std::size_t metrics = metrics_.columns().size();
    if (row.metrics.size() == metrics) {
        out.insert(out.end(), row.metrics.begin(), row.metrics.end());
    } else {
        out.resize(out.size() + metrics);
    }
    if (derived_.empty()) {
        return;
    }
    numbers_.clear();
    for (std::size_t i = 0; i < out.size(); ++i) {
        numbers_.push_back(formula_number(i, out[i]));
    }
    for (const ColumnFormula& formula : derived_) {
        const auto value =
            row.status == RunStatus::done ? formula.value(numbers_) : std::optional<double>();
        out.push_back(value ? Cell(*value) : Cell());
        numbers_.push_back(value.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
}

}  // namespace ebb
