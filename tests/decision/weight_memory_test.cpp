// SPDX-License-Identifier: Apache-2.0
// Volatile weights: what loading costs, from when on it costs less than keeping.
#include "models/workload/weight_memory.hpp"
#include "models/core/error.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ebb;

namespace {

Approx near(double value) { return Approx(value).epsilon(1e-12).margin(0); }

WeightMemoryParams memory() {
    WeightMemoryParams m;
    m.load_j = 2e-6;
    m.load_s = 1e-4;
    m.load_j_per_b = 3e-9;
    m.load_s_per_b = 71e-9;
    m.bytes = 1e6;
    m.states = {{"standby", 0.138e-3, 0.498e-3}, {"off", 1e-6, {}}, {"free", 5e-6, 5e-6}};
    return m;
}

}  // namespace

TEST_CASE("a load costs a part per load and a part per byte, and nothing where weights stay") {
    auto m = memory();
    const auto load = weight_load(m, 1000);
    CHECK(load.energy_j == near(5e-6));
    CHECK(load.time_s == near(1.71e-4));
    CHECK(load.power_w() == near(5e-6 / 1.71e-4));
    CHECK(weight_load(m, 0).energy_j == 0);
    m.is_volatile = false;
    CHECK(weight_load(m, 1000).energy_j == 0);
    CHECK(weight_load(m, 1000).power_w() == 0);
}

TEST_CASE("at the break-even off-time both ways cost the same, and each is cheaper on its side") {
    const auto m = memory();
    const RetentionState& standby = find_state(m, "standby");
    const double load_j = 467e-6;
    const double even = break_even_off_s(standby, load_j);
    CHECK(even == near(load_j / 0.36e-3));
    CHECK(off_energy_j(standby, load_j, even, KeepWeights::retain) ==
          near(off_energy_j(standby, load_j, even, KeepWeights::reload)));
    for (const double factor : {0.01, 0.5, 0.999, 1.001, 2.0, 100.0}) {
        const double off_s = factor * even;
        const double kept = off_energy_j(standby, load_j, off_s, KeepWeights::retain);
        const double loaded = off_energy_j(standby, load_j, off_s, KeepWeights::reload);
        const KeepWeights chosen = keep_or_reload(standby, load_j, off_s);
        INFO(factor);
        CHECK(off_energy_j(standby, load_j, off_s, chosen) == std::min(kept, loaded));
        CHECK((chosen == KeepWeights::retain) == (factor < 1.0));
    }
    CHECK(keep_or_reload(standby, load_j, even) == KeepWeights::retain);
}

TEST_CASE("a state that cannot retain reloads always, one that retains for nothing never") {
    const auto m = memory();
    const RetentionState& off = find_state(m, "off");
    CHECK_FALSE(retention_extra_w(off));
    CHECK(break_even_off_s(off, 1e-3) == 0);
    CHECK(keep_or_reload(off, 1e-3, 0) == KeepWeights::reload);
    CHECK(std::isinf(off_energy_j(off, 1e-3, 1, KeepWeights::retain)));
    const RetentionState& free_state = find_state(m, "free");
    CHECK(std::isinf(break_even_off_s(free_state, 1e-3)));
    CHECK(keep_or_reload(free_state, 1e-3, 1e9) == KeepWeights::retain);
}

TEST_CASE("an unknown state is answered with the nearest, weights that do not fit with the bytes") {
    const auto m = memory();
    try {
        (void)find_state(m, "standbye");
        FAIL("was found");
    } catch (const InputError& error) {
        CHECK(error.mistakes()[0].hint == "did you mean 'standby'?");
        CHECK(error.mistakes()[0].note == "states: standby, off, free");
    }
    CHECK_NOTHROW(require_weights_fit(m, 1e6, "n"));
    CHECK_THROWS_WITH(require_weights_fit(m, 1000001, "n"),
                      "network 'n' has 1000001 B of weights, and the accelerator's weight memory "
                      "holds 1000000 B: 1 B too few");
}
