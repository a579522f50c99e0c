// SPDX-License-Identifier: Apache-2.0
/// Dewdrop: one wake-up voltage that follows what happens. Before each iteration of a task the
/// device sleeps until the terminal is there.
///
///   done        V_wake = max(lowest, V_wake - lower)       less waiting the next time
///   cut         V_wake = min(highest, V_wake + raise)      less work lost the next time
///
/// So between the bounds the share of iterations that are cut settles at lower/(lower + raise).
/// The voltage is a word in non-volatile memory: read at each boot, written behind each iteration
/// with a mark that one has begun (a boot that finds the mark follows a cut). Commits behind every
/// region; class: replayed. Not priced: setting the mark as an iteration begins; what comparing the
/// voltage costs belongs into mcu.sleep.current.
/// Source: M. Buettner, B. Greenstein, D. Wetherall, Dewdrop (NSDI 2011), its rule as its abstract
/// gives it: gains and start are unconfirmed, and therefore parameters.
#pragma once

#include "models/checkpoint/guard.hpp"

namespace ebb {

struct DewdropParams {
    std::optional<double> start_at_v;  ///< at the start of the run; none: turn-on
    double lower_v = 0.005;
    double raise_v = 0.1;
    std::optional<double> lowest_v;  ///< none: `lower` above turn-off
    double highest_v = 0.0;
    Granularity granularity = Granularity::unit;
};

class Dewdrop final : public CheckpointPolicy {
public:
    explicit Dewdrop(const DewdropParams& params) : params_(params) {}
    [[nodiscard]] PolicyClass policy_class() const noexcept override {
        return PolicyClass::replayed;
    }
    [[nodiscard]] bool needs_nvm() const noexcept override { return true; }
    [[nodiscard]] Granularity commits() const noexcept override { return params_.granularity; }
    [[nodiscard]] bool guards() const noexcept override { return true; }
    [[nodiscard]] Protocol protocol(const PolicyFacts& facts) const override;
    [[nodiscard]] std::unique_ptr<Trigger> trigger(const PolicyFacts& facts) const override;

private:
    DewdropParams params_;
};

}  // namespace ebb
