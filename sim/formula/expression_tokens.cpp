// SPDX-License-Identifier: Apache-2.0
#include "sim/formula/expression_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <system_error>

#include "models/core/quantity.hpp"

namespace ebb {

namespace {

using Kind = Token::Kind;

bool digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
/// Letters of a name; bytes of µ and Ω are not ASCII and belong to units.
bool letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80U; }

std::optional<double> quantity(const std::string& text) {
    for (int d = 0; d <= static_cast<int>(Dimension::capacitance_per_volt); ++d) {
        const ParsedQuantity parsed = parse_quantity(text, static_cast<Dimension>(d));
        if (parsed.value) {
            return parsed.value;
        }
    }
    return std::nullopt;
}

/// Also 5. and .5, as muParser reads them.
std::optional<double> plain_number(const std::string& text) {
    double value = 0.0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stop == end ? std::optional<double>(value) : std::nullopt;
}

class Cutter {
public:
    Cutter(const std::string& text, const std::string& where, std::vector<Mistake>& mistakes)
        : text_(text), where_(where), mistakes_(mistakes) {}

    std::vector<Token> all() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (std::isspace(static_cast<unsigned char>(c)) != 0) {
                ++at_;
            } else if (digit(c) || (c == '.' && digit(next(1)))) {
                number();
            } else if (letter(c)) {
                name();
            } else if (c == '\'' || c == '"' || c == '`') {
                quoted(c);
            } else {
                operation();
            }
        }
        return std::move(tokens_);
    }

private:
    [[nodiscard]] char next(std::size_t ahead) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    void add(Kind kind, std::size_t end, std::string text, double value = 0.0) {
        tokens_.push_back({kind, std::move(text), at_, end - at_, value});
        at_ = end;
    }
    void wrong(std::size_t end, std::string message, std::string hint = {}) {
        mistakes_.push_back(
            mistake_at(where_, text_, at_, end - at_, std::move(message), std::move(hint)));
        at_ = end;
    }

    void number() {
        std::size_t end = at_;
        while (end < text_.size() && (digit(text_[end]) || text_[end] == '.')) {
            ++end;
        }
        if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
            std::size_t exponent = end + 1;
            if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) {
                ++exponent;
            }
            if (exponent < text_.size() && digit(text_[exponent])) {
                while (exponent < text_.size() && digit(text_[exponent])) {
                    ++exponent;
                }
                end = exponent;
            }
        }
        std::size_t unit = end;
        while (unit < text_.size() && text_[unit] == ' ') {
            ++unit;
        }
        std::size_t unit_end = unit;
        while (unit_end < text_.size() &&
               (letter(text_[unit_end]) || beyond_ascii(text_[unit_end]) ||
                text_[unit_end] == '%' || (unit_end > unit && digit(text_[unit_end])))) {
            ++unit_end;
        }
        const std::string word = text_.substr(unit, unit_end - unit);
        if (word.empty() || word == "and" || word == "or") {
            unit_end = end;
        }
        const std::string whole = text_.substr(at_, unit_end - at_);
        if (const auto value = unit_end == end ? plain_number(whole) : quantity(whole)) {
            add(Kind::number, unit_end, whole, *value);
        } else {
            wrong(unit_end, fmt::format("'{}' is no number and no quantity", whole),
                  "numbers read as 0.2, 2e-3, 200 ms, 47 uF, 90 %");
        }
    }

    /// "[12]" at this place: its length; 0 if there is none.
    [[nodiscard]] std::size_t index_at(std::size_t from) const {
        if (from >= text_.size() || text_[from] != '[') {
            return 0;
        }
        std::size_t end = from + 1;
        while (end < text_.size() && digit(text_[end])) {
            ++end;
        }
        return end > from + 1 && end < text_.size() && text_[end] == ']' ? end + 1 - from : 0;
    }

    void name() {
        std::size_t end = at_;
        while (end < text_.size()) {
            const bool inner_dot = text_[end] == '.' && end + 1 < text_.size() &&
                                   (letter(text_[end + 1]) || digit(text_[end + 1]));
            if (letter(text_[end]) || digit(text_[end]) || inner_dot) {
                ++end;
            } else if (const std::size_t index = index_at(end)) {
                end += index;
            } else {
                break;
            }
        }
        const std::string word = text_.substr(at_, end - at_);
        if (word == "and" || word == "or") {
            add(Kind::logical, end, word == "and" ? "&&" : "||");
            return;
        }
        if (word == "not") {
            add(Kind::logical, end, "!");
            return;
        }
        std::size_t open = end;
        while (open < text_.size() && text_[open] == ' ') {
            ++open;
        }
        add(open < text_.size() && text_[open] == '(' ? Kind::function : Kind::name, end, word);
    }

    void quoted(char quote) {
        const std::size_t close = text_.find(quote, at_ + 1);
        if (close == std::string::npos) {
            wrong(text_.size(), fmt::format("the quote {} is not closed", quote));
            return;
        }
        std::string inside = text_.substr(at_ + 1, close - at_ - 1);
        add(quote == '`' ? Kind::name : Kind::word, close + 1, std::move(inside));
    }

    void operation() {
        static const std::array<const char*, 4> kComparisons = {"<=", ">=", "==", "!="};
        for (const char* two : kComparisons) {
            if (text_.compare(at_, 2, two) == 0) {
                add(Kind::comparison, at_ + 2, two);
                return;
            }
        }
        const char c = text_[at_];
        if (text_.compare(at_, 2, "&&") == 0 || text_.compare(at_, 2, "||") == 0) {
            add(Kind::logical, at_ + 2, text_.substr(at_, 2));
        } else if (c == '<' || c == '>') {
            add(Kind::comparison, at_ + 1, std::string(1, c));
        } else if (c == '!') {
            add(Kind::logical, at_ + 1, "!");
        } else if (c == '=') {
            wrong(at_ + 1, "'=' compares nothing", "equality is ==");
        } else if (std::string("+-*/^(),?:").find(c) != std::string::npos) {
            add(Kind::other, at_ + 1, std::string(1, c));
        } else {
            std::size_t end = at_ + 1;
            while (end < text_.size() &&
                   (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) {
                ++end;
            }
            wrong(end, fmt::format("'{}' has no meaning here", text_.substr(at_, end - at_)));
        }
    }

    const std::string& text_;
    const std::string& where_;
    std::vector<Mistake>& mistakes_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
};

