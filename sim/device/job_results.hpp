// SPDX-License-Identifier: Apache-2.0
/// What a finished run says of its jobs, and what it notes of its policy and its failures.
#pragma once

#include <string>
#include <vector>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/workload/workload_module.hpp"
#include "sim/result/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace ebb {

[[nodiscard]] decltype(Result::work) jobs_of(const JobStats& jobs);

/// Thresholds on this device, and how often the plug was pulled.
void add_notes(const Scenario& scenario, const PolicyFacts& facts, std::int64_t plug_pulled,
               std::vector<std::string>& notes);

}  // namespace ebb
