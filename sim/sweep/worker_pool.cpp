// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/worker_pool.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <new>
#include <system_error>

#include "models/core/error.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

constexpr double kChunkSeconds = 0.05;  ///< of work dealt at once
constexpr std::size_t kMostChunk = 1024;
constexpr std::size_t kReceiveBytes = 1U << 18U;
constexpr std::size_t kMostIdleDeaths = 5;

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// The child's part: none of the coordinator's signals, files of its own, or life after it.
void settle_in(pid_t parent) {
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_IGN);  // sent to a whole group, it is the coordinator's to answer
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
        ::_exit(1);
    }
}

}  // namespace

WorkerPool::WorkerPool(const WorkerJob& job, std::size_t workers, std::optional<double> limit_s)
    : job_(job), limit_s_(limit_s), workers_(workers) {
    void* const shared = ::mmap(nullptr, workers * sizeof(WorkerSlot), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        fail("shared memory for the workers");
    }
    slots_ = static_cast<WorkerSlot*>(shared);
    for (std::size_t i = 0; i < workers; ++i) {
        workers_[i].slot = new (slots_ + i) WorkerSlot;
    }
}

WorkerPool::~WorkerPool() {
    kill();
    ::munmap(slots_, workers_.size() * sizeof(WorkerSlot));
}

void WorkerPool::start() {
    started_ns_ = steady_ns();
    for (Worker& worker : workers_) {
        fork_worker(worker);
    }
}

void WorkerPool::fork_worker(Worker& worker) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        fail("a socket for a worker");
    }
    worker.slot->run.store(WorkerSlot::kNone);
    worker.slot->stop.store(stopped_);
    const pid_t parent = ::getpid();
    worker.pid = ::fork();
    if (worker.pid < 0) {
        fail("forking a worker");
    }
    if (worker.pid == 0) {
        settle_in(parent);
        ::close(ends[0]);
        for (const Worker& sibling : workers_) {
            if (sibling.socket >= 0) {
                ::close(sibling.socket);  // else it would never see its coordinator go
            }
        }
        ::_exit(work(job_, ends[1], *worker.slot));
    }
    ::close(ends[1]);
    worker.socket = ends[0];
    worker.buffer.clear();
    worker.late = false;
}

/// About 50 ms of work, never so much that the last worker waits long for the slowest.
std::size_t WorkerPool::share() const {
    if (rows_ < workers_.size()) {
        return 1;
    }
    const double seconds = static_cast<double>(steady_ns() - started_ns_) * 1e-9;
    const double per_worker =
        static_cast<double>(rows_) / seconds / static_cast<double>(workers_.size());
    const auto wanted = static_cast<std::size_t>(per_worker * kChunkSeconds);
    // What was seen so far is all that is known of how long runs take.
    const auto seen = static_cast<std::size_t>(rows_ / workers_.size());
    return std::clamp<std::size_t>(std::min(wanted, seen), 1, kMostChunk);
}

std::optional<Task> WorkerPool::next_task(const Next& next) {
    if (stopped_) {
        return std::nullopt;
    }
    if (!again_.empty()) {
        const Task task = again_.front();
        again_.pop_front();
        return task;
    }
    if (exhausted_) {
        return std::nullopt;
    }
    auto task = next();
    exhausted_ = !task;
    return task;
}

void WorkerPool::deal(Worker& worker, const Next& next) {
    const std::size_t chunk = share();
    if (worker.dealt.size() > chunk) {
        return;  // one chunk in hand, one behind it
    }
    std::vector<Task> tasks;
    while (tasks.size() < chunk) {
        const auto task = next_task(next);
        if (!task) {
            break;
        }
        tasks.push_back(*task);
    }
    const char* const begin = reinterpret_cast<const char*>(tasks.data());
    const std::size_t size = tasks.size() * sizeof(Task);
    for (std::size_t sent = 0; sent < size;) {
        const ssize_t n = ::send(worker.socket, begin + sent, size - sent, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR) {
            break;  // it is dead: its end of the socket tells, and the tasks are dealt again
        }
        sent += n > 0 ? static_cast<std::size_t>(n) : 0;
    }
    if (worker.dealt.empty()) {
        worker.heard_ns = steady_ns();
    }
    worker.dealt.insert(worker.dealt.end(), tasks.begin(), tasks.end());
}

void WorkerPool::take_rows(Worker& worker, const Take& take) {
    std::size_t at = 0;
    RunRow row;
    while (take_row(worker.buffer, at, row)) {
        if (worker.dealt.empty() || worker.dealt.front().run != row.run) {
            throw Defect("a worker sent a row that it was not asked for");
        }
        worker.dealt.pop_front();
        worker.heard_ns = steady_ns();
        ++rows_;
        deaths_in_a_row_ = 0;
        if (!take(row)) {
            again_.push_back({row.run, 1});
        }
    }
    worker.buffer.erase(0, at);
}

