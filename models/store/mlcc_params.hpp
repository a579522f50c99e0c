// SPDX-License-Identifier: Apache-2.0
/// Parameters of the ceramic capacitor store (see mlcc.hpp for the law).
#pragma once

#include <optional>

namespace ebb {

/// A current I0 e^(V/Va) out of the capacitor while V > 0.
struct ExponentialLeak {
    double current_a = 0.0;  ///< I0, the current that remains at 0 V
    double per_e_v = 0.0;    ///< Va, the voltage over which it grows by e
};

struct MlccLeakage {
    std::optional<double> resistance_ohm;
    std::optional<double> current_a;
    std::optional<ExponentialLeak> exponential;
};

struct MlccParams {
    double capacitance_f = 0.0;    ///< C0, at 0 V
    std::optional<double> bias_v;  ///< b: half of C0 is left there; none: constant capacitance
    double initial_v = 0.0;
    double max_v = 0.0;
    MlccLeakage leakage;
};

}  // namespace ebb
