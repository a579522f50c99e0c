// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/plot.hpp"

#include "sim/trace/statistics.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr std::size_t kRows = 6;
constexpr std::size_t kMostBars = 96;
constexpr std::size_t kFewestBars = 24;
constexpr int kParts = 8;  // a block character is drawn in eighths
constexpr const char* kBlocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

/// Three digits are what a picture can show.
std::string label(double value, const char* unit) {
    struct Prefix {
        double size;
        const char* text;
    };
    static constexpr Prefix kPrefixes[] = {{1e6, "M"},  {1e3, "k"},  {1.0, ""},
                                           {1e-3, "m"}, {1e-6, "u"}, {1e-9, "n"}};
    if (value == 0.0)
        return "0";
    for (const Prefix& prefix : kPrefixes)
        if (std::fabs(value) >= prefix.size * 0.9995)
            return fmt::format("{:.3g} {}{}", value / prefix.size, prefix.text, unit);
    return fmt::format("{:.3g} {}", value, unit);
}

std::string time_label(double seconds, int digits) {
    struct Unit {
        double size;
        const char* text;
    };
    static constexpr Unit kUnits[] = {{86400.0, "d"}, {3600.0, "h"}, {1.0, "s"}, {1e-3, "ms"}};
    for (const Unit& unit : kUnits)
        if (seconds >= 2.0 * unit.size || (unit.size <= 1.0 && seconds >= unit.size))
            return fmt::format("{:.{}g} {}", seconds / unit.size, digits, unit.text);
    return fmt::format("{:.{}g} us", seconds * 1e6, digits);
}

}  // namespace

std::string plot_text(const Series& series, std::size_t width) {
    const char* const unit = si_unit_of(series.quantity);
    // The label of the largest mean needs room before the number of bars is known.
    constexpr std::size_t kLabel = 12;
    if (width < kLabel + 2 + kFewestBars)
        return {};
    const std::size_t bars = std::min(kMostBars, width - kLabel - 2);
    const std::vector<double> means = means_of(series, bars);
    const double high = std::max(0.0, *std::max_element(means.begin(), means.end()));
    const double low = std::min(0.0, *std::min_element(means.begin(), means.end()));
    const bool either_sign = low < 0.0;
    std::string out;
    for (std::size_t row = 0; row < kRows; ++row) {
        const std::size_t below = kRows - 1 - row;  // rows under this one
        std::string text;
        if (row == 0)
            text = label(high, unit);
        else if (below == 0)
            text = label(low, unit);
        out += fmt::format("{:>{}} ┤", text, kLabel);
        std::string line;
        std::size_t last = 0;
        for (const double mean : means) {
            const double level = high > low ? (mean - low) / (high - low) : 0.0;
            const int parts =
                static_cast<int>(std::ceil(level * static_cast<double>(kRows * kParts) - 1e-9));
            const int here = std::clamp(parts - static_cast<int>(below) * kParts, 0, kParts);
            const bool top = here > 0 && parts <= static_cast<int>(below + 1) * kParts;
            line += either_sign ? (top || (parts == 0 && below == 0) ? "•" : " ") : kBlocks[here];
            if (line.back() != ' ')
                last = line.size();
        }
        out += line.substr(0, last) + "\n";
    }
    const double seconds = static_cast<double>(series.duration_ns()) / 1e9;
    out += fmt::format("{:>{}}0{:>{}}\n", "", kLabel + 2, time_label(seconds, 4), bars - 1);
    out += fmt::format("{:>{}}{}: means over {}\n", "", kLabel + 2, either_sign ? "dots" : "bars",
                       time_label(seconds / static_cast<double>(bars), 3));
    return out;
}

}  // namespace ebb
