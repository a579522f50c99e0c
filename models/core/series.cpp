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
    }
    return "none";
}

}  // namespace ebb
