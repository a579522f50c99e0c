// SPDX-License-Identifier: Apache-2.0
#include "models/converter/direct_supply.hpp"

#include "models/core/whole_cell.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ebb {

namespace {

constexpr int kMostIterations = 200;
constexpr int kMostPieces = 20'000;
constexpr double kRounding = 4e-16;

/// I >= 0 at this v: q = ln(1 + I/Is) with I = source(v + slope q + r I). In q the current that the
/// source would give falls and is concave, and so is ln(1 + I/Is) - q.
double forward(const SourcePiece& s, const PathDiode& d, double v) noexcept {
    const double most = s.current(v);  // without any drop
    double low = 0.0;
    double high = std::log1p(std::max(most, 0.0) / d.saturation_a);
    double q = high;
    double i = 0.0;
    for (int n = 0; n < kMostIterations; ++n) {
        const double own = d.saturation_a * std::expm1(q);
        const double u = v + d.slope_v * q + d.series_ohm * own;
        i = s.current(u);
        if (i <= -d.saturation_a) {  // far above the source's zero: no logarithm there
            high = q;
            q = 0.5 * (low + high);
            continue;
        }
        const double slope = s.slope(u, i);
        const double off = std::log1p(i / d.saturation_a) - q;
        const double du = d.slope_v + d.series_ohm * (own + d.saturation_a);
        const double fall = 1.0 - slope * du / (i + d.saturation_a);
        (off > 0.0 ? low : high) = q;
        const double next = q + off / fall;
        if (std::fabs(next - q) <= kRounding * q || high - low <= kRounding * high) {
            q = next;
            break;
        }
        q = next >= low && next <= high ? next : 0.5 * (low + high);
    }
    return d.saturation_a * std::expm1(q);
}

/// Above the source's zero the diode blocks: -Is < I <= 0.
double backward(const SourcePiece& s, const PathDiode& d, double v) noexcept {
    double low = -d.saturation_a;
    double high = 0.0;
    double i = d.saturation_a * std::expm1((s.voltage(0.0) - v) / d.slope_v);
    for (int n = 0; n < kMostIterations; ++n) {
        const double u = s.voltage(i);
        const double e = std::exp((u - v - d.series_ohm * i) / d.slope_v);
        const double off = i - d.saturation_a * (e - 1.0);
        const double slope =
            1.0 - d.saturation_a * e / d.slope_v * (1.0 / s.slope(u, i) - d.series_ohm);
        (off > 0.0 ? high : low) = i;
        const double next = i - off / slope;
        if (std::fabs(next - i) <= kRounding * d.saturation_a) {
            return std::clamp(next, low, high);
        }
        i = next >= low && next <= high ? next : 0.5 * (low + high);
    }
    return i;
}

/// A stretch of the source's curve as the node sees it.
class Behind final : public SupplyCurve {
public:
    Behind(const SourcePiece& piece, const PathDiode& diode) : piece_(piece), diode_(diode) {}
    [[nodiscard]] CurvePoint at(double v) const noexcept override {
        if (diode_.kind == PathDiode::Kind::exponential) {
            return behind_diode(piece_, diode_, v);
        }
        const double u = v + diode_.drop_v;
        const double i = piece_.current(u);
        return {i, piece_.slope(u, i), u * i};
    }

private:
    SourcePiece piece_;
    PathDiode diode_;
};

class DirectCells final : public SupplyCells {
public:
    DirectCells(std::shared_ptr<const DirectCurve> source, const PathDiode& diode,
                std::vector<double> samples)
        : source_(std::move(source)), diode_(diode), samples_(std::move(samples)) {}

