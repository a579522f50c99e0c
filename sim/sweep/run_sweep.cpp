// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/run_sweep.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "models/core/error.hpp"
#include "sim/result/results_version.hpp"
#include "sim/sweep/sweep_table.hpp"
#include "sim/sweep/worker_pool.hpp"

namespace ebb {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kCommitNs = 500000000;
constexpr std::uint64_t kCommitRows = 5000;
constexpr int kWaitMs = 50;
constexpr std::int64_t kGraceNs = 3000000000;  ///< for runs under way when the sweep is stopped

[[noreturn]] void refuse(const std::string& path, const std::string& message,
                         const std::string& hint = {}) {
    throw InputError({{{path, 0, 0, {}, 1}, message, hint, ""}});
}

/// One sweep at a time writes a database.
class Lock {
public:
    explicit Lock(const std::string& database) : path_(database + ".lock") {
        // A coordinator that was killed leaves workers that die a moment later.
        constexpr int kTries = 50;
        for (int i = 0; i < kTries; ++i) {
            if (taken()) {
                return;
            }
            ::usleep(20000);
        }
        refuse(database, "another sweep is writing these results",
               "wait for it, or name another folder with --out");
    }
    ~Lock() {
        ::unlink(path_.c_str());
        ::close(file_);
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

private:
    bool taken() {
        file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (file_ < 0) {
            refuse(path_, fmt::format("cannot write in the output folder: {}",
                                      std::generic_category().message(errno)));
        }
        struct stat ours {};
        struct stat named {};
        // Whoever had it may have removed the name in between.
        if (::flock(file_, LOCK_EX | LOCK_NB) == 0 && ::fstat(file_, &ours) == 0 &&
            ::stat(path_.c_str(), &named) == 0 && ours.st_ino == named.st_ino) {
            return true;
        }
        ::close(file_);
        return false;
    }
    std::string path_;
    int file_ = -1;
};

/// SIGINT and SIGTERM as something to read; files that grow too large as an error, not a death.
class Signals {
public:
    Signals() {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGTERM);
        sigprocmask(SIG_BLOCK, &set, &before_);
        file_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        xfsz_ = std::signal(SIGXFSZ, SIG_IGN);
    }
    ~Signals() {
        static_cast<void>(arrived());  // not once more when they are unblocked
        ::close(file_);
        std::signal(SIGXFSZ, xfsz_);
        sigprocmask(SIG_SETMASK, &before_, nullptr);
    }
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    [[nodiscard]] int file() const { return file_; }
    [[nodiscard]] int arrived() const {
        signalfd_siginfo info{};
        int count = 0;
        while (::read(file_, &info, sizeof info) == sizeof info) {
            ++count;
        }
        return count;
    }

private:
    sigset_t before_{};
    int file_ = -1;
    void (*xfsz_)(int) = nullptr;
};

std::string utc_now() {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
}

void note_origin(Database& database, const SweepPlan& plan, const SweepOptions& options,
                 std::uint64_t total) {
    utsname machine{};
    ::uname(&machine);
    nlohmann::ordered_json inputs = nlohmann::ordered_json::array();
    for (const InputFile& input : plan.sample().scenario().inputs) {
        inputs.push_back({{"role", input.role}, {"path", input.path}, {"sha256", input.sha256}});
    }
    const auto note = [&](const char* key, const std::string& value) {
        write_provenance(database, key, value);
    };
    note("program", "ebb");
    note("version", options.version);
    note("commit", options.commit);
    note("results_version", std::to_string(kResultsVersion));
    note("command", options.command);
    note("sweep_file", plan.spec().file);
    note("sweep_sha256", plan.spec().sha256);
    note("scenario", plan.sample().scenario().name);
    note("inputs", inputs.dump());
    note("seed", std::to_string(plan.spec().seed));
    note("points", std::to_string(plan.points()));
    note("repeats", std::to_string(plan.repeats()));
    note("runs", std::to_string(total));
    note("shard", fmt::format("{}/{}", options.shard.index, options.shard.count));
    note("workers", std::to_string(options.workers));
    note("host", machine.nodename);
    note("machine", fmt::format("{} {} {}", machine.sysname, machine.release, machine.machine));
    note("started_utc", utc_now());
    note("finished_utc", "");
}

/// Runs of a shard in their order.
class Runs {
public:
    Runs(const SweepPlan& plan, const Shard& shard)
        : plan_(plan), step_(shard.count), point_(shard.index) {}

