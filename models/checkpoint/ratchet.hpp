// SPDX-License-Identifier: Apache-2.0
/// Ratchet by its rates: the compiler cuts the program at every write after a read, and saves the
/// registers at each cut; a power failure restarts the last section.
///
///   section   mean cycles between two cuts; a number of the program and its compiler
///   backup    registers, in two slots
///
/// Data lie in non-volatile memory. Every section has the mean length; that real ones scatter is
/// left out. Class: parametric. Status: mechanism and result (overhead below 60 % on average over
/// eight benchmarks; Van Der Woude, Hicks, OSDI 2016) known from the abstract; its costs are not
/// used, they come from the scenario's parts.
#pragma once

#include "models/checkpoint/backup_rates.hpp"

namespace ebb {

struct RatchetParams {
    double section = 0.0;  ///< cycles
    std::optional<double> state_b;
    std::optional<double> clock_hz;
};

class Ratchet final : public RatedPolicy {
public:
    explicit Ratchet(const RatchetParams& p);
};

}  // namespace ebb
