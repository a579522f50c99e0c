// SPDX-License-Identifier: Apache-2.0
/// AllocatedState: Hibernus, but of the memory only what the program has allocated.
///
///   a snapshot is  registers + largest volatile working set of the program + `stack`  [B]
///
/// The working set comes from the program; the stack does not, for a program of loops has none, and
/// is given (0 B: none beyond what the registers and the working set hold). Voltages and sleep:
/// saving.hpp. Class: jit.
///
/// Source: UoS-EEC/iclib, lib/iclib/config.h (.data, .bss and used stack). Its threshold is a
/// constant of a board, 165/1024 uV for each byte; here it is derived.
#pragma once

#include "models/checkpoint/saving.hpp"

namespace ebb {

struct AllocatedStateParams : SaveParams {
    double stack_b = 0.0;
};

class AllocatedState final : public SavingPolicy {
public:
    explicit AllocatedState(const AllocatedStateParams& params)
        : SavingPolicy(params), stack_b_(static_cast<std::int64_t>(params.stack_b)) {}

private:
    [[nodiscard]] std::int64_t state_bytes(const PolicyFacts& facts) const override {
        return working_state(facts) + stack_b_;
    }
    std::int64_t stack_b_;
};

}  // namespace ebb