void WorkerPool::receive(Worker& worker, const Take& take) {
    const std::size_t before = worker.buffer.size();
    worker.buffer.resize(before + kReceiveBytes);
    const ssize_t got = ::recv(worker.socket, worker.buffer.data() + before, kReceiveBytes, 0);
    worker.buffer.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
    take_rows(worker, take);
    if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) {
        bury(worker, take);
    }
}

/// A worker has gone: the run that it was at has failed, the others are dealt again.
void WorkerPool::bury(Worker& worker, const Take& take) {
    ::close(worker.socket);
    worker.socket = -1;
    int status = 0;
    while (::waitpid(worker.pid, &status, 0) < 0 && errno == EINTR) {
    }
    worker.pid = -1;
    const std::uint64_t at = worker.slot->run.load();
    bool counted = false;
    for (const Task& task : worker.dealt) {
        if (task.run != at) {
            again_.push_back(task);
            continue;
        }
        RunRow row;
        row.run = task.run;
        row.status = worker.late ? RunStatus::timeout : RunStatus::crashed;
        if (worker.late) {
            row.reason = fmt::format("longer than the limit of {}", duration_text(*limit_s_));
        } else if (WIFSIGNALED(status)) {
            const int signal = WTERMSIG(status);
            row.reason =
                fmt::format("the worker was ended by signal {} ({})", signal, ::strsignal(signal));
        } else {
            row.reason = fmt::format("the worker ended with status {}", WEXITSTATUS(status));
        }
        // Stopping kills what takes too long to end: that is no fault of the run.
        if (!stopped_) {
            static_cast<void>(take(row));
        }
        counted = true;
    }
    worker.dealt.clear();
    if (stopped_) {
        return;
    }
    deaths_in_a_row_ += counted ? 0 : 1;
    if (deaths_in_a_row_ > kMostIdleDeaths) {
        throw Defect("workers die before they begin a run");
    }
    if (!again_.empty() || !exhausted_) {
        ++replaced_;
        fork_worker(worker);
    }
}

void WorkerPool::check_time() {
    if (!limit_s_) {
        return;
    }
    const std::int64_t now = steady_ns();
    for (Worker& worker : workers_) {
        if (worker.pid <= 0 || worker.late || worker.dealt.empty()) {
            continue;
        }
        const bool runs = worker.slot->run.load() != WorkerSlot::kNone;
        // One that does not even begin what it was dealt hangs, too.
        const std::int64_t since = runs ? worker.slot->begun_ns.load()
                                        : std::max(worker.heard_ns, worker.slot->begun_ns.load());
        if (static_cast<double>(now - since) * 1e-9 > *limit_s_) {
            worker.late = true;
            ::kill(worker.pid, SIGKILL);
        }
    }
}

bool WorkerPool::turn(const Next& next, const Take& take, int wait_ms, int wake) {
    std::vector<pollfd> waits = {{wake, POLLIN, 0}};
    std::vector<Worker*> who = {nullptr};
    bool busy = false;
    for (Worker& worker : workers_) {
        if (worker.socket < 0 && !stopped_ && !again_.empty()) {
            fork_worker(worker);
        }
        if (worker.socket < 0) {
            continue;
        }
        deal(worker, next);
        busy = busy || !worker.dealt.empty();
        waits.push_back({worker.socket, POLLIN, 0});
        who.push_back(&worker);
    }
    if (!busy) {
        return false;
    }
    if (::poll(waits.data(), waits.size(), wait_ms) < 0 && errno != EINTR) {
        fail("waiting for the workers");
    }
    for (std::size_t i = 1; i < waits.size(); ++i) {
        if (waits[i].revents != 0) {
            receive(*who[i], take);
        }
    }
    check_time();
    return true;
}

void WorkerPool::stop() {
    stopped_ = true;
    for (Worker& worker : workers_) {
        worker.slot->stop.store(true);
        if (worker.socket >= 0) {
            ::shutdown(worker.socket, SHUT_WR);
        }
    }
}

void WorkerPool::kill() {
    for (Worker& worker : workers_) {
        if (worker.pid > 0) {
            ::kill(worker.pid, SIGKILL);
            while (::waitpid(worker.pid, nullptr, 0) < 0 && errno == EINTR) {
            }
        }
        if (worker.socket >= 0) {
            ::close(worker.socket);
        }
        worker.pid = -1;
        worker.socket = -1;
    }
}

std::uint64_t WorkerPool::readings() const {
    std::uint64_t all = 0;
    for (const Worker& worker : workers_) {
        all += worker.slot->readings.load();
    }
    return all;
}

std::vector<pid_t> WorkerPool::processes() const {
    std::vector<pid_t> all;
    for (const Worker& worker : workers_) {
        if (worker.pid > 0) {
            all.push_back(worker.pid);
        }
    }
    return all;
}

}  // namespace ebb
