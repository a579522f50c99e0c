// SPDX-License-Identifier: Apache-2.0
/// Weights in the volatile memory of an accelerator: lost with its supply, loaded again before the
/// next inference, or kept by a retention supply while the device sleeps.
///
///   load      time = load_s + bytes x load_s_per_b          [s]
///             energy = load_j + bytes x load_j_per_b        [J]
///   retention costs retained_w - lost_w in each low-power state    [W]
///   break-even off-time of a state = load energy / (retained_w - lost_w)    [s]
///
/// Off for longer than the break-even, loading again costs less energy than retention. If a state
/// can retain at no extra power, retention always pays (infinite break-even); if it cannot retain
/// at all, `retained_w` is empty and loading is the only way (break-even 0).
///
/// Not modelled: partial retention (some banks), loading in the background, ageing.
/// Source of the form: MAX78002, AN7664 (costs of loading kernels, power per state with and
/// without CNN memory); see models/workload/platforms/max78002.yaml.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace ebb {

/// A low-power state of the device that holds the weight memory.
struct RetentionState {
    std::string name;
    double lost_w = 0.0;               ///< power with the weights lost
    std::optional<double> retained_w;  ///< power with the weights kept; empty = it cannot
};

/// One load of the weights of a network.
struct WeightLoad {
    double time_s = 0.0;
    double energy_j = 0.0;
    [[nodiscard]] double power_w() const noexcept { return time_s > 0.0 ? energy_j / time_s : 0.0; }
};

/// A load that was measured.
struct MeasuredLoad {
    std::string network;
    double weight_bytes = 0.0;
    WeightLoad load;
};

struct WeightMemoryParams {
    bool is_volatile = true;  ///< false: weights survive a power failure, nothing is loaded again
    double load_j = 0.0;      ///< per load, whatever its size
    double load_s = 0.0;
    double load_j_per_b = 0.0;
    double load_s_per_b = 0.0;
    double bytes = 0.0;  ///< capacity; 0 = not said, any network fits
    std::vector<RetentionState> states;
    std::vector<MeasuredLoad> measured;
};

/// Zero for a memory that is not volatile.
[[nodiscard]] WeightLoad weight_load(const WeightMemoryParams& memory,
                                     double weight_bytes) noexcept;

/// The measured load of the network with this name; else by its bytes.
[[nodiscard]] WeightLoad weight_load(const WeightMemoryParams& memory, const std::string& network,
                                     double weight_bytes) noexcept;

/// What keeping the weights costs in this state [W]; empty if it cannot keep them.
[[nodiscard]] std::optional<double> retention_extra_w(const RetentionState& state) noexcept;

/// Off-time from which loading again costs less than keeping [s]; see above.
[[nodiscard]] double break_even_off_s(const RetentionState& state, double load_energy_j) noexcept;

enum class KeepWeights : unsigned char { retain, reload };

/// The cheaper way for an off-time that is known or expected. At the break-even itself both cost
/// the same, and the weights are kept: they are there at once.
[[nodiscard]] KeepWeights keep_or_reload(const RetentionState& state, double load_energy_j,
                                         double off_s) noexcept;

/// Energy of one off-time and of getting the weights back, both ways [J]; retain is infinite where
/// it is impossible.
[[nodiscard]] double off_energy_j(const RetentionState& state, double load_energy_j, double off_s,
                                  KeepWeights way) noexcept;

/// What a device makes of a weight memory: a load behind every power failure, and in sleep either a
/// power on top or another load behind it.
struct WeightUse {
    WeightLoad load;
    double asleep_w = 0.0;  ///< beyond the state's own power
    bool load_behind_sleep = false;
};

/// Throws InputError if the weights do not fit, or the state does not exist.
[[nodiscard]] WeightUse weight_use(const WeightMemoryParams& memory, double weight_bytes,
                                   const std::string& network, const std::string& state,
                                   bool retained);

/// The state with this name. Throws InputError with the nearest name and the list.
[[nodiscard]] const RetentionState& find_state(const WeightMemoryParams& memory,
                                               const std::string& name);

/// Throws InputError with the numbers if the weights do not fit.
void require_weights_fit(const WeightMemoryParams& memory, double weight_bytes,
                         const std::string& network);

}  // namespace ebb
