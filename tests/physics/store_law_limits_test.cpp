// SPDX-License-Identifier: Apache-2.0
// The law where nothing is reached, where it rests, and where it ends.
#include "models/core/error.hpp"
#include "models/core/store_law.hpp"
#include "tests/physics/reference.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace ebb;
using namespace ebb::test;

namespace {

constexpr double kCap = 100e-6;

bool reaches(Terms q, double v0, double v1) {
    return StoreLaw(q, kCap).time_to(v0, v1).has_value();
}

}  // namespace

TEST_CASE("a target behind the direction of travel is never reached") {
    CHECK_FALSE(reaches({1e-3, 0.0, -1e-6}, 2.0, 1.0));
    CHECK_FALSE(reaches({-1e-3, 0.0, -1e-6}, 2.0, 3.0));
    CHECK_FALSE(reaches({0.0, 1e-3, -1e-6}, 2.0, 1.0));
    CHECK_FALSE(reaches({1e-3, -1e-4, -1e-6}, 2.0, 1.0));
    CHECK_FALSE(reaches({1e-3, -1e-3, -1e-6}, 2.0, 3.0));
}

TEST_CASE("an equilibrium between, or at the target, is never passed") {
    CHECK_FALSE(reaches({9e-6, 0.0, -1e-6}, 2.0, 3.5));  // rests at 3 V
    CHECK_FALSE(reaches({9e-6, 0.0, -1e-6}, 2.0, 3.0));
    CHECK_FALSE(reaches({9e-6, 0.0, -1e-6}, 4.0, 3.0));
    CHECK(reaches({9e-6, 0.0, -1e-6}, 2.0, 2.9999));
    CHECK_FALSE(reaches({0.0, 3e-6, -1e-6}, 2.0, 3.5));
    CHECK_FALSE(reaches({0.0, 3e-6, -1e-6}, 2.0, 3.0));
    CHECK(reaches({0.0, 3e-6, -1e-6}, 2.0, 2.9999));
    CHECK_FALSE(reaches({3e-3, -1e-3, 0.0}, 2.0, 3.5));
    CHECK_FALSE(reaches({3e-3, -1e-3, 0.0}, 4.0, 3.0));
    CHECK(reaches({3e-3, -1e-3, 0.0}, 4.0, 3.0001));
    CHECK_FALSE(reaches({0.0, 0.0, -1e-6}, 2.0, 0.0));  // a leak alone never empties
}

TEST_CASE("a stationary start goes nowhere, and its own voltage is reached at once") {
    CHECK_FALSE(reaches({9e-6, 0.0, -1e-6}, 3.0, 3.1));
    CHECK_FALSE(reaches({3e-3, -1e-3, 0.0}, 3.0, 2.9));
    CHECK_FALSE(reaches({0.0, 0.0, 0.0}, 3.0, 2.9));
    CHECK(*StoreLaw({9e-6, 0.0, -1e-6}, kCap).time_to(3.0, 3.0) == 0.0);
    CHECK(StoreLaw({3e-3, -1e-3, 0.0}, kCap).advance(3.0, 1e6) == 3.0);
    CHECK(StoreLaw({0.0, 0.0, 0.0}, kCap).integrals(3.0, 3.0, 7.0).v2_dt == Approx(63.0));
}

TEST_CASE("a double root is approached from above for ever and left below in finite time") {
    // q = -1e-6 (V - 2)^2, in numbers without rounding.
    const double c = -std::ldexp(1.0, -20);
    const Terms q{4.0 * c, -4.0 * c, c};
    CHECK_FALSE(reaches(q, 3.0, 2.0));
    CHECK_FALSE(reaches(q, 3.0, 1.0));
    CHECK(reaches(q, 3.0, 2.001));
    CHECK(reaches(q, 1.9, 1.0));
    CHECK(reaches(q, 1.9, 0.0));
}

