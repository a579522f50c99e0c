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
    if (static_cast<std::size_t>(count) != f.inputs.size()) {
        throw mu::ParserError(fmt::format("{} takes {} numbers ({}), not {}", f.name,
                                          f.inputs.size(), joined(f.inputs), count));
    }
    return f.value(inputs);
}

}  // namespace

double evaluate(const std::string& expression, const Numbers& numbers, const Place& where) {
    try {
        mu::Parser parser;
        parser.DefineNameChars(kNameCharacters);
        std::vector<std::string> names;
        for (const Formula& f : formulas()) {
            parser.DefineFunUserData(f.name, call, const_cast<Formula*>(&f));
            names.push_back(f.name);
        }
        parser.SetExpr(expression);
        Numbers used;
        for (const auto& variable : parser.GetUsedVar()) {
            const auto found = numbers.find(variable.first);
            if (found == numbers.end()) {
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
        fail(where, fmt::format("'{}' cannot be evaluated: {}", expression, error.GetMsg()));
    }
}

}  // namespace ebb
