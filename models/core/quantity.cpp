// SPDX-License-Identifier: Apache-2.0
#include "models/core/quantity.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <system_error>

#include "models/core/nearest.hpp"
#include "models/core/quantity_units.hpp"

namespace ebb {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view s) {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!s.empty() && blank(s.front())) {
        s.remove_prefix(1);
    }
    while (!s.empty() && blank(s.back())) {
        s.remove_suffix(1);
    }
    return s;
}

/// The number text at the front: its sign, digits and exponent, as far as they go.
struct NumberText {
    std::string mantissa;  ///< "-4.7"
    long exponent = 0;
    std::size_t length = 0;
    std::string message;  ///< why it is no number
    bool whole = true;    ///< no fraction written
};

NumberText scan_number(std::string_view s) {
    NumberText n;
    std::size_t i = 0;
    if (i < s.size() && (s[i] == '+' || s[i] == '-')) {
        if (s[i] == '-') {
            n.mantissa = "-";
        }
        ++i;
    }
    const std::size_t first = i;
    while (i < s.size() && is_digit(s[i])) {
        n.mantissa += s[i++];
    }
    if (i == first) {
        n.message = "is not a number";
        return n;
    }
    const bool leading_zero = i - first > 1 && s[first] == '0';
    if (i + 1 < s.size() && s[i] == '.' && is_digit(s[i + 1])) {
        n.whole = false;
        n.mantissa += s[i++];
        while (i < s.size() && is_digit(s[i])) {
            n.mantissa += s[i++];
        }
    }
    if (i < s.size() && (s[i] == 'e' || s[i] == 'E')) {
        std::size_t j = i + 1;
        const bool negative = j < s.size() && s[j] == '-';
        if (j < s.size() && (s[j] == '+' || s[j] == '-')) {
            ++j;
        }
        if (j < s.size() && is_digit(s[j])) {
            long e = 0;
            constexpr long kLargestExponent = 100000;  // far beyond double: only bounds the sum
            while (j < s.size() && is_digit(s[j])) {
                e = e < kLargestExponent ? 10 * e + (s[j] - '0') : e;
                ++j;
            }
            n.exponent = negative ? -e : e;
            i = j;
        }
    }
    n.length = i;
    if (leading_zero) {
        n.message = "has a leading zero, which some readers take as octal";
    } else if (i < s.size() && (s[i] == 'x' || s[i] == 'X')) {
        n.message = "is not a decimal number";
    } else if (i < s.size() && (s[i] == ',' || s[i] == '_' || s[i] == '.' || s[i] == '\'')) {
        n.message = "is not a number as this reader takes it: digits, one point, digits";
    }
    return n;
}

/// One rounding: the decimal text with its shifted exponent.
std::optional<double> value_of(const NumberText& n, int shift) {
    const std::string text = fmt::format("{}e{}", n.mantissa, n.exponent + shift);
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) {
        // from_chars leaves the value; what is too small for a double is no mistake but zero.
        const bool tiny = n.exponent + shift < 0;
        return tiny ? std::optional<double>(0.0) : std::nullopt;
    }
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

/// Other spellings that mean the same: µ, Ω, ^2, ².
std::string canonical_unit(std::string_view unit) {
    std::string u(unit);
    replace_all(u, "\xC2\xB5", "u");        // U+00B5 micro sign
    replace_all(u, "\xCE\xBC", "u");        // U+03BC Greek mu
    replace_all(u, "\xCE\xA9", "Ohm");      // U+03A9 Greek omega
    replace_all(u, "\xE2\x84\xA6", "Ohm");  // U+2126 ohm sign
    replace_all(u, "\xC2\xB2", "2");        // U+00B2 superscript two
    replace_all(u, "^2", "2");
    return u;
}

const UnitText* find_unit(const DimensionInfo& info, std::string_view symbol) {
    for (const UnitText& u : info.units) {
        if (symbol == u.symbol) {
            return &u;
        }
    }
    return nullptr;
}

std::string with_article(std::string_view word) {
    const bool vowel =
        !word.empty() && std::string_view("aeiou").find(word[0]) != std::string_view::npos;
    return fmt::format("{} {}", vowel ? "an" : "a", word);
}

/// "a capacitance with its unit, such as '47 uF'"
std::string expected(Dimension d) {
    const DimensionInfo& info = info_of(d);
    if (d == Dimension::number) {
        return "a plain number";
    }
    if (d == Dimension::ratio) {
        return "a plain number or a percentage, such as '0.8' or '80 %'";
    }
    return fmt::format("{} with its unit, such as '{}'", with_article(info.name), info.example);
}

