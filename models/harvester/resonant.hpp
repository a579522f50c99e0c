// SPDX-License-Identifier: Apache-2.0
/// An inertial generator: a mass on a spring in a shaken case, with dampers as the electric load
/// and stops at both ends.
///
///   z'' + 2 g z' + w^2 z = -a(t)     g = b/(2 m), w^2 = k/m;  |z| <= limit, where z' becomes 0
///   P = efficiency b z'^2            [W]
///
/// a(t) runs straight between the samples; then z is a line plus a decaying oscillation, in closed
/// form. Hits of a stop are located on it, a mass held against a stop leaves when the force on it
/// turns, and the integral of z'^2 is taken by Gauss-Legendre over pieces of a quarter radian.
/// There is no step width. The result is the mean power of each sample's interval, from rest at
/// time 0 on; it does not start anew when the trace loops.
///
/// `high_pass` takes off gravity and drift: y_i = q (y_(i-1) + x_i - x_(i-1)), q = RC/(RC + dt).
/// Not modelled: the load's dependence on the store, elastic stops, more than one axis (give the
/// magnitude, or the axis that matters). Source: Gorlatova et al., IEEE JSAC 33 (2015) 1624.
#pragma once

#include "models/harvester/source_model.hpp"

#include <optional>
#include <vector>

namespace ebb {

struct ResonantParams {
    double mass_kg = 0.0;
    double stiffness_n_per_m = 0.0;
    double damping_n_s_per_m = 0.0;
    double limit_m = 0.0;
    double efficiency = 0.0;
    double output_v = 0.0;
    std::optional<double> high_pass_hz;
};

/// The moving mass by itself.
class ShakenMass {
public:
    explicit ShakenMass(const ResonantParams& params);
    /// Moves on by `h_s` while a runs straight from `a0` to `a1` [m/s^2]; returns the integral of
    /// z'^2 [m^2/s].
    double advance(double h_s, double a0, double a1);
    [[nodiscard]] double z() const noexcept { return z_; }
    [[nodiscard]] double speed() const noexcept { return speed_; }

private:
    struct State {
        double z, speed;
    };
    struct Piece {  ///< free motion from `start` under a0 + a1 t
        State start;
        double a0, a1;
    };
    [[nodiscard]] State at(const Piece& piece, double t) const noexcept;
    [[nodiscard]] double squared_speed(const Piece& piece, double h) const noexcept;
    [[nodiscard]] double first_outside(const Piece& piece, double h) const noexcept;
    [[nodiscard]] double time_held(double h, double a0, double a1) const noexcept;

    double decay_;      ///< g
    double square_;     ///< w^2
    double split_;      ///< g^2 - w^2
    double longest_s_;  ///< of a piece
    double limit_;
    double z_ = 0.0;
    double speed_ = 0.0;
};

class Resonant : public SourceModel {
public:
    explicit Resonant(const ResonantParams& params) : params_(params) {}
    [[nodiscard]] Quantity reads() const noexcept override { return Quantity::acceleration_m_s2; }
    [[nodiscard]] SourceShape shape() const noexcept override {
        return {SourceKind::power, 1.0, 1, 0.0};
    }
    [[nodiscard]] bool operated() const noexcept override { return true; }
    [[nodiscard]] Interpolation joined() const noexcept override { return Interpolation::linear; }
    [[nodiscard]] OperatingSeries operate(const OperatingSpan& span) const override;

private:
    ResonantParams params_;
};

/// First-order high-pass of samples at these stamps; the first becomes 0.
[[nodiscard]] std::vector<double> high_passed(const Bounds& stamp_ns,
                                              const std::vector<double>& value, double corner_hz);

}  // namespace ebb
