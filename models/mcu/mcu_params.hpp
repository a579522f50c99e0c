// SPDX-License-Identifier: Apache-2.0
/// The microcontroller's supply behaviour: states, thresholds, what each state draws from the rail.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/peripheral/peripheral_params.hpp"

namespace ebb {

class Regulator;

struct BootParams {
    double time_s = 0.0;  ///< reset to first instruction of work
    double charge_c =
        0.0;  ///< drawn over that time as a constant current charge/time; 0 if time is 0
};

/// Active current: constant, affine in the rail voltage, or a constant power (one of the two
/// forms).
struct ActiveParams {
    std::optional<double> current_a;
    std::optional<double> current_per_volt_s;
    std::optional<double> power_w;
};

struct SleepParams {
    double current_a = 0.0;
    double wake_s = 0.0;  ///< at active load, from the wake-up event to the first work
};

struct McuParams {
    std::string part;         ///< name of the data sheet, empty if every value is given
    double turn_on_v = 0.0;   ///< store terminal, rising
    double turn_off_v = 0.0;  ///< store terminal, falling; below turn_on
    bool initially_powered = false;
    BootParams boot;
    std::optional<ActiveParams> active;
    std::optional<SleepParams> sleep;
    double off_current_a = 0.0;  ///< drawn from the store while unpowered
    double charger_a = 0.0;      ///< the converter's own current from the store; its parameter
    /// Core registers in a snapshot whose size the policy does not give: sixteen of 32 bits (R0 to
    /// R15 of an Arm Cortex-M; an MSP430X's 20 bits take 4 B each on the stack). No FPU.
    double register_bytes = 64;
    std::shared_ptr<const Regulator> regulator;
    std::vector<PeripheralParams> peripherals;  ///< what else hangs on the rail
};

}  // namespace ebb
