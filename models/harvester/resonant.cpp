// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/resonant.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>

#include "models/core/component.hpp"
#include "models/core/error.hpp"
#include "models/harvester/sample_walk.hpp"

namespace ebb {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kPieceRadians = 0.25;
/// Beyond the stop by rounding only: no hit.
constexpr double kTouch = 1.0 + 1e-12;
/// Intervals in which an oscillation may die out after the trace's end.
constexpr int kMostTail = 10'000;

/// Zeros and weights of Gauss-Legendre with 8 points, positive half.
constexpr std::array<double, 4> kZero = {0.18343464249564980494, 0.52553240991632898582,
                                         0.79666647741362673959, 0.96028985649753623168};
constexpr std::array<double, 4> kWeight = {0.36268378337836198297, 0.31370664587788728734,
                                           0.22238103445337447054, 0.10122853629037625915};

}  // namespace

ShakenMass::ShakenMass(const ResonantParams& params)
    : decay_(0.5 * params.damping_n_s_per_m / params.mass_kg),
      square_(params.stiffness_n_per_m / params.mass_kg),
      split_(decay_ * decay_ - square_),
      longest_s_(kPieceRadians / (decay_ + std::sqrt(std::fabs(split_)) + std::sqrt(square_))),
      limit_(params.limit_m) {}

ShakenMass::State ShakenMass::at(const Piece& piece, double t) const noexcept {
    // The line that satisfies the equation, and the oscillation about it.
    const double drift = -piece.a1 / square_;
    const double offset = (-piece.a0 - 2.0 * decay_ * drift) / square_;
    const double u = piece.start.z - offset;
    const double v = piece.start.speed - drift;
    double c = 1.0;
    double s = t;
    if (split_ < 0.0) {
        const double w = std::sqrt(-split_);
        c = std::cos(w * t);
        s = std::sin(w * t) / w;
    } else if (split_ > 0.0) {
        const double w = std::sqrt(split_);
        c = std::cosh(w * t);
        s = std::sinh(w * t) / w;
    }
    const double e = std::exp(-decay_ * t);
    return {offset + drift * t + e * (u * c + (v + decay_ * u) * s),
            drift + e * (v * c - (decay_ * v + square_ * u) * s)};
}

double ShakenMass::squared_speed(const Piece& piece, double h) const noexcept {
    double sum = 0.0;
    for (std::size_t k = 0; k < kZero.size(); ++k) {
        const double before = at(piece, 0.5 * h * (1.0 - kZero[k])).speed;
        const double after = at(piece, 0.5 * h * (1.0 + kZero[k])).speed;
        sum += kWeight[k] * (before * before + after * after);
    }
    return 0.5 * h * sum;
}

/// A moment within h at which the mass is outside its stops, or -1: at the end or at a turn.
double ShakenMass::first_outside(const Piece& piece, double h) const noexcept {
    const auto outside = [&](const State& s) { return std::fabs(s.z) > limit_ * kTouch; };
    const State end = at(piece, h);
    const State begin = at(piece, 0.0);
    if (begin.speed * end.speed < 0.0) {
        double low = 0.0;
        double high = h;
        for (int n = 0; n < 60; ++n) {
            const double middle = 0.5 * (low + high);
            (at(piece, middle).speed * begin.speed > 0.0 ? low : high) = middle;
        }
        if (outside(at(piece, low))) {
            return low;
        }
    }
    return outside(end) ? h : -1.0;
}

/// How long, of h, a mass at a stop is pressed against it.
double ShakenMass::time_held(double h, double a0, double a1) const noexcept {
    const double side = z_ > 0.0 ? 1.0 : -1.0;
    // Outward force over m: -side a - w^2 limit; straight in time.
    const double now = -side * a0 - square_ * limit_;
    const double slope = -side * a1;
    if (now < 0.0 || (now == 0.0 && slope <= 0.0)) {
        return 0.0;
    }
    return slope < 0.0 ? std::min(h, -now / slope) : h;
}

double ShakenMass::advance(double h_s, double a0, double a1) {
    const double slope = (a1 - a0) / h_s;
    double done = 0.0;
    double sum = 0.0;
    while (done < h_s) {
        const double left = h_s - done;
        const double a = a0 + slope * done;
        if (speed_ == 0.0 && std::fabs(z_) == limit_) {
            const double held = time_held(left, a, slope);
            if (held >= left) {
                break;
            }
            done += held;
        }
        const Piece piece{{z_, speed_}, a0 + slope * done, slope};
        const double h = std::min(h_s - done, longest_s_);
        if (!(h > 0.0)) {
            break;
        }
        const double outside = first_outside(piece, h);
        double moves = h;
        if (outside > 0.0) {
            double low = 0.0;
            double high = outside;
            for (int n = 0; n < 60; ++n) {
                const double middle = 0.5 * (low + high);
                (std::fabs(at(piece, middle).z) <= limit_ ? low : high) = middle;
            }
            moves = high;
        }
        sum += squared_speed(piece, moves);
        const State end = at(piece, moves);
        z_ = outside > 0.0 ? std::copysign(limit_, end.z) : end.z;
        speed_ = outside > 0.0 ? 0.0 : end.speed;
        const double before = done;
        done = moves >= h_s - done ? h_s : done + moves;
        if (outside > 0.0 && done == before) {
            throw Defect("a mass hits its stop without end");
        }
    }
    return sum;
}

