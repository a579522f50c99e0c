// SPDX-License-Identifier: Apache-2.0
#include "sim/formula/expression.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "models/core/nearest.hpp"
#include "sim/formula/expression_tokens.hpp"
#include "sim/formula/names.hpp"

namespace ebb {

namespace {

using Kind = Token::Kind;

double negated(double x) { return x == 0.0 ? 1.0 : 0.0; }

/// The outermost operation decides what a formula is; logical and comparing operators bind least.
bool outermost_is_condition(const std::vector<Token>& tokens) {
    const auto at_depth = [&](int wanted) {
        int depth = 0;
        bool choice = false, condition = false;
        for (const Token& token : tokens) {
            if (token.kind == Kind::other && token.text == "(") {
                ++depth;
            } else if (token.kind == Kind::other && token.text == ")") {
                --depth;
            } else if (depth == wanted) {
                condition |= token.kind == Kind::comparison || token.kind == Kind::logical;
                choice |= token.kind == Kind::other && token.text == "?";
            }
        }
        return condition && !choice;
    };
    // Brackets around the whole do not change it.
    int wrapped = 0;
    const auto bracket = [&](std::size_t i, const char* which) {
        return tokens[i].kind == Kind::other && tokens[i].text == which;
    };
    for (std::size_t i = 0, n = tokens.size(); 2 * i + 1 < n; ++i) {
        if (!bracket(i, "(") || !bracket(n - 1 - i, ")")) {
            break;
        }
        int depth = 0;
        std::size_t closes = i;
        for (std::size_t k = i; k < n - i; ++k) {
            depth += bracket(k, "(") ? 1 : (bracket(k, ")") ? -1 : 0);
            if (depth == 0) {
                closes = k;
                break;
            }
        }
        if (closes != n - 1 - i) {
            break;
        }
        ++wrapped;
    }
    return at_depth(wrapped);
}

}  // namespace

struct Expression::Formula {
    std::string text;
    std::vector<std::size_t> used;
    bool condition = false;
    mu::Parser parser;
    std::vector<double> slots;

    std::size_t slot_of(std::size_t column) {
        const auto at = std::find(used.begin(), used.end(), column);
        if (at != used.end()) {
            return static_cast<std::size_t>(at - used.begin());
        }
        used.push_back(column);
        return used.size() - 1;
    }
};

namespace {

/// Turns the user's words into those of muParser: columns become v0, v1, ..., everything else
/// numbers and operators.
class Rewriting {
public:
    Rewriting(const std::string& text, const Vocabulary& vocabulary, const std::string& where)
        : text_(text), vocabulary_(vocabulary), where_(where) {
        tokens_ = tokens_of(text, where, mistakes_);
        if (tokens_.empty() && mistakes_.empty()) {
            wrong(0, 1, "there is no formula");
        }
        readable_ = mistakes_.empty();
    }

    template <class SlotOf>
    std::string rewritten(const mu::Parser& parser, const SlotOf& slot_of) {
        std::string out;
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            const Token& token = tokens_[i];
            origins_.emplace_back(out.size(), token.from);
            switch (token.kind) {
                case Kind::number:
                    out += fmt::format("{:.17g}", token.number);
                    break;
                case Kind::word:
                    out += fmt::format("{}", code_of(i));
                    break;
                case Kind::function:
                    check_function(parser, token);
                    out += token.text;
                    break;
                case Kind::name:
                    if (is_constant(token)) {
                        // muParser 2.3.3 has twelve digits of pi.
                        out += token.text == "_pi" ? "3.141592653589793" : "2.718281828459045";
                    } else if (const auto column = column_of(i)) {
                        out += fmt::format("v{}", slot_of(*column));
                    } else {
                        out += "1";  // keeps its place, so that the rest can be checked
                    }
                    break;
                default:
                    out += token.text;
            }
            // muParser knows a function by the bracket that follows at once.
            out += token.kind == Kind::function ? "" : " ";
        }
        return out;
    }

    /// Is a mistake of muParser's one of the user's?
    [[nodiscard]] bool readable() const { return readable_; }

    void throw_if_wrong() const {
        if (!mistakes_.empty()) {
            throw InputError(mistakes_);
        }
    }

    void syntax(const mu::Parser::exception_type& error) {
        std::size_t from = 0;
        for (const auto& [to, origin] : origins_) {
            if (error.GetPos() >= 0 && to <= static_cast<std::size_t>(error.GetPos())) {
                from = origin;
            }
        }
        const bool at_end =
            error.GetCode() == mu::ecUNEXPECTED_EOF || error.GetCode() == mu::ecMISSING_PARENS;
        wrong(at_end ? text_.size() : from, 1,
              at_end ? "the formula ends too soon" : "the formula cannot be read from here on");
    }

    [[nodiscard]] bool condition() const { return outermost_is_condition(tokens_); }

private:
    void wrong(std::size_t from, std::size_t length, std::string message, std::string hint = {}) {
        mistakes_.push_back(
            mistake_at(where_, text_, from, length, std::move(message), std::move(hint)));
    }

    [[nodiscard]] bool beside_equality(std::size_t i) const {
        const auto equality = [&](std::size_t k) {
            return k < tokens_.size() && tokens_[k].kind == Kind::comparison &&
                   (tokens_[k].text == "==" || tokens_[k].text == "!=");
        };
        return equality(i + 1) || (i > 0 && equality(i - 1));
    }

