// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/e_series.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace ebb {

namespace {

/// E3, E6 and E12 are every eighth, fourth and second of these.
constexpr std::array<int, 24> kE24 = {10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30,
                                      33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91};
constexpr int kExceptionIndex = 185;  // of E192, from 0
constexpr int kException = 920;

double decimal(int digits, int exponent) {
    const std::string text = fmt::format("{}e{}", digits, exponent);
    double value = 0.0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

bool is_e_series(int n) noexcept {
    return n == 3 || n == 6 || n == 12 || n == 24 || n == 48 || n == 96 || n == 192;
}

std::vector<int> e_decade(int n) {
    std::vector<int> decade;
    for (int i = 0; i < n; ++i) {
        if (n <= 24) {
            decade.push_back(kE24.at(static_cast<std::size_t>(i * (24 / n))));
        } else {
            const bool exception = i * (192 / n) == kExceptionIndex;
            decade.push_back(exception ? kException
                                       : static_cast<int>(std::lround(
                                             100.0 * std::pow(10.0, static_cast<double>(i) / n))));
        }
    }
    return decade;
}

std::vector<double> e_values(int n, double low, double high) {
    const std::vector<int> decade = e_decade(n);
    const int digits = n <= 24 ? 1 : 2;
    std::vector<double> values;
    const int first = static_cast<int>(std::floor(std::log10(low))) - 1;
    const int last = static_cast<int>(std::ceil(std::log10(high))) + 1;
    for (int power = first; power <= last; ++power) {
        for (const int value : decade) {
            const double x = decimal(value, power - digits);
            if (x >= low && x <= high) {
                values.push_back(x);
            }
        }
    }
    return values;
}

}  // namespace ebb
