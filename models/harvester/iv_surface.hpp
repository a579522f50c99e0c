// SPDX-License-Identifier: Apache-2.0
/// A source whose current-voltage curve was recorded again and again: an I-V surface.
///
///   I(V, t) = (1 - s) I_k(V) + s I_{k+1}(V)     [A],  P = V I     [W]
///
/// Rows of points: I_k is straight between its points (with rows straight in time that is the
/// bilinear surface), flat below the first, 0 from where it first meets zero or ends. Rows of
/// diodes: I_k = a - b (exp(c V) - 1), held from row to row. Where on the curve: by the rule
/// `operate` (operating_rule.hpp); with operate: direct the store's voltage chooses, through points
/// nothing flows back.
///
/// Time is the trace's: `interpolation: hold` keeps a row until the next, `linear` mixes neighbours
/// in equal held steps (curve_series.hpp).
///
/// as: ekho-upstream repeats the reader of PERSISTLab/BatterylessSim @50d4cb9 for comparison: the
/// next row in time, the point at or below V without interpolation, and a spacing of the voltages
/// by their number instead of one less; at its maximum power it is on one of these points.
///
/// Not modelled: how long a source needs from one point to another; noise (a dent stays a dent).
#pragma once

#include "models/harvester/source_model.hpp"
#include "models/harvester/surface_curves.hpp"

#include <optional>

namespace ebb {

struct IvSurfaceParams {
    SurfaceReading reading = SurfaceReading::straight;
    OperatingWord operate = OperatingWord::mpp;
    std::optional<OperatingForm> rule;
};

class IvSurface : public SourceModel, public DirectCurve {
public:
    explicit IvSurface(const IvSurfaceParams& params) : params_(params) {}

    [[nodiscard]] Quantity reads() const noexcept override { return Quantity::iv_curve; }
    [[nodiscard]] SourceShape shape() const noexcept override;
    [[nodiscard]] bool operated() const noexcept override { return true; }
    [[nodiscard]] bool joins_either() const noexcept override { return true; }
    [[nodiscard]] OperatingSeries operate(const OperatingSpan& span) const override;

    [[nodiscard]] const DirectCurve* direct() const noexcept override {
        return OperatingRule{params_.operate, params_.rule}.direct() ? this : nullptr;
    }
    /// The curves are those of the series; without it there are none, and a Defect.
    [[nodiscard]] std::shared_ptr<const DirectCurve> over(const Series& series,
                                                          double scale) const override;
    [[nodiscard]] SourcePiece piece(double sample, double u, bool up) const override;
    [[nodiscard]] double zero_v(double sample) const override;

private:
    IvSurfaceParams params_;
};

}  // namespace ebb
