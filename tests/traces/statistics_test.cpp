// SPDX-License-Identifier: Apache-2.0
#include "tests/traces/trace_support.hpp"

#include "models/core/random_stream.hpp"
#include "sim/trace/plot.hpp"
#include "sim/trace/statistics.hpp"

#include <algorithm>
#include <sstream>

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

TEST_CASE("numbers are shown with a sensible prefix") {
    CHECK(with_prefix(189.251e-6, "W") == "189.251 uW");
    CHECK(with_prefix(574.83e6, "J/m^2") == "574.83 MJ/m^2");
    CHECK(with_prefix(0, "V") == "0 V");
    CHECK(with_prefix(1.0, "V") == "1 V");
    CHECK(with_prefix(-0.002, "V") == "-2 mV");
}

namespace {

/// 1 or 0 in slots of a second.
Series slots(const std::vector<bool>& on) {
    Series s;
    s.quantity = Quantity::power_w;
    s.bound_ns = {0};
    for (const bool one : on) {
        s.value.push_back(one ? 1.0 : 0.0);
        s.bound_ns.push_back(s.bound_ns.back() + 1'000'000'000);
    }
    return s;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

/// Characters, not bytes.
std::size_t length_of(const std::string& utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

}  // namespace

TEST_CASE("the eta-factor of four slots on, four off is what its definition gives by hand") {
    std::vector<bool> on;
    for (int i = 0; i < 800; ++i)
        on.push_back(i % 8 < 4);
    const std::optional<EtaFactor> eta = eta_factor(slots(on));
    REQUIRE(eta);
    CHECK(eta->slot_s == 1.0);
    CHECK(eta->threshold == 0.5);
    // h(4) = 0 always, h(-4) = 1 but at the very end; h(N) for N = 1..3 counts the last slots of
    // runs of at least N: (4-N)/(5-N) share go on. Runs of 5 never occur. There are 100 runs each,
    // the last of them off and followed by nothing.
    std::vector<double> h = {3.0 / 4, 2.0 / 3, 1.0 / 2, 0.0};
    std::vector<double> low = {99.0 / 399, 99.0 / 299, 99.0 / 199, 1.0};
    h.insert(h.end(), low.begin(), low.end());
    std::sort(h.begin(), h.end());
    double d = 0.0;
    for (std::size_t i = 0; i < 8; ++i)
        d += std::abs(h[i] - (i < 4 ? 0.0 : 1.0)) / 8;
    CHECK(eta->eta == Approx((0.5 - d) / 0.5).epsilon(1e-12));
}

TEST_CASE("the eta-factor is near 0 for a lottery and near 1 for long days and nights") {
    std::vector<bool> lottery;
    RandomStream random(4, 1);
    for (int i = 0; i < 1000; ++i)
        lottery.push_back(random.uniform() < 0.5);
    INFO("seed 4");
    // 40 shares of some 10 to 500 draws each; their errors are what is left.
    CHECK(std::abs(eta_factor(slots(lottery))->eta) < 0.1);
    std::vector<bool> days;
    for (int i = 0; i < 1000; ++i)
        days.push_back(i % 500 < 250);
    CHECK(eta_factor(slots(days))->eta > 0.95);
}

TEST_CASE("there is no eta-factor of too few slots, or where nothing ever changes") {
    CHECK_FALSE(eta_factor(slots(std::vector<bool>(1000, true))));
    CHECK_FALSE(eta_factor(slots({true, false, true})));
}

TEST_CASE("a picture fits the width that there is, and has its labels") {
    Series s = three_stretches();
    for (const std::size_t width : {38U, 41U, 80U, 500U}) {
        const std::vector<std::string> lines = lines_of(plot_text(s, width));
        REQUIRE(lines.size() == 8);
        for (const std::string& line : lines)
            CHECK(length_of(line) <= width);
        CHECK(contains(lines[0], "4 W ┤"));
        CHECK(contains(lines[5], " 0 ┤█"));
        CHECK(contains(lines[6], " 4 s"));
        CHECK(contains(lines[7], "bars: means over"));
    }
    CHECK(plot_text(s, 37).empty());
    CHECK(plot_text(s, 0).empty());
    s.value = {0, 0, 0};
    CHECK_FALSE(contains(plot_text(s, 80), "█"));
    s.value = {-2, 0, 2};
    const std::vector<std::string> signed_lines = lines_of(plot_text(s, 38));
    CHECK(contains(signed_lines[0], " 2 W ┤                  ••••••"));
    CHECK(contains(signed_lines[3], "     ┤      ••••••••••••"));
    CHECK(contains(signed_lines[5], "-2 W ┤••••••"));
    CHECK(contains(signed_lines[7], "dots: means over"));
}
