// SPDX-License-Identifier: Apache-2.0
/// OPTIC: every region behind the voltage that this very region needs.
///
///   asleep until V >= V_off + margin + dV(region); the region; asleep again
///
/// dV comes from the program (start_voltage.hpp), per layer or task: what OPTIC learns by
/// profiling, without the learning and its error. Source: UoS-EEC/optic @2f0436a (there: the oracle
/// variant).
#pragma once

#include "models/checkpoint/guard.hpp"

namespace ebb {

struct OpticParams {
    double margin_v = 0.01;
    Granularity granularity = Granularity::unit;
};

class Optic final : public GuardedPolicy {
public:
    explicit Optic(const OpticParams& params)
        : GuardedPolicy(params.granularity), params_(params) {}

private:
    [[nodiscard]] StartVoltages start_at(const PolicyFacts& facts) const override;
    OpticParams params_;
};

}  // namespace ebb
