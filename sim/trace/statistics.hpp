// SPDX-License-Identifier: Apache-2.0
/// What a held trace amounts to. All shares and means are weighted by time.
#pragma once

#include "models/core/series.hpp"

#include <cstddef>
#include <optional>
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
    double at_largest = 0.0;  ///< share of the time at the largest value: a clipped instrument
    std::vector<AboveThreshold> above;
};

/// Throws Defect for a linear series: its shares would need crossings, and nobody asks for them.
[[nodiscard]] TraceStatistics statistics_of(const Series& series,
                                            const std::vector<double>& thresholds);

/// Thresholds at which a trace of this quantity is usually looked at.
[[nodiscard]] std::vector<double> usual_thresholds(Quantity quantity);

/// The mean of each of `count` equal stretches of time.
[[nodiscard]] std::vector<double> means_of(const Series& series, std::size_t count);

/// How far a source is from a lottery: 1 if what it did in the last slots tells what it does next,
/// 0 if it does not. After Islam & Nirjon, "Zygarde", Proc. ACM IMWUT 4(3), 2020, in these terms:
///
///   event   slot i has one if its mean value is at least the trace's mean
///   h(N)    share of slots with an event after N slots with events (N > 0) or after -N slots
///           without (N < 0), N = -20..20 without 0; N seen fewer than 10 times are left
///           out
///   eta     (d_R - d)/d_R;  d: first Wasserstein distance of the values h from the persistent
///           pattern (1 for N > 0, 0 for N < 0); d_R: the same for h = share of events throughout,
///           which is what a random series with as many events tends to
///
/// Slots: equal, as many as samples of a uniform series, 1000 at most (and for all others).
struct EtaFactor {
    double eta = 0.0;
    double slot_s = 0.0;
    double threshold = 0.0;
};

/// Nothing for fewer than 100 slots, or if every slot or none has an event.
[[nodiscard]] std::optional<EtaFactor> eta_factor(const Series& series);

/// "W", "V", "A", "W/m^2"; and what its integral over time is: "J", "V s", "C", "J/m^2".
[[nodiscard]] const char* si_unit_of(Quantity quantity);
[[nodiscard]] const char* integral_unit_of(Quantity quantity);
/// "energy", "charge"; empty where the integral is of no use by itself.
[[nodiscard]] const char* integral_name_of(Quantity quantity);

/// A number with an SI prefix: "189.3 uW". The unit is not parsed back by anything.
[[nodiscard]] std::string with_prefix(double value, const char* unit);

}  // namespace ebb
