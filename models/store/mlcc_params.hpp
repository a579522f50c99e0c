// SPDX-License-Identifier: Apache-2.0
/// Parameters of the ceramic capacitor store (see mlcc.hpp for the law).
#pragma once

#include "models/store/capacitor_params.hpp"

#include <optional>

namespace ebb {

struct MlccParams {
    double capacitance_f = 0.0;    ///< C0, at 0 V
    std::optional<double> bias_v;  ///< b: half of C0 is left there; none: constant capacitance
    double initial_v = 0.0;
    double max_v = 0.0;
    Leakage leakage;
};

}  // namespace ebb
