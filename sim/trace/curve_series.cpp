// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/curve_series.hpp"

#include "models/harvester/surface_curves.hpp"
#include "sim/trace/series_builder.hpp"

#include <cmath>
#include <memory>

#include <fmt/format.h>

namespace ebb {
namespace {

constexpr std::int64_t kSingleRowNs = 1'000'000'000;
constexpr double kFall_v = 1e-3;
constexpr double kMost_v = 1e3;
constexpr double kMost_a = 1e3;

}  // namespace

void CurveSeries::begin_row(std::int64_t stamp_ns, const LinePlace& at) {
    if (!stamps_.empty() && stamp_ns <= stamps_.back())
        mistakes_.add(at, "the time does not lie after that of the row before",
                      "expected stamps that increase");
    stamps_.push_back(stamp_ns);
}

bool CurveSeries::add_point(double v, double i, const LinePlace& at) {
    const bool first = rows_.v.size() == rows_.first.back();
    if (!(v >= 0.0) || v > kMost_v || std::fabs(i) > kMost_a) {
        mistakes_.add(at, fmt::format("a point at {:g} V and {:g} A is beyond reason", v, i),
                      "expected 0 to 1000 V and up to 1000 A");
        return false;
    }
    if (!first && !(v > rows_.v.back())) {
        mistakes_.add(at,
                      fmt::format("the voltage {:g} V does not lie above the one before, {:g} V", v,
                                  rows_.v.back()),
                      "expected increasing voltages");
        return false;
    }
    rows_.v.push_back(v);
    rows_.i.push_back(i);
    return true;
}

void CurveSeries::end_row() {
    if (rows_.v.size() > rows_.first.back() && rows_.i.back() > 0.0) {
        ++open_ended_;
        rows_.v.push_back(rows_.v.back() + kFall_v);
        rows_.i.push_back(0.0);
    }
    rows_.end_row();
}

Series CurveSeries::finish(Interpolation interpolation, std::vector<std::string>& notes) {
    if (stamps_.empty() && !mistakes_.any())
        mistakes_.add({}, "no rows", "expected at least one curve");
    if (interpolation == Interpolation::linear && stamps_.size() == 1)
        mistakes_.add({}, "one curve only", "interpolation: linear needs two or more");
    if (interpolation == Interpolation::linear && !rows_.diode.empty())
        mistakes_.add({}, "rows of diodes are held, not mixed", "interpolation: hold");
    mistakes_.throw_if_any();
    Series series;
    series.quantity = Quantity::iv_curve;
    const std::int64_t first = stamps_.front();
    const std::size_t n = stamps_.size();
    if (first != 0)
        notes.push_back(fmt::format("time counts from the first row, which is at {:.10g} s",
                                    static_cast<double>(first) / 1e9));
    if (interpolation == Interpolation::linear) {
        for (std::size_t k = 0; k + 1 < n; ++k) {
            const std::int64_t length = stamps_[k + 1] - stamps_[k];
            const std::int64_t steps = std::min(kMixes, length);
            for (std::int64_t j = 0; j < steps; ++j) {
                series.bound_ns.push_back(stamps_[k] - first + length / steps * j +
                                          length % steps * j / steps);
                series.value.push_back(static_cast<double>(k) +
                                       (static_cast<double>(j) + 0.5) / static_cast<double>(steps));
            }
        }
        series.bound_ns.push_back(stamps_.back() - first);
        notes.push_back(fmt::format(
            "{} curves, mixed with the next in {} held steps; the series ends at the last", n,
            kMixes));
    } else {
        for (std::size_t k = 0; k < n; ++k) {
            series.bound_ns.push_back(stamps_[k] - first);
            series.value.push_back(static_cast<double>(k));
        }
        series.bound_ns.push_back(n == 1 ? kSingleRowNs
                                         : 2 * stamps_[n - 1] - stamps_[n - 2] - first);
        notes.push_back(n == 1 ? std::string("one curve only: it is taken to last 1 s (at_end: "
                                             "hold makes it a constant source)")
                               : fmt::format("{} curves, each held until the next", n));
    }
    if (open_ended_ > 0)
        notes.push_back(fmt::format(
            "{} curve{} above 0 A: beyond the last point the current falls to 0 within 1 mV",
            open_ended_, open_ended_ == 1 ? " ends" : "s end"));
    series.curves = std::make_shared<const CurveRows>(std::move(rows_));
    return series;
}

Series at_max_power(const Series& curves) {
    const SurfaceCurves surface(curves.curves, 1.0, SurfaceReading::straight);
    Series power;
    power.quantity = Quantity::power_w;
    power.bound_ns = curves.bound_ns;
    power.value.reserve(curves.value.size());
    for (const double x : curves.value)
        power.value.push_back(surface.most_w(x));
    merge_equal_neighbours(power);
    return power;
}

}  // namespace ebb
