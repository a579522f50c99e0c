// SPDX-License-Identifier: Apache-2.0
/// Capybara: a task names an energy mode, a set of banks; before it the banks are connected, the
/// device sleeps until they are full, and the task runs.
///
///   workload.tasks[].mode        connect these banks, take the others off; sleep until `full`
///   workload.tasks[].burst       do not wait: on what the banks hold
///   workload.tasks[].precharge   charge this mode's banks first, take them off full, and charge
///                                the task's own then: they are kept for the burst that names them
///
/// The banks' switches latch: they stay as they are when the power fails (store.banks, modes).
/// Connecting an empty bank may pull the terminal below turn-off: the device then boots, and waits,
/// with the bank connected. Whether the reserve or the task's own banks are being charged is a word
/// in non-volatile memory (not priced), so that a power failure meanwhile does not spend the
/// reserve. Commits behind every task; class: replayed. What asking for the voltage costs belongs
/// into mcu.sleep.current. Source: A. Colin, E. Ruppel, B. Lucia, A Reconfigurable Energy Storage
/// Architecture for Energy-harvesting Devices (ASPLOS 2018), as its abstract gives it.
#pragma once

#include "models/checkpoint/checkpoint_policy.hpp"

namespace ebb {

struct CapybaraParams {
    double full_v = 0.0;
};

class Capybara final : public CheckpointPolicy {
public:
    explicit Capybara(const CapybaraParams& params) : params_(params) {}
    [[nodiscard]] PolicyClass policy_class() const noexcept override {
        return PolicyClass::replayed;
    }
    [[nodiscard]] bool needs_nvm() const noexcept override { return true; }
    [[nodiscard]] Granularity commits() const noexcept override { return Granularity::unit; }
    [[nodiscard]] bool guards() const noexcept override { return true; }
    [[nodiscard]] bool switches_banks() const noexcept override { return true; }
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override;
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;

private:
    CapybaraParams params_;
};

}  // namespace ebb
