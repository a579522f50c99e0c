// SPDX-License-Identifier: Apache-2.0
#include "models/workload/weight_memory.hpp"

#include "models/core/error.hpp"
#include "models/core/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

namespace ebb {

WeightLoad weight_load(const WeightMemoryParams& memory, double weight_bytes) noexcept {
    if (!memory.is_volatile || !(weight_bytes > 0.0)) {
        return {};
    }
    return {memory.load_s + weight_bytes * memory.load_s_per_b,
            memory.load_j + weight_bytes * memory.load_j_per_b};
}

WeightLoad weight_load(const WeightMemoryParams& memory, const std::string& network,
                       double weight_bytes) noexcept {
    const auto it = std::find_if(memory.measured.begin(), memory.measured.end(),
                                 [&](const MeasuredLoad& m) { return m.network == network; });
    return memory.is_volatile && it != memory.measured.end() ? it->load
                                                             : weight_load(memory, weight_bytes);
}

std::optional<double> retention_extra_w(const RetentionState& state) noexcept {
    if (!state.retained_w) {
        return std::nullopt;
    }
    return *state.retained_w - state.lost_w;
}

double break_even_off_s(const RetentionState& state, double load_energy_j) noexcept {
    const auto extra_w = retention_extra_w(state);
    if (!extra_w) {
        return 0.0;
    }
    return *extra_w > 0.0 ? load_energy_j / *extra_w : std::numeric_limits<double>::infinity();
}

KeepWeights keep_or_reload(const RetentionState& state, double load_energy_j,
                           double off_s) noexcept {
    return state.retained_w && off_s <= break_even_off_s(state, load_energy_j)
               ? KeepWeights::retain
               : KeepWeights::reload;
}

double off_energy_j(const RetentionState& state, double load_energy_j, double off_s,
                    KeepWeights way) noexcept {
    if (way == KeepWeights::reload) {
        return state.lost_w * off_s + load_energy_j;
    }
    return state.retained_w ? *state.retained_w * off_s : std::numeric_limits<double>::infinity();
}

const RetentionState& find_state(const WeightMemoryParams& memory, const std::string& name) {
    const auto it = std::find_if(memory.states.begin(), memory.states.end(),
                                 [&](const RetentionState& s) { return s.name == name; });
    if (it != memory.states.end()) {
        return *it;
    }
    std::vector<std::string> names;
    std::transform(memory.states.begin(), memory.states.end(), std::back_inserter(names),
                   [](const RetentionState& s) { return s.name; });
    throw InputError({Mistake{{},
                              fmt::format("the weight memory has no state '{}'", name),
                              did_you_mean(name, names),
                              "states: " + joined(names)}});
}

void require_weights_fit(const WeightMemoryParams& memory, double weight_bytes,
                         const std::string& network) {
    if (memory.bytes > 0.0 && weight_bytes > memory.bytes) {
        throw InputError(
            fmt::format("network '{}' has {:.0f} B of weights, and the accelerator's weight memory "
                        "holds {:.0f} "
                        "B: {:.0f} B too few",
                        network, weight_bytes, memory.bytes, weight_bytes - memory.bytes));
    }
}

WeightUse weight_use(const WeightMemoryParams& memory, double weight_bytes,
                     const std::string& network, const std::string& state, bool retained) {
    require_weights_fit(memory, weight_bytes, network);
    WeightUse use;
    use.load = weight_load(memory, weight_bytes);
    use.load_behind_sleep = !retained;
    if (retained) {
        use.asleep_w = retention_extra_w(find_state(memory, state)).value_or(0.0);
    }
    return use;
}

}  // namespace ebb
