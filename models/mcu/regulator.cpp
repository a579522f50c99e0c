// SPDX-License-Identifier: Apache-2.0
#include "models/mcu/regulator.hpp"

#include "models/core/component.hpp"

#include <fmt/format.h>

namespace ebb {

void check_output_capacitor(double output_f, double regulates_from_v, CheckContext& context) {
    const auto brown_out_v = context.number("mcu.supervision.brown_out");
    const auto lowest_v = brown_out_v ? brown_out_v : context.number("mcu.turn_off");
    if (output_f > 0.0 && lowest_v && *lowest_v < regulates_from_v) {
        context.mistake(
            "output_capacitor",
            fmt::format("the regulator has an output_capacitor, and its rail sags below {} at the "
                        "store; the device loses power at {}: a sagging rail with a capacitor is "
                        "not modelled",
                        format_quantity(regulates_from_v, unit::volt),
                        format_quantity(*lowest_v, unit::volt)),
            fmt::format("give {} of {} or more, or leave output_capacitor out",
                        brown_out_v ? "mcu.supervision.brown_out" : "mcu.turn_off",
                        format_quantity(regulates_from_v, unit::volt)));
    }
}

}  // namespace ebb
