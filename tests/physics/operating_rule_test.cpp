// SPDX-License-Identifier: Apache-2.0
/// Layouts of operating rules against a second evaluation moment by moment, and compiled curves
/// against the exact solver.
#include "models/harvester/operating_rule.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/core/compiled_curve.hpp"
#include "models/core/error.hpp"
#include "models/harvester/pv_cell.hpp"
#include "tests/physics/reference.hpp"

using namespace ebb;
using ebb::test::Random;

namespace {

PvCell small_cell(std::optional<OperatingForm> rule = {}) {
    PvCellParams p;
    p.cell.isc_a = 19.5e-3;
    p.cell.voc_v = 2.07;
    p.cell.vmp_v = 1.67;
    p.cell.imp_a = 18.4e-3;
    p.rule = rule;
    return PvCell(p);
}

OperatingForm fixed(double v) { return {v, {}, {}}; }
OperatingForm sampled(double fraction, double period_s, double blackout_s) {
    return {{}, VocFraction{fraction, period_s, blackout_s}, {}};
}
OperatingForm perturbed(double step_v, double period_s, double start_v) {
    return {{}, {}, PerturbObserve{step_v, period_s, start_v}};
}

/// Held samples of light with uneven steps, some of them dark, some repeated.
Series random_light(Random& random, int count) {
    Series s;
    s.quantity = Quantity::irradiance_w_m2;
    std::int64_t t = 0;
    for (int i = 0; i < count; ++i) {
        s.bound_ns.push_back(t);
        const bool repeat = i > 0 && random.unit() < 0.2;
        s.value.push_back(repeat                 ? s.value.back()
                          : random.unit() < 0.15 ? 0.0
                                                 : random.log_uniform(0.1, 1200.0));
        t += random.integer(1'000'000, 900'000'000);
    }
    s.bound_ns.push_back(t);
    return s;
}

/// The sample at a simulated moment, by arithmetic alone.
double sample_at(const OperatingSpan& span, std::int64_t t) {
    const Series& s = *span.series;
    std::int64_t at = t + span.start_ns;
    if (span.at_end == AtEnd::loop) {
        at %= s.duration_ns();
    }
    std::size_t k = 0;
    while (k + 1 < s.value.size() && s.bound_ns[k + 1] <= at) {
        ++k;
    }
    return span.scale * s.value[k];
}

OperatingPoint laid_at(const OperatingSeries& series, std::int64_t t) {
    std::size_t k = 0;
    while (k + 1 < series.voltage_v.size() && series.bound_ns[k + 1] <= t) {
        ++k;
    }
    return {series.voltage_v[k], series.current_a[k]};
}

struct Case {
    Series light;
    OperatingSpan span;
};

Case random_case(Random& random) {
    Case c;
    c.light = random_light(random, static_cast<int>(random.integer(1, 12)));
    c.span.start_ns = random.integer(0, c.light.duration_ns() - 1);
    const AtEnd ends[] = {AtEnd::loop, AtEnd::hold, AtEnd::stop};
    c.span.at_end = ends[random.integer(0, 2)];
    c.span.scale = random.uniform(0.5, 2.0);
    c.span.duration_ns = random.integer(1, 3 * c.light.duration_ns());
    return c;
}

std::int64_t end_of(const OperatingSpan& span) {
    const std::int64_t left = span.series->duration_ns() - span.start_ns;
    return span.at_end == AtEnd::stop ? std::min(left, span.duration_ns) : span.duration_ns;
}

void check_form(const OperatingSeries& series, std::int64_t end_ns) {
    REQUIRE_FALSE(series.follows_trace);
    REQUIRE(series.bound_ns.size() == series.voltage_v.size() + 1);
    REQUIRE(series.current_a.size() == series.voltage_v.size());
    CHECK(series.bound_ns.front() == 0);
    CHECK(series.bound_ns.back() == end_ns);
    for (std::size_t k = 0; k < series.voltage_v.size(); ++k) {
        REQUIRE(series.bound_ns[k] < series.bound_ns[k + 1]);
        REQUIRE(series.current_a[k] >= 0.0);
    }
}

}  // namespace

