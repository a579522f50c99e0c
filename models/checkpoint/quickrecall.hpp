// SPDX-License-Identifier: Apache-2.0
/// QuickRecall: data live in non-volatile memory, so that a snapshot is the registers.
///
///   run --V <= V_H--> save the registers --> stop until V >= V_R, or until the supply is gone
///   a wake-up goes on; a reset restores the registers
///
/// It stops behind its snapshot: work done on would change data in non-volatile memory behind the
/// registers that are restored later. What it pays is in the work: each access of data is one of
/// the non-volatile memory, by platform and program. A program that keeps data in volatile memory
/// (line buffers, tiles) would lose them, and is refused. Class: jit.
///
/// Source: UoS-EEC/iclib (its baselines), after Jayakumar et al., VLSI Design 2014. Thresholds are
/// derived (saving.hpp).
#pragma once

#include "models/checkpoint/saving.hpp"

namespace ebb {

class QuickRecall final : public SavingPolicy {
public:
    explicit QuickRecall(const SaveParams& params) : SavingPolicy(params) {}
    void check(const PolicyFacts& facts) const override;

private:
    [[nodiscard]] std::int64_t state_bytes(const PolicyFacts& facts) const override {
        return facts.register_bytes;
    }
};

}  // namespace ebb
