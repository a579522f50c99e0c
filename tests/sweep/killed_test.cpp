// SPDX-License-Identifier: Apache-2.0
/// Whatever ends a sweep or one of its workers, no row is lost, doubled or different.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "models/core/random_stream.hpp"
#include "tests/sweep/sweeping.hpp"

using namespace ebb;
using namespace ebb::test;
using Catch::Matchers::Contains;

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

const std::string kSweep =
    kCircuitA +
    "sweep:\n"
    "  grid:\n"
    "    store.capacitance: {range: {from: 20 uF, to: 400 uF, count: 100, scale: log}}\n"
    "    duration: {range: {from: 5 s, to: 30 s, count: 6}}\n";

/// A sweep as a child in a process group of its own.
pid_t start(const SweepFolder& folder, const std::string& arguments, rlim_t most_bytes = 0) {
    const pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        const int out = open((folder / "log.txt").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
        dup2(out, 1);
        dup2(out, 2);
        if (most_bytes > 0) {
            const rlimit limit{most_bytes, most_bytes};
            setrlimit(RLIMIT_FSIZE, &limit);
        }
        const std::string command =
            "cd " + (folder / ".") + " && exec " + EBB_EXECUTABLE + " sweep " + arguments;
        execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
        _exit(127);
    }
    return pid;
}

int finish(pid_t pid) {
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// Children of a process.
std::vector<pid_t> children_of(pid_t pid) {
    std::vector<pid_t> all;
    std::ifstream in("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children");
    for (pid_t child = 0; in >> child;) {
        all.push_back(child);
    }
    return all;
}

pid_t wait_for_child(pid_t pid) {
    for (int i = 0; i < 2000; ++i) {
        const auto children = children_of(pid);
        if (!children.empty()) {
            return children.front();
        }
        std::this_thread::sleep_for(Milliseconds(1));
    }
    return -1;
}

void check_whole(const std::string& database) {
    CHECK(value_of(database, "PRAGMA integrity_check") == "ok");
}

/// Kills the coordinator at random moments until the sweep is through; returns how often it was
/// killed. `span_ms`: what a whole sweep takes; longer from kill to kill, so that a machine that
/// has become slower since then comes through as well.
int kill_until_done(const SweepFolder& folder, RandomStream& random, double span_ms) {
    int kills = 0;
    for (;;) {
        const pid_t pid = start(folder, "s.yaml --out out --jobs 2");
        std::this_thread::sleep_for(Milliseconds(span_ms * random.uniform()));
        span_ms *= 1.05;
        kill(pid, SIGKILL);
        if (finish(pid) == 0) {
            return kills;
        }
        ++kills;
        if (kills > 400) {
            FAIL("no progress");
        }
    }
}

void coordinator_trials(int kills) {
    const SweepFolder folder;
    folder.write("s.yaml", kSweep);
    const auto begun = std::chrono::steady_clock::now();
    REQUIRE(folder.ebb("sweep s.yaml --out truth").status == 0);
    const double span_ms = Milliseconds(std::chrono::steady_clock::now() - begun).count();
    const auto truth = rows_of(folder / "truth/results.sqlite");
    REQUIRE(truth.size() == 600);
    constexpr std::uint64_t kSeed = 20;
    INFO("seed " << kSeed);
    RandomStream random(kSeed, 1);
    int done = 0;
    while (done < kills) {
        std::filesystem::remove_all(folder / "out");
        done += kill_until_done(folder, random, span_ms);
        check_whole(folder / "out/results.sqlite");
        CHECK(rows_of(folder / "out/results.sqlite") == truth);
    }
}

void worker_trials(int kills) {
    const SweepFolder folder;
    folder.write("s.yaml", kSweep);
    REQUIRE(folder.ebb("sweep s.yaml --out truth").status == 0);
    const auto truth = rows_of(folder / "truth/results.sqlite");
    RandomStream random(21, 1);
    int killed = 0;
    while (killed < kills) {
        std::filesystem::remove_all(folder / "out");
        const pid_t pid = start(folder, "s.yaml --out out --jobs 2");
        wait_for_child(pid);
        for (int i = 0; i < 4; ++i) {
            std::this_thread::sleep_for(Milliseconds(15.0 * random.uniform()));
            const auto children = children_of(pid);
            if (!children.empty()) {
                const auto which = static_cast<std::size_t>(
                    random.uniform() * static_cast<double>(children.size()) - 1e-9);
                killed += kill(children[which], SIGKILL) == 0 ? 1 : 0;
            }
        }
        const int status = finish(pid);
        INFO(folder.read("log.txt"));
        REQUIRE((status == 0 || status == 3));
        const auto rows = rows_of(folder / "out/results.sqlite");
        REQUIRE(rows.size() == truth.size());
        // A killed worker costs at most the run that it was at.
        const std::string lost = value_of(folder / "out/results.sqlite",
                                          "SELECT COUNT(*) FROM runs WHERE status = 'crashed'");
        CHECK(std::stoi(lost) <= 4);
        CHECK((lost == "0") == (status == 0));
        // And the same command makes up for it.
        REQUIRE(folder.ebb("sweep s.yaml --out out").status == 0);
        CHECK(rows_of(folder / "out/results.sqlite") == truth);
    }
}

}  // namespace

TEST_CASE("a coordinator killed at random moments goes on to the same table") {
    coordinator_trials(120);
}
TEST_CASE("workers killed at random moments cost one run each, which the next sweep makes up") {
    worker_trials(80);
}
TEST_CASE("a thousand kills lose nothing", "[.long]") {
    coordinator_trials(500);
    worker_trials(500);
}

