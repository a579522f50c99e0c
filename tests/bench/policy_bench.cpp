// SPDX-License-Identifier: Apache-2.0
/// What the consistency check costs, what a checkpoint policy costs, and how long it takes to try
/// all of them. Ratios come from runs that take turns in one benchmark, the fastest of each in
/// processor time: what else the machine does falls on both.
///
///   consistency_check   time_ratio: a run with the check over the same run without (goal 1.05)
///   policy_itself       time_ratio: a run over the same run whose trigger gives the same answers
///                       from a list, so that the engine decides the same and the policy does
///                       nothing (goal 1.10)
///   all_policies        `ebb policies` on one start of a recorded RF field, one capacitance, by
///   the
///                       clock on the wall (goal 100 ms); its argument: processes
///   policies_command    the same as a command, from its start to its end, on all processors
///   rf_read, rf_run     what these consist of: reading the scenario and its recording, and the run
///                       under one policy
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/analysis/policy_comparison.hpp"
#include "sim/device/run.hpp"
#include "sim/scenario/loaded_files.hpp"
#include "tests/bench/bench_scenarios.hpp"
#include "tests/support/wrapped_policy.hpp"

namespace {

using namespace ebb;

/// One of two scenarios or options that take turns.
struct Side {
    const Scenario& scenario;
    RunOptions options;
    double least_s = std::numeric_limits<double>::infinity();
    double decisions = 0.0;

