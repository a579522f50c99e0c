// SPDX-License-Identifier: Apache-2.0
/// Operating points of a photovoltaic cell [ns per point]: the exact solver and the compiled curve
/// over the same random levels of light. The ratio of the two is what counts.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "models/core/compiled_curve.hpp"
#include "models/core/single_diode.hpp"
#include "models/harvester/operating_rule.hpp"
#include "models/harvester/pv_cell.hpp"

namespace {

constexpr std::size_t kLevels = 1 << 16;

const std::vector<double>& levels() {
    static const std::vector<double> kAll = [] {
        std::mt19937_64 engine(1);
        std::vector<double> all(kLevels);
        for (double& x : all) {
            x = 0.1 * std::exp(static_cast<double>(engine() >> 11) * 0x1p-53 * 9.5);
        }
        return all;
    }();
    return kAll;
}

/// 0: no resistances, 1: series resistance, 2: both.
ebb::SingleDiode cell_of(long kind) {
    ebb::SingleDiode d{19.5e-3, 3.05e-12, 0.0917, 0.0, 0.0};
    d.rs_ohm = kind > 0 ? 7.4 : 0.0;
    d.gsh_s = kind > 1 ? 1e-5 : 0.0;
    return d;
}

ebb::SingleDiode at(const ebb::SingleDiode& cell, double light) {
    ebb::SingleDiode d = cell;
    d.il_a *= light * 1e-3;
    d.gsh_s *= light * 1e-3;
    return d;
}

template <class F>
void per_level(benchmark::State& state, const F& f) {
    std::size_t k = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(f(levels()[k]));
        k = (k + 1) % kLevels;
    }
}

void cell_max_power_exact(benchmark::State& state) {
    const ebb::SingleDiode cell = cell_of(state.range(0));
    per_level(state, [&](double x) { return at(cell, x).max_power(); });
}
BENCHMARK(cell_max_power_exact)->DenseRange(0, 2);

void cell_max_power_compiled(benchmark::State& state) {
    const ebb::SingleDiode cell = cell_of(state.range(0));
    ebb::CompiledCurve curve([&](double x) { return at(cell, x).max_power(); });
    per_level(state, [&](double x) { return curve(x); });
}
BENCHMARK(cell_max_power_compiled)->DenseRange(0, 2);

/// The same by whole blocks, as a trace is taken.
void cell_max_power_block(benchmark::State& state) {
    const ebb::SingleDiode cell = cell_of(state.range(0));
    ebb::CompiledCurve curve([&](double x) { return at(cell, x).max_power(); });
    constexpr std::size_t kBlock = 4096;
    std::vector<double> v(kBlock);
    std::vector<double> i(kBlock);
    for (auto _ : state) {
        for (std::size_t k = 0; k < kLevels; k += kBlock) {
            curve.points(levels().data() + k, kBlock, v.data(), i.data());
            benchmark::DoNotOptimize(v.data());
            benchmark::ClobberMemory();
        }
    }
    state.counters["s_per_sample"] = benchmark::Counter(
        static_cast<double>(kLevels),
        benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(cell_max_power_block)->DenseRange(0, 2)->Unit(benchmark::kMicrosecond);

void cell_current(benchmark::State& state) {
    const ebb::SingleDiode cell = cell_of(state.range(0));
    per_level(state, [&](double x) { return at(cell, x).current(1.2); });
}
BENCHMARK(cell_current)->DenseRange(0, 2);

void cell_open_circuit(benchmark::State& state) {
    const ebb::SingleDiode cell = cell_of(state.range(0));
    per_level(state, [&](double x) { return at(cell, x).open_circuit_v(); });
}
BENCHMARK(cell_open_circuit)->DenseRange(0, 2);

/// A whole trace of a million seconds through the rule mpp; the counter is per sample.
void cell_trace(benchmark::State& state) {
    ebb::PvCellParams p;
    p.cell.isc_a = 19.5e-3;
    p.cell.voc_v = 2.07;
    p.cell.vmp_v = 1.67;
    p.cell.imp_a = 18.4e-3;
    const ebb::PvCell cell(p);
    ebb::Series series;
    constexpr std::int64_t kSamples = 1'000'000;
    for (std::int64_t k = 0; k < kSamples; ++k) {
        series.bound_ns.push_back(k * 1'000'000'000);
        series.value.push_back(levels()[static_cast<std::size_t>(k) % kLevels]);
    }
    series.bound_ns.push_back(kSamples * 1'000'000'000);
    ebb::OperatingSpan span;
    span.series = &series;
    for (auto _ : state) {
        benchmark::DoNotOptimize(cell.operate(span).voltage_v.data());
    }
    state.counters["s_per_sample"] = benchmark::Counter(
        static_cast<double>(kSamples),
        benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(cell_trace)->Unit(benchmark::kMillisecond);

}  // namespace
