// SPDX-License-Identifier: Apache-2.0
/// Parameters of the battery store (see battery.hpp for the equations).
#pragma once

#include <optional>

namespace ebb {

/// f(s) = exponential e^(-steep s) + constant + linear s + square s^2 + cubic s^3.
struct SocCurve {
    double exponential = 0.0, steep = 0.0, constant = 0.0;
    double linear = 0.0, square = 0.0, cubic = 0.0;

    [[nodiscard]] double at(double s) const noexcept;
    [[nodiscard]] double slope(double s) const noexcept;
    [[nodiscard]] double integral(double s) const noexcept;  ///< from 0
};

struct TransientParams {
    SocCurve resistance_ohm, capacitance_f;
};

struct BatteryParams {
    double charge_c = 0.0;     ///< full
    double available = 1.0;    ///< share of the well that feeds the terminal
    double recovery_s = 0.0;   ///< time constant between the wells
    double initial_soc = 0.0;  ///< of both wells
    double max_v = 0.0;
    double node_f = 0.0;  ///< capacitor at the terminal
    SocCurve open_circuit_v, resistance_ohm;
    TransientParams fast, slow;
    std::optional<double> leak_ohm;
};

}  // namespace ebb
