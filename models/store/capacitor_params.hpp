// SPDX-License-Identifier: Apache-2.0
/// Parameters of the capacitor store (see capacitor.hpp for the law).
#pragma once

#include <optional>

namespace ebb {

struct Leakage {
    std::optional<double> resistance_ohm;  ///< across the inner capacitor
    std::optional<double> current_a;       ///< constant loss while V > 0
};

struct CapacitorParams {
    double capacitance_f = 0.0;
    double initial_v = 0.0;  ///< inner voltage at time 0
    double max_v = 0.0;      ///< the terminal is clipped here; the surplus is booked as clipped
    double esr_ohm = 0.0;    ///< between the inner capacitor and the terminal
    Leakage leakage;
    std::optional<double> decoupling_f;  ///< a capacitor at the terminal, on the load's side of esr
};

}  // namespace ebb