std::vector<double> high_passed(const Bounds& stamp_ns, const std::vector<double>& value,
                                double corner_hz) {
    const double rc = 1.0 / (2.0 * kPi * corner_hz);
    std::vector<double> y(value.size(), 0.0);
    for (std::size_t k = 1; k < value.size(); ++k) {
        const double dt = static_cast<double>(stamp_ns[k] - stamp_ns[k - 1]) * 1e-9;
        y[k] = rc / (rc + dt) * (y[k - 1] + value[k] - value[k - 1]);
    }
    return y;
}

namespace {

/// Lays out mean powers while the mass moves.
class Shaking {
public:
    Shaking(const ResonantParams& params, const OperatingSpan& span)
        : params_(params), span_(span), mass_(params), list_(false) {
        const Series& series = *span.series;
        if (series.interpolation != Interpolation::linear) {
            throw Defect("an acceleration runs straight between its samples");
        }
        for (const double a : series.value) {
            a_.push_back(span.scale * a);
        }
        if (params.high_pass_hz) {
            a_ = high_passed(series.bound_ns, a_, *params.high_pass_hz);
        }
        const std::int64_t left = series.duration_ns() - span.start_ns;
        end_ns_ = span.at_end == AtEnd::stop ? std::min(left, span.duration_ns) : span.duration_ns;
    }

    OperatingSeries lay_out() {
        const Bounds& bound = span_.series->bound_ns;
        const std::int64_t period = span_.series->duration_ns();
        std::int64_t from = span_.at_end == AtEnd::loop ? span_.start_ns % period : span_.start_ns;
        do {
            auto k = static_cast<std::size_t>(std::upper_bound(bound.begin(), bound.end(), from) -
                                              bound.begin());
            for (; k < bound.size() && now_ns_ < end_ns_; ++k) {
                const double begin = between(k, from);
                const std::int64_t until = std::min(bound[k], from + (end_ns_ - now_ns_));
                move(until - from, begin, between(k, until));
                from = until;
            }
            from = 0;
        } while (span_.at_end == AtEnd::loop && now_ns_ < end_ns_);
        const std::int64_t step = bound.back() - bound[bound.size() - 2];
        for (int n = 0; n < kMostTail && now_ns_ < end_ns_; ++n) {
            move(std::min(step, end_ns_ - now_ns_), a_.back(), a_.back());
        }
        if (now_ns_ < end_ns_) {
            list_.add(now_ns_, params_.output_v, 0.0);
        }
        return list_.finish(end_ns_);
    }

private:
    /// The acceleration at `at_ns`, between the samples k - 1 and k.
    double between(std::size_t k, std::int64_t at_ns) const {
        const Bounds& bound = span_.series->bound_ns;
        const double share = static_cast<double>(at_ns - bound[k - 1]) /
                             static_cast<double>(bound[k] - bound[k - 1]);
        return a_[k - 1] + share * (a_[k] - a_[k - 1]);
    }

    void move(std::int64_t h_ns, double a0, double a1) {
        const double h_s = static_cast<double>(h_ns) * 1e-9;
        const double squared = mass_.advance(h_s, a0, a1);
        const double power = params_.efficiency * params_.damping_n_s_per_m * squared / h_s;
        list_.add(now_ns_, params_.output_v, power / params_.output_v);
        now_ns_ += h_ns;
    }

    const ResonantParams& params_;
    const OperatingSpan& span_;
    ShakenMass mass_;
    StretchList list_;
    std::vector<double> a_;
    std::int64_t now_ns_ = 0;
    std::int64_t end_ns_ = 0;
};

}  // namespace

OperatingSeries Resonant::operate(const OperatingSpan& span) const {
    return Shaking(params_, span).lay_out();
}

void register_harvester_resonant(Registry& registry) {
    const ParamTable<ResonantParams> table = {
        param("mass", &ResonantParams::mass_kg, unit::number, required, above_up_to(0, 100),
              "moving mass [kg]"),
        param("stiffness", &ResonantParams::stiffness_n_per_m, unit::number, required,
              above_up_to(0, 1e7), "of the spring [N/m]"),
        param("damping", &ResonantParams::damping_n_s_per_m, unit::number, required,
              above_up_to(0, 1e5), "of the electric load, as felt by the mass [N s/m]"),
        param("limit", &ResonantParams::limit_m, unit::number, required, above_up_to(0, 10),
              "way from rest to each stop [m]"),
        param("efficiency", &ResonantParams::efficiency, unit::ratio, required, above_up_to(0, 1),
              "electric power over power in the damper"),
        param("output", &ResonantParams::output_v, unit::volt, required, above_up_to(0, 1e3),
              "voltage at which it is delivered; only converters with tables ask"),
        param("high_pass", &ResonantParams::high_pass_hz, unit::hertz, optional,
              above_up_to(0, 1e3), "corner that takes off gravity; left out, none"),
    };
    registry.add<SourceModel>(
        {"harvester", "resonant", "a shaken mass on a spring between stops",
         "z'' + (b/m) z' + (k/m) z = -a, P = efficiency b z'^2; reads a trace of "
         "acceleration_m_s2, joined by straight lines (interpolation: linear)"},
        table, [](const ResonantParams& p) { return std::make_shared<Resonant>(p); });
}

}  // namespace ebb
