// SPDX-License-Identifier: Apache-2.0
/// Quantities as text: the shortest decimal digits of the double, with the decimal point moved to a
/// sensible prefix. Digits are moved, never multiplied, so the text reads back to the same double.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include "models/core/quantity.hpp"
#include "models/core/quantity_units.hpp"

namespace ebb {

namespace {

/// Decimal digits and exponent of the shortest round-trip text: value = 0.d1d2d3... * 10^point.
struct Digits {
    bool negative = false;
    std::string digits;
    int point = 0;
};

Digits digits_of(double value) {
    std::array<char, 40> buffer{};
    const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                    std::chars_format::scientific);
    std::string_view s(buffer.data(), static_cast<std::size_t>(done.ptr - buffer.data()));
    Digits d;
    if (s.front() == '-') {
        d.negative = true;
        s.remove_prefix(1);
    }
    const std::size_t e = s.find('e');
    for (const char c : s.substr(0, e)) {
        if (c != '.') {
            d.digits += c;
        }
    }
    std::string_view exponent = s.substr(e + 1);
    if (exponent.front() == '+') {
        exponent.remove_prefix(1);
    }
    std::from_chars(exponent.data(), exponent.data() + exponent.size(), d.point);
    ++d.point;
    return d;
}

/// The digits with the point moved by `shift` places to the left, plain or with an exponent.
std::string plain(const Digits& d, int shift) {
    constexpr int kMostPlaces = 15;
    constexpr int kMostZeros = 5;  // at the end: 9200000000 is easier read as 9.2e9
    const int point = d.point - shift;
    const int count = static_cast<int>(d.digits.size());
    const bool many_zeros = point > 7 && point - count > kMostZeros;
    std::string text = d.negative ? "-" : "";
    if (point > kMostPlaces || point < -4 || many_zeros) {
        text += d.digits.substr(0, 1);
        if (count > 1) {
            text += "." + d.digits.substr(1);
        }
        return text + fmt::format("e{}", point - 1);
    }
    if (point <= 0) {
        return text + "0." + std::string(static_cast<std::size_t>(-point), '0') + d.digits;
    }
    if (count <= point) {
        return text + d.digits + std::string(static_cast<std::size_t>(point - count), '0');
    }
    const auto cut = static_cast<std::size_t>(point);
    return text + d.digits.substr(0, cut) + "." + d.digits.substr(cut);
}

}  // namespace

std::string format_quantity(double value, Dimension d) {
    if (std::isinf(value)) {
        return value > 0 ? "unlimited" : "-unlimited";
    }
    const DimensionInfo& info = info_of(d);
    const std::string si = info.si[0] == '\0' ? std::string() : fmt::format(" {}", info.si);
    if (value == 0.0 || std::isnan(value)) {
        return (value == 0.0 ? "0" : "nan") + (d == Dimension::conductance ? " A/V" : si);
    }
    const Digits digits = digits_of(value);
    if (info.format.empty()) {
        return plain(digits, 0);
    }
    // The largest prefix that leaves at least one digit before the point.
    const UnitText* chosen = &info.format.front();
    for (const UnitText& u : info.format) {
        if (digits.point - u.shift >= 1) {
            chosen = &u;
        }
    }
    return fmt::format("{} {}", plain(digits, chosen->shift), chosen->symbol);
}

}  // namespace ebb