TEST_CASE("maximum power keeps the trace's bounds and joins equal neighbours") {
    Series s;
    s.bound_ns = {0, 10, 20, 35, 50};
    s.value = {100.0, 500.0, 500.0, 0.0};
    OperatingSpan span;
    span.series = &s;
    span.scale = 2.0;
    const PvCell cell = small_cell();
    const OperatingSeries series = cell.operate(span);
    CHECK(series.follows_trace);
    CHECK(series.bound_ns == std::vector<std::int64_t>{0, 10, 35, 50});
    CHECK(series.voltage_v[1] == Approx(1.67).epsilon(1e-10));  // 1000 W/m^2
    CHECK(series.current_a[1] == Approx(18.4e-3).epsilon(1e-10));
    CHECK(series.voltage_v[0] == cell.max_power(200.0).v);
    CHECK(series.voltage_v[2] * series.current_a[2] == 0.0);
}

TEST_CASE("a fixed voltage gives I(V), and nothing above the open circuit") {
    Series s;
    s.bound_ns = {0, 10, 20};
    s.value = {1000.0, 0.5};
    OperatingSpan span;
    span.series = &s;
    const PvCell cell = small_cell(fixed(1.67));
    const OperatingSeries series = cell.operate(span);
    CHECK(series.current_a[0] == Approx(18.4e-3).epsilon(1e-10));
    REQUIRE(cell.open_circuit_v(0.5) < 1.67);
    CHECK(series.current_a[1] == 0.0);
    CHECK(small_cell(fixed(2.5)).operate(span).current_a == std::vector<double>{0.0});
}

TEST_CASE("constant light is one point") {
    OperatingSpan span;
    span.constant = 1000.0;
    const OperatingSeries series = small_cell().operate(span);
    REQUIRE(series.voltage_v.size() == 1);
    CHECK(series.voltage_v[0] * series.current_a[0] == Approx(1.67 * 18.4e-3).epsilon(1e-10));
}

TEST_CASE("sampled open-circuit voltages hold at every moment of random runs") {
    Random random(31);
    int dark = 0, stale = 0;
    for (int n = 0; n < 300; ++n) {
        Case c = random_case(random);
        c.span.series = &c.light;
        const double period_s = random.log_uniform(2e-3, 2.0);
        const double blackout_s = random.unit() < 0.2 ? 0.0 : random.uniform(0.0, 0.9) * period_s;
        const PvCell cell = small_cell(sampled(0.76, period_s, blackout_s));
        const OperatingSeries series = cell.operate(c.span);
        const std::int64_t end = end_of(c.span);
        check_form(series, end);
        const std::int64_t period = std::llround(period_s * 1e9);
        const std::int64_t blackout = std::llround(blackout_s * 1e9);
        for (int k = 0; k < 60; ++k) {
            const std::int64_t t = random.integer(0, end - 1);
            const std::int64_t begin = t / period * period;
            const OperatingPoint is = laid_at(series, t);
            INFO("run " << n << " at " << t << " ns");
            if (t - begin < blackout) {
                REQUIRE(is.v == 0.0);
                REQUIRE(is.i == 0.0);
                ++dark;
                continue;
            }
            const double sampled_at = sample_at(c.span, begin + blackout);
            const double now = sample_at(c.span, t);
            const double v = 0.76 * cell.open_circuit_v(sampled_at);
            REQUIRE(is.v == v);
            REQUIRE(is.i == std::max(0.0, cell.current(now, v)));
            stale += now != sampled_at ? 1 : 0;
        }
    }
    CHECK(dark > 500);
    CHECK(stale > 500);
}

TEST_CASE("perturb and observe holds at every moment of random runs") {
    Random random(32);
    for (int n = 0; n < 200; ++n) {
        Case c = random_case(random);
        c.span.series = &c.light;
        const double period_s = random.log_uniform(5e-3, 1.0);
        const double start_v = random.uniform(0.0, 2.5);
        const PvCell cell = small_cell(perturbed(0.05, period_s, start_v));
        const OperatingSeries series = cell.operate(c.span);
        const std::int64_t end = end_of(c.span);
        check_form(series, end);
        const std::int64_t period = std::llround(period_s * 1e9);
        double v = start_v, up = 1.0, before = 0.0;
        for (std::int64_t begin = 0; begin < end; begin += period) {
            const std::int64_t until = std::min(begin + period, end);
            for (int k = 0; k < 4; ++k) {
                const std::int64_t t = random.integer(begin, until - 1);
                const OperatingPoint is = laid_at(series, t);
                INFO("run " << n << " at " << t << " ns");
                REQUIRE(is.v == v);
                REQUIRE(is.i == std::max(0.0, cell.current(sample_at(c.span, t), v)));
            }
            const double i = std::max(0.0, cell.current(sample_at(c.span, until - 1), v));
            const double power = v * i;
            if (power < before) {
                up = -up;
            } else if (power == 0.0) {
                up = -1.0;
            }
            before = power;
            if (v + up * 0.05 < 0.05) {
                up = 1.0;
            }
            v = std::max(v + up * 0.05, 0.05);
        }
    }
}

