// SPDX-License-Identifier: Apache-2.0
// The implicit step: is it of order 9, and does a fast state that only follows cost no accuracy?
#include "models/core/radau.hpp"
#include "models/core/vector_path.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace ebb;

TEST_CASE("is an implicit step of a decay the (4, 5) Pade approximant, which is of order 9?") {
    VectorProblem p;
    p.states = 1;
    p.rates = [](double /*t*/, const VectorProblem::State& s, VectorProblem::State& rate) {
        rate[0] = -s[0];
    };
    for (const double h : {0.01, 0.5, 1.0, 3.0, 20.0, 1e4}) {
        const auto factorial = [](int n) { return std::tgamma(n + 1.0); };
        const auto sum = [&](int degree, double x) {
            double value = 0.0;
            for (int j = 0; j <= degree; ++j) {
                value += factorial(9 - j) * factorial(degree) /
                         (factorial(9) * factorial(j) * factorial(degree - j)) * std::pow(x, j);
            }
            return value;
        };
        VectorProblem::State s{};
        s[0] = 1.0;
        REQUIRE(radau_step(p, s, 0.0, h));
        INFO("h = " << h);
        CHECK(s[0] == Approx(sum(4, -h) / sum(5, h)).epsilon(1e-11).margin(1e-15));
    }
}

TEST_CASE("does a path with a fast state keep its accuracy and its long steps?") {
    // Prothero and Robinson: s' = -1e7 (s - cos t) - sin t has the solution cos t.
    VectorProblem p;
    p.states = 1;
    p.integrals = 1;
    p.events = 1;
    p.stiff = true;
    int evaluations = 0;
    p.rates = [&evaluations](double t, const VectorProblem::State& s, VectorProblem::State& rate) {
        ++evaluations;
        rate[0] = -1e7 * (s[0] - std::cos(t)) - std::sin(t);
        rate[1] = s[0];
    };
    p.watch = [](double /*t*/, const VectorProblem::State& s, VectorProblem::Events& off) {
        off[0] = s[0] - 0.25;
    };
    VectorProblem::State start{};
    start[0] = 1.0;
    const VectorOutcome out = follow_vector(p, start, 10.0);
    REQUIRE(out.happened);
    CHECK(out.t_s == Approx(std::acos(0.25)).epsilon(1e-12));
    CHECK(out.s[1] == Approx(std::sqrt(1.0 - 0.0625)).epsilon(1e-11));
    CHECK(evaluations < 100'000);  // explicit steps: some 1e8
}

TEST_CASE("does an implicit path leave zero along a root?") {
    // s' = 1 + sqrt(s) from 0: the rate itself begins with a root.
    VectorProblem p;
    p.states = 1;
    p.stiff = true;
    p.rates = [](double /*t*/, const VectorProblem::State& s, VectorProblem::State& rate) {
        rate[0] = 1.0 + std::sqrt(std::max(s[0], 0.0));
    };
    const VectorOutcome out = follow_vector(p, {}, 2.0);
    // With u = sqrt(s): t = 2 (u - log(1 + u)).
    const double u = std::sqrt(out.s[0]);
    CHECK(2.0 * (u - std::log1p(u)) == Approx(2.0).epsilon(1e-10));
}