    [[nodiscard]] SupplyCell at(std::size_t sample, double v, bool up) const noexcept override {
        const double x = samples_[std::min(sample, samples_.size() - 1)];  // may be held on
        const bool curved = diode_.kind == PathDiode::Kind::exponential;
        return whole_cell(
            [&](double at_v, bool above) {
                return curved ? behind_curve(x, at_v, above) : shifted(x, at_v, above);
            },
            v, up);
    }

private:
    /// Wire or fixed drop: the source's stretches, moved down by the drop.
    [[nodiscard]] SupplyCell shifted(double x, double v, bool up) const noexcept {
        const double drop = diode_.drop_v;
        SupplyCell cell;
        if (diode_.kind == PathDiode::Kind::drop) {
            const double edge = source_->zero_v(x) - drop;
            if (edge <= 0.0 || v > edge || (v == edge && up)) {
                cell.low_v = std::max(edge, 0.0);
                return cell;
            }
            cell.high_v = edge;
        }
        SourcePiece piece = source_->piece(x, v + drop, up);
        const auto low = [&] { return std::max(piece.low_v - drop, 0.0); };
        const auto high = [&] { return piece.high_v - drop; };
        // v + drop is rounded: it may lie on the wrong side of a border that v meets to the bit.
        for (int n = 0; n < kMostPieces && (up ? v >= high() : v > high()); ++n) {
            piece = source_->piece(x, piece.high_v, true);
        }
        for (int n = 0; n < kMostPieces && low() > 0.0 && (up ? v < low() : v <= low()); ++n) {
            piece = source_->piece(x, piece.low_v, false);
        }
        cell.low_v = low();
        cell.high_v = std::min(cell.high_v, high());
        if (!piece.straight) {
            cell.curve = std::make_shared<Behind>(piece, diode_);
            return cell;
        }
        const double s = piece.slope_s;
        const double b = piece.at_zero_a + s * drop;
        cell.into = {piece.constant_w, b, s};
        cell.offered = {piece.constant_w + drop * b, b + drop * s, s};  // (V + drop) I
        return cell;
    }

    /// Exponential diode: a border of the source's at U lies at V = U less what the diode takes.
    /// What it takes there is worked out on the stretch below alone: the two sides of a border
    /// agree but for rounding, and a border has to be the same bits for both of its cells.
    [[nodiscard]] SupplyCell behind_curve(double x, double v, bool up) const noexcept {
        const auto at_node = [this](const SourcePiece& below, double u) {
            const double i = std::max(below.current(u), 0.0);
            return u - diode_.slope_v * std::log1p(i / diode_.saturation_a) - diode_.series_ohm * i;
        };
        SupplyCell cell;
        SourcePiece piece = source_->piece(x, v, up);
        if (piece.low_v > 0.0) {
            cell.low_v = std::max(at_node(source_->piece(x, piece.low_v, false), piece.low_v), 0.0);
        }
        for (int n = 0; n < kMostPieces; ++n) {
            cell.high_v = std::isfinite(piece.high_v) ? at_node(piece, piece.high_v) : piece.high_v;
            if (up ? v < cell.high_v : v <= cell.high_v) {
                break;
            }
            cell.low_v = std::max(cell.high_v, 0.0);
            piece = source_->piece(x, piece.high_v, true);
        }
        cell.curve = std::make_shared<Behind>(piece, diode_);
        return cell;
    }

    std::shared_ptr<const DirectCurve> source_;
    PathDiode diode_;
    std::vector<double> samples_;
};

}  // namespace

CurvePoint behind_diode(const SourcePiece& source, const PathDiode& diode, double v) noexcept {
    const double free = source.current(v);
    if (free == 0.0) {
        return {0.0, 0.0, 0.0};
    }
    const double i = free > 0.0 ? forward(source, diode, v) : backward(source, diode, v);
    const double drop = diode.slope_v * std::log1p(i / diode.saturation_a) + diode.series_ohm * i;
    // Deep in reverse the logarithm is lost; the source's own voltage is not.
    const double u = i > 0.0 ? v + drop : source.voltage(i);
    const double s = source.slope(u, i);
    const double left = i + diode.saturation_a;
    const double slope = s * left / (left * (1.0 - s * diode.series_ohm) - s * diode.slope_v);
    return {i, slope, u * i};
}

SupplyShape direct_supply(std::shared_ptr<const DirectCurve> source, const PathDiode& diode,
                          std::vector<double> samples) {
    SupplyShape shape;
    shape.tag = SupplyTag::cells;
    shape.cells = std::make_shared<DirectCells>(std::move(source), diode, std::move(samples));
    return shape;
}

}  // namespace ebb
