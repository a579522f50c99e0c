// SPDX-License-Identifier: Apache-2.0
// Straight-line supplies against integration with error control and against hand-made cases.
#include "models/core/linear_law.hpp"
#include "models/core/error.hpp"
#include "models/core/general_law.hpp"
#include "tests/physics/reference.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace {

using namespace ebb;
using ebb::test::Big;
using ebb::test::Random;

/// s(t) of s' = g0 + g1 t + k s by its Taylor series in 40 digits: no phi function.
Big state_after(Big s0, Big g0, Big g1, Big k, Big t) {
    const int pieces = 1 + static_cast<int>(abs(k * t).convert_to<double>());
    const Big h = t / pieces;
    for (int i = 0; i < pieces; ++i) {
        Big term = g0 + g1 * h * i + k * s0;  // s^(1)
        Big sum = s0;
        Big power = h;
        for (int n = 1; n < 60; ++n) {
            sum += term * power;
            power *= h / (n + 1);
            term = term * k + (n == 1 ? g1 : Big(0));
        }
        s0 = sum;
    }
    return s0;
}

struct Ramp {
    Terms q0, slope;
    double cap, v0, horizon;
    bool power;
};

Ramp draw(Random& r, bool power) {
    const double cap = r.log_uniform(1e-6, 1e-2);
    const double v0 = r.uniform(0.5, 5.0);
    const double c = r.unit() < 0.2 ? 0.0 : -1.0 / r.log_uniform(1e3, 1e8);
    const double x0 = r.sign() * r.log_uniform(1e-6, 1e-2);
    const double x1 = r.sign() * r.log_uniform(1e-6, 1e-2);
    const double pace = power ? 0.5 * cap * v0 * v0 : cap * v0;
    const double horizon = pace / (std::fabs(x0) + std::fabs(x1)) * r.uniform(0.1, 2.0);
    const double slope = (x1 - x0) / horizon;
    return power ? Ramp{{x0, 0.0, c}, {slope, 0.0, 0.0}, cap, v0, horizon, true}
                 : Ramp{{0.0, x0, c}, {0.0, slope, 0.0}, cap, v0, horizon, false};
}

Big reference_state(const Ramp& k, double t) {
    const Big cap = k.cap;
    return k.power ? state_after(Big(k.v0) * k.v0, 2 * Big(k.q0.a_w) / cap,
                                 2 * Big(k.slope.a_w) / cap, 2 * Big(k.q0.c_s) / cap, t)
                   : state_after(k.v0, Big(k.q0.b_a) / cap, Big(k.slope.b_a) / cap,
                                 Big(k.q0.c_s) / cap, t);
}

}  // namespace

TEST_CASE("the voltage under a straight-line supply is right to 1e-12") {
    constexpr std::uint64_t kSeed = 20260120;
    Random random(kSeed);
    for (int i = 0; i < 400; ++i) {
        const Ramp k = draw(random, i % 2 == 0);
        INFO("seed " << kSeed << ", case " << i);
        const LinearLaw law(k.q0, k.slope, k.cap);
        for (const double share : {1e-6, 0.1, 0.5, 1.0}) {
            const double t = share * k.horizon;
            const Big want = reference_state(k, t);
            const double got = law.advance(k.v0, t);
            if (want <= 0) {
                REQUIRE(got == 0.0);
                continue;
            }
            const Big v = k.power ? Big(sqrt(want)) : want;
            const double scale = k.v0 / v.convert_to<double>();
            CAPTURE(t, got);
            REQUIRE(test::relative_error(got, v) <= 1e-13 * (1.0 + scale * scale));
        }
    }
}

