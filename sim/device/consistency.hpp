// SPDX-License-Identifier: Apache-2.0
/// The consistency check of a run: who follows the memory, and what the result says of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/consistency/oracle.hpp"
#include "sim/result/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace ebb {

class WorkloadModule;

/// What cannot be followed in this scenario, with the reason; empty: everything can.
[[nodiscard]] std::vector<std::string> not_modelled(const Scenario& scenario);

/// Null if nothing can be followed. The program must outlive the oracle.
[[nodiscard]] std::unique_ptr<MemoryOracle> make_oracle(const Scenario& scenario,
                                                        const Program& program,
                                                        const std::optional<NvmParams>& nvm);

void add_consistency(const Scenario& scenario, const MemoryOracle* oracle,
                     const WorkloadModule& workload, Result& result);

}  // namespace ebb
