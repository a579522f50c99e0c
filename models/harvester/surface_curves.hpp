// SPDX-License-Identifier: Apache-2.0
/// The curves of a recorded surface, by position: see curve_rows.hpp and iv_surface.hpp.
#pragma once

#include "models/core/curve_rows.hpp"
#include "models/harvester/direct_curve.hpp"
#include "models/harvester/operating_rule.hpp"

#include <memory>
#include <vector>

namespace ebb {

/// How points become a curve.
enum class SurfaceReading { straight, ekho_upstream };

class SurfaceCurves : public CurveFamily, public DirectCurve {
public:
    /// `scale` is a factor on all currents.
    SurfaceCurves(std::shared_ptr<const CurveRows> rows, double scale, SurfaceReading reading);

    [[nodiscard]] OperatingPoint max_power(double position) const override;
    [[nodiscard]] double open_circuit_v(double position) const override;
    [[nodiscard]] double current(double position, double v) const override;
    [[nodiscard]] SourcePiece piece(double position, double u, bool up) const override;
    [[nodiscard]] double zero_v(double position) const override { return open_circuit_v(position); }
    [[nodiscard]] double most_w(double position) const override {
        const OperatingPoint best = max_power(position);
        return best.v * best.i;
    }

private:
    /// One or two rows and what they count.
    struct Mix {
        std::size_t row[2];
        double weight[2];
        int count;
    };
    [[nodiscard]] Mix at(double position) const;
    [[nodiscard]] SingleDiode diode_at(double position) const;
    [[nodiscard]] SourcePiece piece_of_row(std::size_t row, double u, bool up) const;
    /// Upstream's step: the current of the point at or below v by its own spacing.
    [[nodiscard]] double step_current(std::size_t row, double v) const;

    std::shared_ptr<const CurveRows> rows_;
    double scale_;
    SurfaceReading reading_;
    std::vector<double> open_v_;       ///< of rows of points: where the current first meets zero
    std::vector<std::size_t> points_;  ///< of a row: those below the open circuit
};

}  // namespace ebb