TEST_CASE("a worker that hangs past the limit is one failed row") {
    const SweepFolder folder;
    folder.write("s.yaml", kSweep);
    const pid_t pid = start(folder, "s.yaml --out out --jobs 2 --limit-time 0.5s");
    const pid_t worker = wait_for_child(pid);
    REQUIRE(worker > 0);
    std::this_thread::sleep_for(Milliseconds(10));
    kill(worker, SIGSTOP);
    const int status = finish(pid);
    INFO(folder.read("log.txt"));
    const std::string db = folder / "out/results.sqlite";
    CHECK(value_of(db, "SELECT COUNT(*) FROM runs") == "600");
    // Stopped between two runs it is late for none of them: then it is only replaced, or finishes.
    const std::string late = value_of(db, "SELECT COUNT(*) FROM runs WHERE status = 'timeout'");
    CHECK((late == "0" || late == "1"));
    CHECK(status == (late == "0" ? 0 : 3));
    if (late == "1") {
        CHECK_THAT(value_of(db, "SELECT reason FROM runs WHERE status = 'timeout'"),
                   Contains("longer than the limit of 500 ms"));
    }
}

TEST_CASE("a run that needs more memory than the limit fails alone") {
    const SweepFolder folder;
    folder.write("s.yaml",
                 "scenario:\n  name: x\n  duration: 10 s\n"
                 "  source: {trace: {generate: {type: solar, seed: 7, step: 1 s}}, model: {type: "
                 "irradiance_efficiency, area: 4 cm2, efficiency: 10 %}, at_end: loop}\n"
                 "  store: {type: capacitor, capacitance: 100 uF, initial: 2 V, max: 6 V}\n"
                 "  mcu: {turn_on: 3 V, turn_off: 1.8 V, initial: unpowered, boot: {time: 0 s, "
                 "charge: 0 C}, active: {current: 1 mA}, off_current: 0 A}\n"
                 "  workload: {tasks: [{name: load, until_power_fails: true}]}\n"
                 "sweep: {grid: {source.trace.generate.duration: [1 d, 360 d]}}\n");
    const Outcome outcome = folder.ebb("sweep s.yaml --out out --limit-memory '20 MiB'");
    INFO(outcome.text);
    CHECK(outcome.status == 3);
    CHECK(value_of(folder / "out/results.sqlite", "SELECT status FROM runs WHERE point = 0") ==
          "done");
    CHECK(value_of(folder / "out/results.sqlite", "SELECT status FROM runs WHERE point = 1") ==
          "out_of_memory");
}

TEST_CASE("a full disk is a clear error, and what is there stays whole") {
    const SweepFolder folder;
    folder.write("s.yaml", kSweep);
    const pid_t pid = start(folder, "s.yaml --out out --jobs 2", 120000);
    CHECK(finish(pid) == 2);
    CHECK_THAT(folder.read("log.txt"), Contains("cannot write") && Contains("full"));
    check_whole(folder / "out/results.sqlite");
    REQUIRE(folder.ebb("sweep s.yaml --out truth").status == 0);
    REQUIRE(folder.ebb("sweep s.yaml --out out").status == 0);
    CHECK(rows_of(folder / "out/results.sqlite") == rows_of(folder / "truth/results.sqlite"));
}

TEST_CASE("an interrupted sweep ends cleanly, says how to go on, and goes on") {
    const SweepFolder folder;
    folder.write("s.yaml", kSweep);
    bool seen = false;
    for (int attempt = 0; attempt < 20 && !seen; ++attempt) {
        std::filesystem::remove_all(folder / "out");
        const pid_t pid = start(folder, "s.yaml --out out --jobs 1");
        wait_for_child(pid);
        kill(-pid, SIGINT);  // as a terminal does: the whole group
        const int status = finish(pid);
        seen = status == 3;
    }
    REQUIRE(seen);
    CHECK_THAT(folder.read("log.txt"), Contains("the same command goes on from there"));
    check_whole(folder / "out/results.sqlite");
    REQUIRE(folder.ebb("sweep s.yaml --out truth").status == 0);
    REQUIRE(folder.ebb("sweep s.yaml --out out").status == 0);
    CHECK(rows_of(folder / "out/results.sqlite") == rows_of(folder / "truth/results.sqlite"));
}

TEST_CASE("two sweeps do not write one table") {
    const SweepFolder folder;
    folder.write("s.yaml", kSweep);
    const pid_t pid = start(folder, "s.yaml --out out --jobs 1");
    REQUIRE(wait_for_child(pid) > 0);
    kill(pid, SIGSTOP);  // it holds the table
    const Outcome second = folder.ebb("sweep s.yaml --out out");
    kill(pid, SIGCONT);
    CHECK(finish(pid) == 0);
    CHECK(second.status == 2);
    CHECK_THAT(second.text, Contains("another sweep is writing these results"));
}

TEST_CASE("a folder that cannot be used is refused with its reason") {
    const SweepFolder folder;
    folder.write("s.yaml", kSweep);
    folder.write("file", "x");
    CHECK_THAT(folder.ebb("sweep s.yaml --out file").text, Contains("the results need a folder"));
    CHECK(folder.ebb("sweep s.yaml --out file/below").status == 2);
    CHECK(folder.ebb("sweep s.yaml --out /proc/ebb").status == 2);
    std::filesystem::create_directories(folder / "other");
    folder.write("other/results.sqlite", "this is no database, but it is longer than a header is");
    const Outcome outcome = folder.ebb("sweep s.yaml --out other");
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.text, Contains("not a database"));
}