/// 1 < x < 3 would compare the truth of 1 < x with 3.
void refuse_chains(const std::vector<Token>& tokens, const std::string& where,
                   const std::string& text, std::vector<Mistake>& mistakes) {
    std::vector<bool> compared = {false};
    for (const Token& token : tokens) {
        if (token.text == "(" && token.kind == Kind::other) {
            compared.push_back(false);
        } else if (token.text == ")" && token.kind == Kind::other && compared.size() > 1) {
            compared.pop_back();
        } else if (token.kind == Kind::comparison) {
            if (compared.back()) {
                mistakes.push_back(mistake_at(where, text, token.from, token.length,
                                              "comparisons cannot be chained",
                                              "write: a < b and b < c"));
            }
            compared.back() = true;
        } else if ((token.kind == Kind::logical && token.text != "!") ||
                   (token.kind == Kind::other &&
                    (token.text == "," || token.text == "?" || token.text == ":"))) {
            compared.back() = false;
        }
    }
}

}  // namespace

Mistake mistake_at(const std::string& where, const std::string& text, std::size_t from,
                   std::size_t length, std::string message, std::string hint) {
    Mistake mistake;
    mistake.place = {where, 1, static_cast<int>(from) + 1, text,
                     static_cast<int>(std::max<std::size_t>(length, 1))};
    mistake.message = std::move(message);
    mistake.hint = std::move(hint);
    return mistake;
}

std::vector<Token> tokens_of(const std::string& text, const std::string& where,
                             std::vector<Mistake>& mistakes) {
    std::vector<Token> tokens = Cutter(text, where, mistakes).all();
    refuse_chains(tokens, where, text, mistakes);
    return tokens;
}

}  // namespace ebb
