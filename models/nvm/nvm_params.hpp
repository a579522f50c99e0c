// SPDX-License-Identifier: Apache-2.0
/// A non-volatile memory as a node pays for it: time and energy per byte of payload, what a power
/// failure leaves of the word in hand, capacity and endurance.
#pragma once

#include <optional>
#include <string>

#include "models/nvm/ecc.hpp"

namespace ebb {

enum class CutWord { old_value, garbage };

struct NvmParams {
    std::string part;
    double capacity_b = 0;
    double atomic_b = 1;  ///< bytes that a cut does not split
    CutWord cut = CutWord::garbage;
    double read_time_s_per_b = 0.0;
    double write_time_s_per_b = 0.0;
    double read_energy_j_per_b = 0.0;
    double write_energy_j_per_b = 0.0;
    double standby_a = 0.0;         ///< while the MCU is powered and awake
    double sleep_a = 0.0;           ///< while the MCU sleeps
    double endurance_cycles = 0.0;  ///< writes per cell; infinity = unlimited
    std::optional<EccParams> ecc;   ///< empty: what is stored is what was written
};

}  // namespace ebb
