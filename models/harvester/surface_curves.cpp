// SPDX-License-Identifier: Apache-2.0
#include "models/harvester/surface_curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/core/error.hpp"

namespace ebb {

SurfaceCurves::SurfaceCurves(std::shared_ptr<const CurveRows> rows, double scale,
                             SurfaceReading reading)
    : rows_(std::move(rows)), scale_(scale), reading_(reading) {
    if (!rows_ || rows_->size() == 0) {
        throw Defect("a surface without rows");
    }
    if (!rows_->diode.empty()) {
        return;
    }
    const CurveRows& all = *rows_;
    open_v_.reserve(all.size());
    points_.reserve(all.size());
    for (std::size_t row = 0; row < all.size(); ++row) {
        const std::size_t begin = all.first[row];
        const std::size_t end = all.first[row + 1];
        std::size_t k = begin;
        while (k < end && all.i[k] > 0.0) {
            ++k;
        }
        points_.push_back(k - begin);
        if (k == begin) {
            open_v_.push_back(0.0);
        } else if (k == end) {
            open_v_.push_back(all.v[k - 1]);
        } else {
            open_v_.push_back(all.v[k - 1] +
                              (all.v[k] - all.v[k - 1]) * all.i[k - 1] / (all.i[k - 1] - all.i[k]));
        }
    }
}

SurfaceCurves::Mix SurfaceCurves::at(double position) const {
    const std::size_t last = rows_->size() - 1;
    const double whole = std::floor(position);
    const auto row = std::min(last, static_cast<std::size_t>(std::max(0.0, whole)));
    const double share = position - whole;
    if (!(share > 0.0) || row == last) {
        return {{row, row}, {1.0, 0.0}, 1};
    }
    if (reading_ == SurfaceReading::ekho_upstream) {
        return {{row + 1, row + 1}, {1.0, 0.0}, 1};
    }
    return {{row, row + 1}, {1.0 - share, share}, 2};
}

SingleDiode SurfaceCurves::diode_at(double position) const {
    SingleDiode d = rows_->diode[at(position).row[0]];
    d.il_a *= scale_;
    d.gsh_s *= scale_;
    if (scale_ > 0.0) {
        d.i0_a *= scale_;
        d.rs_ohm /= scale_;
    }
    return d;
}

double SurfaceCurves::step_current(std::size_t row, double v) const {
    const std::size_t begin = rows_->first[row];
    const std::size_t count = rows_->first[row + 1] - begin;
    const double low = rows_->v[begin];
    const double spacing = (rows_->v[begin + count - 1] - low) / static_cast<double>(count);
    const double index = std::floor((v - low) / spacing);
    if (!(index < static_cast<double>(count))) {
        return 0.0;
    }
    return std::max(0.0, rows_->i[begin + static_cast<std::size_t>(std::max(0.0, index))]);
}

SourcePiece SurfaceCurves::piece_of_row(std::size_t row, double u, bool up) const {
    SourcePiece piece;
    piece.straight = true;
    const double open = open_v_[row];
    if (u > open || (u == open && up) || !(open > 0.0)) {
        piece.low_v = open;
        return piece;
    }
    const std::size_t begin = rows_->first[row];
    const double* const v = rows_->v.data() + begin;
    const double* const i = rows_->i.data() + begin;
    const double* const end = v + points_[row];
    const double* const after = up ? std::upper_bound(v, end, u) : std::lower_bound(v, end, u);
    if (after == v) {  // flat below its first point
        piece.high_v = v[0];
        piece.at_zero_a = i[0];
        return piece;
    }
    const auto k = static_cast<std::size_t>(after - v);
    const bool last = k == points_[row];
    if (last && v[k - 1] == open) {  // the recording ends above 0 A: what lies beyond is not known
        piece.low_v = open;
        return piece;
    }
    piece.low_v = v[k - 1];
    piece.high_v = last ? open : v[k];
    piece.slope_s = ((last ? 0.0 : i[k]) - i[k - 1]) / (piece.high_v - piece.low_v);
    piece.at_zero_a = i[k - 1] - piece.slope_s * piece.low_v;
    return piece;
}

SourcePiece SurfaceCurves::piece(double position, double u, bool up) const {
    SourcePiece piece;
    if (!rows_->diode.empty()) {
        piece.diode = diode_at(position);
        return piece;
    }
    const Mix mix = at(position);
    piece.straight = true;
    for (int n = 0; n < mix.count; ++n) {
        const SourcePiece one = piece_of_row(mix.row[n], u, up);
        piece.low_v = std::max(piece.low_v, one.low_v);
        piece.high_v = std::min(piece.high_v, one.high_v);
        piece.at_zero_a += scale_ * mix.weight[n] * one.at_zero_a;
        piece.slope_s += scale_ * mix.weight[n] * one.slope_s;
    }
    return piece;
}

double SurfaceCurves::open_circuit_v(double position) const {
    if (!(scale_ > 0.0)) {
        return 0.0;
    }
    if (!rows_->diode.empty()) {
        return diode_at(position).open_circuit_v();
    }
    const Mix mix = at(position);
    return std::max(open_v_[mix.row[0]], open_v_[mix.row[1]]);
}

double SurfaceCurves::current(double position, double v) const {
    if (!rows_->diode.empty()) {
        return diode_at(position).current(v);
    }
    if (reading_ == SurfaceReading::ekho_upstream) {
        return scale_ * step_current(at(position).row[0], v);
    }
    // From the upper side of a border on, except where nothing comes after it.
    const SourcePiece here = piece(position, std::max(0.0, v), false);
    return std::max(0.0, here.at_zero_a + here.slope_s * std::max(0.0, v));
}

OperatingPoint SurfaceCurves::max_power(double position) const {
    if (!rows_->diode.empty()) {
        return diode_at(position).max_power();
    }
    OperatingPoint best;
    const auto offer = [&best](double v, double i) {
        if (v * i > best.v * best.i) {
            best = {v, i};
        }
    };
    if (reading_ == SurfaceReading::ekho_upstream) {
        const std::size_t row = at(position).row[0];
        const std::size_t begin = rows_->first[row];
        const std::size_t count = rows_->first[row + 1] - begin;
        const double low = rows_->v[begin];
        const double spacing = (rows_->v[begin + count - 1] - low) / static_cast<double>(count);
        for (std::size_t k = 0; k < count; ++k) {
            offer(low + static_cast<double>(k) * spacing, scale_ * rows_->i[begin + k]);
        }
        return best;
    }
    // Straight pieces: the power of each is a parabola.
    const double open = open_circuit_v(position);
    for (double u = 0.0; u < open;) {
        const SourcePiece here = piece(position, u, true);
        const double from = std::max(u, here.low_v);
        const double to = std::min(open, here.high_v);
        offer(from, here.current(from));
        offer(to, here.current(to));
        if (here.slope_s < 0.0) {
            const double top = -0.5 * here.at_zero_a / here.slope_s;
            if (top > from && top < to) {
                offer(top, here.current(top));
            }
        }
        u = to;
    }
    return best;
}

}  // namespace ebb
