// SPDX-License-Identifier: Apache-2.0
#include "sim/reproduce/expression.hpp"

#include "models/core/nearest.hpp"
#include "sim/reproduce/formulas.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace ebb {

namespace {

constexpr const char* kNameCharacters =
    "0123456789_.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

[[noreturn]] void fail(const Place& where, std::string message, std::string hint = {},
                       std::string note = {}) {
    throw InputError({Mistake{where, std::move(message), std::move(hint), std::move(note)}});
}

double call(void* formula, const double* inputs, int count) {
    const auto& f = *static_cast<const Formula*>(formula);
    const auto given = static_cast<std::size_t>(count);
    if (f.many ? given < f.inputs.size() : given != f.inputs.size()) {
        throw mu::ParserError(fmt::format("{} takes {}{} numbers ({}{}), not {}", f.name,
                                          f.many ? "at least " : "", f.inputs.size(),
                                          joined(f.inputs), f.many ? ", ..." : "", count));
    }
    return f.value(inputs, count);
}

mu::Parser parser_of(const std::string& expression) {
    mu::Parser parser;
    parser.DefineNameChars(kNameCharacters);
    for (const Formula& f : formulas()) {
        parser.DefineFunUserData(f.name, call, const_cast<Formula*>(&f));
    }
    parser.SetExpr(expression);
    return parser;
}

[[noreturn]] void not_evaluated(const std::string& expression, const mu::ParserError& error,
                                const Place& where) {
    fail(where, fmt::format("'{}' cannot be evaluated: {}", expression, error.GetMsg()));
}

}  // namespace

double evaluate(const std::string& expression, const Numbers& numbers, const Place& where) {
    try {
        mu::Parser parser = parser_of(expression);
        Numbers used;
        for (const auto& variable : parser.GetUsedVar()) {
            const auto found = numbers.find(variable.first);
            if (found == numbers.end()) {
                std::vector<std::string> names;
                for (const Formula& f : formulas()) {
                    names.push_back(f.name);
                }
                for (const auto& n : numbers) {
                    names.push_back(n.first);
                }
                fail(where, fmt::format("there is no number '{}'", variable.first),
                     did_you_mean(variable.first, names));
            }
            used[variable.first] = found->second;
        }
        for (auto& [name, value] : used) {
            parser.DefineVar(name, &value);
        }
        return parser.Eval();
    } catch (const mu::ParserError& error) {
        not_evaluated(expression, error, where);
    }
}

std::vector<std::string> names_in(const std::string& expression, const Place& where) {
    try {
        const mu::Parser parser = parser_of(expression);
        std::vector<std::string> names;
        for (const auto& variable : parser.GetUsedVar()) {
            names.push_back(variable.first);
        }
        return names;
    } catch (const mu::ParserError& error) {
        not_evaluated(expression, error, where);
    }
}

}  // namespace ebb
