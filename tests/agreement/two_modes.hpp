// SPDX-License-Identifier: Apache-2.0
/// Do the exact walker and the slow witness say the same of a device?
///
/// Every count must be equal; every time and energy must agree to
///   1e-9 of its scale + 1e-11 S,   S = |f(+d) - f(-d)| / (2 d)
/// where S is the run's own conditioning: how far the result moves per relative change of the
/// store's capacitance and its initial voltage, from two runs with d = 1e-7. The scale of an energy
/// is what went through the store; of a time, itself.
///
/// Where those two runs differ in a count, a decision hangs on less than 1e-7: such a device is
/// reported and drawn again.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/result/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace ebb::test {

/// Relative changes of a store.
struct Perturbation {
    double capacitance = 0.0, initial = 0.0;
};

/// A device to compare, and what to call it in messages.
struct Candidate {
    std::function<Scenario(const Perturbation&)> scenario;
    std::string text;
};

/// How many devices were, or had, what the name says.
struct Tally {
    int compared = 0, redrawn = 0;
    int unread = 0;   ///< refused by the reader
    int refused = 0;  ///< refused by both modes as they ran
    int powered = 0, browned_out = 0, with_jobs = 0, with_checkpoints = 0, clipped = 0, heated = 0;
    double worst = 0.0;  ///< deviation over what is allowed
    std::string worst_at;
    double worst_relative = 0.0;  ///< deviation over scale and conditioning
    double longest_s = 0.0;       ///< wall time of the longest run of the exact walker
    std::string longest_at;
};

/// What is asked of many comparisons.
struct Campaign {
    std::string name;
    std::uint64_t first_seed = 0;
    int wanted = 0;
    std::function<Candidate(std::uint64_t seed)> draw;
    /// Hears of each device that was compared.
    std::function<void(std::uint64_t seed, const Result&)> compared = {};
    double redrawn_share = 0.01;  ///< at most so many of those wanted
};

using Counts = std::vector<std::pair<std::string, double>>;

/// Every count of a result, by name.
[[nodiscard]] Counts counts_of(const Result& result);

/// Compares seed after seed until there are as many as wanted; says what there was.
[[nodiscard]] Tally compare_many(const Campaign& campaign);

/// Compares the device of one seed.
void compare_one(const Campaign& campaign, std::uint64_t seed, Tally& tally);

}  // namespace ebb::test
