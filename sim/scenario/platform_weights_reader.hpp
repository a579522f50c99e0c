// SPDX-License-Identifier: Apache-2.0
/// The block `weight_memory` of a platform file: loading and retention of volatile weights.
#pragma once

#include "models/core/param_table.hpp"
#include "models/workload/platform.hpp"
#include "sim/scenario/facts.hpp"
#include "sim/scenario/mistake_list.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ebb {

struct RetentionForm {
    std::string name;
    double lost_w = 0.0;
    std::optional<double> retained_w;
};
struct MeasuredLoadForm {
    std::string network;
    double weight_b = 0.0, time_s = 0.0, energy_j = 0.0;
};
struct WeightMemoryForm {
    bool is_volatile = true;
    double load_j = 0.0, load_s = 0.0, load_j_per_b = 0.0, load_s_per_b = 0.0;
    std::optional<double> bytes;
    std::vector<RetentionForm> states;
    std::vector<MeasuredLoadForm> loads;
};
[[nodiscard]] const ParamTable<WeightMemoryForm>& weight_memory_table();

/// Checks the rules between values (those that were read right), and sets the platform's weight
/// memory. `path` is the block's, "platform.weight_memory".
void add_weight_memory(const WeightMemoryForm& form, const std::string& path, const Facts& facts,
                       MistakeList& mistakes, Platform& platform);

}  // namespace ebb
