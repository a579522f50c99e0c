// SPDX-License-Identifier: Apache-2.0
/// Cost of networks: one decision of a tiled plan, lowering and choosing tiles, and units that grow
/// while decisions do not. Ratios of figures from one call are what counts.
#include <benchmark/benchmark.h>

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sim/device/lower_work.hpp"
#include "sim/device/run.hpp"
#include "tests/bench/bench_scenarios.hpp"

namespace {

using namespace ebb;

void count_decisions(benchmark::State& state, const Scenario& scenario) {
    double decisions = 0.0;
    double cycles = 0.0;
    double units = 0.0;
    for (auto _ : state) {
        const Result r = run(scenario, {}, nullptr);
        decisions += static_cast<double>(r.kernel.decisions);
        cycles += static_cast<double>(r.power.boots);
        units += static_cast<double>(r.work.units_done);
    }
    state.counters["decisions_per_cycle"] = decisions / cycles;
    state.counters["units_per_run"] = units / static_cast<double>(state.iterations());
    state.counters["s_per_decision"] =
        benchmark::Counter(decisions, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// The largest published plan, 1,417 power cycles, from the published table; argument: resistance
/// of the source in ohms, which only changes the time off.
void largest_tinas_plan(benchmark::State& state) {
    const char* const data = std::getenv("EBB_TEST_DATA");
    std::ifstream golden(std::string(data == nullptr ? "" : data) +
                         "/data/golden/tinas_layers.csv");
    if (!golden) {
        state.SkipWithError("needs golden/tinas_layers.csv from $EBB_TEST_DATA");
        return;
    }
    const std::string path =
        (std::filesystem::temp_directory_path() / "ebb-bench-tinas.csv").string();
    std::ofstream table(path);
    for (std::string line; std::getline(golden, line);) {
        const bool header = line.rfind("solution,", 0) == 0;
        if (header || line.rfind("TiNAS-U_CIFAR10-LAT-perc75,", 0) == 0) {
            constexpr int kColumns = 25;  // id to batch
            std::istringstream cells(line.substr(line.find(',') + 1));
            std::string cell;
            for (int i = 0; i < kColumns && std::getline(cells, cell, ','); ++i) {
                table << (i == 0 ? "" : ",") << cell;
            }
            table << "\n";
        }
    }
    table.close();
    count_decisions(
        state, bench::read("examples/inas.yaml",
                           {"workload.network=" + path, "duration=100000 s", "until={jobs: 10}",
                            "source.model.resistance=" + std::to_string(state.range(0)) + " Ohm"}));
    std::filesystem::remove(path);
}
BENCHMARK(largest_tinas_plan)->Arg(2800)->Arg(28000)->Unit(benchmark::kMicrosecond);

/// Lowering the 55-layer plan, and choosing tiles for all of its layers.
void lower_55_layers(benchmark::State& state) {
    std::vector<std::string> sets;
    if (state.range(0) != 0) {
        sets = {
            "workload.tiles={for: latency, source_voltage: 5.892 V, source_resistance: 2.8 kOhm}"};
    }
    const Scenario scenario = bench::read("examples/inas.yaml", sets);
    for (auto _ : state) {
        const LoweredWork work = lower_work(scenario);
        benchmark::DoNotOptimize(work.program.nests.data());
    }
}
BENCHMARK(lower_55_layers)->ArgName("choose")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

/// One convolution of 32 columns and 100, 1,000 or 10,000 rows, committed unit by unit, on a
/// capacitor that grows with it: the same power cycles, up to a hundred times the units.
void scaled_network(benchmark::State& state) {
    const std::int64_t rows = 100 * state.range(0);
    const std::string path =
        (std::filesystem::temp_directory_path() / "ebb-bench-scaled.csv").string();
    std::ofstream table(path);
    table << "id,name,op,from,in_h,in_w,in_c,out_h,out_w,out_c,kernel_h,kernel_w,stride,stride_w,"
             "macs,params,weight_bytes,input_bytes,output_bytes\n"
          << fmt::format("0,conv,CONV,input,{0},32,4,{0},32,4,1,1,1,1,{1},16,16,{2},{2}\n", rows,
                         rows * 32 * 16, rows * 32 * 4);
    table.close();
    count_decisions(
        state, bench::read(
                   "examples/inas.yaml",
                   {"workload.network=" + path, "workload.platform=cortex_m33_stm32u385",
                    "source.model={type: constant_power, power: 100 uW}",
                    "source.harvest_while_on=true", "nvm={part: mb85rs256ty}", "nvm.capacity=16 MB",
                    "checkpoint={policy: commit, granularity: unit}", "duration=100000 s",
                    "until={jobs: 1}", fmt::format("store.capacitance={} uF", 20 * state.range(0)),
                    "store.initial=3.3 V"}));
    std::filesystem::remove(path);
}
BENCHMARK(scaled_network)->Arg(1)->Arg(10)->Arg(100)->Unit(benchmark::kMicrosecond);

}  // namespace
