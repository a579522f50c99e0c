// SPDX-License-Identifier: Apache-2.0
#include "models/workload/operating_point.hpp"

#include <algorithm>

namespace ebb {

namespace {

double square_ratio(const PointMeasurement& from, double supply_v) noexcept {
    return (supply_v / from.supply_v) * (supply_v / from.supply_v);
}

/// Sums of the normal equation of x P = y, one term per prediction; both sides over what is
/// predicted, so that relative errors count.
struct Normal {
    double xx = 0.0, xy = 0.0;

    void add(const PointMeasurement& from, const PointMeasurement& to) noexcept {
        const double ratio = square_ratio(from, to.supply_v);
        const double x = (latency_at(from, to.clock_hz) - from.latency_s * ratio) / to.energy_j;
        const double y = (to.energy_j - from.energy_j * ratio) / to.energy_j;
        xx += x * x;
        xy += x * y;
    }
};

}  // namespace

double latency_at(const PointMeasurement& known, double clock_hz) noexcept {
    return known.latency_s * known.clock_hz / clock_hz;
}

double energy_at(const PointMeasurement& known, double supply_v, double clock_hz,
                 double static_w) noexcept {
    return (known.energy_j - static_w * known.latency_s) * square_ratio(known, supply_v) +
           static_w * latency_at(known, clock_hz);
}

double fit_static_power(const std::vector<PointPair>& pairs) noexcept {
    Normal sums;
    for (const PointPair& pair : pairs) {
        sums.add(pair.from, pair.to);
        sums.add(pair.to, pair.from);
    }
    return sums.xx > 0.0 ? std::max(0.0, sums.xy / sums.xx) : 0.0;
}

}  // namespace ebb