TEST_CASE("a crossing under a straight-line supply is the first one and lies on the path") {
    constexpr std::uint64_t kSeed = 20260121;
    Random random(kSeed);
    int crossed = 0;
    int twice = 0;
    for (int i = 0; i < 400; ++i) {
        const Ramp k = draw(random, i % 2 == 0);
        INFO("seed " << kSeed << ", case " << i);
        const LinearLaw law(k.q0, k.slope, k.cap);
        const double target = law.advance(k.v0, k.horizon * random.uniform(0.0, 1.0));
        if (target < 0.05 * k.v0) {
            continue;
        }
        const auto t = law.time_to(k.v0, target, k.horizon);
        REQUIRE(t.has_value());
        ++crossed;
        const Big state = reference_state(k, *t);
        const double v =
            k.power ? Big(sqrt(state)).convert_to<double>() : state.convert_to<double>();
        REQUIRE(v == Approx(target).epsilon(1e-13).margin(0));
        // Nothing on the way there: the path stays on one side of the target.
        const double side = k.v0 - target;
        for (int j = 1; j < 50; ++j) {
            REQUIRE((law.advance(k.v0, *t * j / 50.0) - target) * side >= -1e-13 * target);
        }
        const auto turn = law.turning(k.v0);
        twice += turn && *turn < *t ? 1 : 0;
    }
    REQUIRE(crossed > 250);
    REQUIRE(twice > 10);
}

TEST_CASE("a dip below a threshold and back is found, a dip that stays above is not") {
    // 1 F: E falls from 8 J by 1 J at t = 1 s, then rises: P = -2 + 2 t.
    const LinearLaw law({-2.0, 0.0, 0.0}, {2.0, 0.0, 0.0}, 1.0);
    REQUIRE(*law.turning(4.0) == Approx(1.0).epsilon(1e-15));
    REQUIRE(*law.time_to(4.0, std::sqrt(2.0 * 7.5), 10.0) ==
            Approx(1.0 - std::sqrt(0.5)).epsilon(1e-14));
    REQUIRE_FALSE(law.time_to(4.0, std::sqrt(2.0 * 6.9), 10.0).has_value());
    REQUIRE(*law.time_to(4.0, 4.0, 10.0) == Approx(2.0).epsilon(1e-14));
    REQUIRE_FALSE(law.time_to(4.0, 4.0, 1.9).has_value());
    REQUIRE(*law.time_to(4.0, std::sqrt(2.0 * 9.0), 10.0) ==
            Approx(1.0 + std::sqrt(2.0)).epsilon(1e-14));
}

TEST_CASE("integrals under a straight-line supply agree with error-controlled integration") {
    constexpr std::uint64_t kSeed = 20260122;
    Random random(kSeed);
    for (int i = 0; i < 100; ++i) {
        const Ramp k = draw(random, i % 2 == 0);
        INFO("seed " << kSeed << ", case " << i);
        const LinearLaw law(k.q0, k.slope, k.cap);
        const double t = 0.4 * k.horizon;
        if (law.advance(k.v0, t) < 0.1 * k.v0) {
            continue;
        }
        PathProblem p;
        p.state = k.power ? PathProblem::State::energy : PathProblem::State::voltage;
        p.capacitance_f = k.cap;
        p.integrands = 2;
        p.rates = [&](double at, double v, PathRates& out) {
            const Terms q = k.q0 + at * k.slope;
            out.drive = k.power ? q.power_at(v) : q.b_a + q.c_s * v;
            out.integrands[0] = v;
            out.integrands[1] = v * v;
        };
        const PathOutcome want = follow_path(p, k.v0, t);
        const PathIntegrals got = law.integrals(k.v0, t);
        REQUIRE(want.t_s == t);
        REQUIRE(got.v_dt == Approx(want.integrals[0]).epsilon(2e-12).margin(0));
        REQUIRE(got.v2_dt == Approx(want.integrals[1]).epsilon(2e-12).margin(0));
    }
}

TEST_CASE("a straight-line power beside a current is refused: it has no closed form") {
    REQUIRE_THROWS_AS(LinearLaw({1e-3, -1e-3, 0.0}, {1e-3, 0.0, 0.0}, 1e-4), Defect);
    REQUIRE_THROWS_AS(LinearLaw({1e-3, 0.0, -1e-6}, {0.0, 1e-3, 0.0}, 1e-4), Defect);
}
