// SPDX-License-Identifier: Apache-2.0
/// Solar runs: a month of measured irradiance through a BQ25570 under a just-in-time policy, and a
/// year of one sample per second through a cell at its maximum-power point onto a store.
///
/// Counters of the month: decisions of a run, seconds per decision and per stretch of the supply.
/// Counters of the year: seconds per sample, of the operating points alone and of a whole run, and
/// the process's peak memory. The year is 250 MB in a temporary folder.
#include <benchmark/benchmark.h>

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "models/core/component.hpp"
#include "models/harvester/pv_cell.hpp"
#include "sim/device/run.hpp"
#include "sim/trace/series_file.hpp"
#include "tests/bench/bench_scenarios.hpp"

namespace {

using namespace ebb;
namespace fs = std::filesystem;

benchmark::Counter per(double count) {
    return {count, benchmark::Counter::kIsRate | benchmark::Counter::kInvert};
}

/// Arguments: milliseconds of a job (0: as the example, whose job outlasts a charge of the store);
/// whether the cell stays at its maximum-power point instead of looking at its open circuit every
/// 16 s, which alone cuts the month into 324,000 stretches.
void solar_month(benchmark::State& state) {
    if (std::getenv("EBB_TEST_DATA") == nullptr) {
        state.SkipWithError("needs the recording solar/nrel-srrl-2018-09 from $EBB_TEST_DATA");
        return;
    }
    std::vector<std::string> sets = {"duration=30 d", "source.start=0 s"};
    if (state.range(1) != 0) {
        sets.push_back("source.model={part: kxob25_05x3f, area_scale: 0.543, operate: mpp}");
    }
    if (state.range(0) > 0) {
        sets.push_back("workload.tasks=[{name: job, time: " + std::to_string(state.range(0)) +
                       " ms}]");
    }
    const Scenario scenario = bench::read("examples/nrel_month.yaml", sets);
    Result r;
    double decisions = 0.0;
    double segments = 0.0;
    for (auto _ : state) {
        r = run(scenario, {}, nullptr);
        decisions += static_cast<double>(r.kernel.decisions);
        segments += static_cast<double>(r.kernel.segments);
    }
    state.counters["decisions"] = static_cast<double>(r.kernel.decisions);
    state.counters["segments"] = static_cast<double>(r.kernel.segments);
    state.counters["s_per_decision"] = per(decisions);
    state.counters["s_per_segment"] = per(segments);
}
BENCHMARK(solar_month)
    ->ArgNames({"job_ms", "mpp"})
    ->Args({0, 0})
    ->Args({0, 1})
    ->Args({50, 0})
    ->Unit(benchmark::kMillisecond);

/// From the text of the scenario on: parts, catalog, digest and reading of the trace.
void solar_month_read(benchmark::State& state) {
    if (std::getenv("EBB_TEST_DATA") == nullptr) {
        state.SkipWithError("needs the recording solar/nrel-srrl-2018-09 from $EBB_TEST_DATA");
        return;
    }
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            bench::read("examples/nrel_month.yaml", {"duration=30 d", "source.start=0 s"}));
    }
}
BENCHMARK(solar_month_read)->Unit(benchmark::kMillisecond);

constexpr std::size_t kYear = 31'536'000;

/// A converted year of irradiance at one sample per second, made on first use and removed at the
/// end: days of a sine by season, nights of zero, clouds that come and go, noise in every sample.
class Year {
public:
    Year() : folder_((fs::temp_directory_path() / "ebb-bench-year").string()) {
        SeriesFileWriter writer(folder_, std::string(64, '1'));
        writer.begin_index(1);
        std::mt19937_64 random(1);
        const auto uniform = [&] { return 0x1p-64 * static_cast<double>(random()); };
        std::vector<double> block(86'400);
        double cloud = 1.0;
        for (std::size_t day = 0; day < kYear / block.size(); ++day) {
            const double season = -std::cos(2.0 * kPi * (static_cast<double>(day) + 10.0) / 365.0);
            const double half_day_s = (6.0 + 1.5 * season) * 3600.0;
            for (std::size_t s = 0; s < block.size(); ++s) {
                if (s % 600 == 0) {
                    cloud = uniform() < 0.6 ? 1.0 : 0.15 + 0.6 * uniform();
                }
                const double from_noon = static_cast<double>(s) - 43'200.0;
                const double height = std::cos(0.5 * kPi * from_noon / half_day_s);
                block[s] = std::fabs(from_noon) < half_day_s ? (750.0 + 250.0 * season) * height *
                                                                   cloud * (0.98 + 0.04 * uniform())
                                                             : 0.0;
            }
            writer.add(block.data(), block.size());
        }
        if (!writer.finish(Quantity::irradiance_w_m2, Interpolation::hold,
                           Bounds::even(0, 1'000'000'000, kYear + 1), "csv", {})) {
            std::abort();
        }
        file_ = map_series(folder_, std::string(64, '1'));
        series_ = std::make_shared<const Series>(file_.value().series);
    }
    ~Year() {
        std::error_code code;
        fs::remove_all(folder_, code);
    }
    Year(const Year&) = delete;
    Year& operator=(const Year&) = delete;
    [[nodiscard]] const std::shared_ptr<const Series>& series() const { return series_; }

private:
    static constexpr double kPi = 3.14159265358979323846;
    std::string folder_;
    std::optional<SeriesFromFile> file_;
    std::shared_ptr<const Series> series_;
};

const Year& year() {
    static const Year made;
    return made;
}

double peak_mb() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

/// Argument: 0: a store that never fills, nothing is drawn beside a resistive leak, 1: a current as
/// well, 2: a weak load, and a store that is full by day, 3: the month's device.
void solar_year(benchmark::State& state) {
    std::vector<std::string> sets = {
        "duration=365 d",
        "source={trace: {generate: {type: solar, seed: 1, step: 1 h}}, at_end: loop, "
        "model: {part: kxob25_05x3f, area_scale: 0.543, operate: mpp}}",
        "converter={type: efficiency, value: 85 %}"};
    const long kind = state.range(0);
    if (kind < 2) {
        sets.emplace_back(
            "store={type: capacitor, capacitance: 100000 F, initial: 1 V, max: 4.2 V, "
            "leakage: {resistance: 100 kOhm}}");
        sets.push_back(std::string("mcu.off_current=") + (kind == 0 ? "0 A" : "1 uA"));
    } else if (kind == 2) {
        sets.emplace_back("store.capacitance=10 F");
        sets.emplace_back("mcu.active.current=100 uA");
        sets.emplace_back("workload.tasks=[{name: job, time: 1 d}]");
    }
    Scenario scenario = bench::read("examples/nrel_month.yaml", sets);
    scenario.source.series = year().series();
    Result r;
    for (auto _ : state) {
        r = run(scenario, {}, nullptr);
    }
    state.counters["s_per_sample"] = benchmark::Counter(
        static_cast<double>(kYear),
        benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
    state.counters["decisions"] = static_cast<double>(r.kernel.decisions);
    state.counters["peak_mb"] = peak_mb();
}
BENCHMARK(solar_year)->DenseRange(0, 3)->Unit(benchmark::kMillisecond);

}  // namespace
