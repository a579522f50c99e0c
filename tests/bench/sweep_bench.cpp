// SPDX-License-Identifier: Apache-2.0
/// Cost of sweeps: making a point's scenario by setting numbers and by reading it again, and whole
/// sweeps with workers and database. Counters are per second of wall time.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <string>

#include "sim/sweep/point_reader.hpp"
#include "sim/sweep/run_sweep.hpp"
#include "tests/bench/bench_scenarios.hpp"

namespace {

using namespace ebb;

SweepPlan plan_of(const std::string& axis) {
    const std::string text = std::string("scenario: ") + EBB_SOURCE_DIR +
                             "/scenarios/examples/circuit_a.yaml\nsweep: {grid: {" + axis + "}}\n";
    return SweepPlan(read_sweep_text(text, "bench.yaml"), bench::all_components(),
                     bench::options());
}

void make_points(benchmark::State& state, const std::string& axis) {
    const SweepPlan plan = plan_of(axis);
    PointReader reader(plan, "");
    std::uint64_t run = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(&reader.read(run));
        benchmark::DoNotOptimize(reader.identity());
        run = (run + 1) % plan.points();
    }
    state.counters["points_per_s"] =
        benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void point_by_setting(benchmark::State& state) {
    make_points(state, "store.capacitance: {range: {from: 50 uF, to: 500 uF, count: 1000}}");
}
BENCHMARK(point_by_setting)->Unit(benchmark::kMicrosecond);

void point_by_reading(benchmark::State& state) {
    make_points(state, "'workload.tasks[0].current': {range: {from: 1 mA, to: 2 mA, count: 1000}}");
}
BENCHMARK(point_by_reading)->Unit(benchmark::kMicrosecond);

/// 1,000 capacitors x 10 s of circuit A, from the plan to the finished database.
void sweep_of_1000(benchmark::State& state) {
    const std::string folder = std::filesystem::temp_directory_path() / "ebb-bench-sweep";
    std::uint64_t runs = 0;
    for (auto _ : state) {
        std::filesystem::remove_all(folder);
        const SweepPlan plan =
            plan_of("store.capacitance: {range: {from: 50 uF, to: 500 uF, count: 1000}}");
        const MetricColumns metrics({"load"});
        const SweepColumns columns(plan, metrics);
        SweepOptions options;
        options.folder = folder;
        options.workers = static_cast<std::size_t>(state.range(0));
        runs += run_sweep(plan, columns, options, nullptr).done;
    }
    state.counters["runs_per_s"] =
        benchmark::Counter(static_cast<double>(runs), benchmark::Counter::kIsRate);
}
BENCHMARK(sweep_of_1000)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
