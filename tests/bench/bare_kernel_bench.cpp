// SPDX-License-Identifier: Apache-2.0
/// The floor under a run of circuit A: one SystemC process that does nothing but the two crossings
/// of a power cycle by their closed forms. No modules, no ledger, no agenda, no counts. What
/// `circuit_a` costs beyond it is the simulator.
#include <benchmark/benchmark.h>

#include <cmath>
#include <systemc>

#include "models/core/store_law.hpp"
#include "sim/device/kernel.hpp"

namespace {

using namespace ebb;

constexpr double kDuration_s = 1e5;

class BareCycle : public sc_core::sc_module {
public:
    explicit BareCycle(sc_core::sc_module_name name) : sc_module(name), due_("due") {
        SC_HAS_PROCESS(BareCycle);
        SC_METHOD(cross);
        sensitive << due_;
    }

private:
    void cross() {
        const double t = on_ ? drain_.time_to(3.0, 1.8).value() : charge_.time_to(1.8, 3.0).value();
        on_ = !on_;
        now_s_ += t;
        if (now_s_ < kDuration_s) {
            due_.notify(
                sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(std::ceil(t * 1e9))));
        }
    }

    StoreLaw charge_{{1.5e-3, 0.0, -1e-6}, 100e-6};
    StoreLaw drain_{{1.5e-3, -1e-3, -1e-6}, 100e-6};
    sc_core::sc_event due_;
    bool on_ = false;
    double now_s_ = 0.0;
};

void circuit_a_bare_kernel(benchmark::State& state) {
    for (auto _ : state) {
        Kernel::renew();
        const BareCycle cycle("cycle");
        Kernel::start();
        benchmark::DoNotOptimize(&cycle);
    }
    state.counters["sim_s_per_s"] = benchmark::Counter(
        kDuration_s * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(circuit_a_bare_kernel)->Unit(benchmark::kMillisecond);

}  // namespace
