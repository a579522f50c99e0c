// SPDX-License-Identifier: Apache-2.0
/// What policies that read the store's voltage share: the block `adc` of their parameters, and its
/// defaults. Those are Mementos' on a WISP 4.1 (spqr/mementos, mementos_hw.c): ten bits, a third of
/// the voltage against 2.5 V; 77 cycles of 1.25 MHz (64 of sampling, 13 of converting; an ADC10 at
/// 5 MHz divided by four). The energy is an estimate: 0.85 mA of converter and reference at 3 V.
#pragma once

#include "models/core/component.hpp"
#include "models/trigger/adc.hpp"

namespace ebb {

[[nodiscard]] inline AdcParams default_adc() { return {10, 2.5, 3.0, 61.6e-6, 157e-9}; }

[[nodiscard]] inline ParamTable<AdcParams> adc_table() {
    const AdcParams d = default_adc();
    return {
        param("bits", &AdcParams::bits, d.bits, range(1, 24), "resolution"),
        param("reference", &AdcParams::reference_v, unit::volt, d.reference_v, above_up_to(0, 100),
              "input voltage of the first code that is out of range"),
        param("divider", &AdcParams::divider, unit::number, d.divider, range(1, 1000),
              "store voltage over input voltage"),
        param("time", &AdcParams::time_s, unit::second, d.time_s, range(0, 1),
              "of a conversion, with the MCU at its active load"),
        param("energy", &AdcParams::energy_j, unit::joule, d.energy_j, range(0, 1),
              "of converter, reference and divider for a conversion, at the rail"),
    };
}

}  // namespace ebb
