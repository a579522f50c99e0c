// SPDX-License-Identifier: Apache-2.0
/// Just in time: save the volatile state when the store falls to a voltage, restore at wake.
///
///   save_at     falling watch on the store's terminal while the device works; the snapshot begins
///               there, or at the end of a phase that must not be interrupted. Default: the voltage
///               from which both are done before turn-off without inflow, plus `margin`:
///               V = Q/C + sqrt(V_off^2 + 2 E/C)   (start_voltage.hpp)
///   restore_at  after a snapshot the device sleeps until the terminal is back at this voltage; a
///   boot
///               waits for it as well if it lies above the turn-on voltage. Default: the turn-on
///               voltage
///   state       bytes of a snapshot. Default: registers plus the program's largest volatile
///   working set
///
///   sleep_in    the sleep state in which it waits. Default: mcu.sleep
///
/// snapshot() writes the state, then a header (8 B) into the older of two slots; recover() reads
/// both headers and the newer valid slot. A cut leaves the snapshot torn and the one before it
/// valid. A device that lives through the sleep goes on without restoring; its snapshot counts as
/// unused. Class: jit.
#pragma once

#include "models/checkpoint/checkpoint_policy.hpp"

namespace ebb {

struct JitParams {
    std::optional<double> save_at_v;
    double margin_v = 0.01;
    std::optional<double> restore_at_v;
    std::optional<double> state_b;
    std::optional<std::string> sleep_in;
};

class JustInTime final : public CheckpointPolicy {
public:
    explicit JustInTime(const JitParams& params) : params_(params) {}
    [[nodiscard]] PolicyClass policy_class() const noexcept override { return PolicyClass::jit; }
    [[nodiscard]] bool needs_nvm() const noexcept override { return true; }
    [[nodiscard]] bool snapshots() const noexcept override { return true; }
    [[nodiscard]] std::string sleep_in() const override { return params_.sleep_in.value_or(""); }
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override;
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;
    [[nodiscard]] std::optional<double> save_at_v(const PolicyFacts& facts) const override {
        return params_.save_at_v.value_or(facts.snapshot_v + params_.margin_v);
    }
    [[nodiscard]] std::optional<double> restore_at_v() const noexcept override {
        return params_.restore_at_v;
    }

private:
    JitParams params_;
};

}  // namespace ebb