    /// A column of this name comes first.
    [[nodiscard]] bool is_constant(const Token& token) const {
        return (token.text == "_pi" || token.text == "_e") &&
               !find_name(token.text, vocabulary_.names).found;
    }

    [[nodiscard]] bool doubtful(const std::string& name) const {
        return vocabulary_.any_name || may_mean(name, vocabulary_.doubtful);
    }

    std::optional<std::size_t> column_of(std::size_t i) {
        const Token& token = tokens_[i];
        const FoundName found = find_name(token.text, vocabulary_.names);
        if (!found.found && doubtful(token.text)) {
            return std::nullopt;
        }
        if (!found.found) {
            wrong(token.from, token.length, found.message, found.hint);
            return std::nullopt;
        }
        if (vocabulary_.text[found.index] && !beside_equality(i)) {
            wrong(token.from, token.length,
                  fmt::format("'{}' holds texts", vocabulary_.names[found.index]),
                  "texts can be compared with == and != only");
            return std::nullopt;
        }
        return found.index;
    }

    std::size_t code_of(std::size_t i) {
        const Token& token = tokens_[i];
        const auto& words = vocabulary_.words;
        const auto at = std::find(words.begin(), words.end(), token.text);
        const auto is_doubtful = [&](std::size_t k) {
            return k < tokens_.size() && tokens_[k].kind == Kind::name &&
                   !find_name(tokens_[k].text, vocabulary_.names).found &&
                   doubtful(tokens_[k].text);
        };
        if (beside_equality(i) && (is_doubtful(i + 2) || (i >= 2 && is_doubtful(i - 2)))) {
            return 0;
        }
        if (at == words.end()) {
            wrong(token.from, token.length,
                  fmt::format("no column holds the text '{}'", token.text),
                  did_you_mean(token.text, words));
            return 0;
        }
        const auto is_text_name = [&](std::size_t k) {
            if (k >= tokens_.size() || tokens_[k].kind != Kind::name) {
                return false;
            }
            const FoundName found = find_name(tokens_[k].text, vocabulary_.names);
            return !found.found || vocabulary_.text[found.index];
        };
        if (!beside_equality(i) || !(is_text_name(i + 2) || (i >= 2 && is_text_name(i - 2)))) {
            wrong(token.from, token.length, "a text is compared with a column of texts only",
                  "as in: checkpoint.policy == 'jit'");
        }
        return static_cast<std::size_t>(at - words.begin());
    }

    void check_function(const mu::Parser& parser, const Token& token) {
        std::vector<std::string> known;
        for (const auto& [name, callback] : parser.GetFunDef()) {
            known.push_back(name);
        }
        if (std::find(known.begin(), known.end(), token.text) == known.end()) {
            wrong(token.from, token.length, fmt::format("there is no function '{}'", token.text),
                  did_you_mean(token.text, known));
            readable_ = false;
        }
    }

    const std::string& text_;
    const Vocabulary& vocabulary_;
    const std::string& where_;
    std::vector<Token> tokens_;
    std::vector<Mistake> mistakes_;
    bool readable_ = true;
    std::vector<std::pair<std::size_t, std::size_t>> origins_;
};

}  // namespace

Expression::Expression(const std::string& text, const Vocabulary& vocabulary,
                       const std::string& where)
    : formula_(std::make_unique<Formula>()) {
    Formula& f = *formula_;
    f.text = text;
    Rewriting rewriting(text, vocabulary, where);
    // Binds less than comparisons, so that "not a < b" is what it says.
    f.parser.DefineInfixOprt("!", negated, mu::prCMP - 1);
    const std::string formula =
        rewriting.rewritten(f.parser, [&](std::size_t column) { return f.slot_of(column); });
    if (!rewriting.readable()) {
        rewriting.throw_if_wrong();
    }
    f.condition = rewriting.condition();
    f.slots.assign(f.used.size(), 1.0);
    try {
        for (std::size_t k = 0; k < f.slots.size(); ++k) {
            f.parser.DefineVar(fmt::format("v{}", k), &f.slots[k]);
        }
        f.parser.SetExpr(formula);
        static_cast<void>(f.parser.Eval());  // compiles: what cannot be read shows here
        if (f.parser.GetNumResults() != 1) {
            throw mu::Parser::exception_type(mu::ecUNEXPECTED_ARG_SEP);
        }
    } catch (const mu::Parser::exception_type& error) {
        rewriting.syntax(error);
    }
    rewriting.throw_if_wrong();
}

Expression::~Expression() = default;
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;

const std::string& Expression::text() const noexcept { return formula_->text; }
const std::vector<std::size_t>& Expression::used() const noexcept { return formula_->used; }
bool Expression::is_condition() const noexcept { return formula_->condition; }

double Expression::value(const std::vector<double>& values) const {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t k = 0; k < formula_->slots.size(); ++k) {
        if (!std::isfinite(values[k])) {
            return kNone;
        }
        formula_->slots[k] = values[k];
    }
    const double result = formula_->parser.Eval();
    return std::isfinite(result) ? result : kNone;
}

}  // namespace ebb
