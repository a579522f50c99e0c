// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/worker.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <new>

#include "models/core/error.hpp"
#include "sim/device/run.hpp"
#include "sim/sweep/point_reader.hpp"

namespace ebb {

namespace {

constexpr std::size_t kFlushBytes = 32768;
constexpr std::int64_t kFlushNs = 100000000;
constexpr std::size_t kMostTasks = 4096;
constexpr int kMemoryGone = 9;

/// Address space in use, so that the limit is about what runs need.
double mapped_bytes() {
    std::ifstream statm("/proc/self/statm");
    double pages = 0.0;
    statm >> pages;
    return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

void limit_memory(double bytes) {
    const auto most = static_cast<rlim_t>(mapped_bytes() + bytes);
    const rlimit limit{most, most};
    ::setrlimit(RLIMIT_AS, &limit);
}

class Working {
public:
    Working(const WorkerJob& job, int socket, WorkerSlot& slot)
        : job_(job), socket_(socket), slot_(slot), reader_(job.plan, job.salt) {
        buffer_.reserve(2 * kFlushBytes);
        tasks_.resize(kMostTasks);
    }

    int run() {
        for (;;) {
            const std::size_t count = receive();
            if (count == 0) {
                return 0;
            }
            for (std::size_t i = 0; i < count; ++i) {
                if (slot_.stop.load()) {
                    flush();
                    return 0;
                }
                one(tasks_[i]);
                if (memory_gone_) {
                    flush();
                    return kMemoryGone;
                }
            }
            flush();
        }
    }

private:
    /// At least one task, or 0 at the end of the stream.
    std::size_t receive() {
        auto* const begin = reinterpret_cast<char*>(tasks_.data());
        std::size_t bytes = 0;
        while (bytes == 0 || bytes % sizeof(Task) != 0) {
            const ssize_t got =
                ::recv(socket_, begin + bytes, kMostTasks * sizeof(Task) - bytes, 0);
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (got <= 0) {
                return 0;
            }
            bytes += static_cast<std::size_t>(got);
        }
        return bytes / sizeof(Task);
    }

    void one(const Task& task) {
        const std::int64_t now = steady_ns();
        slot_.begun_ns.store(now);
        slot_.run.store(task.run);
        row_ = RunRow();
        row_.run = task.run;
        try {
            simulate(task);
        } catch (const InputError& error) {
            fail(RunStatus::failed, reason_text(error));
        } catch (const std::bad_alloc&) {
            fail(RunStatus::out_of_memory, job_.limit_bytes
                                               ? fmt::format("more memory than the limit of {:.0f} "
                                                             "MB",
                                                             *job_.limit_bytes * 1e-6)
                                               : "more memory than there is");
            memory_gone_ = true;
        } catch (const std::exception& error) {
            fail(RunStatus::failed, fmt::format("defect of ebb: {}", error.what()));
        }
        append_row(row_, buffer_);
        slot_.readings.store(reader_.readings());
        slot_.run.store(WorkerSlot::kNone);
        if (buffer_.size() > kFlushBytes || now - flushed_ns_ > kFlushNs) {
            flush();
            flushed_ns_ = now;
        }
    }

    void simulate(const Task& task) {
        const Scenario& scenario = reader_.read(task.run);
        row_.identity = reader_.identity();
        row_.varied = reader_.varied();
        if (task.even_if_known == 0 && job_.known.has(row_.identity)) {
            row_.status = RunStatus::known;
            return;
        }
        job_.metrics.read(ebb::run(scenario, {}, nullptr), row_.metrics);
    }

    void fail(RunStatus status, std::string reason) {
        row_.status = status;
        row_.reason = std::move(reason);
        row_.metrics.clear();
    }

    void flush() {
        std::size_t sent = 0;
        while (sent < buffer_.size()) {
            const ssize_t n =
                ::send(socket_, buffer_.data() + sent, buffer_.size() - sent, MSG_NOSIGNAL);
            if (n < 0 && errno != EINTR) {
                throw Defect("the coordinator is gone");
            }
            sent += n > 0 ? static_cast<std::size_t>(n) : 0;
        }
        buffer_.clear();
    }

    const WorkerJob& job_;
    int socket_;
    WorkerSlot& slot_;
    PointReader reader_;
    std::vector<Task> tasks_;
    RunRow row_;
    std::string buffer_;
    std::int64_t flushed_ns_ = 0;
    bool memory_gone_ = false;
};

}  // namespace

void KnownRuns::add(const std::string& identity) {
    if (identity.size() == 32) {
        all_.push_back(key_of(identity));
    }
}

void KnownRuns::sort() { std::sort(all_.begin(), all_.end()); }

bool KnownRuns::has(const std::string& identity) const {
    return !all_.empty() && std::binary_search(all_.begin(), all_.end(), key_of(identity));
}

KnownRuns::Key KnownRuns::key_of(const std::string& identity) {
    Key key{};
    for (std::size_t i = 0; i < key.size(); ++i) {
        key[i] = static_cast<unsigned char>(
            std::strtoul(identity.substr(2 * i, 2).c_str(), nullptr, 16));
    }
    return key;
}

int work(const WorkerJob& job, int socket, WorkerSlot& slot) noexcept {
    try {
        if (job.limit_bytes) {
            limit_memory(*job.limit_bytes);
        }
        return Working(job, socket, slot).run();
    } catch (const std::exception&) {
        return 1;  // whoever reads the socket sees its end, and the slot tells which run it was
    }
}

std::string reason_text(const InputError& error) {
    const std::vector<Mistake>& all = error.mistakes();
    if (all.empty()) {
        return error.what();
    }
    const Mistake& first = all.front();
    std::string text = first.message;
    if (!first.hint.empty()) {
        text += fmt::format(" ({})", first.hint);
    }
    if (all.size() > 1) {
        text += fmt::format("; and {} more", all.size() - 1);
    }
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

std::int64_t steady_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace ebb
