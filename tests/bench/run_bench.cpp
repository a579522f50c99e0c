// SPDX-License-Identifier: Apache-2.0
/// Cost of whole runs: the counter sim_s_per_s is simulated seconds per second of one core. Ratios
/// of figures from one call are what counts; absolute times belong to the machine.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "models/core/unit_leap.hpp"
#include "models/store/capacitor_store.hpp"
#include "sim/device/run.hpp"
#include "sim/result/file_recorder.hpp"
#include "sim/result/run_folder.hpp"
#include "tests/bench/bench_scenarios.hpp"

namespace {

using namespace ebb;
using bench::read;

void time_runs(benchmark::State& state, const Scenario& scenario) {
    double simulated = 0.0;
    std::uint64_t events = 0;
    for (auto _ : state) {
        const Result r = run(scenario, {}, nullptr);
        simulated += r.time.simulated_s;
        events += r.kernel.events;
    }
    state.counters["sim_s_per_s"] = benchmark::Counter(simulated, benchmark::Counter::kIsRate);
    state.counters["events_per_s"] =
        benchmark::Counter(static_cast<double>(events), benchmark::Counter::kIsRate);
}

void circuit_a(benchmark::State& state) {
    time_runs(state, read("examples/circuit_a.yaml", {"duration=100000 s", "expect={}"}));
}
BENCHMARK(circuit_a)->Unit(benchmark::kMillisecond);

void circuit_a_with_events_csv(benchmark::State& state) {
    const Scenario scenario = read("examples/circuit_a.yaml", {"duration=100000 s", "expect={}"});
    const std::string path = std::filesystem::temp_directory_path() / "ebb-bench-run";
    double simulated = 0.0;
    for (auto _ : state) {
        RunFolder folder(path);
        FileRecorder recorder(folder, RecordLevel::events, nullptr);
        simulated += run(scenario, {}, &recorder).time.simulated_s;
        recorder.finish();
    }
    state.counters["sim_s_per_s"] = benchmark::Counter(simulated, benchmark::Counter::kIsRate);
    std::filesystem::remove_all(path);
}
BENCHMARK(circuit_a_with_events_csv)->Unit(benchmark::kMillisecond);

/// 36 on and off events, kernel renewal and module build included.
void short_run(benchmark::State& state) { time_runs(state, read("examples/circuit_a.yaml", {})); }
BENCHMARK(short_run)->Unit(benchmark::kMicrosecond);

/// The network job on the looped RF recording. Argument: constant leak in nA.
void network_job(benchmark::State& state) {
    if (std::getenv("EBB_TEST_DATA") == nullptr) {
        state.SkipWithError("needs the recording rf/mementos-2 from $EBB_TEST_DATA");
        return;
    }
    std::vector<std::string> sets = {"duration=4000 s", "mcu.sleep.current=0 A",
                                     "mcu.off_current=0 A", "nvm.standby=0 A", "nvm.sleep=0 A"};
    if (state.range(0) > 0) {
        sets.push_back("store.leakage.current=" + std::to_string(state.range(0)) + " nA");
    }
    time_runs(state, read("examples/mementos_rf.yaml", sets));
}
BENCHMARK(network_job)->Arg(0)->Arg(3000)->Unit(benchmark::kMillisecond);

/// One leap over n units of three phases under a constant supply, a current among the loads.
void leap(benchmark::State& state) {
    const std::vector<UnitPhase> phases = {{{-2.7e-3, -3e-6, -1e-6}, 4e-6},
                                           {{-5.7e-3, -3e-6, -1e-6}, 12e-6},
                                           {{-8.7e-3, -3e-6, -1e-6}, 4e-6}};
    UnitRun run;
    run.capacitance_f = 1e-4 * static_cast<double>(state.range(0)) / 1000.0;
    run.v0 = 3.0;
    run.count = state.range(0);
    run.lower_v = 1.8;
    run.upper_v = 6.0;
    UnitLeap out;
    for (auto _ : state) {
        leap_units(phases, run, out);
        benchmark::DoNotOptimize(out.v);
    }
    state.counters["units"] = static_cast<double>(out.units);
}
BENCHMARK(leap)->Arg(100)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

}  // namespace
