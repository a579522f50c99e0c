// SPDX-License-Identifier: Apache-2.0
/// Long recordings from the cache: a walk of the store alone, by the index and sample by sample,
/// whole runs, and conversions of texts. The counters: samples (or simulated seconds) per second,
/// and the process's peak memory, which a first hour of samples must not move. EBB_BENCH_HOUR=1
/// adds the hour (3 GB of temporary file) and texts of 1e8 rows (5 GB).
#include <benchmark/benchmark.h>

#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>

#include "models/core/component.hpp"
#include "models/store/capacitor_store.hpp"
#include "sim/device/run.hpp"
#include "sim/scenario/read_scenario.hpp"
#include "sim/trace/series_file.hpp"
#include "sim/trace/trace.hpp"

namespace {

using namespace ebb;
namespace fs = std::filesystem;

constexpr double kRate_hz = 100e3;

double peak_mb() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

/// A converted recording of so many samples, made on first use and removed at the end.
class Recordings {
public:
    Recordings() : folder_((fs::temp_directory_path() / "ebb-bench-series").string()) {}
    ~Recordings() {
        std::error_code code;
        fs::remove_all(folder_, code);
    }
    Recordings(const Recordings&) = delete;
    Recordings& operator=(const Recordings&) = delete;

    /// Noise about a level that changes each 100 ms.
    void write(std::size_t samples) {
        const std::string key = key_of(samples);
        if (fs::exists(series_path(folder_, key))) {
            return;
        }
        std::mt19937_64 random(1);
        SeriesFileWriter writer(folder_, key);
        writer.begin_index(1);
        std::vector<double> block(10'000);
        for (std::size_t done = 0; done < samples; done += block.size()) {
            const double level = 0.2e-3 * static_cast<double>(random() % 10);
            for (double& x : block) {
                x = level * (0.5 + 0x1p-64 * static_cast<double>(random()));
            }
            writer.add(block.data(), std::min(block.size(), samples - done));
        }
        const auto step = static_cast<std::int64_t>(1e9 / kRate_hz);
        if (!writer.finish(Quantity::power_w, Interpolation::hold,
                           Bounds::even(0, step, samples + 1), "csv", {})) {
            std::abort();
        }
    }
    std::optional<SeriesFromFile> map(std::size_t samples) {
        write(samples);
        return map_series(folder_, key_of(samples));
    }

private:
    static std::string key_of(std::size_t samples) {
        std::string key = std::to_string(samples);
        key.insert(0, 64 - key.size(), '0');
        return key;
    }
    std::string folder_;
};

Recordings& recordings() {
    static Recordings all;
    return all;
}

/// Opening, which checks every byte.
void open_converted(benchmark::State& state) {
    const auto samples = static_cast<std::size_t>(state.range(0));
    recordings().write(samples);
    for (auto _ : state) {
        benchmark::DoNotOptimize(recordings().map(samples));
    }
    state.counters["samples_per_s"] = benchmark::Counter(
        static_cast<double>(samples * state.iterations()), benchmark::Counter::kIsRate);
    state.counters["peak_mb"] = peak_mb();
}

/// A charging store. Arguments: samples; constant current of the load in nA.
void charge(benchmark::State& state) {
    const auto samples = static_cast<std::size_t>(state.range(0));
    const auto file = recordings().map(samples);
    const auto series = std::make_shared<const Series>(file->series);
    const Supply supply(SupplyShape{}, series, 0, 1.0, AtEnd::loop);
    CapacitorParams params;
    params.capacitance_f = 10e-3 * static_cast<double>(samples) / 6e6;
    params.initial_v = 1.0;
    params.max_v = 10.0;
    params.leakage.resistance_ohm = 5e6;
    LoadPhase phase;
    phase.duration_s = std::numeric_limits<double>::infinity();
    Draw draw;
    draw.add({Sink::sleep, {0.0, static_cast<double>(state.range(1)) * 1e-9, 0.0}, {}});
    phase.regulated = draw;
    phase.drop_out = draw;
    Load load;
    load.phases = {phase};
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    const Time end = Time(series->duration_ns());
    for (auto _ : state) {
        CapacitorStore store(params);
        store.reset(supply);
        benchmark::DoNotOptimize(store.walk(load, {kNone, kNone}, end).at);
    }
    state.counters["samples_per_s"] = benchmark::Counter(
        static_cast<double>(samples * state.iterations()), benchmark::Counter::kIsRate);
    state.counters["peak_mb"] = peak_mb();
}

/// A whole run: charged, boots, works until the power fails. Argument: simulated seconds.
void recorded_run(benchmark::State& state) {
    const double seconds = static_cast<double>(state.range(0));
    const auto file = recordings().map(static_cast<std::size_t>(seconds * kRate_hz));
    Registry registry;
    register_all(registry);
    const std::string source = EBB_SOURCE_DIR;
    const std::string stand_in = (fs::temp_directory_path() / "ebb-bench-series/x.csv").string();
    std::ofstream(stand_in) << "time_s,power_w\n0,0.001\n1,0.001\n";
    ReadOptions o;
    o.parts_folder = source + "/models";
    o.sets = {"source={trace: " + stand_in + ", model: {type: power}, at_end: loop}",
              "duration=" + std::to_string(state.range(0)) + " s", "expect={}"};
    Scenario scenario = read_scenario(source + "/scenarios/examples/circuit_a.yaml", registry, o);
    scenario.source.series = std::make_shared<const Series>(file->series);
    double cycles = 0.0;
    for (auto _ : state) {
        cycles += static_cast<double>(run(scenario, {}, nullptr).power.brown_outs);
    }
    state.counters["sim_s_per_s"] = benchmark::Counter(
        seconds * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
    state.counters["power_cycles"] = cycles / static_cast<double>(state.iterations());
    state.counters["peak_mb"] = peak_mb();
}

/// A conversion of a text: rows at equal steps, or at others. The peak must not grow with the rows.
void convert_text(benchmark::State& state) {
    const auto rows = static_cast<std::size_t>(state.range(0));
    const bool even = state.range(1) != 0;
    const fs::path folder = fs::temp_directory_path() / "ebb-bench-text";
    fs::create_directories(folder);
    TraceRequest request;
    request.ref = (folder / "rows.csv").string();
    {
        std::mt19937_64 random(1);
        std::ofstream out(request.ref);
        out << "time_s,power_w\n";
        std::uint64_t at = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            at += even ? 10 : 5 + random() % 10;
            out << at << "e-6," << random() % 1000 << "e-6\n";
        }
    }
    TraceEnvironment environment;
    environment.cache = (folder / "cache").string();
    for (auto _ : state) {
        fs::remove_all(environment.cache);
        benchmark::DoNotOptimize(load_trace(request, environment, {}));
    }
    fs::remove_all(folder);
    state.counters["rows_per_s"] = benchmark::Counter(
        static_cast<double>(rows * state.iterations()), benchmark::Counter::kIsRate);
    state.counters["peak_mb"] = peak_mb();
}

constexpr std::int64_t kMinute = 6'000'000;
constexpr std::int64_t kHour = 360'000'000;

[[maybe_unused]] const bool registered = [] {
    const bool hour = std::getenv("EBB_BENCH_HOUR") != nullptr;
    auto* const open = benchmark::RegisterBenchmark("open_converted", open_converted);
    auto* const charging = benchmark::RegisterBenchmark("charge", charge);
    auto* const whole = benchmark::RegisterBenchmark("recorded_run", recorded_run);
    auto* const text = benchmark::RegisterBenchmark("convert_text", convert_text);
    for (const std::int64_t rows : {1'000'000, 100'000'000}) {
        if (rows == 1'000'000 || hour) {
            text->Args({rows, 1})->Args({rows, 0});
        }
    }
    for (const std::int64_t samples : {kMinute, kHour}) {
        if (samples == kMinute || hour) {
            open->Arg(samples);
            charging->Args({samples, 0})->Args({samples, 1000});
            whole->Arg(samples / static_cast<std::int64_t>(kRate_hz));
        }
    }
    for (auto* const one : {open, charging, whole, text}) {
        one->Unit(benchmark::kMillisecond);
    }
    return true;
}();

}  // namespace
