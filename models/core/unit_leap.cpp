// SPDX-License-Identifier: Apache-2.0
// Counting and summing repeated units; see the header for the four methods.
#include "models/core/unit_leap.hpp"

#include "models/core/unit_logarithm.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace ebb {

namespace {

using unit_math::Unit;

constexpr std::int64_t kFewPhases = 400;     // below: walking is cheaper than a logarithm
constexpr std::int64_t kFewUnitsClosed = 6;  // below: walking is cheaper than closed forms
constexpr int kMostAttempts = 8;             // at a leap that the estimate made too long
constexpr std::int64_t kWalkedLast = 2;      // units before a crossing that are always walked

struct Bounds {
    double lower = 0.0;  // V = 0 ends every unit
    double upper = std::numeric_limits<double>::infinity();
    [[nodiscard]] bool contain(double v) const noexcept { return v > lower && v < upper; }
};

Bounds bounds_of(const UnitRun& run) {
    Bounds b;
    if (run.lower_v > 0.0) {
        b.lower = run.lower_v;
    }
    if (!std::isnan(run.upper_v)) {
        b.upper = run.upper_v;
    }
    return b;
}

/// Voltages of one unit: its end, and the lowest and highest phase border.
struct Borders {
    double end = 0.0, low = 0.0, high = 0.0;
    [[nodiscard]] bool within(const Bounds& b) const noexcept {
        return low > b.lower && high < b.upper;
    }
};

Borders borders_of(const Unit& unit, double v) {
    Borders b{v, std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (std::size_t j = 0; j < unit.laws.size() && b.end > 0.0; ++j) {
        SeriesStep step;
        unit.step(j, b.end, step);
        b.end += step.dv_v;
        b.low = std::min(b.low, b.end);
        b.high = std::max(b.high, b.end);
    }
    return b;
}

/// Walks units from out.v until one fails or `most` have passed, adding to `out`. True if all
/// passed. The voltage carries what rounding takes from it: a thousand phases drift by no more than
/// one.
bool walk_on(const Unit& unit, const Bounds& bounds, std::int64_t most, UnitLeap& out) {
    constexpr std::int64_t kBlock = 256;  // sums of blocks: a long walk keeps its digits
    const std::size_t width = unit.laws.size();
    std::vector<SeriesStep> steps(width);
    std::vector<PathIntegrals> block(width);
    const auto close_block = [&] {
        for (std::size_t j = 0; j < width; ++j) {
            out.per_phase[j].v_dt += block[j].v_dt;
            out.per_phase[j].v2_dt += block[j].v2_dt;
            block[j] = {};
        }
    };
    bool passed = true;
    double lost = 0.0;
    for (std::int64_t k = 0; k < most && passed; ++k) {
        double v = out.v;
        for (std::size_t j = 0; j < width && passed; ++j) {
            unit.step(j, v, steps[j]);
            const double move = steps[j].dv_v + lost;
            const double next = v + move;
            lost = move - (next - v);
            v = next;
            passed = bounds.contain(v);
        }
        if (passed) {
            for (std::size_t j = 0; j < width; ++j) {
                block[j].v_dt += steps[j].integrals.v_dt;
                block[j].v2_dt += steps[j].integrals.v2_dt;
            }
            out.v = v;
            ++out.units;
            if (k % kBlock == kBlock - 1) {
                close_block();
            }
        }
    }
    close_block();
    return passed;
}

Unit unit_of(const std::vector<UnitPhase>& phases, double capacitance_f) {
    Unit unit;
    Terms sum;
    unit.laws.reserve(phases.size());
    unit.durations_s.reserve(phases.size());
    for (const UnitPhase& phase : phases) {
        unit.laws.emplace_back(phase.q, capacitance_f);
        unit.durations_s.push_back(phase.duration_s);
        unit.duration_s += phase.duration_s;
        sum = sum + phase.duration_s * phase.q;
    }
    unit.average = StoreLaw((1.0 / unit.duration_s) * sum, capacitance_f);
    return unit;
}

LeapMethod method_for(const Unit& unit, const UnitRun& run, std::int64_t count) {
    const auto affine = [](const StoreLaw& law) { return law.affine_in_energy(); };
    const std::size_t width = unit.laws.size();
    LeapMethod method = LeapMethod::logarithm;
    if (width == 1) {
        method = LeapMethod::flow;
    } else if (std::all_of(unit.laws.begin(), unit.laws.end(), affine)) {
        method = LeapMethod::geometric;
    }
    const bool closed = width == 1 || (method == LeapMethod::geometric && !run.v_dt_needed);
    const bool few =
        closed ? count < kFewUnitsClosed : count < kFewPhases / static_cast<std::int64_t>(width);
    return few ? LeapMethod::walked : method;
}

/// s_n = sum of e^(-k g) over k < n, and S = sum of s_k over k < n.
struct Geometric {
    double powers = 0.0;
    double sums = 0.0;
};

Geometric geometric(double g, double n) {
    if (g == 0.0) {
        return {n, 0.5 * n * (n - 1.0)};
    }
    const double delta = -std::expm1(-g);
    const double powers = -std::expm1(-n * g) / delta;
    if (std::fabs(n * delta) >= 0.1) {
        return {powers, (n - powers) / delta};
    }
    double term = 0.5 * n * (n - 1.0);  // (-delta)^j binomial(n, j + 2)
    double sums = term;
    for (int j = 1; j <= 14; ++j) {
        term *= -delta * (n - static_cast<double>(j) - 1.0) / static_cast<double>(j + 2);
        sums += term;
    }
    return {powers, sums};
}

/// All b = 0: the square w of V is affine in the square at the unit's start. The sums of V dt, of
/// use where currents cancel, have no closed form.
bool leap_geometric(const Unit& unit, double v0, std::int64_t n, bool v_dt_needed, double& v,
                    std::vector<PathIntegrals>& sums) {
    double w = v0 * v0;
    double r = 0.0;                              // F(w0) - w0, summed from the phases' increments
    double decay = 0.0;                          // sum of lambda tau
    std::vector<double> base(unit.laws.size());  // integral of V^2 in the first unit
    std::vector<double> slope(
        unit.laws.size());  // its derivative by the square at the unit's start
    for (std::size_t j = 0; j < unit.laws.size(); ++j) {
        const Terms& q = unit.laws[j].terms();
        const double gain = 2.0 / unit.laws[j].capacitance_f();
        const double t = unit.durations_s[j];
        const double x = -gain * q.c_s * t;
        const double rate = gain * (q.a_w + q.c_s * w);
        base[j] = t * (w + rate * t * phi2(x));
        slope[j] = std::exp(-decay) * t * phi1(x);
        const double move = rate * t * phi1(x);
        r += move;
        w += move;
        decay += x;
    }
    const Geometric sum = geometric(decay, static_cast<double>(n));
    const double end = v0 * v0 + r * sum.powers;
    if (!(end > 0.0)) {
        return false;
    }
    v = std::sqrt(end);
    if (v_dt_needed && !unit_math::Logarithm(unit).sum_to(v0, v, n, sums)) {
        return false;
    }
    for (std::size_t j = 0; j < sums.size(); ++j) {
        sums[j].v2_dt = static_cast<double>(n) * base[j] + slope[j] * r * sum.sums;
    }
    return true;
}

bool leap_flow(const Unit& unit, double v0, std::int64_t n, double& v,
               std::vector<PathIntegrals>& sums) {
    const double t = static_cast<double>(n) * unit.duration_s;
    v = unit.laws[0].advance(v0, t);
    if (!(v > 0.0)) {
        return false;
    }
    sums[0] = unit.laws[0].integrals(v0, v, t);
    return true;
}

/// Passes exactly n units from out.v, whatever the thresholds; false if the method does not fit.
bool leap_exactly(const Unit& unit, LeapMethod method, std::int64_t n, bool v_dt_needed,
                  UnitLeap& out) {
    std::vector<PathIntegrals> sums(unit.laws.size());
    double v = out.v;
    bool done = false;
    switch (method) {
        case LeapMethod::walked:
            break;
        case LeapMethod::flow:
            done = leap_flow(unit, out.v, n, v, sums);
            break;
        case LeapMethod::geometric:
            done = leap_geometric(unit, out.v, n, v_dt_needed, v, sums);
            break;
        case LeapMethod::logarithm:
            done = unit_math::Logarithm(unit).leap(out.v, n, v, sums);
            break;
    }
    if (!done) {
        return false;
    }
    for (std::size_t j = 0; j < sums.size(); ++j) {
        out.per_phase[j].v_dt += sums[j].v_dt;
        out.per_phase[j].v2_dt += sums[j].v2_dt;
    }
    out.v = v;
    out.units += n;
    return true;
}

/// Units from v until the first one that does not pass, by the averaged law: right to about a
/// thousandth of a unit, never trusted. Infinite if a fixed point comes first.
double estimate_units(const Unit& unit, const Bounds& bounds, double v) {
    const Borders here = borders_of(unit, v);
    const bool falls = here.end < v;
    double start = falls ? bounds.lower + (v - here.low) : bounds.upper - (here.high - v);
    for (int i = 0; i < 2 && start > 0.0 && std::isfinite(start); ++i) {
        const Borders there = borders_of(unit, start);
        start = falls ? bounds.lower + (start - there.low) : bounds.upper - (there.high - start);
    }
    if (!std::isfinite(start)) {
        return std::numeric_limits<double>::infinity();
    }
    if (falls ? start >= v : start <= v) {
        return 0.0;
    }
    const std::optional<double> t = unit.average.time_to(v, std::max(start, 0.0));
    return t ? *t / unit.duration_s : std::numeric_limits<double>::infinity();
}

void start(const std::vector<UnitPhase>& phases, const UnitRun& run, UnitLeap& out) {
    out.units = 0;
    out.v = run.v0;
    out.per_phase.assign(phases.size(), PathIntegrals{});
    out.method = LeapMethod::walked;
}

void leap_all(const Unit& unit, const UnitRun& run, UnitLeap& out) {
    const Bounds bounds = bounds_of(run);
    const LeapMethod method = method_for(unit, run, run.count);
    // The first unit shows the direction: if it passes, only the threshold ahead can end the
    // others.
    if (method == LeapMethod::walked || !walk_on(unit, bounds, 1, out)) {
        (void)walk_on(unit, bounds, run.count - out.units, out);
        return;
    }
    if (out.v == run.v0) {  // a fixed point to the last bit: every unit is the first one
        for (PathIntegrals& sum : out.per_phase) {
            sum.v_dt *= static_cast<double>(run.count);
            sum.v2_dt *= static_cast<double>(run.count);
        }
        out.units = run.count;
        out.method = method;
        return;
    }
    for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
        const std::int64_t left = run.count - out.units;
        const double ahead = estimate_units(unit, bounds, out.v);
        std::int64_t n = left - 1;  // the last unit is walked: it proves the ones before it
        if (ahead < static_cast<double>(left + kWalkedLast)) {
            n = std::min(n, static_cast<std::int64_t>(ahead) - kWalkedLast);
        }
        n -= attempt * (1 + n / 1024);
        UnitLeap trial = out;
        if (method_for(unit, run, n) != method ||
            !leap_exactly(unit, method, n, run.v_dt_needed, trial)) {
            break;
        }
        // Starts are monotone: if the unit after the leap passes, so did every one within it.
        if (bounds.contain(trial.v) && walk_on(unit, bounds, 1, trial)) {
            trial.method = method;
            out = trial;
            attempt = -1;
        }
    }
    (void)walk_on(unit, bounds, run.count - out.units, out);
}

}  // namespace

void walk_units(const std::vector<UnitPhase>& phases, const UnitRun& run, UnitLeap& out) {
    start(phases, run, out);
    (void)walk_on(unit_of(phases, run.capacitance_f), bounds_of(run), run.count, out);
}

void leap_units(const std::vector<UnitPhase>& phases, const UnitRun& run, UnitLeap& out) {
    start(phases, run, out);
    leap_all(unit_of(phases, run.capacitance_f), run, out);
    if (!run.v_dt_needed) {
        for (PathIntegrals& sum : out.per_phase) {
            sum.v_dt = std::numeric_limits<double>::quiet_NaN();
        }
    }
}

}  // namespace ebb
