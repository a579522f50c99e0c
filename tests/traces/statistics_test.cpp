// SPDX-License-Identifier: Apache-2.0
#include "tests/traces/trace_support.hpp"

#include "sim/trace/statistics.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

/// 1 for 1 s, 0 for 2 s, 4 for 1 s.
Series three_stretches() {
    Series s;
    s.quantity = Quantity::power_w;
    s.bound_ns = {0, 1'000'000'000, 3'000'000'000, 4'000'000'000};
    s.value = {1, 0, 4};
    return s;
}

}  // namespace

TEST_CASE("means, medians and shares are weighted by time") {
    const TraceStatistics s = statistics_of(three_stretches(), {0.0, 1.0, 9.0});
    CHECK(s.duration_s == 4.0);
    CHECK(s.integral == 5.0);
    CHECK(s.integral_of_square == 17.0);
    CHECK(s.mean == 1.25);
    CHECK(s.median == 0.0);
    CHECK(s.smallest == 0.0);
    CHECK(s.largest == 4.0);
    CHECK(s.uniform_step_s == 0.0);
    CHECK(s.above[0].share == 0.5);
    CHECK(s.above[0].longest_below_s == 2.0);
    CHECK(s.above[1].share == 0.25);
    CHECK(s.above[1].longest_below_s == 3.0);
    CHECK(s.above[2].longest_below_s == 4.0);
}

TEST_CASE("means of stretches conserve the integral") {
    for (const std::size_t count : {1U, 3U, 7U, 64U}) {
        double sum = 0.0;
        for (const double mean : means_of(three_stretches(), count))
            sum += mean * 4.0 / static_cast<double>(count);
        CHECK(sum == Approx(5.0).epsilon(1e-12));
    }
    CHECK(means_of(three_stretches(), 4) == std::vector<double>{1, 0, 0, 4});
}

TEST_CASE("a sparkline spans from nothing to a full block") {
    CHECK(sparkline({1, 0, 0, 4}) == "▂  █");
    CHECK(sparkline({0, 0}) == "  ");
    CHECK(sparkline({}).empty());
}

TEST_CASE("numbers are shown with a sensible prefix") {
    CHECK(with_prefix(189.251e-6, "W") == "189.251 uW");
    CHECK(with_prefix(574.83e6, "J/m^2") == "574.83 MJ/m^2");
    CHECK(with_prefix(0, "V") == "0 V");
    CHECK(with_prefix(1.0, "V") == "1 V");
    CHECK(with_prefix(-0.002, "V") == "-2 mV");
}
