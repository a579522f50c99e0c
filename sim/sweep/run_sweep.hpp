// SPDX-License-Identifier: Apache-2.0
/// Runs a sweep: what is missing of it, on so many workers, into one database.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "sim/sweep/sweep_columns.hpp"
#include "sim/sweep/sweep_plan.hpp"

namespace ebb {

struct Shard {
    std::uint64_t index = 0, count = 1;  ///< points index, index + count, ...
};

struct SweepOptions {
    std::string folder;
    std::size_t workers = 1;
    Shard shard;
    std::optional<double> limit_s, limit_bytes;  ///< of one run
    std::string version, commit, command;        ///< for the provenance
};

struct SweepProgress {
    std::uint64_t done = 0;  ///< of `total`, earlier and failed ones included
    std::uint64_t total = 0;
    std::uint64_t failed = 0;  ///< now
    std::uint64_t ran = 0;     ///< now
    double elapsed_s = 0.0;
};

struct SweepOutcome {
    std::string database;
    std::uint64_t total = 0;             ///< runs of this shard
    std::uint64_t ran = 0;               ///< now
    std::uint64_t kept = 0;              ///< were there already
    std::uint64_t done = 0, failed = 0;  ///< rows in the table
    std::uint64_t replaced = 0;          ///< workers
    std::uint64_t readings = 0;          ///< scenarios read by workers
    bool stopped = false;                ///< by a signal
    double wall_s = 0.0;
};

/// DIR/results.sqlite, or DIR/results.3-of-8.sqlite for a shard.
[[nodiscard]] std::string database_path(const std::string& folder, const Shard& shard);

/// `progress` is called now and then from this process. SIGINT and SIGTERM end the sweep after the
/// runs that are under way. Throws InputError if the folder cannot be used.
[[nodiscard]] SweepOutcome run_sweep(const SweepPlan& plan, const SweepColumns& columns,
                                     const SweepOptions& options,
                                     const std::function<void(const SweepProgress&)>& progress);

/// What joins every identity: results_version, and the metrics that a row has.
[[nodiscard]] std::string identity_salt(const MetricColumns& metrics);

}  // namespace ebb
