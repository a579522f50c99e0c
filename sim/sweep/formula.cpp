// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/formula.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string_view>

#include "sim/formula/expression_tokens.hpp"
#include "sim/formula/names.hpp"

namespace ebb {

namespace {

constexpr const char* kNameChars =
    "0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.[]";

/// The place of a stretch of the text that begins at the spot.
Place within(const Spot& spot, const std::string& text, std::size_t at, int length) {
    const std::string_view line = spot.source ? spot.source->line(spot.line) : std::string_view();
    const auto start = static_cast<std::size_t>(std::max(1, spot.column)) - 1;
    const std::size_t begin = line.find(text, start);
    if (begin == std::string_view::npos) {
        return spot.place();  // a text in several lines or with escapes is not there as it is
    }
    Spot inside = spot;
    inside.column = static_cast<int>(begin + std::min(at, text.size())) + 1;
    Place place = inside.place();
    place.length = length;
    return place;
}

Expression parsed(const ExpressionSpec& spec, const Vocabulary& vocabulary) {
    try {
        return {spec.text, vocabulary, "sweep"};
    } catch (const InputError& error) {
        std::vector<Mistake> mistakes = error.mistakes();
        for (Mistake& mistake : mistakes) {
            const auto at = static_cast<std::size_t>(std::max(1, mistake.place.column)) - 1;
            mistake.place = within(spec.spot, spec.text, at, mistake.place.length);
        }
        throw InputError(std::move(mistakes));
    }
}

}  // namespace

ColumnFormula::ColumnFormula(const ExpressionSpec& spec, const Vocabulary& vocabulary)
    : formula_(parsed(spec, vocabulary)), values_(formula_.used().size()) {}

std::optional<double> ColumnFormula::value(const std::vector<double>& row) const {
    for (std::size_t k = 0; k < values_.size(); ++k) {
        values_[k] = row[formula_.used()[k]];
    }
    const double result = formula_.value(values_);
    return std::isfinite(result) ? std::optional<double>(result) : std::nullopt;
}

double code_of(const std::string& text, const std::vector<std::string>& words) {
    return static_cast<double>(std::find(words.begin(), words.end(), text) - words.begin());
}

void add_words(const std::vector<std::string>& texts, std::vector<std::string>& words) {
    for (const std::string& text : texts) {
        if (std::find(words.begin(), words.end(), text) == words.end()) {
            words.push_back(text);
        }
    }
}

void learn_words(const std::string& text, const std::vector<bool>& open, Vocabulary& vocabulary) {
    std::vector<Mistake> ignored;  // those who read the formula tell them
    const std::vector<Token> tokens = tokens_of(text, "", ignored);
    const auto is_open = [&](std::size_t k) {
        if (k >= tokens.size() || tokens[k].kind != Token::Kind::name) {
            return false;
        }
        const FoundName found = find_name(tokens[k].text, vocabulary.names);
        return found.found && found.index < open.size() && open[found.index];
    };
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].kind == Token::Kind::word && (is_open(i + 2) || (i >= 2 && is_open(i - 2)))) {
            add_words({tokens[i].text}, vocabulary.words);
        }
    }
}

bool is_formula_name(const std::string& name) {
    return !name.empty() && std::isalpha(static_cast<unsigned char>(name.front())) != 0 &&
           name != "and" && name != "or" && name != "not" &&
           name.find_first_not_of(kNameChars) == std::string::npos;
}

}  // namespace ebb
