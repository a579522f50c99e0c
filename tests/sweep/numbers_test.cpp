// SPDX-License-Identifier: Apache-2.0
/// Numbers that a sweep makes: preferred values, samples, draws.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "sim/sweep/draws.hpp"
#include "sim/sweep/e_series.hpp"

using namespace ebb;

TEST_CASE("E series are those of IEC 60063") {
    CHECK(e_decade(3) == std::vector<int>{10, 22, 47});
    CHECK(e_decade(12) == std::vector<int>{10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82});
    CHECK(e_decade(24) == std::vector<int>{10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30,
                                           33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91});
    CHECK(e_decade(48) == std::vector<int>{100, 105, 110, 115, 121, 127, 133, 140, 147, 154,
                                           162, 169, 178, 187, 196, 205, 215, 226, 237, 249,
                                           261, 274, 287, 301, 316, 332, 348, 365, 383, 402,
                                           422, 442, 464, 487, 511, 536, 562, 590, 619, 649,
                                           681, 715, 750, 787, 825, 866, 909, 953});
    const std::vector<int> e192 = e_decade(192);
    CHECK(e192.size() == 192);
    CHECK(e192[185] == 920);  // the exception of the standard
    CHECK(e192[184] == 909);
    CHECK(e192[186] == 931);
    // E96 is every second of E192, E48 every second of E96.
    const std::vector<int> e96 = e_decade(96);
    for (std::size_t i = 0; i < 96; ++i) {
        CHECK(e96[i] == e192[2 * i]);
    }
}

TEST_CASE("values of a series are the doubles that their decimals read as, ends included") {
    const std::vector<double> values = e_values(12, 10e-6, 100e-6);
    CHECK(values == std::vector<double>{10e-6, 12e-6, 15e-6, 18e-6, 22e-6, 27e-6, 33e-6, 39e-6,
                                        47e-6, 56e-6, 68e-6, 82e-6, 100e-6});
    CHECK(e_values(3, 0.9, 500.0) ==
          std::vector<double>{1.0, 2.2, 4.7, 10.0, 22.0, 47.0, 100.0, 220.0, 470.0});
    CHECK(e_values(6, 3.4, 4.6).empty());
}

TEST_CASE("the Sobol sequence begins as published") {
    // SciPy 1.7 reference, scipy.stats.qmc.Sobol(d=2, scramble=False), without its first point 0,
    // 0.
    const std::vector<std::vector<double>> published = {
        {0.5, 0.5},     {0.75, 0.25},   {0.25, 0.75},  {0.375, 0.375},
        {0.875, 0.875}, {0.625, 0.125}, {0.125, 0.625}};
    const Sobol sobol(2);
    for (std::size_t i = 0; i < published.size(); ++i) {
        CHECK(sobol.at(i, 0) == published[i][0]);
        CHECK(sobol.at(i, 1) == published[i][1]);
    }
    // In any order: a point is a function of its number.
    CHECK(sobol.at(2, 1) == 0.75);
    CHECK(sobol.at(0, 0) == 0.5);
    CHECK(sobol.at(6, 1) == 0.625);
    const Sobol far(5);
    const double there = far.at(100000, 3);
    static_cast<void>(far.at(99999, 3));
    CHECK(far.at(100000, 3) == there);
}

TEST_CASE("a Latin hypercube has one point in every stratum of every lane") {
    for (const std::uint64_t count : {1ULL, 2ULL, 7ULL, 64ULL, 1000ULL}) {
        for (const std::uint32_t lane : {0U, 1U, 9U}) {
            std::set<std::uint64_t> strata;
            for (std::uint64_t i = 0; i < count; ++i) {
                const double u = latin(i, count, 42, lane);
                CHECK((u > 0.0 && u <= 1.0));
                strata.insert(
                    static_cast<std::uint64_t>(std::ceil(u * static_cast<double>(count) - 1e-9)));
            }
            CHECK(strata.size() == count);
        }
    }
}

TEST_CASE("an order is shuffled, not shifted, and depends on seed and lane") {
    constexpr std::uint64_t kCount = 1000;
    const auto order = [](std::uint64_t seed, std::uint32_t lane) {
        std::vector<std::uint64_t> all;
        for (std::uint64_t i = 0; i < kCount; ++i) {
            all.push_back(shuffled(i, kCount, seed, lane));
        }
        return all;
    };
    const auto a = order(1, 0);
    CHECK(a == order(1, 0));
    CHECK(a != order(2, 0));
    CHECK(a != order(1, 1));
    CHECK(std::set<std::uint64_t>(a.begin(), a.end()).size() == kCount);
    // Neighbours of a random order follow each other twice in a thousand, mean 2; 12 is 5 sigma.
    int follow = 0;
    for (std::size_t i = 0; i + 1 < a.size(); ++i) {
        follow += a[i + 1] == a[i] + 1 || a[i] == a[i + 1] + 1 ? 1 : 0;
    }
    CHECK(follow < 12);
}

TEST_CASE("draws are uniform, and no purpose, index, lane or seed shares one") {
    double mean = 0.0;
    std::set<double> seen;
    for (std::uint64_t i = 0; i < 10000; ++i) {
        const double u = draw(7, DrawFor::sample, i, 0);
        mean += u / 10000.0;
        seen.insert(u);
    }
    CHECK(std::fabs(mean - 0.5) < 0.0115);  // four standard errors
    CHECK(seen.size() == 10000);
    const double u = draw(7, DrawFor::sample, 3, 0);
    CHECK(u != draw(7, DrawFor::start, 3, 0));
    CHECK(u != draw(7, DrawFor::sample, 3, 1));
    CHECK(u != draw(8, DrawFor::sample, 3, 0));
}
