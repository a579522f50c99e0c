// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/number_text.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace ebb {
namespace {

constexpr std::int64_t kHorizonNs = std::numeric_limits<std::int64_t>::max() / 4;

bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Stamps with an exponent ("1e-3"), through a double.
StampText stamp_by_double(std::string_view text, int unit_exponent) noexcept {
    const NumberText number = parse_number(text);
    if (number.fault != NumberFault::none)
        return {0, number.fault};
    const double ns = number.value * std::pow(10.0, unit_exponent);
    if (std::fabs(ns) > static_cast<double>(kHorizonNs))
        return {0, NumberFault::too_large};
    return {std::llround(ns), NumberFault::none};
}

}  // namespace

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

NumberText parse_number(std::string_view text) noexcept {
    if (text.size() > 1 && text[0] == '+' && text[1] != '-')
        text.remove_prefix(1);
    if (text.empty())
        return {0.0, NumberFault::empty};
    double value = 0.0;
    const char* const end = text.data() + text.size();
    const auto [stop, code] = std::from_chars(text.data(), end, value);
    if (stop != end || code == std::errc::invalid_argument)
        return {0.0, NumberFault::not_a_number};
    if (code == std::errc::result_out_of_range) {
        // from_chars does not say which end was passed: too small is 0, too large is a fault.
        const std::size_t e = text.find_first_of("eE");
        const bool tiny = e != std::string_view::npos
                              ? text.find('-', e) != std::string_view::npos
                              : text.find_first_of("123456789") > text.find('.');
        return tiny ? NumberText{0.0, NumberFault::none} : NumberText{0.0, NumberFault::too_large};
    }
    if (!std::isfinite(value))
        return {0.0, NumberFault::not_finite};
    return {value, NumberFault::none};
}

StampText parse_stamp(std::string_view text, int unit_exponent) noexcept {
    const std::string_view whole = text;
    bool negative = false;
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
        negative = text.front() == '-';
        text.remove_prefix(1);
    }
    std::int64_t ns = 0;
    std::size_t i = 0;
    int shift = unit_exponent;  // powers of ten that are still missing
    bool fraction = false;
    bool round_up = false;
    bool digits = false;
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '.' && !fraction) {
            fraction = true;
            continue;
        }
        if (!digit(c))
            return stamp_by_double(whole, unit_exponent);
        if (fraction && shift == 0) {
            if (!digits)  // first digit beyond the nanosecond
                return stamp_by_double(whole, unit_exponent);
            round_up = c >= '5';
            // The rest cannot change the rounding; it must only be digits.
            for (++i; i < text.size(); ++i)
                if (!digit(text[i]))
                    return stamp_by_double(whole, unit_exponent);
            break;
        }
        if (ns > kHorizonNs / 10)
            return {0, NumberFault::too_large};
        ns = ns * 10 + (c - '0');
        digits = true;
        if (fraction)
            --shift;
    }
    if (!digits)
        return stamp_by_double(whole, unit_exponent);
    for (; shift > 0; --shift) {
        if (ns > kHorizonNs / 10)
            return {0, NumberFault::too_large};
        ns *= 10;
    }
    ns += round_up ? 1 : 0;
    return {negative ? -ns : ns, NumberFault::none};
}

}  // namespace ebb
