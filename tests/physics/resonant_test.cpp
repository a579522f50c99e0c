// SPDX-License-Identifier: Apache-2.0
/// The shaken mass: closed forms against Runge-Kutta, stops, and published mean powers of recorded
/// walks and runs.
#include "models/harvester/resonant.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/physics/reference.hpp"

using namespace ebb;
using ebb::test::Random;

namespace {

/// Gorlatova et al. 2015, with the parameters of a public re-implementation.
ResonantParams wrist() { return {1e-3, 0.17, 0.0055, 0.010, 0.2, 1.0, 0.1}; }

struct Walked {
    double z, speed, squared;
};

/// Classical Runge-Kutta; stops by truncation at the end of a step, so h must be small.
Walked runge_kutta(const ResonantParams& p, double z, double v, double h, double a0, double a1,
                   int steps) {
    const auto force = [&](double t, double x, double u) {
        return -(a0 + (a1 - a0) * t / h) - p.damping_n_s_per_m / p.mass_kg * u -
               p.stiffness_n_per_m / p.mass_kg * x;
    };
    double squared = 0.0;
    const double dt = h / steps;
    for (int k = 0; k < steps; ++k) {
        const double t = k * dt;
        if (std::fabs(z) >= p.limit_m && force(t, z, 0.0) * z >= 0.0) {
            v = 0.0;
            continue;
        }
        const double k1v = force(t, z, v), k1z = v;
        const double k2v = force(t + dt / 2, z + dt / 2 * k1z, v + dt / 2 * k1v),
                     k2z = v + dt / 2 * k1v;
        const double k3v = force(t + dt / 2, z + dt / 2 * k2z, v + dt / 2 * k2v),
                     k3z = v + dt / 2 * k2v;
        const double k4v = force(t + dt, z + dt * k3z, v + dt * k3v), k4z = v + dt * k3v;
        squared += dt / 6 * (k1z * k1z + 2 * k2z * k2z + 2 * k3z * k3z + k4z * k4z);
        z += dt / 6 * (k1z + 2 * k2z + 2 * k3z + k4z);
        v += dt / 6 * (k1v + 2 * k2v + 2 * k3v + k4v);
        if (std::fabs(z) > p.limit_m) {
            z = std::copysign(p.limit_m, z);
            v = 0.0;
        }
    }
    return {z, v, squared};
}

}  // namespace

TEST_CASE("a shaken mass moves as Runge-Kutta says, light, critical and heavy damping") {
    Random random(3);
    for (const double damping : {0.0055, 2.0 * std::sqrt(0.17 * 1e-3), 0.2}) {
        ResonantParams p = wrist();
        p.damping_n_s_per_m = damping;
        p.limit_m = 10.0;
        ShakenMass mass(p);
        double z = 0.0, v = 0.0;
        for (int k = 0; k < 40; ++k) {
            const double h = random.uniform(0.005, 0.2);
            const double a0 = random.uniform(-10, 10), a1 = random.uniform(-10, 10);
            const Walked w = runge_kutta(p, z, v, h, a0, a1, 4000);
            const double squared = mass.advance(h, a0, a1);
            CHECK(squared == Approx(w.squared).epsilon(1e-10));
            CHECK(std::fabs(mass.z() - w.z) <= 1e-11);
            CHECK(std::fabs(mass.speed() - w.speed) <= 1e-9);
            z = mass.z();
            v = mass.speed();
        }
    }
}

