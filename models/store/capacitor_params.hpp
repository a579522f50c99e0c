// SPDX-License-Identifier: Apache-2.0
/// Parameters of the capacitor store (see capacitor.hpp for the law).
#pragma once

#include <optional>

namespace ebb {

/// A current I0 e^(V/Va) out of the capacitor while V > 0.
struct ExponentialLeak {
    double current_a = 0.0;  ///< I0, the current that remains at 0 V
    double per_e_v = 0.0;    ///< Va, the voltage over which it grows by e
};

struct Leakage {
    std::optional<double> resistance_ohm;        ///< across the inner capacitor
    std::optional<double> current_a;             ///< constant loss while V > 0
    std::optional<ExponentialLeak> exponential;  ///< of capacitor and mlcc only
};

struct CapacitorParams {
    double capacitance_f = 0.0;
    double initial_v = 0.0;  ///< inner voltage at time 0
    double max_v = 0.0;      ///< the terminal is clipped here; the surplus is booked as clipped
    double esr_ohm = 0.0;    ///< between the inner capacitor and the terminal
    Leakage leakage;
    std::optional<double> electrolytic_v;  ///< rated; leaks by the rule of capacitor.hpp
    std::optional<double> decoupling_f;  ///< a capacitor at the terminal, on the load's side of esr
};

}  // namespace ebb
