// SPDX-License-Identifier: Apache-2.0
/// Hibernus++: finds its own save voltage by one save at its first boot.
///
///   boot without a calibration word: wait for calibrate_at; disconnect the source; convert the
///   voltage, save, convert again:
///       V_H = V_off + (code_before - code_after + 1) step + margin                    [V]
///   write V_H as a word (8 B) into non-volatile memory; connect the source; go on as Hibernus
///
/// The calibration is part of the run: its snapshot, its two conversions, its word, and the charge
/// that no source replaces meanwhile. A power failure during it leaves no word, and the next boot
/// tries again. The step of the converter is added, since two codes may be off by as much together.
///
/// The droop is taken at the calibration's voltage. A save that draws a current loses as much at
/// any voltage; one that draws a power loses more, the lower the voltage is, so that V_H is too low
/// by what `margin` does not cover: calibrate near V_H, or give a margin. Power fails then in the
/// save, and the snapshot is torn.
///
/// Left out: choosing V_R at each boot by whether the voltage falls under a test load between two
/// conversions (levels and load are a board's; the published rule is unconfirmed); restore_at is a
/// parameter. Class: jit.
///
/// Source: UoS-EEC/Improved-Transient-Computing, hibernation.c (ADC10, external comparator);
/// Balsamo et al., IEEE TCAD 2016.
#pragma once

#include "models/checkpoint/hibernus.hpp"

namespace ebb {

struct HibernusPpParams : HibernusParams {
    HibernusPpParams() { margin_v = 0.05; }
    std::optional<double> calibrate_at_v;
    std::optional<AdcParams> adc;
};

class HibernusPp final : public SavingPolicy {
public:
    explicit HibernusPp(const HibernusPpParams& params);
    void check(const PolicyFacts& facts) const override;
    [[nodiscard]] const AdcParams* adc() const noexcept override { return &adc_; }
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override;
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;

private:
    [[nodiscard]] std::int64_t state_bytes(const PolicyFacts& facts) const override {
        return whole_state(ram_b_, facts);
    }
    [[nodiscard]] double calibrate_at(const PolicyFacts& facts) const {
        return calibrate_at_v_.value_or(save().restore_at_v.value_or(facts.turn_on_v));
    }
    std::optional<double> ram_b_, calibrate_at_v_;
    AdcParams adc_;
};

}  // namespace ebb
