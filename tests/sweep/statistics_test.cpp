// SPDX-License-Identifier: Apache-2.0
/// Are the intervals those of the textbooks?
#include <catch2/catch.hpp>
#include <cmath>

#include "sim/analysis/statistics.hpp"

using namespace ebb;

TEST_CASE("a mean's interval is that of Student's t") {
    // t(4, 0.975) = 2.776445105, t(4, 0.95) = 2.131846786 (NIST/SEMATECH e-Handbook, 1.3.6.7.2).
    const std::vector<double> values = {1.0, 2.0, 3.0, 4.0, 5.0};
    const double standard_error = std::sqrt(2.5 / 5.0);
    CHECK(mean_interval(values).mean == Approx(3.0).epsilon(1e-15));
    CHECK(mean_interval(values, 0.95).margin == Approx(2.776445105 * standard_error).epsilon(1e-9));
    CHECK(mean_interval(values, 0.90).margin == Approx(2.131846786 * standard_error).epsilon(1e-9));
    CHECK(mean_lower_bound(values, 0.95) ==
          Approx(3.0 - 2.131846786 * standard_error).epsilon(1e-9));
    CHECK(mean_interval({7.0}).margin == 0.0);
    CHECK(mean_lower_bound({7.0}, 0.95) == 7.0);
}

TEST_CASE("a share's lower bound solves the binomial equation it is defined by") {
    // All succeed: p^n = 1 - confidence.
    CHECK(binomial_lower_bound(29, 29, 0.95) == Approx(std::pow(0.05, 1.0 / 29.0)).epsilon(1e-12));
    CHECK(binomial_lower_bound(0, 10, 0.95) == 0.0);
    // In general P(X >= k | n, p) = 1 - confidence: summed here term by term.
    for (const auto& [k, n] : {std::pair{45, 46}, {9, 10}, {50, 100}, {1, 7}}) {
        const double p =
            binomial_lower_bound(static_cast<std::size_t>(k), static_cast<std::size_t>(n), 0.95);
        double tail = 0.0;
        for (int i = k; i <= n; ++i) {
            tail += std::exp(std::lgamma(n + 1.0) - std::lgamma(i + 1.0) -
                             std::lgamma(n - i + 1.0) + i * std::log(p) + (n - i) * std::log1p(-p));
        }
        INFO(k << " of " << n);
        CHECK(tail == Approx(0.05).epsilon(1e-9));
    }
}

TEST_CASE("the fewest runs that can show a share are those of the sampling tables") {
    // Success-run theorem, n = ln(1 - confidence)/ln(share): 29, 59, 299; one failure: 46, 93.
    CHECK(fewest_runs(0.90, 0.95, 0) == 29);
    CHECK(fewest_runs(0.95, 0.95, 0) == 59);
    CHECK(fewest_runs(0.99, 0.95, 0) == 299);
    CHECK(fewest_runs(0.90, 0.95, 1) == 46);
    CHECK(fewest_runs(0.95, 0.95, 1) == 93);
    CHECK_FALSE(allowed_failures(28, 0.90, 0.95).has_value());
    CHECK(allowed_failures(29, 0.90, 0.95) == std::size_t{0});
    CHECK(allowed_failures(45, 0.90, 0.95) == std::size_t{0});
    CHECK(allowed_failures(46, 0.90, 0.95) == std::size_t{1});
}
