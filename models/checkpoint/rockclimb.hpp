// SPDX-License-Identifier: Apache-2.0
/// Rockclimb: regions that are never interrupted, begun at once where the charge is there.
///
///   V >= V_off + margin + dV(region): the region, and behind it the next, looked at again
///   below: asleep until the store is charged, then the region
///
/// dV is the worst case per region, from the program (start_voltage.hpp). How far the store is
/// charged is unconfirmed: `charge_to`, or the device's turn-on where it is left out; in no case
/// less than the region needs. What the comparator at a region's entry costs is not modelled.
/// Source: Choi et al., RTAS 2022; the rule as others summarise it, unconfirmed.
#pragma once

#include "models/checkpoint/guard.hpp"

namespace ebb {

struct RockclimbParams {
    std::optional<double> charge_to_v;
    double margin_v = 0.01;
    Granularity granularity = Granularity::unit;
};

class Rockclimb final : public GuardedPolicy {
public:
    explicit Rockclimb(const RockclimbParams& params)
        : GuardedPolicy(params.granularity), params_(params) {}

private:
    [[nodiscard]] StartVoltages start_at(const PolicyFacts& facts) const override;
    [[nodiscard]] std::optional<double> charges_to(const PolicyFacts& facts) const override;
    RockclimbParams params_;
};

}  // namespace ebb
