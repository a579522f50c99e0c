// SPDX-License-Identifier: Apache-2.0
/// The same scenario under every checkpoint policy that can run it, side by side.
///
/// A run on a recording has no randomness of its own: where it begins decides more than the policy
/// does. So every policy sees the same conditions, each one a pair of
///   start          the trace read from other places, evenly spread over it
///   capacitance    the store's, as it is and 10 % to either side
/// and what is compared is the difference within a condition. A policy is tied with the best where
/// the 95 % interval of its mean difference (Student's t) holds zero. A policy that once computed
/// on wrong data is behind all others, whatever it achieved.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/core/component.hpp"
#include "sim/scenario/scenario.hpp"

namespace ebb {

struct PolicyTrial {
    std::string policy;        ///< as in a scenario, without braces: "policy: jit, margin: 0 V"
    bool own = false;          ///< the scenario's own
    bool tuned = false;        ///< its voltage is the best of some that were tried
    std::vector<double> jobs;  ///< per condition: jobs done, and the share kept of the energy drawn
    std::vector<double> kept;
    double mean_jobs = 0.0, mean_kept = 0.0;
    double brown_outs = 0.0;                ///< mean
    std::int64_t violations = 0;            ///< wrong reads, in all runs: one fails a policy
    std::optional<double> save_at_v;        ///< thresholds on this device
    std::optional<double> start_at_v;       ///< of a guard: the highest
    double difference = 0.0, margin = 0.0;  ///< against the best; half the interval
    std::size_t rank = 1;                   ///< ties share it
    std::string why_not;                    ///< not empty: it cannot run this scenario
};

struct PolicyComparison {
    std::string name;
    std::vector<double> starts_s;  ///< offsets of the trace
    std::vector<double> capacitance_factors;
    bool by_kept = false;             ///< no policy completes a job: ranked by the energy kept
    std::vector<PolicyTrial> ranked;  ///< best first
    std::vector<PolicyTrial> cannot;
};

struct ComparisonOptions {
    std::size_t starts = 8;
    bool tolerances = true;
    /// Policies with a voltage (save_at, start_at, margin) run a second time with the best of a
    /// few, if one does better than what they derive: the most jobs, then the most energy kept,
    /// without a wrong read, over every other start with the capacitance as it is. The other
    /// conditions have not been looked at.
    bool tune = false;
    std::vector<std::string> more;  ///< further policies, as PolicyTrial::policy
    std::size_t processes = 1;      ///< at once; the answer does not depend on it
};

/// `read` gives the scenario with some keys overridden, as `--set` does. Throws InputError if the
/// scenario itself cannot be read.
[[nodiscard]] PolicyComparison compare_policies(
    const std::function<Scenario(const std::vector<std::string>&)>& read, const Registry& registry,
    const ComparisonOptions& options);

/// As a table for people.
[[nodiscard]] std::string comparison_table(const PolicyComparison& comparison);

}  // namespace ebb
