// SPDX-License-Identifier: Apache-2.0
// Does a block of samples with constant currents end where sixteen exact steps end, with the same
// integrals, and does it refuse what it cannot do?
#include "models/store/sample_block.hpp"
#include "tests/physics/reference.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>

namespace {

using namespace ebb;
using namespace ebb::test;

struct Walked {
    double v = 0.0;
    PathIntegrals sum;
};

Walked one_by_one(Terms others, double c_f, double h, double v,
                  const std::array<double, SampleBlock::kSamples>& x) {
    Walked w;
    w.v = v;
    const double others_w = others.a_w;
    for (const double power : x) {
        others.a_w = others_w + power;
        const StoreLaw law(others, c_f);
        const double next = law.advance(w.v, h);
        const PathIntegrals part = law.integrals(w.v, next, h);
        w.sum.v_dt += part.v_dt;
        w.sum.v2_dt += part.v2_dt;
        w.v = next;
    }
    return w;
}

}  // namespace

TEST_CASE("a block of samples with currents ends where sixteen exact steps end") {
    Random random(7001);
    int accepted = 0;
    constexpr int kCases = 2000;
    for (int i = 0; i < kCases; ++i) {
        const double c = random.log_uniform(1e-6, 1e-2);
        const double h = random.log_uniform(1e-4, 1.0);
        const double v0 = random.uniform(0.3, 5.0);
        const Terms others{random.unit() < 0.5 ? 0.0 : -random.log_uniform(1e-7, 1e-3),
                           random.sign() * random.log_uniform(1e-9, 1e-3),
                           random.unit() < 0.5 ? 0.0 : -1.0 / random.log_uniform(1e4, 1e9)};
        std::array<double, SampleBlock::kSamples> x{};
        const double scale = random.log_uniform(1e-6, 1e-2);
        for (double& power : x) {
            power = random.unit() < 0.5 ? 0.0 : scale * random.uniform(0.0, 1.0);
        }
        const SampleBlock block(others, c, h);
        SampleBlock::State state{v0 * v0, v0};
        SampleBlock::Sums sums;
        SampleBlock::Ends ends{};
        if (!block.step(x.data(), 0.0, 100.0, state, sums, &ends)) {
            CHECK(sums.mean_v == 0.0);
            CHECK(state.v == v0);
            continue;
        }
        ++accepted;
        const Walked want = one_by_one(others, c, h, v0, x);
        const PathIntegrals got = block.integrals(sums, 16.0);
        INFO("case " << i << ": C " << c << " h " << h << " v0 " << v0 << " b " << others.b_a);
        CHECK(std::fabs(std::sqrt(state.y) / want.v - 1.0) <= 3e-14);
        CHECK(std::fabs(ends.back() / want.v - 1.0) <= 1e-12);  // shown and compared, not kept
        CHECK(std::fabs(got.v_dt / want.sum.v_dt - 1.0) <= 1e-11);
        CHECK(std::fabs(got.v2_dt / want.sum.v2_dt - 1.0) <= 1e-11);
    }
    CHECK(accepted * 5 >= kCases);       // the everyday case goes through,
    CHECK(accepted * 10 <= kCases * 9);  // and some of these cases are too steep for a block
}

TEST_CASE("a block of samples stays clear of both edges of its band") {
    const SampleBlock block({0.0, -3e-6, -2e-7}, 47e-6, 1e-3);
    std::array<double, SampleBlock::kSamples> x{};
    x.fill(1e-4);
    SampleBlock::State end{4.0, 2.0};
    SampleBlock::Sums sums;
    REQUIRE(block.step(x.data(), 0.0, 5.0, end, sums, nullptr));
    REQUIRE(end.v > 2.0);
    SampleBlock::State state{4.0, 2.0};
    CHECK_FALSE(block.step(x.data(), 0.0, 0.5 * (2.0 + end.v), state, sums, nullptr));
    CHECK_FALSE(block.step(x.data(), 0.5 * (2.0 + end.v), 5.0, state, sums, nullptr));
    CHECK(state.v == 2.0);
}
