// SPDX-License-Identifier: Apache-2.0
#include "models/workload/fading_supply.hpp"

#include "models/core/error.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

namespace ebb {

namespace {

double active_power(const IntermittentRun& run) noexcept {
    return run.supply_w * run.latency_s / run.active_s;
}

void require_run(const IntermittentRun& run) {
    const bool ordered = run.supply_w > 0.0 && run.continuous_s > 0.0 &&
                         run.active_s >= run.continuous_s && run.latency_s >= run.active_s &&
                         std::isfinite(run.latency_s) && std::isfinite(run.supply_w);
    if (!ordered) {
        throw InputError(fmt::format(
            "a measured run needs 0 < continuous <= active <= latency and a supply above 0; it has "
            "continuous {:g} s, active {:g} s, latency {:g} s, supply {:g} W",
            run.continuous_s, run.active_s, run.latency_s, run.supply_w));
    }
}

IntermittentTimes balanced(double active_s, double active_w, double supply_w) noexcept {
    return {active_s, active_s * active_w / supply_w};
}

double coarse_active_s(const FadeCalibration& c, double supply_w,
                       const std::vector<double>& pieces_s, double fades_per_s) noexcept {
    const double rate = fades_per_s * c.active_w / supply_w;
    double sum = 0.0;
    for (const double piece : pieces_s) {
        sum += rate > 0.0 ? std::expm1(rate * piece) / rate : piece;
    }
    return sum * std::exp(c.recovery_per_s * c.active_w / supply_w);
}

}  // namespace

FadeCalibration calibrate_fades(const IntermittentRun& fine_grained) {
    require_run(fine_grained);
    const double active_w = active_power(fine_grained);
    const double recovered = std::log(fine_grained.active_s / fine_grained.continuous_s);
    return {active_w, recovered * fine_grained.supply_w / active_w};
}

IntermittentTimes predict_fine_grained(const FadeCalibration& calibration, double supply_w,
                                       double continuous_s) noexcept {
    const double active_s =
        continuous_s * std::exp(calibration.recovery_per_s * calibration.active_w / supply_w);
    return balanced(active_s, calibration.active_w, supply_w);
}

IntermittentTimes predict_coarse_grained(const FadeCalibration& calibration, double supply_w,
                                         const std::vector<double>& pieces_s,
                                         double fades_per_s) noexcept {
    return balanced(coarse_active_s(calibration, supply_w, pieces_s, fades_per_s),
                    calibration.active_w, supply_w);
}

double fit_fades_per_s(const FadeCalibration& calibration, const IntermittentRun& coarse_grained,
                       const std::vector<double>& pieces_s) {
    require_run(coarse_grained);
    const auto active_s = [&](double fades_per_s) {
        return coarse_active_s(calibration, coarse_grained.supply_w, pieces_s, fades_per_s);
    };
    if (!(active_s(0.0) < coarse_grained.active_s)) {
        throw InputError(fmt::format(
            "recoveries alone explain {:g} s of active time, and the run took {:g} s: nothing says "
            "how often power failed",
            active_s(0.0), coarse_grained.active_s));
    }
    // The whole work in one go cannot be cut more often than this, or it would never end.
    const double whole_s = std::accumulate(pieces_s.begin(), pieces_s.end(), 0.0);
    double low = 0.0;
    double high = 1.0 / whole_s;
    while (active_s(high) < coarse_grained.active_s) {
        low = high;
        high *= 2.0;
    }
    while (true) {
        const double middle = low + (high - low) / 2.0;
        if (!(middle > low && middle < high)) {
            return middle;
        }
        (active_s(middle) < coarse_grained.active_s ? low : high) = middle;
    }
}

IntermittentTimes predict_by_ratio(const IntermittentRun& measured, double supply_w,
                                   double continuous_s) noexcept {
    return balanced(continuous_s * measured.active_s / measured.continuous_s,
                    active_power(measured), supply_w);
}

}  // namespace ebb
