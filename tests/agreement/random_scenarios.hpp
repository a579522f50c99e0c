// SPDX-License-Identifier: Apache-2.0
/// Random scenarios over every combination of the shipped models, small enough for the slow
/// witness. The numbers are those of small nodes: 10 to 150 uF, 1.5 to 3.5 V, milliwatts,
/// milliseconds.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <string>

#include "models/store/capacitor_params.hpp"
#include "sim/scenario/scenario.hpp"

namespace ebb::test {

/// Uniform doubles and integers from a seed; the same on every platform.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    double unit() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
    double uniform(double lo, double hi) { return lo + (hi - lo) * unit(); }
    double log_uniform(double lo, double hi) { return lo * std::exp(unit() * std::log(hi / lo)); }
    bool chance(double p) { return unit() < p; }
    std::int64_t integer(std::int64_t lo, std::int64_t hi) {
        return lo + static_cast<std::int64_t>(unit() * static_cast<double>(hi - lo + 1));
    }
    /// A decimal number of milliseconds, so that instants may coincide.
    double milliseconds(double lo, double hi) { return std::round(uniform(lo, hi) * 4.0) / 4e3; }

private:
    std::mt19937_64 engine_;
};

/// A scenario whose store may be exchanged for one of slightly other values.
struct RandomScenario {
    Scenario scenario;
    CapacitorParams store;
    std::string text;  ///< what was drawn, for messages

    /// The same with capacitance and initial voltage changed by relative amounts.
    [[nodiscard]] Scenario perturbed(double capacitance, double initial) const;
    /// Moves the end onto the release of a periodic job, if there is one.
    void end_on_a_release();
};

[[nodiscard]] RandomScenario random_scenario(std::uint64_t seed);

}  // namespace ebb::test
