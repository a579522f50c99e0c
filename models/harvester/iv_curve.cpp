// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/iv_curve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "models/core/component.hpp"
#include "models/core/error.hpp"

namespace ebb {

namespace {

void check_level(const IvLevel& level, const IvLevel* before) {
    if (before != nullptr && !(level.lux > before->lux)) {
        throw InputError(fmt::format(
            "source.model.levels: {:g} lux does not lie above {:g} lux, the level before; expected "
            "increasing levels",
            level.lux, before->lux));
    }
    for (std::size_t k = 1; k < level.points.size(); ++k) {
        if (!(level.points[k].v > level.points[k - 1].v)) {
            throw InputError(fmt::format(
                "source.model.levels: at {:g} lux the voltage {:g} V does not lie above "
                "the one before; expected increasing voltages",
                level.lux, level.points[k].v));
        }
    }
    if (!(level.points.front().i > 0.0) || !(level.points.back().v > 0.0)) {
        throw InputError(fmt::format(
            "source.model.levels: the curve at {:g} lux gives no power; currents out of "
            "the cell are positive",
            level.lux));
    }
}

/// Where the curve meets zero: its last point, or where it crosses before.
double zero_of(const std::vector<IvPoint>& points) {
    for (std::size_t k = 1; k < points.size(); ++k) {
        if (points[k].i <= 0.0) {
            const IvPoint& a = points[k - 1];
            return a.v + (points[k].v - a.v) * a.i / (a.i - points[k].i);
        }
    }
    return points.back().v;
}

}  // namespace

IvCurve::IvCurve(const IvCurveParams& params)
    : params_(params), lux_per_sample_(params.lux_per_w_m2.value_or(1.0)) {
    const IvLevel* before = nullptr;
    for (const IvLevel& given : params_.levels) {
        check_level(given, before);
        before = &given;
        Level level{given.lux, std::log(given.lux), 0.0, zero_of(given.points), {}, {}};
        for (const IvPoint& point : given.points) {
            level.isc = std::max(level.isc, point.i);
        }
        if (given.points.front().v > 0.0) {
            level.u.push_back(0.0);
            level.f.push_back(given.points.front().i / level.isc);
        }
        for (const IvPoint& point : given.points) {
            if (point.v >= level.voc) {
                break;
            }
            level.u.push_back(point.v / level.voc);
            level.f.push_back(point.i / level.isc);
        }
        level.u.push_back(1.0);
        level.f.push_back(0.0);
        levels_.push_back(std::move(level));
    }
    if (levels_.empty()) {
        throw Defect("a measured cell without curves");
    }
}

Quantity IvCurve::reads() const noexcept {
    if (params_.illuminance_lux) {
        return Quantity::none;
    }
    return params_.lux_per_w_m2 ? Quantity::irradiance_w_m2 : Quantity::illuminance_lux;
}

SourceShape IvCurve::shape() const noexcept {
    SourceShape shape;
    shape.kind = direct() != nullptr ? SourceKind::curve : SourceKind::power;
    shape.held_input = direct() == nullptr;
    return shape;
}

IvCurve::Mix IvCurve::at(double sample) const {
    const double lux = sample * lux_per_sample_;
    const auto above = std::find_if(levels_.begin(), levels_.end(),
                                    [lux](const Level& level) { return level.lux >= lux; });
    // The pair whose logarithm is followed, also beyond the ends.
    auto high = std::min(above, levels_.end() - 1);
    auto low = high == levels_.begin() ? high : high - 1;
    const bool inside = above != levels_.end() && above != levels_.begin();
    if (!inside && levels_.size() > 1 && high == levels_.begin()) {
        ++high;
    }
    const double log_share =
        low == high ? 0.0 : (std::log(lux) - low->log_lux) / (high->log_lux - low->log_lux);
    Mix mix{&*low, &*high, std::clamp(log_share, 0.0, 1.0), 0.0, 0.0};
    mix.voc = std::max(0.0, low->voc + log_share * (high->voc - low->voc));
    if (inside) {
        const double share = (lux - low->lux) / (high->lux - low->lux);
        mix.isc = low->isc + share * (high->isc - low->isc);
    } else {
        const Level& last = above == levels_.end() ? levels_.back() : levels_.front();
        mix.isc = last.isc * lux / last.lux;
    }
    mix.isc *= params_.area_scale;
    return mix;
}

double IvCurve::shape_of(const Level& level, double u) {
    if (u >= 1.0) {
        return 0.0;
    }
    const auto after = std::upper_bound(level.u.begin() + 1, level.u.end() - 1, u);
    const auto k = static_cast<std::size_t>(after - level.u.begin());
    const double share = (u - level.u[k - 1]) / (level.u[k] - level.u[k - 1]);
    return level.f[k - 1] + share * (level.f[k] - level.f[k - 1]);
}

double IvCurve::open_circuit_v(double sample) const { return sample > 0.0 ? at(sample).voc : 0.0; }

double IvCurve::current(double sample, double v) const {
    if (!(sample > 0.0)) {
        return 0.0;
    }
    const Mix mix = at(sample);
    if (!(v < mix.voc)) {
        return 0.0;
    }
    const double u = std::max(0.0, v) / mix.voc;
    return mix.isc *
           ((1.0 - mix.share) * shape_of(*mix.low, u) + mix.share * shape_of(*mix.high, u));
}

OperatingPoint IvCurve::max_power(double sample) const {
    if (!(sample > 0.0)) {
        return {};
    }
    const Mix mix = at(sample);
    if (!(mix.voc > 0.0)) {
        return {};
    }
    const auto f = [&](double u) {
        return (1.0 - mix.share) * shape_of(*mix.low, u) + mix.share * shape_of(*mix.high, u);
    };
    // Between neighbouring points of either curve the current is straight, the power a parabola.
    double best_u = 0.0;
    double best = 0.0;
    const auto offer = [&](double u, double fu) {
        if (u * fu > best) {
            best = u * fu;
            best_u = u;
        }
    };
    std::size_t a = 1;
    std::size_t b = 1;
    double u0 = 0.0;
    double f0 = f(0.0);
    while (u0 < 1.0) {
        const double u1 = std::min(mix.low->u[a], mix.high->u[b]);
        a += mix.low->u[a] <= u1 ? 1 : 0;
        b += mix.high->u[b] <= u1 ? 1 : 0;
        const double f1 = f(u1);
        offer(u1, f1);
        const double slope = (f1 - f0) / (u1 - u0);
        if (slope < 0.0) {
            const double top = 0.5 * (u0 - f0 / slope);
            if (top > u0 && top < u1) {
                offer(top, f0 + slope * (top - u0));
            }
        }
        u0 = u1;
        f0 = f1;
    }
    const double v = best_u * mix.voc;
    return {v, v > 0.0 ? mix.isc * best / best_u : 0.0};
}

SourcePiece IvCurve::piece(double sample, double u, bool up) const {
    SourcePiece piece;
    piece.straight = true;
    const Mix mix = sample > 0.0 ? at(sample) : Mix{};
    if (!(mix.voc > 0.0)) {
        return piece;
    }
    if (u > mix.voc || (u == mix.voc && up)) {
        piece.low_v = mix.voc;
        return piece;
    }
    // The borders of both levels; in volts, so that a border is met to the bit.
    double low = 0.0;
    double high = 1.0;
    for (const Level* level : {mix.low, mix.high}) {
        for (const double k : level->u) {
            const double border = k * mix.voc;
            const bool below = up ? border <= u : border < u;
            (below ? low : high) = below ? std::max(low, k) : std::min(high, k);
        }
    }
    const auto current_at = [&](double k) {
        return mix.isc *
               ((1.0 - mix.share) * shape_of(*mix.low, k) + mix.share * shape_of(*mix.high, k));
    };
    piece.low_v = low * mix.voc;
    piece.high_v = high == 1.0 ? mix.voc : high * mix.voc;
    const double from = current_at(low);
    piece.slope_s = (current_at(high) - from) / (piece.high_v - piece.low_v);
    piece.at_zero_a = from - piece.slope_s * piece.low_v;
    return piece;
}

void register_harvester_iv_curve(Registry& registry) {
    static const ParamTable<IvPoint> kPoint = {
        param("v", &IvPoint::v, unit::volt, required, range(0, 1e3), "voltage of the cell"),
        param("i", &IvPoint::i, unit::ampere, required, range(-1e3, 1e3),
              "current out of the cell, positive"),
    };
    static const ParamTable<IvLevel> kLevel = {
        param("lux", &IvLevel::lux, unit::number, required, above_up_to(0, 1e6),
              "light at which the curve was measured"),
        list("points", &IvLevel::points, kPoint, required, 2, 10'000,
             "the curve, with increasing voltage"),
    };
    const ParamTable<IvCurveParams> table = {
        list("levels", &IvCurveParams::levels, kLevel, required, 1, 1000,
             "measured curves, with increasing light"),
        param("area_scale", &IvCurveParams::area_scale, unit::number, 1.0, above_up_to(0, 1e6),
              "factor on all currents: equal cells in parallel, or a piece of the cell"),
        param("lux_per_w_m2", &IvCurveParams::lux_per_w_m2, unit::number, optional,
              above_up_to(0, 700), "given, the trace holds irradiance_w_m2; else illuminance_lux"),
        param("illuminance", &IvCurveParams::illuminance_lux, unit::number, optional, range(0, 1e6),
              "constant light in lux instead of a trace"),
        operating_row(&IvCurveParams::operate, &IvCurveParams::rule),
    };
    registry.add<SourceModel>(
        {"harvester", "iv_curve", "a cell known by measured curves",
         "P = V I, interpolated between levels of light; reads a trace of illuminance_lux or "
         "irradiance_w_m2, or constant light. Needs a converter that holds the cell's voltage, or "
         "operate: direct"},
        table, [](const IvCurveParams& p) { return std::make_shared<IvCurve>(p); },
        [](const IvCurveParams& p, CheckContext& context) {
            check_operating(p.rule, context);
            if (p.illuminance_lux && p.lux_per_w_m2) {
                context.mistake("lux_per_w_m2",
                                "source.model.lux_per_w_m2 has no effect: the light is constant, "
                                "in lux",
                                "remove it");
            }
        });
}

}  // namespace ebb
