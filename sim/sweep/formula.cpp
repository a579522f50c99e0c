// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/formula.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "models/core/error.hpp"
#include "models/core/nearest.hpp"

namespace ebb {

namespace {

constexpr const char* kNameChars =
    "0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.[]";

/// The place of a character within the text that begins at the spot.
Place within(const Spot& spot, const std::string& text, std::size_t at) {
    Spot inside = spot;
    const std::string_view line = spot.source ? spot.source->line(spot.line) : std::string_view();
    const std::size_t begin = line.find(text);
    // A text in several lines or with escapes is not there as it is: then its start has to do.
    if (begin != std::string_view::npos && at < text.size()) {
        inside.column = static_cast<int>(begin + at) + 1;
    }
    return inside.place();
}

}  // namespace

struct ColumnFormula::State {
    mu::Parser parser;
    std::vector<double> values;
    std::vector<std::size_t> reads;
};

ColumnFormula::ColumnFormula(const std::string& text, const Spot& spot,
                             const std::vector<std::string>& names)
    : state_(std::make_unique<State>()) {
    State& s = *state_;
    s.values.resize(names.size());
    try {
        s.parser.DefineNameChars(kNameChars);
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (is_formula_name(names[i])) {
                s.parser.DefineVar(names[i], &s.values[i]);
            }
        }
        s.parser.SetExpr(text);
        const mu::varmap_type& used = s.parser.GetUsedVar();
        for (const auto& [name, address] : used) {
            const auto known = std::find(names.begin(), names.end(), name);
            if (known == names.end()) {
                throw InputError(
                    {{within(spot, text, text.find(name)),
                      fmt::format("'{}' is no column of numbers", name), did_you_mean(name, names),
                      "columns are named as in the table, with their unit: "
                      "store.capacitance_f, energy_j.harvested"}});
            }
            s.reads.push_back(static_cast<std::size_t>(known - names.begin()));
        }
        static_cast<void>(s.parser.Eval());  // syntax errors show here
    } catch (const mu::Parser::exception_type& error) {
        throw InputError({{within(spot, text, error.GetPos()),
                           fmt::format("not an expression: {}", error.GetMsg()), "", ""}});
    }
    std::sort(s.reads.begin(), s.reads.end());
}

ColumnFormula::~ColumnFormula() = default;
ColumnFormula::ColumnFormula(ColumnFormula&&) noexcept = default;
ColumnFormula& ColumnFormula::operator=(ColumnFormula&&) noexcept = default;

const std::vector<std::size_t>& ColumnFormula::reads() const { return state_->reads; }

std::optional<double> ColumnFormula::value(const std::vector<std::optional<double>>& values) const {
    for (const std::size_t i : state_->reads) {
        if (!values[i]) {
            return std::nullopt;
        }
        state_->values[i] = *values[i];
    }
    const double result = state_->parser.Eval();
    return std::isfinite(result) ? std::optional<double>(result) : std::nullopt;
}

bool is_formula_name(const std::string& name) {
    return !name.empty() && std::isalpha(static_cast<unsigned char>(name.front())) != 0 &&
           name.find_first_not_of(kNameChars) == std::string::npos;
}

}  // namespace ebb