TEST_CASE("perturb and observe climbs to the maximum and stays within two steps of it") {
    Series s;
    s.bound_ns = {0, 60'000'000'000};
    s.value = {300.0};
    OperatingSpan span;
    span.series = &s;
    span.duration_ns = 60'000'000'000;
    const PvCell cell = small_cell(perturbed(0.01, 0.018, 0.0));
    const OperatingSeries series = cell.operate(span);
    const double best = cell.max_power(300.0).v;
    for (std::size_t k = 0; k < series.voltage_v.size(); ++k) {
        if (series.bound_ns[k] > 4'000'000'000) {
            REQUIRE(std::fabs(series.voltage_v[k] - best) <= 0.0201);
        }
    }
    CHECK(series.voltage_v.size() > 3000);
}

TEST_CASE(
    "Does perturb and observe grow its steps, retreat from the open circuit and turn at the top?") {
    Series s;
    s.bound_ns = {0, 2'000'000'000};
    s.value = {300.0};
    OperatingSpan span;
    span.series = &s;
    span.duration_ns = 2'000'000'000;
    PerturbObserve rule{0.01, 0.018, 0.5, 2.0, 4.0, {}};
    const auto voltages = [&] {
        return small_cell(OperatingForm{{}, {}, rule}).operate(span).voltage_v;
    };
    // Every rise doubles the step: 10, 20, 40 ... mV, and the first fall turns with 10 mV.
    const std::vector<double> up = voltages();
    const double best = small_cell().max_power(300.0).v;
    double v = 0.5, step = 0.01;
    std::size_t k = 0;
    for (; v < best; ++k, step *= 2.0) {
        REQUIRE(up[k] == Approx(v).epsilon(1e-12));
        v += step;
    }
    REQUIRE(up[k] == Approx(v).epsilon(1e-12));  // beyond the maximum, perhaps still better
    // From above the open circuit: four steps down at a time, until a current flows.
    rule.start_v = 2.5;
    const std::vector<double> down = voltages();
    const double open = small_cell().open_circuit_v(300.0);
    k = 0;
    for (v = 2.5; v > open; v -= 0.04, ++k) {
        REQUIRE(down[k] == Approx(v).epsilon(1e-12));
    }
    CHECK(k > 10);
    CHECK(down[k] < open);
    // A border below the maximum is met, and left by one step.
    rule.start_v = 0.5;
    rule.highest_v = 1.0;
    const std::vector<double> bounded = voltages();
    CHECK(*std::max_element(bounded.begin(), bounded.end()) == 1.0);
    const auto top = std::find(bounded.begin(), bounded.end(), 1.0);
    CHECK(*(top + 1) == Approx(0.99).epsilon(1e-12));
}

TEST_CASE("a timetable that cannot fit is refused with its numbers") {
    OperatingSpan span;
    span.constant = 100.0;
    span.duration_ns = 31'536'000'000'000'000;  // a year
    CHECK_THROWS_WITH(small_cell(perturbed(0.01, 1e-6, 1.0)).operate(span),
                      Catch::Contains("3.15e+13 moments"));
}

TEST_CASE("a compiled curve is within 1e-11 of the exact one, and so is its power") {
    Random random(77);
    double worst = 0.0;
    std::size_t cells = 0, exact_cells = 0;
    for (int n = 0; n < 20; ++n) {
        PvCellParams p;
        p.cell.isc_a = random.log_uniform(1e-5, 0.1);
        p.cell.slope_v = random.uniform(0.025, 0.3);
        p.cell.voc_v = *p.cell.slope_v * random.uniform(12.0, 28.0);
        p.cell.series_ohm = random.unit() * 0.1 * p.cell.voc_v / p.cell.isc_a;
        p.cell.shunt_ohm = random.log_uniform(5.0, 1e4) * p.cell.voc_v / p.cell.isc_a;
        const PvCell cell(p);
        CompiledCurve compiled([&](double x) { return cell.max_power(x); });
        for (int k = 0; k < 5000; ++k) {
            const double x = random.log_uniform(0.01, 1500.0);
            const OperatingPoint is = compiled(x);
            const OperatingPoint exact = cell.max_power(x);
            const double error =
                std::max(std::fabs(is.v / exact.v - 1.0), std::fabs(is.i / exact.i - 1.0));
            REQUIRE(error <= 1e-11);
            worst = std::max(worst, error);
        }
        cells += compiled.cells();
        exact_cells += compiled.exact_cells();
    }
    INFO("worst " << worst << ", " << exact_cells << " of " << cells << " cells not compiled");
    CHECK(exact_cells * 100 < cells);
    CHECK(worst > 0.0);
}

TEST_CASE("a block of samples gets the bits that each would get alone") {
    Random random(79);
    // A kink at 10.3, inside of a cell: that one is never compiled. Nothing below 0.
    const auto exact = [](double x) {
        return x > 0.0 ? OperatingPoint{std::log1p(x), std::sqrt(x) + std::fabs(x - 10.3)}
                       : OperatingPoint{};
    };
    std::vector<double> light;
    for (int k = 0; k < 3000; ++k) {
        const double u = random.unit();
        light.push_back(u < 0.1            ? 0.0
                        : u < 0.2 && k > 0 ? light.back()
                        : u < 0.25         ? -1.0
                        : u < 0.3          ? random.uniform(9.0, 11.0)
                        : u < 0.32         ? 1e-40
                                           : random.log_uniform(1e-3, 1e3));
    }
    CompiledCurve alone(exact);
    CompiledCurve together(exact);
    std::vector<double> v(light.size());
    std::vector<double> i(light.size());
    together.points(light.data(), 1000, v.data(), i.data());
    together.points(light.data() + 1000, 2000, v.data() + 1000, i.data() + 1000);
    for (std::size_t k = 0; k < light.size(); ++k) {
        const OperatingPoint p = alone(light[k]);
        REQUIRE(v[k] == p.v);
        REQUIRE(i[k] == p.i);
    }
    CHECK(together.exact_cells() > 0);
    CHECK(together.cells() == alone.cells());
    CHECK(together.exact_cells() == alone.exact_cells());
}

TEST_CASE("long traces are compiled, and differ from the exact points by less than 1e-10") {
    Random random(78);
    Series s;
    for (int k = 0; k < 20'000; ++k) {
        s.bound_ns.push_back(k * 1'000'000'000LL);
        s.value.push_back(k % 100 == 0 ? 0.0 : random.log_uniform(0.01, 1400.0));
    }
    s.bound_ns.push_back(20'000'000'000'000LL);
    OperatingSpan span;
    span.series = &s;
    const PvCell cell = small_cell();
    const OperatingSeries series = cell.operate(span);
    REQUIRE(series.voltage_v.size() == s.value.size());
    for (std::size_t k = 0; k < s.value.size(); ++k) {
        const OperatingPoint exact = cell.max_power(s.value[k]);
        REQUIRE(std::fabs(series.voltage_v[k] - exact.v) <= 1e-10 * exact.v);
        REQUIRE(std::fabs(series.voltage_v[k] * series.current_a[k] - exact.v * exact.i) <=
                1e-10 * exact.v * exact.i);
    }
}

TEST_CASE("where only the power is wanted a trace at equal steps keeps them, and its products") {
    const PvCell cell = small_cell();
    Series light;
    Random random(8);
    for (std::int64_t k = 0; k < 9000; ++k) {  // more than one block
        light.bound_ns.push_back(k * 1'000'000'000);
        light.value.push_back(k % 50 < 20 ? 0.0 : random.log_uniform(0.01, 1200.0));
    }
    light.bound_ns.push_back(std::int64_t{9000} * 1'000'000'000);
    OperatingSpan span;
    span.series = &light;
    span.scale = 0.7;
    const OperatingSeries points = cell.operate(span);
    span.power_only = true;
    const OperatingSeries powers = cell.operate(span);
    REQUIRE(powers.power_w.size() == light.value.size());
    CHECK((powers.bound_ns.step() == 1'000'000'000 && points.bound_ns.step() == 0));
    std::size_t different = 0;
    for (std::size_t k = 0; k < powers.power_w.size(); ++k) {
        const OperatingPoint p = laid_at(points, light.bound_ns[k]);
        different += powers.power_w[k] != p.v * p.i ? 1 : 0;
    }
    CHECK(different == 0);
}
