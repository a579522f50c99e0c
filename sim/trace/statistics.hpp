// SPDX-License-Identifier: Apache-2.0
/// What a held trace amounts to. All shares and means are weighted by time.
#pragma once

#include "models/core/series.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace ebb {

struct AboveThreshold {
    double threshold = 0.0;
    double share = 0.0;            ///< of the time with value > threshold
    double longest_below_s = 0.0;  ///< longest stretch with value <= threshold
};

struct TraceStatistics {
    std::size_t samples = 0;  ///< after equal neighbours were joined
    double duration_s = 0.0;
    double uniform_step_s = 0.0;  ///< 0 = steps differ
    double integral = 0.0;        ///< value * time: J, J/m^2, C or V s
    double integral_of_square = 0.0;
    double mean = 0.0;
    double median = 0.0;  ///< half of the time is at or below it
    double smallest = 0.0;
    double largest = 0.0;
    std::vector<AboveThreshold> above;
};

/// Throws Defect for a linear series: its shares would need crossings, and nobody asks for them.
[[nodiscard]] TraceStatistics statistics_of(const Series& series,
                                            const std::vector<double>& thresholds);

/// Thresholds at which a trace of this quantity is usually looked at.
[[nodiscard]] std::vector<double> usual_thresholds(Quantity quantity);

/// The mean of each of `count` equal stretches of time.
[[nodiscard]] std::vector<double> means_of(const Series& series, std::size_t count);

/// "W", "V", "A", "W/m^2"; and what its integral over time is: "J", "V s", "C", "J/m^2".
[[nodiscard]] const char* si_unit_of(Quantity quantity);
[[nodiscard]] const char* integral_unit_of(Quantity quantity);

/// A number with an SI prefix: "189.3 uW". The unit is not parsed back by anything.
[[nodiscard]] std::string with_prefix(double value, const char* unit);

/// A row of Unicode blocks from 0 (or the smallest negative mean) to the largest mean.
[[nodiscard]] std::string sparkline(const std::vector<double>& means);

}  // namespace ebb