    std::optional<Task> next() {
        while (repeat_ == 0 && point_ < plan_.points() && !plan_.wanted(point_)) {
            point_ += step_;
        }
        if (point_ >= plan_.points()) {
            return std::nullopt;
        }
        const Task task{point_ * plan_.repeats() + repeat_, 0};
        if (++repeat_ == plan_.repeats()) {
            repeat_ = 0;
            point_ += step_;
        }
        return task;
    }

private:
    const SweepPlan& plan_;
    std::uint64_t step_, point_, repeat_ = 0;
};

class Coordinator {
public:
    Coordinator(const SweepPlan& plan, const SweepColumns& columns, const SweepOptions& options,
                const std::function<void(const SweepProgress&)>& progress)
        : plan_(plan),
          options_(options),
          tell_(progress),
          salt_(identity_salt(columns.metrics())),
          path_(database_path(options.folder, options.shard)),
          lock_(path_),
          table_(path_, columns, salt_),
          runs_(plan, options.shard),
          job_{plan, columns.metrics(), known_, salt_, options.limit_bytes},
          pool_(job_, options.workers, options.limit_s) {
        out_.database = path_;
        out_.total = plan.count_wanted(options.shard.index, options.shard.count) * plan.repeats();
        note_origin(table_.database(), plan, options, out_.total);
        table_.add_known(known_);
    }

    SweepOutcome run() {
        const std::int64_t begun = steady_ns();
        begun_ns_ = committed_ns_ = begun;
        pool_.start();
        const auto next = [this] { return runs_.next(); };
        const auto take = [this](const RunRow& row) { return this->take(row); };
        while (pool_.turn(next, take, kWaitMs, signals_.file())) {
            look_at_signals();
            const std::int64_t now = steady_ns();
            if (uncommitted_ > kCommitRows || now - committed_ns_ > kCommitNs) {
                table_.commit();
                uncommitted_ = 0;
                committed_ns_ = now;
            }
            tell(now);
        }
        table_.commit();
        tell(steady_ns());
        out_.replaced = pool_.replaced();
        out_.readings = pool_.readings();
        pool_.kill();
        const SweepTable::Counts counts = table_.count();
        out_.done = counts.done;
        out_.failed = counts.failed;
        out_.wall_s = static_cast<double>(steady_ns() - begun) * 1e-9;
        write_provenance(table_.database(), "wall_s", fmt::format("{:.3f}", out_.wall_s));
        if (!out_.stopped) {
            write_provenance(table_.database(), "finished_utc", utc_now());
        }
        table_.finish();
        return out_;
    }

private:
    bool take(const RunRow& row) {
        if (!table_.put(row)) {
            return false;
        }
        ++uncommitted_;
        if (row.status == RunStatus::known) {
            ++out_.kept;
        } else {
            ++out_.ran;
            failed_ += row.status == RunStatus::done ? 0 : 1;
        }
        return true;
    }

    void look_at_signals() {
        const int count = signals_.arrived();
        if (count > 0 && out_.stopped) {
            pool_.kill();  // asked twice
        } else if (count > 0) {
            out_.stopped = true;
            stopped_ns_ = steady_ns();
            pool_.stop();
        }
        if (out_.stopped && steady_ns() - stopped_ns_ > kGraceNs) {
            pool_.kill();
        }
    }

    void tell(std::int64_t now) const {
        if (tell_) {
            tell_({out_.ran + out_.kept, out_.total, failed_, out_.ran,
                   static_cast<double>(now - begun_ns_) * 1e-9});
        }
    }

    const SweepPlan& plan_;
    const SweepOptions& options_;
    const std::function<void(const SweepProgress&)>& tell_;
    std::string salt_, path_;
    Signals signals_;
    Lock lock_;
    SweepTable table_;
    Runs runs_;
    KnownRuns known_;
    WorkerJob job_;
    WorkerPool pool_;
    SweepOutcome out_;
    std::uint64_t uncommitted_ = 0, failed_ = 0;
    std::int64_t begun_ns_ = 0, committed_ns_ = 0, stopped_ns_ = 0;
};

}  // namespace

std::string database_path(const std::string& folder, const Shard& shard) {
    const std::string name = shard.count == 1
                                 ? "results.sqlite"
                                 : fmt::format("results.{}-of-{}.sqlite", shard.index, shard.count);
    return (fs::path(folder) / name).string();
}

std::string identity_salt(const MetricColumns& metrics) {
    std::string salt = fmt::format("results_version {}\n", kResultsVersion);
    for (const Column& column : metrics.columns()) {
        // Names of tasks are the scenario's and count with it.
        if (column.name.compare(0, 11, "work.tasks.") != 0) {
            salt += column.name + " ";
        }
    }
    return salt;
}

SweepOutcome run_sweep(const SweepPlan& plan, const SweepColumns& columns,
                       const SweepOptions& options,
                       const std::function<void(const SweepProgress&)>& progress) {
    std::error_code error;
    if (fs::exists(options.folder, error) && !fs::is_directory(options.folder, error)) {
        refuse(options.folder, "this is a file; the results need a folder");
    }
    fs::create_directories(options.folder, error);
    if (error) {
        refuse(options.folder, fmt::format("cannot create the output folder: {}", error.message()));
    }
    return Coordinator(plan, columns, options, progress).run();
}

}  // namespace ebb