ParsedQuantity unknown_unit(std::string_view text, const std::string& unit, Dimension d) {
    ParsedQuantity q;
    for (const Dimension other : dimensions_with_units()) {
        if (other != d && find_unit(info_of(other), unit) != nullptr) {
            q.message =
                fmt::format("must be {} [{}], but '{}' is {} [{}]", with_article(name_of(d)),
                            si_unit(d)[0] == '\0' ? "no unit" : si_unit(d), text,
                            with_article(name_of(other)), si_unit(other));
            q.hint = "expected " + expected(d);
            return q;
        }
    }
    if (d == Dimension::number) {
        q.message = fmt::format("is a plain number, but '{}' has a unit", text);
        return q;
    }
    q.message = fmt::format("has an unknown unit '{}'", unit);
    const std::vector<std::string> known = unit_texts(d);
    const auto best = nearest(unit, known);
    if (!best) {
        q.hint = "expected " + expected(d);
        return q;
    }
    q.hint = fmt::format("did you mean '{}'?", *best);
    bool only_case = best->size() == unit.size();
    for (std::size_t i = 0; only_case && i < unit.size(); ++i) {
        only_case = (unit[i] | 0x20) == ((*best)[i] | 0x20);
    }
    if (only_case) {
        const bool prefix = unit[0] != (*best)[0] && unit.size() > 1;
        q.hint += prefix ? " (case matters: m is milli, M is mega)" : " (case matters)";
    }
    return q;
}

ParsedQuantity from_dbm(std::string_view text, const NumberText& number, bool allowed) {
    ParsedQuantity q;
    if (!allowed) {
        q.message = "cannot be given in dBm here";
        q.hint = "expected " + expected(Dimension::power);
        return q;
    }
    const auto level = value_of(number, 0);
    q.value = level ? 1e-3 * std::pow(10.0, *level / 10.0) : level;
    if (!q.value || !std::isfinite(*q.value)) {
        q.value.reset();
        q.message = fmt::format("'{}' is too large", text);
    }
    return q;
}

}  // namespace

const char* name_of(Dimension d) noexcept { return info_of(d).name; }
const char* si_unit(Dimension d) noexcept { return info_of(d).si; }
const char* example_of(Dimension d) noexcept { return info_of(d).example; }

std::vector<std::string> unit_texts(Dimension d) {
    std::vector<std::string> texts;
    for (const UnitText& u : info_of(d).units) {
        texts.emplace_back(u.symbol);
    }
    return texts;
}

ParsedQuantity parse_quantity(std::string_view raw, Dimension d, bool allow_dbm) {
    const std::string_view text = trimmed(raw);
    const NumberText number = scan_number(text);
    ParsedQuantity q;
    if (!number.message.empty()) {
        q.message = fmt::format("'{}' {}", text, number.message);
        q.hint = "expected " + expected(d);
        return q;
    }
    const std::string unit = canonical_unit(trimmed(text.substr(number.length)));
    if (unit == "dBm" && d == Dimension::power) {
        return from_dbm(text, number, allow_dbm);
    }
    int shift = 0;
    double factor = 1.0;
    if (unit.empty()) {
        if (d != Dimension::number && d != Dimension::ratio) {
            q.message = fmt::format("needs a unit: '{}' is a bare number", text);
            q.hint = "expected " + expected(d);
            return q;
        }
    } else if (const UnitText* u = find_unit(info_of(d), unit)) {
        shift = u->shift;
        factor = u->factor;
    } else {
        return unknown_unit(text, unit, d);
    }
    const auto value = value_of(number, shift);
    if (!value || !std::isfinite(*value * factor)) {
        q.message = fmt::format("'{}' is too large", text);
        return q;
    }
    q.value = *value * factor;
    return q;
}

ParsedInteger parse_integer(std::string_view raw) {
    const std::string_view text = trimmed(raw);
    const NumberText number = scan_number(text);
    ParsedInteger result;
    if (!number.message.empty()) {
        result.message = fmt::format("'{}' {}", text, number.message);
        return result;
    }
    if (number.length != text.size()) {
        result.message = fmt::format("'{}' is not a whole number", text);
        return result;
    }
    if (number.whole && number.exponent == 0) {
        long long value = 0;
        const auto [end, error] = std::from_chars(
            number.mantissa.data(), number.mantissa.data() + number.mantissa.size(), value);
        if (error != std::errc() || *end != '\0') {
            result.message = fmt::format("'{}' is too large for a whole number", text);
            return result;
        }
        result.value = value;
        return result;
    }
    constexpr double kExactIntegers = 9007199254740992.0;  // 2^53: above, doubles skip integers
    const auto value = value_of(number, 0);
    if (!value || *value != std::floor(*value)) {
        result.message = fmt::format("'{}' is not a whole number", text);
    } else if (std::fabs(*value) > kExactIntegers) {
        result.message = fmt::format("'{}' is too large for a whole number", text);
    } else {
        result.value = static_cast<long long>(*value);
    }
    return result;
}

}  // namespace ebb