TEST_CASE("a mass between stops moves as a fine Runge-Kutta says, and never passes them") {
    Random random(4);
    const ResonantParams p = wrist();
    ShakenMass mass(p);
    int held = 0;
    double sum = 0.0, expected = 0.0;
    for (int k = 0; k < 60; ++k) {
        const double z = mass.z(), v = mass.speed();
        const double h = 1.0 / 26.0;
        const double a0 = random.uniform(-25, 25), a1 = random.uniform(-25, 25);
        expected += runge_kutta(p, z, v, h, a0, a1, 100'000).squared;
        sum += mass.advance(h, a0, a1);
        REQUIRE(std::fabs(mass.z()) <= p.limit_m * (1.0 + 2e-12));
        held += std::fabs(mass.z()) == p.limit_m ? 1 : 0;
    }
    CHECK(held > 10);
    CHECK(sum == Approx(expected).epsilon(1e-4));
}

TEST_CASE("at resonance the mean power is m^2 A^2/(2 b) of the damper") {
    ResonantParams p = wrist();
    p.limit_m = 10.0;
    p.efficiency = 1.0;
    p.high_pass_hz.reset();
    const double w = std::sqrt(p.stiffness_n_per_m / p.mass_kg);
    Series s;
    s.interpolation = Interpolation::linear;
    for (int k = 0; k <= 20'000; ++k) {
        s.bound_ns.push_back(k * 1'000'000LL);
        s.value.push_back(0.5 * std::sin(w * k * 1e-3));
    }
    OperatingSpan span;
    span.series = &s;
    span.duration_ns = 20'000'000'000;
    const OperatingSeries series = Resonant(p).operate(span);
    double energy = 0.0, time = 0.0;
    for (std::size_t k = 0; k < series.voltage_v.size(); ++k) {
        if (series.bound_ns[k] >= 10'000'000'000) {  // settled: 27 time constants
            const double h =
                static_cast<double>(series.bound_ns[k + 1] - series.bound_ns[k]) * 1e-9;
            energy += series.voltage_v[k] * series.current_a[k] * h;
            time += h;
        }
    }
    const double expected = 1e-6 * 0.25 / (2.0 * p.damping_n_s_per_m);
    CHECK(energy / time == Approx(expected).epsilon(5e-3));  // not whole half-periods
}

TEST_CASE("a looped shaking goes on where it was, a held one dies out") {
    Series s;
    s.interpolation = Interpolation::linear;
    s.bound_ns = {0, 100'000'000, 200'000'000, 300'000'000};
    s.value = {0.0, 3.0, -3.0, 0.0};
    OperatingSpan span;
    span.series = &s;
    span.duration_ns = 900'000'000;
    span.at_end = AtEnd::loop;
    ResonantParams p = wrist();
    p.high_pass_hz.reset();
    const OperatingSeries looped = Resonant(p).operate(span);
    REQUIRE(looped.voltage_v.size() == 9);
    CHECK(looped.bound_ns.back() == 900'000'000);
    CHECK(looped.current_a[3] != looped.current_a[0]);
    span.at_end = AtEnd::hold;
    span.duration_ns = 60'000'000'000;
    const OperatingSeries held = Resonant(p).operate(span);
    CHECK(held.current_a[0] == looped.current_a[0]);
    CHECK(held.current_a.back() < 1e-12 * held.current_a[1]);
    span.at_end = AtEnd::stop;
    CHECK(Resonant(p).operate(span).bound_ns.back() == 300'000'000);
}

TEST_CASE("recorded walks and runs give the published mean powers within 5 %") {
    const char* data = std::getenv("EBB_TEST_DATA");
    if (data == nullptr) {
        WARN("skipped: needs the recordings in $EBB_TEST_DATA/traces");
        return;
    }
    struct Recording {
        const char* name;
        double mean_w;
    };
    const Recording all[] = {{"walking_01", 7.3e-6},
                             {"walking_02", 10.2e-6},
                             {"running_01", 49.8e-6},
                             {"running_02", 44.9e-6},
                             {"stationary_01", 0.0}};
    for (const Recording& r : all) {
        const std::string path =
            std::string(data) + "/traces/kinetic_st_har_" + r.name + "_26Hz_4g_mg.csv";
        std::ifstream in(path);
        INFO(path);
        REQUIRE(in.is_open());
        Series s;
        s.quantity = Quantity::acceleration_m_s2;
        s.interpolation = Interpolation::linear;
        double x = 0.0, y = 0.0, z = 0.0;
        char comma = ' ';
        while (in >> x >> comma >> y >> comma >> z) {
            const auto k = static_cast<double>(s.value.size());
            s.bound_ns.push_back(std::llround(k / 26.0 * 1e9));
            s.value.push_back(9.80665e-3 * std::sqrt(x * x + y * y + z * z));
        }
        REQUIRE(s.value.size() == 1000);
        OperatingSpan span;
        span.series = &s;
        span.at_end = AtEnd::stop;
        span.duration_ns = s.duration_ns();
        const OperatingSeries series = Resonant(wrist()).operate(span);
        double energy = 0.0;
        for (std::size_t k = 0; k < series.voltage_v.size(); ++k) {
            energy += series.voltage_v[k] * series.current_a[k] *
                      static_cast<double>(series.bound_ns[k + 1] - series.bound_ns[k]) * 1e-9;
        }
        const double mean = energy / (static_cast<double>(s.duration_ns()) * 1e-9);
        if (r.mean_w > 0.0) {
            CHECK(mean == Approx(r.mean_w).epsilon(0.05));
        } else {
            CHECK(mean < 1e-9);
        }
    }
}
