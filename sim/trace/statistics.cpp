// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/statistics.hpp"

#include "models/core/error.hpp"
#include "models/core/ledger.hpp"
#include "sim/trace/quantity_facts.hpp"
#include "sim/trace/row_spool.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

namespace ebb {
namespace {

double length_s(const Series& series, std::size_t i) {
    return static_cast<double>(series.bound_ns[i + 1] - series.bound_ns[i]) / 1e9;
}

/// Doubles as whole numbers of the same order; 0 and -0 are one.
std::uint64_t order_of(double value) {
    constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;
    std::uint64_t bits = 0;
    value += 0.0;
    std::memcpy(&bits, &value, sizeof bits);
    return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

double value_of(std::uint64_t order) {
    constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;
    const std::uint64_t bits = (order & kSign) != 0 ? order ^ kSign : ~order;
    double value = 0.0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/// The smallest value with half of the time at or below it; found digit by digit, since sorting
/// would need room for every sample.
double median_of(const Series& series) {
    constexpr unsigned kDigit = 16;
    std::vector<std::int64_t> time(std::size_t{1} << kDigit);
    std::uint64_t found = 0;    // the digits that are known
    std::int64_t below_ns = 0;  // time of what is below them
    for (unsigned shift = 64 - kDigit;; shift -= kDigit) {
        std::fill(time.begin(), time.end(), 0);
        each_sample(series, [&](std::size_t i) {
            const std::uint64_t order = order_of(series.value[i]);
            if (shift + kDigit == 64 || order >> (shift + kDigit) == found)
                time[(order >> shift) % time.size()] += series.bound_ns[i + 1] - series.bound_ns[i];
        });
        std::size_t digit = 0;
        while (digit + 1 < time.size() && 2 * (below_ns + time[digit]) < series.duration_ns())
            below_ns += time[digit++];
        found = found << kDigit | digit;
        if (shift == 0)
            return value_of(found);
    }
}

std::vector<AboveThreshold> above(const Series& series, const std::vector<double>& thresholds) {
    struct Stretch {
        std::int64_t over = 0;
        std::int64_t below = 0;
        std::int64_t longest = 0;
    };
    std::vector<Stretch> all(thresholds.size());
    each_sample(series, [&](std::size_t i) {
        const std::int64_t step = series.bound_ns[i + 1] - series.bound_ns[i];
        for (std::size_t k = 0; k < all.size(); ++k) {
            Stretch& s = all[k];
            const bool over = series.value[i] > thresholds[k];
            s.over += over ? step : 0;
            s.below = over ? 0 : s.below + step;
            s.longest = std::max(s.longest, s.below);
        }
    });
    std::vector<AboveThreshold> shares;
    for (std::size_t k = 0; k < all.size(); ++k)
        shares.push_back(
            {thresholds[k],
             static_cast<double>(all[k].over) / static_cast<double>(series.duration_ns()),
             static_cast<double>(all[k].longest) / 1e9});
    return shares;
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
    s.smallest = s.largest = series.value[0];
    each_sample(series, [&](std::size_t i) {
        const double value = series.value[i];
        integral.add(value * length_s(series, i));
        square.add(value * value * length_s(series, i));
        s.smallest = value < s.smallest ? value : s.smallest;
        s.largest = value >= s.largest ? value : s.largest;
    });
    s.integral = integral.value();
    s.integral_of_square = square.value();
    s.mean = s.integral / s.duration_s;
    s.median = median_of(series);
    std::int64_t at_largest = 0;
    each_sample(series, [&](std::size_t i) {
        if (series.value[i] == s.largest)
            at_largest += series.bound_ns[i + 1] - series.bound_ns[i];
    });
    s.at_largest = static_cast<double>(at_largest) / static_cast<double>(series.duration_ns());
    s.above = above(series, thresholds);
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
    each_sample(series, [&](std::size_t i) {
        double at = static_cast<double>(series.bound_ns[i]);
        const auto end = static_cast<double>(series.bound_ns[i + 1]);
        for (auto b = static_cast<std::size_t>(at / bucket); b < count && at < end; ++b) {
            const double stop =
                b + 1 == count ? end : std::min(end, static_cast<double>(b + 1) * bucket);
            sums[b] += series.value[i] * std::max(0.0, stop - at);
            at = std::max(at, stop);
        }
    });
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