TEST_CASE("a source that cannot carry its load collapses below its lower equilibrium only") {
    // 2 V behind 1 kohm with a constant power load; at most 1 mW can be carried.
    const Terms held{-0.75e-3, 2e-3, -1e-3};  // equilibria at 0.5 and 1.5 V
    const StoreLaw law(held, kCap);
    CHECK(*law.equilibrium_from(2.0) == Approx(1.5));
    CHECK(*law.equilibrium_from(0.6) == Approx(1.5));
    CHECK_FALSE(law.equilibrium_from(0.4).has_value());
    CHECK_FALSE(reaches(held, 2.0, 1.0));
    CHECK_FALSE(reaches(held, 0.6, 1.6));
    CHECK(reaches(held, 0.4, 0.0));
    const Terms lost{-1.1e-3, 2e-3, -1e-3};
    CHECK_FALSE(StoreLaw(lost, kCap).equilibrium_from(2.0).has_value());
    CHECK(reaches(lost, 2.0, 0.0));
}

TEST_CASE("a power discharge ends at 0 V after C V^2/(2 P), and stays there") {
    const StoreLaw law({-1e-3, 0.0, 0.0}, kCap);
    CHECK(*law.time_to(3.0, 0.0) == Approx(kCap * 9.0 / 2e-3).epsilon(1e-15));
    CHECK(law.advance(3.0, 0.46) == 0.0);
    const StoreLaw mixed({-1e-3, -1e-4, -1e-6}, kCap);
    const double empty = *mixed.time_to(3.0, 0.0);
    CHECK(mixed.advance(3.0, empty * 1.0001) == 0.0);
    CHECK(mixed.advance(3.0, empty * 0.9999) > 0.0);
}

TEST_CASE(
    "after many time constants a path rests at its equilibrium and its integrals stay exact") {
    for (const Terms q : {Terms{9e-4, 0.0, -1e-4}, Terms{0.0, 3e-4, -1e-4},
                          Terms{6e-4, -1e-4, -1e-4 / 3}, Terms{3e-3, -1e-3, 0.0}}) {
        const StoreLaw law(q, kCap);
        const double rest = *law.equilibrium_from(2.0);
        const BigLaw big(q, kCap);
        // What the path has missed of `rest` once it is there, by quadrature up to a near end.
        const double near_v = rest - 1e-10 * (rest - 2.0);
        const Big t_near = big.integral(1, 2.0, near_v);
        const Big missed = Big(rest) * t_near - big.integral(2, 2.0, near_v);
        for (const double t : {60.0, 1e3, 1e6}) {
            CAPTURE(q.a_w, q.b_a, t);
            const double v = law.advance(2.0, t);
            CHECK(v == Approx(rest).epsilon(1e-15).margin(0));
            const double want = (Big(rest) * t - missed).convert_to<double>();
            CHECK(law.integrals(2.0, v, t).v_dt == Approx(want).epsilon(1e-12).margin(0));
        }
    }
}

TEST_CASE("a charge from V0 at a later time is the same as from V0 at 0") {
    const StoreLaw law({1.5e-3, -1e-4, -1e-6}, kCap);
    const double whole = law.advance(1.0, 0.3);
    const double parts = law.advance(law.advance(1.0, 0.1), 0.2);
    CHECK(parts == Approx(whole).epsilon(1e-14).margin(0));
}

TEST_CASE("the helper functions are right to rounding across their changes of form") {
    for (double x = 1e-12; x < 50.0; x *= 1.07) {
        for (const double s : {x, -x}) {
            const Big b = s;
            const Big p1 = (1 - exp(-b)) / b;
            const Big p2 = (exp(-b) - 1 + b) / (b * b);
            CAPTURE(s);
            if (s > -30.0) {
                CHECK(relative_error(phi1(s), p1) <= 5e-16);
                CHECK(relative_error(phi2(s), x < 1e-9 ? Big(0.5) - b / 6 : p2) <= 1e-15);
            }
            if (s > -1.0) {
                CHECK(relative_error(log1p_over(s), log1p(b) / b) <= 5e-16);
            }
        }
    }
    CHECK(phi1(0.0) == 1.0);
    CHECK(phi2(0.0) == 0.5);
    CHECK(log1p_over(0.0) == 1.0);
}
