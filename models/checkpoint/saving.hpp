// SPDX-License-Identifier: Apache-2.0
/// What policies that save just in time share: a snapshot with two slots, a voltage at which it
/// begins, and the sleep until the voltage is back.
///
///   run --V <= save_at--> snapshot --done--> sleep --V >= restore_at--> run
///   a power failure meanwhile: boot, wait for restore_at, restore the newer valid snapshot
///
///   save_at     default: the voltage from which the longest phase that must end and the snapshot
///               are done before turn-off without inflow, plus `margin`:
///               V = Q/C + sqrt(V_off^2 + 2 E/C)   (start_voltage.hpp)
///   restore_at  default: the turn-on voltage
///   unsafe      a save_at below what a snapshot needs is run all the same, to watch it fail
///
/// Policies differ in what a snapshot holds, and some in what they do behind it. snapshot() writes
/// the state, then a header (8 B) into the older of two slots; recover() reads both headers and the
/// newer valid slot. A cut leaves the snapshot torn and the one before it valid.
#pragma once

#include <string>
#include <utility>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/core/component.hpp"

namespace ebb {

struct SaveParams {
    std::optional<double> save_at_v;
    double margin_v = 0.01;
    std::optional<double> restore_at_v;
    std::optional<std::string> sleep_in;
    bool unsafe = false;
};

/// Two slots of a header and `state` bytes each, header last.
[[nodiscard]] Protocol two_slots(std::int64_t state);

/// Registers and the program's largest volatile working set.
[[nodiscard]] std::int64_t working_state(const PolicyFacts& facts);

/// Saves at a falling voltage, sleeps, and goes on at a rising one: no state of its own, so that
/// one built anew at any boot or wake-up answers alike.
class WaitTrigger final : public Trigger {
public:
    WaitTrigger(double save_at_v, double restore_at_v, bool waits_at_boot)
        : save_at_v_(save_at_v), restore_at_v_(restore_at_v), waits_at_boot_(waits_at_boot) {}
    [[nodiscard]] Action boot(BootCause cause) override;
    [[nodiscard]] Action voltage() override { return {Action::Kind::snapshot, {}, {}}; }
    [[nodiscard]] Action snapshot_done() override {
        return {Action::Kind::sleep, restore_at_v_, std::nullopt};
    }

private:
    double save_at_v_;
    double restore_at_v_;
    bool waits_at_boot_;
};

/// Saves, sleeps and goes on; what a snapshot holds is the component's.
class SavingPolicy : public CheckpointPolicy {
public:
    explicit SavingPolicy(SaveParams params) : save_(std::move(params)) {}
    [[nodiscard]] PolicyClass policy_class() const noexcept override { return PolicyClass::jit; }
    [[nodiscard]] bool needs_nvm() const noexcept override { return true; }
    [[nodiscard]] bool snapshots() const noexcept override { return true; }
    [[nodiscard]] std::string sleep_in() const override { return save_.sleep_in.value_or(""); }
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override {
        return two_slots(state_bytes(facts));
    }
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;
    [[nodiscard]] std::optional<double> save_at_v(const PolicyFacts& facts) const override {
        return save_.save_at_v.value_or(facts.snapshot_v + save_.margin_v);
    }
    [[nodiscard]] std::optional<double> restore_at_v() const noexcept override {
        return save_.restore_at_v;
    }
    [[nodiscard]] SaveRules save_rules(const PolicyFacts& facts) const override;

protected:
    [[nodiscard]] virtual std::int64_t state_bytes(const PolicyFacts& facts) const = 0;
    [[nodiscard]] const SaveParams& save() const noexcept { return save_; }

private:
    SaveParams save_;
};

// ---- rows of the parameter tables; P has the members of SaveParams
template <class P>
RowOf<P> save_at_row() {
    return param<P, std::optional<double>>(
        "save_at", &P::save_at_v, unit::volt, optional, above_up_to(0, 1000),
        "store voltage, falling, at which a snapshot begins; left out: what a snapshot needs on "
        "this store");
}
template <class P>
RowOf<P> margin_row() {
    return param<P, double>("margin", &P::margin_v, unit::volt, 0.01, range(0, 1000),
                            "added to a voltage that is derived");
}
template <class P>
RowOf<P> restore_at_row() {
    return param<P, std::optional<double>>(
        "restore_at", &P::restore_at_v, unit::volt, optional, above_up_to(0, 1000),
        "store voltage, rising, at which work resumes; left out: mcu.turn_on");
}
template <class P>
RowOf<P> sleep_in_row() {
    return param<P, std::optional<std::string>>(
        "sleep_in", &P::sleep_in, optional,
        "name of the sleep state (mcu.sleep_states) in which it waits; left out: mcu.sleep");
}
template <class P>
RowOf<P> unsafe_row() {
    return param<P, bool>("unsafe", &P::unsafe, false,
                          "runs a save_at below what a snapshot needs on this device, in place of "
                          "refusing it");
}

// ---- checks
/// There is a memory to save into.
void check_memory(CheckContext& context, const char* policy);
/// The order of the voltages: turn_off < save_at < restore_at <= max.
void check_voltages(const SaveParams& p, CheckContext& context);
/// Of a policy that works on behind its snapshots: turn_off < save_at.
void check_save_at(const SaveParams& p, CheckContext& context);

/// A program or a device that the policy cannot work with.
[[noreturn]] void refuse_work(std::string message, std::string hint, const char* policy);

}  // namespace ebb
