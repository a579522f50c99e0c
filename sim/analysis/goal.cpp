// SPDX-License-Identifier: Apache-2.0
#include "sim/analysis/goal.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "models/core/error.hpp"
#include "sim/formula/expression_tokens.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

constexpr const char* kOption = "--goal";
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void refuse(const std::string& text, std::string message, std::string hint) {
    throw InputError(
        {mistake_at(kOption, text, 0, text.size(), std::move(message), std::move(hint))});
}

struct Sides {
    std::string left, op, right;
};

/// The one comparison outside of brackets.
Sides sides_of(const std::string& text) {
    std::vector<Mistake> mistakes;
    const std::vector<Token> tokens = tokens_of(text, kOption, mistakes);
    int depth = 0, found = 0;
    Sides sides;
    for (const Token& token : tokens) {
        if (token.kind == Token::Kind::other && (token.text == "(" || token.text == ")")) {
            depth += token.text == "(" ? 1 : -1;
        } else if (depth == 0 &&
                   (token.kind == Token::Kind::comparison || token.kind == Token::Kind::logical)) {
            ++found;
            sides = {text.substr(0, token.from), token.text,
                     text.substr(token.from + token.length)};
        }
    }
    if (found != 1 || sides.op[0] == '=' || sides.op[0] == '!') {
        refuse(text, "has no margin that could be averaged",
               "on average: one comparison with <, <=, >= or >, as in latency_mean_s <= 200 ms");
    }
    return sides;
}

}  // namespace

Goal::Goal(const std::string& text, const Scenario& scenario, bool on_average)
    : condition_(text, scenario, kOption) {
    if (!condition_.is_condition()) {
        refuse(text, "is no condition", "compare something, as in work.jobs_done >= 10");
    }
    if (on_average) {
        const Sides sides = sides_of(text);
        left_.emplace(sides.left, scenario, kOption);
        right_.emplace(sides.right, scenario, kOption);
        more_ = sides.op[0] == '>';
    }
}

bool Goal::met(const Result& result) const {
    const double truth = condition_.value(result);
    return result.consistency.violations == 0 && !std::isnan(truth) && truth != 0.0;
}

double Goal::margin(const Result& result) const {
    if (result.consistency.violations > 0) {
        return kNone;
    }
    const double difference = left_->value(result) - right_->value(result);
    return more_ ? difference : -difference;
}

std::string goal_of_expectations(const Scenario& scenario) {
    std::string text;
    for (const Expectation& e : scenario.expect) {
        text += fmt::format("{}`{}` {} {}", text.empty() ? "" : " and ", e.metric, e.op,
                            shortest(e.value));
    }
    return text;
}

}  // namespace ebb
