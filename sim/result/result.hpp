// SPDX-License-Identifier: Apache-2.0
/// What a run found. Plain numbers in SI; names as in summary.json.
#pragma once

#include "models/core/ledger.hpp"
#include "models/core/time.hpp"
#include "models/workload/efficiency_metrics.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ebb {

enum class End { duration, until, trace_end };

/// Something a user should know about a run: never an error, always with the numbers.
struct Finding {
    std::string code;  ///< "no_energy", "never_turns_on", "unit_never_fits", ...
    double time_s = 0.0;
    std::string text;                                     ///< one sentence
    std::vector<std::pair<std::string, double>> numbers;  ///< name in SI -> value
};

struct TaskResult {
    std::string name;
    std::int64_t done = 0;
    std::int64_t cut = 0;
};

/// A layer of the network: what it has cost as it happened (effective), and what one clean pass
/// over it costs at the middle of the supply's range (nominal).
struct LayerResult {
    int id = 0;
    std::string name;
    std::int64_t units_done = 0, units_repeated = 0;
    double fetch_s = 0, compute_s = 0, write_s = 0, index_s = 0, upkeep_s = 0, reboot_s = 0,
           reload_s = 0, recharge_s = 0;
    double fetch_j = 0, compute_j = 0, write_j = 0, index_j = 0, repeated_j = 0, upkeep_j = 0,
           other_j = 0, reboot_j = 0, reload_j = 0;
    double nominal_s = 0, nominal_compute_s = 0, nominal_j = 0, nominal_nvm_b = 0;
};

struct Result {
    std::string name;
    std::vector<std::string> notes;  ///< choices that were made for the user, and why
    std::optional<EfficiencyComparison> efficiency;  ///< of a network whose accuracy is known
    std::vector<LayerResult> layers;  ///< of a network, in the order in which they run

    struct {
        double simulated_s = 0.0;
        double wall_s = 0.0;
        End end = End::duration;
    } time;

    struct {
        std::int64_t boots = 0, brown_outs = 0, sleeps = 0, injected_failures = 0;
        double on_s = 0.0, off_s = 0.0;
        std::optional<double> mean_on_s, mean_off_s, longest_off_s;  ///< complete intervals only
    } power;

    struct {
        std::int64_t jobs_released = 0, jobs_done = 0, jobs_late = 0, jobs_dropped = 0;
        std::optional<double> first_done_s, latency_mean_s, latency_p50_s, latency_p95_s,
            latency_max_s;
        std::int64_t units_done = 0, units_repeated = 0;
        std::optional<double> forward_progress;
        std::vector<TaskResult> tasks;
    } work;

    struct {
        std::int64_t attempted = 0, completed = 0, torn = 0, restored = 0, unused = 0;
    } checkpoint;

    struct {
        double read_bytes = 0, written_bytes = 0, max_writes_per_cell = 0;
        std::optional<double> endurance_used;  ///< share of the endurance, worst cell
    } nvm;

    struct {
        bool checked = false;
        std::int64_t violations = 0;
        std::vector<std::string> not_modelled;
    } consistency;

    struct {
        double offered = 0, harvested = 0, converter_loss = 0, clipped = 0;
        SinkEnergies sinks;
        double stored_change = 0, residual = 0, initially_stored = 0;
    } energy_j;

    struct {
        std::uint64_t decisions = 0, events = 0, segments = 0;
    } kernel;

    std::vector<Finding> findings;
};

}  // namespace ebb
