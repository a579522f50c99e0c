// SPDX-License-Identifier: Apache-2.0
/// Just in time, as a scenario wants it: save `state` bytes when the store falls to a voltage,
/// sleep, go on when it is back (saving.hpp). The experimenter's policy: a save voltage is taken as
/// given, also one from which a snapshot cannot be done.
///
///   state       bytes of a snapshot. Default: registers plus the program's largest volatile
///   working set
///
/// A device that lives through the sleep goes on without restoring; its snapshot counts as unused.
/// Class: jit.
#pragma once

#include "models/checkpoint/saving.hpp"

namespace ebb {

struct JitParams : SaveParams {
    std::optional<double> state_b;
};

class JustInTime final : public SavingPolicy {
public:
    explicit JustInTime(const JitParams& params) : SavingPolicy(params), state_b_(params.state_b) {}
    [[nodiscard]] SaveRules save_rules(const PolicyFacts&) const override { return {}; }

private:
    [[nodiscard]] std::int64_t state_bytes(const PolicyFacts& facts) const override {
        return state_b_ ? static_cast<std::int64_t>(*state_b_) : working_state(facts);
    }
    std::optional<double> state_b_;
};

}  // namespace ebb
