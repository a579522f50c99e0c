// SPDX-License-Identifier: Apache-2.0
#include "sim/result/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ebb {

namespace {

constexpr double kMinute = 60.0;
constexpr double kHour = 3600.0;
constexpr double kDay = 86400.0;

/// "%.3g" without an exponent for 1 <= |x| < 1000.
std::string three_digits(double x) {
    const double magnitude = std::abs(x);
    const int decimals = magnitude < 10.0 ? 2 : magnitude < 100.0 ? 1 : 0;
    std::string text = fmt::format("{:.{}f}", x, decimals);
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') {
            text.pop_back();
        }
    }
    return text;
}

}  // namespace

std::string engineering(double value, std::string_view unit) {
    if (!std::isfinite(value)) {
        return "n/a";
    }
    if (value == 0.0) {
        return fmt::format("0 {}", unit);
    }
    static constexpr std::array<std::string_view, 11> kPrefixes = {"f", "p", "n", "u", "m", "",
                                                                   "k", "M", "G", "T", "P"};
    static constexpr int kNoPrefix = 5;
    // Round to three digits first, so that 999.96 mJ becomes 1 J and not 1000 mJ.
    const std::string rounded = fmt::format("{:.2e}", value);
    const double number = std::stod(rounded);
    const int exponent = std::stoi(rounded.substr(rounded.find('e') + 1));
    const int thousands = exponent >= 0 ? exponent / 3 : -((2 - exponent) / 3);
    const int index = thousands + kNoPrefix;
    if (index < 0 || index >= static_cast<int>(kPrefixes.size())) {
        return fmt::format("{:.3g} {}", value, unit);
    }
    const double scaled = number / std::pow(10.0, 3 * thousands);
    return fmt::format("{} {}{}", three_digits(scaled), kPrefixes[static_cast<std::size_t>(index)],
                       unit);
}

std::string duration_text(double seconds) {
    if (!std::isfinite(seconds)) {
        return "n/a";
    }
    const double size = std::abs(seconds);
    // "90 s" is easier to compare with "60 s" than "1 min 30 s".
    if (size < 2.0 * kMinute - 0.5) {
        return size < 100.0 ? engineering(seconds, "s") : fmt::format("{:.0f} s", seconds);
    }
    if (size < kHour - 0.5) {
        const auto whole = std::llround(seconds);
        return whole % 60 == 0 ? fmt::format("{} min", whole / 60)
                               : fmt::format("{} min {} s", whole / 60, whole % 60);
    }
    if (size < kDay - 30.0) {
        const auto minutes = std::llround(seconds / kMinute);
        return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60)
                                 : fmt::format("{} h {} min", minutes / 60, minutes % 60);
    }
    const double days = seconds / kDay;
    return days < 999.5 ? three_digits(days) + " d" : fmt::format("{} d", std::llround(days));
}

std::string count_text(std::int64_t count) {
    std::string digits = std::to_string(count);
    const int first = count < 0 ? 1 : 0;
    for (int at = static_cast<int>(digits.size()) - 3; at > first; at -= 3) {
        digits.insert(static_cast<std::size_t>(at), ",");
    }
    return digits;
}

std::string percent_text(double share) {
    if (!std::isfinite(share)) {
        return "n/a";
    }
    const double percent = 100.0 * share;
    if (percent != 0.0 && std::abs(percent) < 0.1) {
        return percent > 0.0 ? "<0.1 %" : "-<0.1 %";
    }
    return fmt::format("{:.1f} %", percent);
}

std::string speed_text(double simulated_s, double elapsed_s) {
    if (!(elapsed_s > 0.0)) {
        return "too fast to measure";
    }
    const double factor = simulated_s / elapsed_s;
    if (!std::isfinite(factor) || factor > 1e15) {
        return "too fast to measure";
    }
    // Two digits: a third one would change from run to run.
    const double step = factor < 10.0 ? 0.1 : std::pow(10.0, std::floor(std::log10(factor)) - 1.0);
    const double rounded = std::round(factor / step) * step;
    return factor < 10.0 ? fmt::format("{:.1f} times real time", rounded)
                         : count_text(std::llround(rounded)) + " times real time";
}

std::string shortest(double value) { return fmt::format("{}", value); }

std::string nine_digits(double value) { return fmt::format("{:.9g}", value); }

std::string csv_cell(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        return std::string(text);
    }
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c;
        if (c == '"') {
            quoted += '"';
        }
    }
    return quoted + '"';
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // not a continuation byte
    }));
}

std::string bar_text(double share, int columns) {
    static constexpr std::array<std::string_view, 8> kEighths = {"",  "▏", "▎", "▍",
                                                                 "▌", "▋", "▊", "▉"};
    if (!(share > 0.0)) {
        return {};
    }
    const auto eighths = std::max<long long>(1, std::llround(std::min(share, 1.0) * columns * 8));
    std::string bar;
    for (long long i = 0; i < eighths / 8; ++i) {
        bar += "█";
    }
    return bar.append(kEighths[static_cast<std::size_t>(eighths % 8)]);
}

}  // namespace ebb
