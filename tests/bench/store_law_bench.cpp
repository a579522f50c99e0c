// SPDX-License-Identifier: Apache-2.0
/// Cost of the store law's primitives [ns per call], per branch of the law. Inputs change from call
/// to call, so that neither the compiler nor a branch predictor knows the answer beforehand.
#include "models/core/store_law.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <random>

namespace {

constexpr double kCapacitanceF = 100e-6;
constexpr std::size_t kStarts = 1024;

/// Terms a [W], b [A], c [S] of one branch, charging and discharging.
enum Branch : int { kConstantPower, kPowerAndLeak, kConstantCurrent, kThevenin, kGeneral };

ebb::Terms terms_of(int branch) {
    switch (branch) {
        case kConstantPower:
            return {1.5e-3, 0.0, 0.0};
        case kPowerAndLeak:
            return {1.5e-3, 0.0, -1e-6};
        case kConstantCurrent:
            return {0.0, -1e-3, 0.0};
        case kThevenin:
            return {0.0, 1e-3, -1e-4};
        default:
            return {1.5e-3, -1e-3, -1e-6};
    }
}

const char* label_of(int branch) {
    constexpr std::array<const char*, 5> kLabels{"a", "a,c", "b", "b,c", "a,b,c"};
    return kLabels.at(static_cast<std::size_t>(branch));
}

std::array<double, kStarts> starts() {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> volts(1.9, 2.9);
    std::array<double, kStarts> v{};
    for (double& x : v) {
        x = volts(random);
    }
    return v;
}

void store_law_time_to(benchmark::State& state) {
    const auto branch = static_cast<int>(state.range(0));
    const ebb::StoreLaw law(terms_of(branch), kCapacitanceF);
    const double target_v = law.power_at(2.0) > 0.0 ? 3.0 : 1.8;
    const auto v0 = starts();
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(law.time_to(v0[i++ % kStarts], target_v));
    }
    state.SetLabel(label_of(branch));
}
BENCHMARK(store_law_time_to)->DenseRange(kConstantPower, kGeneral);

void store_law_advance(benchmark::State& state) {
    const auto branch = static_cast<int>(state.range(0));
    const ebb::StoreLaw law(terms_of(branch), kCapacitanceF);
    const auto v0 = starts();
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(law.advance(v0[i++ % kStarts], 1e-3));
    }
    state.SetLabel(label_of(branch));
}
BENCHMARK(store_law_advance)->DenseRange(kConstantPower, kGeneral);

void store_law_integrals(benchmark::State& state) {
    const auto branch = static_cast<int>(state.range(0));
    const ebb::StoreLaw law(terms_of(branch), kCapacitanceF);
    const auto v0 = starts();
    std::array<double, kStarts> v1{};
    for (std::size_t i = 0; i < kStarts; ++i) {
        v1[i] = law.advance(v0[i], 1e-3);
    }
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(law.integrals(v0[i % kStarts], v1[i % kStarts], 1e-3));
        ++i;
    }
    state.SetLabel(label_of(branch));
}
BENCHMARK(store_law_integrals)->DenseRange(kConstantPower, kGeneral);

}  // namespace
