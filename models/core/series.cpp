// SPDX-License-Identifier: Apache-2.0
#include "models/core/series.hpp"

namespace ebb {

const char* name_of(Quantity q) {
    switch (q) {
        case Quantity::none:
            return "none";
        case Quantity::power_w:
            return "power_w";
        case Quantity::current_a:
            return "current_a";
        case Quantity::voltage_v:
            return "voltage_v";
        case Quantity::irradiance_w_m2:
            return "irradiance_w_m2";
        case Quantity::illuminance_lux:
            return "illuminance_lux";
        case Quantity::rf_power_w:
            return "rf_power_w";
        case Quantity::acceleration_m_s2:
            return "acceleration_m_s2";
        case Quantity::temperature_difference_k:
            return "temperature_difference_k";
        case Quantity::iv_curve:
            return "iv_curve";
    }
    return "none";
}

}  // namespace ebb
