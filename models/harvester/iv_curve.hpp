// SPDX-License-Identifier: Apache-2.0
/// A cell known by current-voltage curves measured at several levels of light.
///
///   I(L, V) = Isc(L) f_L(V/Voc(L))     [A],  P = V I     [W]
///
/// Isc runs straight in the light L, Voc in ln L, both from level to level; f is the measured curve
/// over its own Voc and largest current, straight between its points, mixed between levels in ln L.
/// At a measured level the result is the measured curve. Below the lowest and above the highest
/// level Isc goes in proportion to L, Voc along the last logarithm (not below 0), with the
/// outermost shape; with one level alone Voc stays. Below its first point a curve is flat, beyond
/// its last 0. With operate: direct the store's voltage chooses the point; nothing flows back.
///
/// Not modelled: temperature, spectrum, noise of the measurement (a dent stays a dent).
#pragma once

#include "models/harvester/operating_rule.hpp"
#include "models/harvester/source_model.hpp"

#include <optional>
#include <vector>

namespace ebb {

struct IvPoint {
    double v = 0.0;
    double i = 0.0;
};

struct IvLevel {
    double lux = 0.0;
    std::vector<IvPoint> points;
};

struct IvCurveParams {
    std::vector<IvLevel> levels;
    double area_scale = 1.0;
    std::optional<double> lux_per_w_m2;     ///< given: the trace holds irradiance
    std::optional<double> illuminance_lux;  ///< constant light
    OperatingWord operate = OperatingWord::mpp;
    std::optional<OperatingForm> rule;
};

class IvCurve : public SourceModel, public CurveFamily, public DirectCurve {
public:
    /// Throws InputError if levels or voltages do not increase.
    explicit IvCurve(const IvCurveParams& params);

    [[nodiscard]] Quantity reads() const noexcept override;
    [[nodiscard]] SourceShape shape() const noexcept override;
    [[nodiscard]] std::optional<double> constant() const noexcept override {
        return params_.illuminance_lux;
    }
    [[nodiscard]] bool operated() const noexcept override { return true; }
    [[nodiscard]] OperatingSeries operate(const OperatingSpan& span) const override {
        return lay_out(*this, {params_.operate, params_.rule}, span);
    }

    [[nodiscard]] OperatingPoint max_power(double sample) const override;
    [[nodiscard]] double open_circuit_v(double sample) const override;
    [[nodiscard]] double current(double sample, double v) const override;

    [[nodiscard]] const DirectCurve* direct() const noexcept override {
        return OperatingRule{params_.operate, params_.rule}.direct() ? this : nullptr;
    }
    [[nodiscard]] SourcePiece piece(double sample, double u, bool up) const override;
    [[nodiscard]] double zero_v(double sample) const override { return open_circuit_v(sample); }

private:
    struct Level {
        double lux, log_lux, isc, voc;
        std::vector<double> u, f;  ///< V/Voc from 0 to 1, I/Isc
    };
    /// Between which levels a light lies, and what it has there.
    struct Mix {
        const Level* low;
        const Level* high;
        double share;  ///< of high
        double isc, voc;
    };
    [[nodiscard]] Mix at(double sample) const;
    [[nodiscard]] static double shape_of(const Level& level, double u);

    IvCurveParams params_;
    std::vector<Level> levels_;
    double lux_per_sample_ = 1.0;
};

}  // namespace ebb
