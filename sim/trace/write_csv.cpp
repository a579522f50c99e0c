// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/write_csv.hpp"

#include "models/core/error.hpp"

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

void add_row(std::string& out, std::int64_t ns, double value) {
    // {} of a double is the shortest text that reads back to the same bits.
    out += fmt::format("{},{}\n", seconds_text(ns), value);
}

/// Calls f(stamp, value) for each row of a held series.
template <class Row>
void each_row(const Series& series, const Row& f) {
    const std::size_t n = series.value.size();
    for (std::size_t i = 0; i < n; ++i)
        f(series.bound_ns[i], series.value[i]);
    const std::int64_t last = series.bound_ns[n] - series.bound_ns[n - 1];
    const std::int64_t before = n > 1 ? series.bound_ns[n - 1] - series.bound_ns[n - 2] : 0;
    if (last == before || (n == 1 && last == kNsPerSecond) || last < 2)
        return;
    // Two equal halves at the end; an odd nanosecond goes before them.
    const std::int64_t half = last / 2;
    if (last % 2 != 0)
        f(series.bound_ns[n - 1] + 1, series.value[n - 1]);
    f(series.bound_ns[n] - half, series.value[n - 1]);
}

}  // namespace

std::string seconds_text(std::int64_t ns) {
    std::string text = fmt::format("{}.{:09}", ns / kNsPerSecond, ns % kNsPerSecond);
    while (text.back() == '0')
        text.pop_back();
    if (text.back() == '.')
        text.pop_back();
    return text;
}

std::string csv_text(const Series& series, const std::vector<std::string>& comments) {
    if (series.interpolation != Interpolation::hold)
        throw Defect("only held series are written as csv");
    std::string out;
    for (const std::string& comment : comments)
        out += "# " + comment + "\n";
    out += fmt::format("time_s,{}\n", name_of(series.quantity));
    each_row(series, [&out](std::int64_t ns, double value) { add_row(out, ns, value); });
    return out;
}

Series joined_by_lines(const Series& held) {
    Series lines;
    lines.quantity = held.quantity;
    lines.interpolation = Interpolation::linear;
    each_row(held, [&lines](std::int64_t ns, double value) {
        lines.bound_ns.push_back(ns);
        lines.value.push_back(value);
    });
    if (lines.value.size() == 1) {  // a line needs two ends
        lines.bound_ns.push_back(held.duration_ns());
        lines.value.push_back(held.value[0]);
    }
    return lines;
}

}  // namespace ebb
