// SPDX-License-Identifier: Apache-2.0
/// The workers of a sweep as their coordinator sees them: dealt runs, rows that come back, and what
/// becomes of those that die, hang or run out of memory. Each loses one run, which comes back as a
/// failed row; the worker is replaced and its other runs are dealt again.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/sweep/worker.hpp"

namespace ebb {

class WorkerPool {
public:
    /// The next run to deal; nothing when there is none (left).
    using Next = std::function<std::optional<Task>()>;
    /// A row that came back. False: deal it again, even if it is known.
    using Take = std::function<bool(const RunRow&)>;

    /// Nothing is forked before start(). `limit_s`: of one run.
    WorkerPool(const WorkerJob& job, std::size_t workers, std::optional<double> limit_s);
    ~WorkerPool();  ///< kills what still runs
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    void start();
    /// Deals, waits up to `wait_ms`, hands on rows; `wake` is a further descriptor to wait for.
    /// False when all that was dealt has come back and there is no more.
    bool turn(const Next& next, const Take& take, int wait_ms, int wake);
    /// No further run is begun; turn() then hands on what still comes.
    void stop();
    /// Ends all workers at once.
    void kill();

    /// Workers that had to be replaced.
    [[nodiscard]] std::uint64_t replaced() const { return replaced_; }
    /// Scenarios that the workers read, not counting those that were replaced.
    [[nodiscard]] std::uint64_t readings() const;
    [[nodiscard]] std::vector<pid_t> processes() const;

private:
    struct Worker {
        pid_t pid = -1;
        int socket = -1;
        WorkerSlot* slot = nullptr;
        std::string buffer;
        std::deque<Task> dealt;     ///< in the order in which rows come back
        bool late = false;          ///< killed for its time
        std::int64_t heard_ns = 0;  ///< of its last row, or since when it has something to do
    };

    void fork_worker(Worker& worker);
    void deal(Worker& worker, const Next& next);
    void receive(Worker& worker, const Take& take);
    void take_rows(Worker& worker, const Take& take);
    void bury(Worker& worker, const Take& take);
    void check_time();
    std::optional<Task> next_task(const Next& next);
    [[nodiscard]] std::size_t share() const;

    const WorkerJob& job_;
    std::optional<double> limit_s_;
    std::vector<Worker> workers_;
    std::deque<Task> again_;
    WorkerSlot* slots_ = nullptr;
    std::int64_t started_ns_ = 0;
    std::uint64_t rows_ = 0, replaced_ = 0;
    std::size_t deaths_in_a_row_ = 0;
    bool stopped_ = false, exhausted_ = false;
};

}  // namespace ebb
