// SPDX-License-Identifier: Apache-2.0
/// Parameters of the supercapacitor store (see supercapacitor.hpp for the network).
#pragma once

#include <optional>
#include <vector>

namespace ebb {

struct BranchParams {
    double resistance_ohm = 0.0;
    double capacitance_f = 0.0;
    std::optional<double> initial_v;  ///< none: as the store's
};

struct ImmediateParams {
    double resistance_ohm = 0.0;
    double capacitance_f = 0.0;  ///< at 0 V
    double per_volt_f = 0.0;     ///< dQ/dV = capacitance + per_volt V [F/V]
};

struct SupercapacitorLeakage {
    std::optional<double> resistance_ohm;  ///< across the immediate branch's capacitor
};

struct SupercapacitorParams {
    ImmediateParams immediate;
    std::vector<BranchParams> branches;  ///< slower ones: delayed, long-term
    double initial_v = 0.0;
    double max_v = 0.0;
    SupercapacitorLeakage leakage;
    std::optional<double> decoupling_f;  ///< a capacitor at the terminal, without resistance
};

}  // namespace ebb
