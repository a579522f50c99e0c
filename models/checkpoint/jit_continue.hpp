// SPDX-License-Identifier: Apache-2.0
/// Just in time without a sleep: below a voltage it saves, works on, and saves again every period.
///
///   run --V <= save_at--> snapshot --> run --period--> snapshot --> run ... until the power fails
///   boot: restore; below save_at already: a snapshot at once
///
/// `period` is the time from the end of a snapshot to the begin of the next; the watch is off from
/// the first one on, until the next boot. The timer does not survive an outage. What is done behind
/// the last complete snapshot is lost, and done again: jobs that had been finished in between, too,
/// where a snapshot of an earlier job is the last. Sound only while all data are volatile and saved
/// (data in non-volatile memory change behind the snapshot). Class: jit.
///
/// Source: the battery-free Game Boy (ENGAGE), doi 10.1145/3411839, as modelled in
/// LENS-TUGraz/simba, Simba/src/Loads/JITLoad.py.
#pragma once

#include "models/checkpoint/saving.hpp"

namespace ebb {

struct JitContinueParams : SaveParams {
    double period_s = 0.0;
    std::optional<double> state_b;
};

class JitContinue final : public SavingPolicy {
public:
    explicit JitContinue(const JitContinueParams& params)
        : SavingPolicy(params), period_s_(params.period_s), state_b_(params.state_b) {}
    [[nodiscard]] bool sets_timer() const noexcept override { return true; }
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;
    [[nodiscard]] SaveRules save_rules(const PolicyFacts& facts) const override;

private:
    [[nodiscard]] std::int64_t state_bytes(const PolicyFacts& facts) const override {
        return state_b_ ? static_cast<std::int64_t>(*state_b_) : working_state(facts);
    }
    double period_s_;
    std::optional<double> state_b_;
};

}  // namespace ebb
