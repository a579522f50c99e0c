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

class StoredErrors;
class WorkloadModule;
struct PolicyFacts;

/// What cannot be followed in this scenario, with the reason; empty: everything can.
[[nodiscard]] std::vector<std::string> not_modelled(const Scenario& scenario);

/// Null if nothing can be followed. The program must outlive the oracle.
[[nodiscard]] std::unique_ptr<MemoryOracle> make_oracle(const Scenario& scenario,
                                                        const Program& program,
                                                        const std::optional<NvmParams>& nvm);

/// Null if no bits go wrong. The program must outlive it, and the oracle, which may be null.
[[nodiscard]] std::unique_ptr<StoredErrors> make_stored_errors(const Scenario& scenario,
                                                               const Program& program,
                                                               const PolicyFacts& facts,
                                                               const std::optional<NvmParams>& nvm,
                                                               MemoryOracle* oracle);
/// How many bits went wrong, and what became of it.
void note_bit_errors(const StoredErrors* errors, std::vector<std::string>& notes);
/// Words that a code could not correct, and because of which jobs started over.
void find_uncorrectable(const StoredErrors* errors, Result& result);

void add_consistency(const Scenario& scenario, const MemoryOracle* oracle,
                     const WorkloadModule& workload, Result& result);

}  // namespace ebb
