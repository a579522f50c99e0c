// SPDX-License-Identifier: Apache-2.0
/// DEBS: every region behind the same budget of voltage.
///
///   asleep until V >= V_off + margin + budget; one region; asleep again
///
/// The budget is the scenario's, or what the heaviest region of the program needs on this store.
/// Too small a budget lets regions begin that cannot end; too large a one waits where the harvest
/// is poor. Source: Gomez et al., DATE 2016 (dynamic energy burst scaling), as modelled in
/// UoS-EEC/optic @2f0436a.
#pragma once

#include "models/checkpoint/guard.hpp"

namespace ebb {

struct DebsParams {
    std::optional<double> budget_v;
    double margin_v = 0.01;
    Granularity granularity = Granularity::unit;
};

class Debs final : public GuardedPolicy {
public:
    explicit Debs(const DebsParams& params) : GuardedPolicy(params.granularity), params_(params) {}

private:
    [[nodiscard]] StartVoltages start_at(const PolicyFacts& facts) const override;
    DebsParams params_;
};

}  // namespace ebb
