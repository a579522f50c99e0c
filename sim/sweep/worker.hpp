// SPDX-License-Identifier: Apache-2.0
/// A worker of a sweep: a forked process that takes numbers of runs from a socket, makes each run's
/// scenario, runs it through a renewed kernel, and sends rows back.
///
/// Forked before any SystemC module exists, it shares mapped traces and the plan with its siblings.
/// It writes which run it is at into shared memory, so that whoever finds it dead or late knows
/// which run that was. It opens no file of the sweep and dies with its coordinator.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/sweep/run_row.hpp"
#include "sim/sweep/sweep_plan.hpp"

namespace ebb {

/// In shared memory, one per worker.
struct WorkerSlot {
    static constexpr std::uint64_t kNone = ~std::uint64_t{0};
    std::atomic<std::uint64_t> run{kNone};
    std::atomic<std::int64_t> begun_ns{0};   ///< steady clock
    std::atomic<std::uint64_t> readings{0};  ///< scenarios read, for whom it concerns
    std::atomic<bool> stop{false};           ///< no further run, please
};

struct Task {
    std::uint64_t run = 0;
    std::uint64_t even_if_known = 0;  ///< run it whatever is known
};

/// Identities of results that exist: 16 bytes each, sorted.
class KnownRuns {
public:
    void add(const std::string& identity);
    void sort();
    [[nodiscard]] bool has(const std::string& identity) const;
    [[nodiscard]] bool empty() const { return all_.empty(); }

private:
    using Key = std::array<unsigned char, 16>;
    static Key key_of(const std::string& identity);
    std::vector<Key> all_;
};

struct WorkerJob {
    const SweepPlan& plan;
    const MetricColumns& metrics;
    const KnownRuns& known;
    std::string salt;                   ///< joins every identity
    std::optional<double> limit_bytes;  ///< beyond what is mapped when it starts
};

/// Works until the socket closes; returns the process's exit status. Only in a forked child.
int work(const WorkerJob& job, int socket, WorkerSlot& slot) noexcept;

/// What is wrong, in one line, for the column `reason`.
[[nodiscard]] std::string reason_text(const InputError& error);

[[nodiscard]] std::int64_t steady_ns();

}  // namespace ebb
