// SPDX-License-Identifier: Apache-2.0
/// What policies that guard their work share: a region begins once the store's terminal is at a
/// voltage, and runs to its end. They differ in where the voltage comes from and in what they do
/// behind a region that was done.
///
///   sleep until V >= theta(region); run it; behind it sleep again, or go on with the next at once
///   or: where V >= theta(region), run it at once; else sleep until charged
///
/// A region is the work up to the next durable border: a unit, a tile or a layer (`granularity`),
/// recorded as `commit` does. A power failure within it costs the region; the device boots at
/// turn-on and is guarded again. Class: replayed. theta counts no inflow during the region.
/// Source: UoS-EEC/optic @2f0436a scripts/design_comparison (Samoyed, DEBS, OPTIC as compared
/// there).
#pragma once

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/core/component.hpp"

namespace ebb {

/// Voltages from which regions begin, by step of the program.
using StartVoltages = std::vector<double>;

class GuardedPolicy : public CheckpointPolicy {
public:
    explicit GuardedPolicy(Granularity granularity) : granularity_(granularity) {}
    [[nodiscard]] PolicyClass policy_class() const noexcept override {
        return PolicyClass::replayed;
    }
    [[nodiscard]] bool needs_nvm() const noexcept override { return true; }
    [[nodiscard]] Granularity commits() const noexcept override { return granularity_; }
    [[nodiscard]] bool guards() const noexcept override { return true; }
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override;
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;

protected:
    [[nodiscard]] virtual StartVoltages start_at(const PolicyFacts& facts) const = 0;
    /// Behind a region that was done the next begins at once, whatever the voltage.
    [[nodiscard]] virtual bool goes_on() const noexcept { return false; }
    /// The device looks before a region, sleeps only where the voltage is not there, and then until
    /// this one (or the region's own, if that is higher). Empty: it sleeps without looking.
    [[nodiscard]] virtual std::optional<double> charges_to(const PolicyFacts&) const {
        return std::nullopt;
    }

private:
    Granularity granularity_;
};

/// Each by so much.
[[nodiscard]] StartVoltages raised(StartVoltages start_v, double by_v);

/// The highest voltage that any step asks for.
[[nodiscard]] double highest(const StartVoltages& start_v);

/// Checks that every guard needs: memory for its records, a wake-up voltage that can be reached.
void check_guard(CheckContext& context, const char* policy);
void check_start_voltage(CheckContext& context, const char* key, double start_v);

[[nodiscard]] const Names<Granularity>& granularity_names();

}  // namespace ebb
