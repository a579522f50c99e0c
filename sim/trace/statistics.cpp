// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/statistics.hpp"

#include "models/core/error.hpp"
#include "models/core/ledger.hpp"
#include "sim/trace/quantity_facts.hpp"
#include "sim/trace/series_builder.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace ebb {
namespace {

double length_s(const Series& series, std::size_t i) {
    return static_cast<double>(series.bound_ns[i + 1] - series.bound_ns[i]) / 1e9;
}

double median_of(const Series& series) {
    std::vector<std::size_t> order(series.value.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return series.value[a] < series.value[b]; });
    std::int64_t passed = 0;
    const std::int64_t whole = series.duration_ns();
    for (const std::size_t i : order) {
        passed += series.bound_ns[i + 1] - series.bound_ns[i];
        if (2 * passed >= whole)
            return series.value[i];
    }
    return series.value.empty() ? 0.0 : series.value[order.back()];
}

AboveThreshold above(const Series& series, double threshold) {
    std::int64_t over = 0;
    std::int64_t below = 0;
    std::int64_t longest = 0;
    for (std::size_t i = 0; i < series.value.size(); ++i) {
        const std::int64_t step = series.bound_ns[i + 1] - series.bound_ns[i];
        if (series.value[i] > threshold) {
            over += step;
            below = 0;
        } else {
            below += step;
            longest = std::max(longest, below);
        }
    }
    return {threshold, static_cast<double>(over) / static_cast<double>(series.duration_ns()),
            static_cast<double>(longest) / 1e9};
}

void require_held(const Series& series) {
    if (series.interpolation != Interpolation::hold || series.value.empty())
        throw Defect("statistics are for held series");
}

}  // namespace

TraceStatistics statistics_of(const Series& series, const std::vector<double>& thresholds) {
    require_held(series);
    TraceStatistics s;
    s.samples = series.value.size();
    s.duration_s = static_cast<double>(series.duration_ns()) / 1e9;
    s.uniform_step_s = static_cast<double>(series.bound_ns.step()) / 1e9;
    Sum integral;
    Sum square;
    for (std::size_t i = 0; i < series.value.size(); ++i) {
        integral.add(series.value[i] * length_s(series, i));
        square.add(series.value[i] * series.value[i] * length_s(series, i));
    }
    s.integral = integral.value();
    s.integral_of_square = square.value();
    s.mean = s.integral / s.duration_s;
    s.median = median_of(series);
    const auto ends = std::minmax_element(series.value.begin(), series.value.end());
    s.smallest = *ends.first;
    s.largest = *ends.second;
    std::int64_t at_largest = 0;
    for (std::size_t i = 0; i < series.value.size(); ++i)
        if (series.value[i] == s.largest)
            at_largest += series.bound_ns[i + 1] - series.bound_ns[i];
    s.at_largest = static_cast<double>(at_largest) / static_cast<double>(series.duration_ns());
    for (const double threshold : thresholds)
        s.above.push_back(above(series, threshold));
    return s;
}

std::vector<double> usual_thresholds(Quantity quantity) { return facts_of(quantity).thresholds; }
const char* si_unit_of(Quantity quantity) { return facts_of(quantity).unit; }
const char* integral_unit_of(Quantity quantity) { return facts_of(quantity).integral_unit; }
const char* integral_name_of(Quantity quantity) { return facts_of(quantity).integral_name; }

std::vector<double> means_of(const Series& series, std::size_t count) {
    require_held(series);
    std::vector<double> sums(count, 0.0);
    const double bucket = static_cast<double>(series.duration_ns()) / static_cast<double>(count);
    for (std::size_t i = 0; i < series.value.size(); ++i) {
        double at = static_cast<double>(series.bound_ns[i]);
        const auto end = static_cast<double>(series.bound_ns[i + 1]);
        for (auto b = static_cast<std::size_t>(at / bucket); b < count && at < end; ++b) {
            const double stop =
                b + 1 == count ? end : std::min(end, static_cast<double>(b + 1) * bucket);
            sums[b] += series.value[i] * std::max(0.0, stop - at);
            at = std::max(at, stop);
        }
    }
    for (double& sum : sums)
        sum /= bucket;
    return sums;
}

std::string with_prefix(double value, const char* unit) {
    struct Prefix {
        double size;
        const char* text;
    };
    static constexpr Prefix kPrefixes[] = {{1e6, "M"},  {1e3, "k"},  {1.0, ""},
                                           {1e-3, "m"}, {1e-6, "u"}, {1e-9, "n"}};
    if (value == 0.0)
        return fmt::format("0 {}", unit);
    for (const Prefix& prefix : kPrefixes)
        if (std::fabs(value) >= prefix.size * 0.9999995)
            return fmt::format("{:.6g} {}{}", value / prefix.size, prefix.text, unit);
    return fmt::format("{:.4g} {}", value, unit);
}

}  // namespace ebb
