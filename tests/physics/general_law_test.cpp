// SPDX-License-Identifier: Apache-2.0
// The integrator against laws that have a closed form or a quadrature of their own.
#include "models/core/general_law.hpp"
#include "models/core/error.hpp"
#include "models/core/store_law.hpp"
#include "tests/physics/reference.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

namespace {

using namespace ebb;
using ebb::test::BigLaw;
using ebb::test::Random;

PathProblem problem(Terms q, double cap) {
    PathProblem p;
    p.capacitance_f = cap;
    p.state = q.a_w != 0.0 ? PathProblem::State::energy : PathProblem::State::voltage;
    p.integrands = 2;
    p.rates = [q](double, double v, PathRates& out) {
        out.drive = q.a_w != 0.0 ? q.power_at(v) : q.b_a + q.c_s * v;
        out.integrands[0] = v;
        out.integrands[1] = v * v;
    };
    return p;
}

void until(PathProblem& p, const std::vector<std::function<double(double, double)>>& off) {
    p.events = off.size();
    p.watch = [off](double t, double v, PathEvents& out) {
        for (std::size_t i = 0; i < off.size(); ++i) {
            out[i] = off[i](t, v);
        }
    };
}

}  // namespace

TEST_CASE("an integrated crossing is right to 1e-12, and so are its quadratures") {
    constexpr std::uint64_t kSeed = 20260130;
    Random random(kSeed);
    for (int i = 0; i < 200; ++i) {
        const Terms q{i % 3 == 0 ? 0.0 : random.sign() * random.log_uniform(1e-6, 1e-2),
                      random.sign() * random.log_uniform(1e-6, 1e-2),
                      -1.0 / random.log_uniform(1e3, 1e8)};
        const double cap = random.log_uniform(1e-6, 1e-2);
        const double v0 = random.uniform(0.5, 5.0);
        const StoreLaw law(q, cap);
        const auto rest = law.equilibrium_from(v0);
        const double end = rest ? *rest : (law.power_at(v0) > 0.0 ? 2.0 * v0 : 0.0);
        const double v1 = v0 + random.uniform(0.05, 0.8) * (std::min(end, 10.0) - v0);
        const BigLaw big(q, cap);
        const double want = big.time_to(v0, v1)->convert_to<double>();
        PathProblem p = problem(q, cap);
        const double side = v0 > v1 ? 1.0 : -1.0;
        until(p, {[=](double, double v) { return side * (v - v1); }});
        const PathOutcome got = follow_path(p, v0, 10.0 * want);
        INFO("seed " << kSeed << ", case " << i);
        CAPTURE(q.a_w, q.b_a, q.c_s, v0, v1, want);
        REQUIRE(got.end == PathEnd::event);
        const double condition = law.conditioning(v0, v1, want);
        REQUIRE(std::fabs(got.t_s - want) <= 1e-12 * condition * want);
        REQUIRE(test::relative_error(got.integrals[0], big.integral(2, v0, v1)) <=
                1e-12 * condition);
        REQUIRE(test::relative_error(got.integrals[1], big.integral(3, v0, v1)) <=
                1e-12 * condition);
    }
}

TEST_CASE("a constant power through a resistance ends where its closed form says") {
    // y^2 - Vc y + r P = 0; time from terminal y0 to y1: C (y0^2 - y1^2)/(2 P) + r C ln(y1/y0).
    constexpr double kCap = 10e-3;
    constexpr double kR = 5.0;
    constexpr double kPower = 0.05;
    const auto terminal = [&](double vc) {
        return 0.5 * (vc + std::sqrt(vc * vc - 4.0 * kR * kPower));
    };
    PathProblem p;
    p.capacitance_f = kCap;
    p.integrands = 2;
    p.rates = [&](double, double vc, PathRates& out) {
        const double i = (terminal(vc) - vc) / kR;
        out.drive = i;
        out.integrands[0] = kR * i * i;
        out.integrands[1] = kPower;
    };
    until(p, {[&](double, double vc) { return terminal(vc) - 1.8; }});
    const double y0 = 3.2;
    const double y1 = 1.8;
    const double vc0 = y0 + kR * kPower / y0;
    const double vc1 = y1 + kR * kPower / y1;
    const double want = kCap * (y0 * y0 - y1 * y1) / (2.0 * kPower) + kR * kCap * std::log(y1 / y0);
    const PathOutcome got = follow_path(p, vc0, 100.0);
    REQUIRE(got.t_s == Approx(want).epsilon(1e-12).margin(0));
    REQUIRE(got.v == Approx(vc1).epsilon(1e-13).margin(0));
    const double lost = 0.5 * kCap * (vc0 * vc0 - vc1 * vc1);
    REQUIRE(got.integrals[0] + got.integrals[1] == Approx(lost).epsilon(1e-12).margin(0));
}

