// SPDX-License-Identifier: Apache-2.0
/// What an observer sees of a segment: its end, and so many points inside that straight lines
/// between them are the curve to 0.4 % of its swing. Only for timelines: nothing here moves the
/// state, and without an observer nothing here is called.
#include <algorithm>
#include <cmath>
#include <vector>

#include "models/core/general_law.hpp"
#include "models/store/capacitor_walk.hpp"

namespace ebb {

namespace {

constexpr double kOfSwing = 0.004;     ///< largest distance from a curve to its chord
constexpr double kOfMaximum = 0.0005;  ///< what no picture of the whole voltage range can show
constexpr std::size_t kMostPoints = 64;

struct Chord {
    double t0 = 0.0, v0 = 0.0, t1 = 0.0, v1 = 0.0;
};

/// Height of the triangle between a chord and the tangents at its ends: a curve without a turning
/// point of its slope stays inside. With one (slopes at both ends on the same side of the chord's)
/// the tangents' distance from the chord at the middle is taken instead.
double distance(const Chord& c, double slope0, double slope1) {
    const double t = c.t1 - c.t0;
    const double mean = (c.v1 - c.v0) / t;
    const double at0 = slope0 - mean;
    const double at1 = mean - slope1;
    if (at0 * at1 > 0.0) {
        const double larger = std::max(std::fabs(at0), std::fabs(at1));
        const double smaller = std::min(std::fabs(at0), std::fabs(at1));
        return smaller / (1.0 + smaller / larger) * t;  // no overflow for a slope that is infinite
    }
    return 0.5 * (std::fabs(at0) + std::fabs(at1)) * t;
}

}  // namespace

/// Reports the segment that went from (`from`, `v0`) to the present state.
void CapacitorStore::observe_segment(const Segment& s, Time from, double v0) {
    const Time end = now_;
    const double v1 = vc_;
    const double length = end.since(from);
    now_ = from;  // the supply's value inside a sample counts from now_
    const auto report = [&](double t, double v, Time at) {
        const Node n = node_at(s, value_at(t), v, params_.max_v - v);
        const bool exact = s.kind == Segment::Kind::general && !s.empty;
        const double y = exact ? n.y : s.alpha * v + s.beta;
        observer_->point(at, y, exact ? n.supply_w : s.supply.power_at(y) + s.in.power(y),
                         s.draw->total.power_at(y) + s.draw->rational.power_at(y));
    };
    if (params_.esr_ohm > 0.0) {
        report(0.0, v0, from);  // where a step of the load has put the terminal
    }
    if (s.kind != Segment::Kind::hold && !s.empty && length > 0.0 &&
        observer_->wants_curve(length)) {
        for (const auto& [t, v] : points_inside(s, v0, v1, length)) {
            report(t, v, from.plus(t));
        }
    }
    report(length, v1, end);
    now_ = end;
}

/// Times and inner voltages inside a segment that begins now with v0; halved until it is straight.
std::vector<std::pair<double, double>> CapacitorStore::points_inside(const Segment& s, double v0,
                                                                     double v1,
                                                                     double length) const {
    const bool general = s.kind == Segment::Kind::general;
    const double tolerance = std::max(kOfSwing * std::fabs(v1 - v0), kOfMaximum * params_.max_v);
    std::vector<std::pair<double, double>> inside;
    if (!general && std::fabs(v1 - v0) <= tolerance) {
        return inside;  // a quadratic law never turns back
    }
    const StoreLaw law(s.inner, params_.capacitance_f);
    const auto slope = [&](double t, double v) {
        const double inner = std::max(v, 1e-9 * params_.max_v);
        if (!general) {
            return law.power_at(inner) / (params_.capacitance_f * inner);
        }
        const Node n = node_at(s, value_at(t), inner, params_.max_v - inner);
        const double into_w = params_.esr_ohm > 0.0 ? inner * n.current_a : n.into_w - n.clipped_w;
        return (into_w + leak_.power_at(inner)) / (params_.capacitance_f * inner);
    };
    const auto voltage = [&](const Chord& c, double t) {
        return general ? general_after(s, c.t0, c.v0, t - c.t0) : law.advance(c.v0, t - c.t0);
    };
    std::vector<Chord> left = {{0.0, v0, length, v1}};
    while (!left.empty()) {
        const Chord c = left.back();
        left.pop_back();
        const double middle = 0.5 * (c.t0 + c.t1);
        if (inside.size() + left.size() + 1 < kMostPoints && c.t0 < middle && middle < c.t1 &&
            distance(c, slope(c.t0, c.v0), slope(c.t1, c.v1)) > tolerance) {
            const double v = voltage(c, middle);
            left.push_back({middle, v, c.t1, c.v1});
            left.push_back({c.t0, c.v0, middle, v});
        } else if (!left.empty()) {
            inside.emplace_back(c.t1, c.v1);
        }
    }
    return inside;
}

}  // namespace ebb
