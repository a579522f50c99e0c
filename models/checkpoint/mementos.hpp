// SPDX-License-Identifier: Apache-2.0
/// Mementos: looks at the voltage where loops turn, and saves if it is low. It never sleeps.
///
///   at a trigger point: convert the voltage; code >= threshold: go on; else save, go on
///   boot: find the newer valid snapshot, restore it
///
///   latch    a trigger point behind every tile (the innermost loop), or task
///   return   behind every layer, or task
///   timer    as latch, but only the first one behind `interval` since the last look or the boot
///
/// The threshold is a code: the lowest that promises save_at. Left out, save_at is what must still
/// be done behind a look that was just passed: the heaviest work between two trigger points (and
/// `interval` at the largest draw), the look, and the snapshot (start_voltage.hpp), plus `margin`.
/// It is not the published one (1.8 V to 5 V, chosen when compiling): that belongs to its board.
///
/// A snapshot is `state` (default: registers plus the working set) in the older of two slots, which
/// stand for the two segments; erasing flash is left out. Class: jit.
///
/// Source: Ransford, Sorber, Fu, ASPLOS 2011; spqr/mementos, include/mementos.h.tmpl,
/// mementos_hw.c.
#pragma once

#include "models/checkpoint/saving.hpp"

namespace ebb {

enum class TriggerPoint : unsigned char { latch, at_return, timer };

struct MementosParams : SaveParams {
    TriggerPoint trigger = TriggerPoint::latch;
    std::optional<double> interval_s;
    std::optional<double> state_b;
    std::optional<AdcParams> adc;
};

class Mementos final : public SavingPolicy {
public:
    explicit Mementos(const MementosParams& params);
    void rework(Program& program) const override;
    void check(const PolicyFacts& facts) const override;
    [[nodiscard]] const AdcParams* adc() const noexcept override { return &adc_; }
    [[nodiscard]] bool sets_timer() const noexcept override {
        return trigger_ == TriggerPoint::timer;
    }
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;
    [[nodiscard]] SaveRules save_rules(const PolicyFacts& facts) const override;

private:
    [[nodiscard]] std::int64_t state_bytes(const PolicyFacts& facts) const override {
        return state_b_ ? static_cast<std::int64_t>(*state_b_) : working_state(facts);
    }
    TriggerPoint trigger_;
    double interval_s_;
    std::optional<double> state_b_;
    AdcParams adc_;
};

}  // namespace ebb
