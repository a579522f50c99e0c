// SPDX-License-Identifier: Apache-2.0
/// Are generated packets of the size, spread and spacing that was asked for, in the same bytes
/// everywhere?
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/core/error.hpp"
#include "models/core/random_stream.hpp"
#include "models/harvester/generate/packets.hpp"

namespace {

using namespace ebb;

TEST_CASE("are 1e5 packets of the mean and variance of their law, within its bounds?") {
    PacketsParams p;
    p.duration_s = 1000.0;
    p.every_s = 10e-3;
    p.energy_j = 10e-6;
    p.spread = 0.2;
    const Series s = generate_packets(p);
    REQUIRE(s.value.size() == 200000);
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t i = 0; i < s.value.size(); i += 2) {
        const double u = (s.value[i] * 1e-6 / p.energy_j - 1.0) / p.spread;
        REQUIRE(std::fabs(u) <= 1.0 + 1e-8);
        sum += u;
        squares += u * u;
        REQUIRE(s.value[i + 1] == 0.0);
        REQUIRE(s.bound_ns[i] == static_cast<std::int64_t>(i / 2) * 10000000);
        REQUIRE(s.bound_ns[i + 1] == s.bound_ns[i] + 1000);
        REQUIRE(s.value[i] == round_significant(s.value[i]));
    }
    const double n = 1e5;
    CHECK(std::fabs(sum / n) < 3.0 * std::sqrt(1.0 / 3.0 / n));
    // Variance of u^2 of a uniform u: 1/5 - 1/9.
    CHECK(std::fabs(squares / n - 1.0 / 3.0) < 3.0 * std::sqrt((0.2 - 1.0 / 9.0) / n));
}

TEST_CASE("does a longer trace of packets begin with the shorter one, another seed otherwise?") {
    PacketsParams p;
    const Series brief = generate_packets(p);
    p.duration_s = 600.0;
    const Series whole = generate_packets(p);
    CHECK(std::equal(brief.value.begin(), brief.value.end(), whole.value.begin()));
    p.seed = 2;
    CHECK(generate_packets(p).value.front() != brief.value.front());
    p.spread = 0.0;
    CHECK(generate_packets(p).value.front() == 10.0);
}

TEST_CASE("are packets that leave no pause refused?") {
    PacketsParams p;
    p.width_s = 0.1;
    CHECK_THROWS_AS(generate_packets(p), InputError);
}

}  // namespace