TEST_CASE("a discharge by constant power meets the floor at C V^2/(2 P)") {
    const PathOutcome got = follow_path(problem({-1e-3, 0.0, 0.0}, 100e-6), 3.0, 10.0);
    REQUIRE(got.end == PathEnd::empty);
    REQUIRE(got.v == 0.0);
    REQUIRE(got.t_s == Approx(100e-6 * 9.0 / 2e-3).epsilon(1e-12));
}

TEST_CASE("a charge by constant power leaves 0 V along the square root of time") {
    const PathOutcome got = follow_path(problem({1e-3, 0.0, 0.0}, 100e-6), 0.0, 0.2);
    REQUIRE(got.end == PathEnd::horizon);
    REQUIRE(got.v == Approx(2.0).epsilon(1e-13));
    REQUIRE(got.integrals[1] == Approx(2.0 * 1e-3 / 100e-6 * 0.02).epsilon(1e-13));
}

TEST_CASE("a dip between two steps is not missed where the voltage turns") {
    // P(t) = -1 + 2 t: E dips by 0.25 J at 0.5 s; 1 F from 1 J touches 0.8 J twice within 1 s.
    PathProblem p;
    p.capacitance_f = 1.0;
    p.state = PathProblem::State::energy;
    p.rates = [](double t, double, PathRates& out) { out.drive = -1.0 + 2.0 * t; };
    until(p, {[](double, double v) { return 0.5 * v * v - 0.751; }});
    const PathOutcome got = follow_path(p, std::sqrt(2.0), 2.0);
    REQUIRE(got.end == PathEnd::event);
    REQUIRE(got.t_s == Approx(0.5 - std::sqrt(0.001)).epsilon(1e-12));
    until(p, {[](double, double v) { return 0.5 * v * v - 0.749; }});
    REQUIRE(follow_path(p, std::sqrt(2.0), 2.0).end == PathEnd::horizon);
}

TEST_CASE("an event that is met at the start waits until it has been left") {
    PathProblem p = problem({0.0, 1e-3, 0.0}, 1e-3);
    until(p, {[](double, double v) { return v - 2.0; }});
    REQUIRE(follow_path(p, 2.0, 1.0).end == PathEnd::horizon);
    until(p, {[](double, double v) { return 2.5 - v; }, [](double, double v) { return 2.5 - v; }});
    const PathOutcome tie = follow_path(p, 2.0, 1.0);
    REQUIRE(tie.end == PathEnd::event);
    REQUIRE(tie.event == 0);
    REQUIRE(tie.t_s == Approx(0.5).epsilon(1e-14));
}

TEST_CASE("a dip of a function of time and voltage inside a step is seen") {
    // V = 1 + t/100 rises all the way; V + 0.04 (t - 1)^2 - 0.02 t is lowest at t = 1.125.
    PathProblem p = problem({0.0, 1e-2, 0.0}, 1.0);
    const auto off = [](double level) {
        return
            [=](double t, double v) { return v + 0.04 * (t - 1.0) * (t - 1.0) - 0.02 * t - level; };
    };
    const double lowest = 1.0 - 0.01 * 1.125 + 0.04 * 0.125 * 0.125;
    until(p, {off(lowest + 4e-6)});
    const PathOutcome got = follow_path(p, 1.0, 2.0);
    REQUIRE(got.end == PathEnd::event);
    REQUIRE(got.t_s == Approx(1.125 - 0.01).epsilon(1e-9));
    until(p, {off(lowest - 4e-6)});
    REQUIRE(follow_path(p, 1.0, 2.0).end == PathEnd::horizon);
}

TEST_CASE("a path may begin with a root of time") {
    // dV/dt = 3 sqrt(t): V = 2 t^1.5 from 0 V.
    PathProblem p;
    p.capacitance_f = 1.0;
    p.integrands = 1;
    int calls = 0;
    p.rates = [&calls](double t, double v, PathRates& out) {
        ++calls;
        out.drive = 3.0 * std::sqrt(t);
        out.integrands[0] = v;
    };
    const PathOutcome got = follow_path(p, 0.0, 1.0);
    REQUIRE(got.v == Approx(2.0).epsilon(1e-12).margin(0));
    REQUIRE(got.integrals[0] == Approx(0.8).epsilon(1e-12).margin(0));
    REQUIRE(calls < 100'000);
}

TEST_CASE("a rate that is no number is reported") {
    PathProblem p;
    p.capacitance_f = 1.0;
    p.rates = [](double t, double, PathRates& out) { out.drive = t > 0.5 ? NAN : 1.0; };
    REQUIRE_THROWS_AS(follow_path(p, 1.0, 1.0), Defect);
}

TEST_CASE("a path without an end is refused") {
    REQUIRE_THROWS_AS(follow_path(problem({0.0, 1e-3, 0.0}, 1e-3), 2.0, INFINITY), Defect);
}
