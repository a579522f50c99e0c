// SPDX-License-Identifier: Apache-2.0
/// Hibernus: all of the volatile memory, at one voltage.
///
///   run --V <= V_H--> save RAM and registers --> sleep --V >= V_R--> run (nothing is restored)
///   boot by reset: wait for V_R, restore what a valid flag says
///
/// One snapshot per outage, whatever the program uses of the memory: a snapshot is `ram` (default:
/// mcu.ram) and the registers. V_H and V_R are save_at and restore_at (saving.hpp); V_H is derived
/// for the device where it is left out: V_H = sqrt(V_off^2 + 2 E_save/C) and its margin. Class:
/// jit.
///
/// Source: Balsamo et al., IEEE Embedded Systems Letters 2015, doi 10.1109/LES.2014.2371494
/// (abstract); ports in brutalsavage/Energy-Harvesting-System-Benchmarks. Two slots in place of one
/// area, so that a torn snapshot is not restored. The published 2.27 V are unconfirmed and not
/// used.
#pragma once

#include "models/checkpoint/saving.hpp"

namespace ebb {

struct HibernusParams : SaveParams {
    std::optional<double> ram_b;
};

/// Is the size of the memory known?
void check_ram(const HibernusParams& p, CheckContext& context, const char* policy);

/// Bytes of RAM and registers.
[[nodiscard]] std::int64_t whole_state(const std::optional<double>& ram_b,
                                       const PolicyFacts& facts);

class Hibernus final : public SavingPolicy {
public:
    explicit Hibernus(const HibernusParams& params) : SavingPolicy(params), ram_b_(params.ram_b) {}

private:
    [[nodiscard]] std::int64_t state_bytes(const PolicyFacts& facts) const override {
        return whole_state(ram_b_, facts);
    }
    std::optional<double> ram_b_;
};

}  // namespace ebb