    void run_once() {
        const std::clock_t begun = std::clock();
        const Result r = run(scenario, options, nullptr);
        const double took_s = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
        least_s = std::min(least_s, took_s);
        decisions = static_cast<double>(r.kernel.decisions);
    }
};

/// Power fails often in all of them, for want of energy.
const std::vector<std::string> kChecked = {
    "quickstart.yaml",      "examples/sonic.yaml",       "examples/tails.yaml",
    "examples/hawaii.yaml", "examples/alpaca.yaml",      "examples/inas.yaml",
    "examples/japari.yaml", "examples/quickrecall.yaml", "examples/mementos.yaml"};

void consistency_check(benchmark::State& state) {
    const std::string& name = kChecked[static_cast<std::size_t>(state.range(0))];
    const Scenario scenario = bench::read(name, {"expect={}"});
    RunOptions unchecked;
    unchecked.follow_memory = false;
    Side with{scenario, {}};
    Side without{scenario, unchecked};
    for (auto _ : state) {  // each comes behind each: a run pays for what the one before has left
        with.run_once();
        without.run_once();
        without.run_once();
        with.run_once();
    }
    state.counters["time_ratio"] = with.least_s / without.least_s;
    state.SetLabel(name);
}
BENCHMARK(consistency_check)
    ->DenseRange(0, static_cast<int>(kChecked.size()) - 1)
    ->Unit(benchmark::kMillisecond);

/// What a trigger answered, in order over all boots.
using Answers = std::vector<Action>;

class NotingTrigger final : public Trigger {
public:
    NotingTrigger(std::unique_ptr<Trigger> own, Answers& answers)
        : own_(std::move(own)), answers_(answers) {}
    [[nodiscard]] Action boot(BootCause cause) override { return note(own_->boot(cause)); }
    [[nodiscard]] Action voltage() override { return note(own_->voltage()); }
    [[nodiscard]] Action snapshot_done() override { return note(own_->snapshot_done()); }
    [[nodiscard]] Action boundary() override { return note(own_->boundary()); }
    [[nodiscard]] Action before(const Ahead& next) override { return note(own_->before(next)); }
    [[nodiscard]] Action timer() override { return note(own_->timer()); }
    [[nodiscard]] Action adc(std::int64_t code) override { return note(own_->adc(code)); }
    void found(std::optional<double> word) override { own_->found(word); }

private:
    Action note(const Action& action) {
        answers_.push_back(action);
        return action;
    }
    std::unique_ptr<Trigger> own_;
    Answers& answers_;
};

/// Gives the same answers again without a thought.
class ReplayingTrigger final : public Trigger {
public:
    ReplayingTrigger(const Answers& answers, std::size_t& at) : answers_(answers), at_(at) {}
    [[nodiscard]] Action boot(BootCause) override { return answers_[at_++]; }
    [[nodiscard]] Action voltage() override { return answers_[at_++]; }
    [[nodiscard]] Action snapshot_done() override { return answers_[at_++]; }
    [[nodiscard]] Action boundary() override { return answers_[at_++]; }
    [[nodiscard]] Action before(const Ahead&) override { return answers_[at_++]; }
    [[nodiscard]] Action timer() override { return answers_[at_++]; }
    [[nodiscard]] Action adc(std::int64_t) override { return answers_[at_++]; }

private:
    const Answers& answers_;
    std::size_t& at_;
};

const std::vector<std::string> kAsked = {
    "policy: jit",
    "policy: hibernus",
    "policy: managed_state",
    "policy: mementos",
    "policy: mementos, trigger: timer, interval: 20 ms",
    "policy: commit, granularity: tile",
    "policy: samoyed",
    "policy: debs",
    "policy: optic",
};

void policy_itself(benchmark::State& state) {
    const std::string& policy = kAsked[static_cast<std::size_t>(state.range(0))];
    state.SetLabel(policy);
    const Scenario own = bench::read(
        "quickstart.yaml", {"store.capacitance=470 uF", "mcu.registers=64 B", "mcu.ram=8 kB",
                            "checkpoint={" + policy + "}", "expect={}"});
    Answers answers;
    Scenario noted = own;
    noted.checkpoint = std::make_shared<test::WrappedPolicy>(
        own.checkpoint, [&](const CheckpointPolicy& wrapped, const PolicyFacts& facts) {
            return std::make_unique<NotingTrigger>(wrapped.trigger(facts), answers);
        });
    const Result once = run(noted, {}, nullptr);

    std::size_t at = 0;
    Scenario replayed = own;
    replayed.checkpoint = std::make_shared<test::WrappedPolicy>(
        own.checkpoint, [&](const CheckpointPolicy&, const PolicyFacts&) {
            return std::make_unique<ReplayingTrigger>(answers, at);
        });
    Side with{own, {}};
    Side without{replayed, {}};
    for (auto _ : state) {
        with.run_once();
        at = 0;
        without.run_once();
    }
    if (with.decisions != without.decisions || at != answers.size()) {
        state.SkipWithError("the replayed answers gave another run");
        return;
    }
    state.counters["time_ratio"] = with.least_s / without.least_s;
    state.counters["answers"] = static_cast<double>(answers.size());
    state.counters["decisions"] = static_cast<double>(once.kernel.decisions);
}
BENCHMARK(policy_itself)
    ->DenseRange(0, static_cast<int>(kAsked.size()) - 1)
    ->Unit(benchmark::kMillisecond);

constexpr const char* kRf = "examples/mementos_rf.yaml";

bool no_recording(benchmark::State& state) {
    if (std::getenv("EBB_TEST_DATA") != nullptr) {
        return false;
    }
    state.SkipWithError("needs the recording rf/mementos-2 from $EBB_TEST_DATA");
    return true;
}

void rf_read(benchmark::State& state) {
    if (no_recording(state)) {
        return;
    }
    const bool again = state.range(0) != 0;
    auto loaded = std::make_shared<LoadedFiles>();
    for (auto _ : state) {
        benchmark::DoNotOptimize(bench::read(kRf, {"checkpoint={policy: debs}"}, loaded));
        if (!again) {
            loaded = std::make_shared<LoadedFiles>();
        }
    }
    state.SetLabel(again ? "another scenario has read the same files" : "first");
}
BENCHMARK(rf_read)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

/// All that can.
const std::vector<std::string> kOnRf = {"policy: none",
                                        "policy: periodic",
                                        "policy: chinchilla",
                                        "policy: commit, granularity: unit",
                                        "policy: commit, granularity: tile",
                                        "policy: commit, granularity: layer",
                                        "policy: jit",
                                        "policy: allocated_state",
                                        "policy: managed_state",
                                        "policy: mementos",
                                        "policy: samoyed",
                                        "policy: rockclimb",
                                        "policy: debs",
                                        "policy: optic"};

void rf_run(benchmark::State& state) {
    if (no_recording(state)) {
        return;
    }
    const std::string& policy = kOnRf[static_cast<std::size_t>(state.range(0))];
    state.SetLabel(policy);
    const Scenario scenario =
        bench::read(kRf, {"checkpoint={" + policy + "}"}, std::make_shared<LoadedFiles>());
    Result r;
    for (auto _ : state) {
        r = run(scenario, {}, nullptr);
    }
    state.counters["decisions"] = static_cast<double>(r.kernel.decisions);
    state.counters["segments"] = static_cast<double>(r.kernel.segments);
}
BENCHMARK(rf_run)->DenseRange(0, static_cast<int>(kOnRf.size()) - 1)->Unit(benchmark::kMillisecond);

void all_policies(benchmark::State& state) {
    if (no_recording(state)) {
        return;
    }
    ComparisonOptions options;
    options.starts = 1;
    options.tolerances = false;
    options.processes = static_cast<std::size_t>(state.range(0));
    double policies = 0.0;
    for (auto _ : state) {
        const auto loaded = std::make_shared<LoadedFiles>();
        const PolicyComparison c = compare_policies(
            [&loaded](const std::vector<std::string>& sets) {
                return bench::read(kRf, sets, loaded);
            },
            bench::all_components(), options);
        policies = static_cast<double>(c.ranked.size());
    }
    state.counters["policies"] = policies;
}
BENCHMARK(all_policies)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

void policies_command(benchmark::State& state) {
    if (no_recording(state)) {
        return;
    }
    const std::filesystem::path program =
        std::filesystem::read_symlink("/proc/self/exe").replace_filename("ebb");
    if (!std::filesystem::exists(program)) {
        state.SkipWithError("build the program as well: ninja ebb");
        return;
    }
    const std::string command = "EBB_TRACE_MIRROR=$EBB_TEST_DATA/traces exec " + program.string() +
                                " policies --starts 1 --exact " EBB_SOURCE_DIR "/scenarios/" + kRf +
                                " >/dev/null";
    for (auto _ : state) {
        if (std::system(command.c_str()) != 0) {
            state.SkipWithError(("failed: " + command).c_str());
        }
    }
}
BENCHMARK(policies_command)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
