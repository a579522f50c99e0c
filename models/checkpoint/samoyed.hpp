// SPDX-License-Identifier: Apache-2.0
/// Samoyed: atomic regions behind one fixed voltage.
///
///   asleep until V >= theta; then region after region, without looking, until one is cut by the
///   power failure; then asleep again
///
/// theta is the scenario's, or the voltage that the heaviest region of the program needs on this
/// store without inflow (start_voltage.hpp) plus a margin: the published 2.9 V belong to the
/// published board. Source: Maeng, Lucia, PLDI 2019, as modelled in UoS-EEC/optic @2f0436a.
#pragma once

#include "models/checkpoint/guard.hpp"

namespace ebb {

struct SamoyedParams {
    std::optional<double> start_at_v;
    double margin_v = 0.01;
    Granularity granularity = Granularity::unit;
};

class Samoyed final : public GuardedPolicy {
public:
    explicit Samoyed(const SamoyedParams& params)
        : GuardedPolicy(params.granularity), params_(params) {}

private:
    [[nodiscard]] StartVoltages start_at(const PolicyFacts& facts) const override;
    [[nodiscard]] bool goes_on() const noexcept override { return true; }
    SamoyedParams params_;
};

}  // namespace ebb
