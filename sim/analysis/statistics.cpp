// SPDX-License-Identifier: Apache-2.0
#include "sim/analysis/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace ebb {

namespace {

struct Spread {
    double mean = 0.0, standard_error = 0.0;
};

Spread spread_of(const std::vector<double>& values) {
    Spread out;
    const auto n = static_cast<double>(values.size());
    for (const double x : values) {
        out.mean += x / n;
    }
    if (values.size() < 2) {
        return out;
    }
    if (std::all_of(values.begin(), values.end(), [&](double x) { return x == values.front(); })) {
        return {values.front(), 0.0};  // not what rounding has made of it
    }
    double squares = 0.0;
    for (const double x : values) {
        squares += (x - out.mean) * (x - out.mean);
    }
    out.standard_error = std::sqrt(squares / (n - 1.0) / n);
    return out;
}

double quantile_of_t(std::size_t n, double probability) {
    const boost::math::students_t_distribution<double> t(static_cast<double>(n) - 1.0);
    return boost::math::quantile(t, probability);
}

}  // namespace

MeanInterval mean_interval(const std::vector<double>& values, double confidence) {
    const Spread s = spread_of(values);
    if (values.size() < 2) {
        return {s.mean, 0.0};
    }
    return {s.mean, quantile_of_t(values.size(), (1.0 + confidence) / 2.0) * s.standard_error};
}

double mean_lower_bound(const std::vector<double>& values, double confidence) {
    const Spread s = spread_of(values);
    return values.size() < 2 ? s.mean
                             : s.mean - quantile_of_t(values.size(), confidence) * s.standard_error;
}

double binomial_lower_bound(std::size_t k, std::size_t n, double confidence) {
    if (k == 0) {
        return 0.0;
    }
    return boost::math::binomial_distribution<double>::find_lower_bound_on_p(
        static_cast<double>(n), static_cast<double>(k), 1.0 - confidence);
}

std::optional<std::size_t> allowed_failures(std::size_t n, double share, double confidence) {
    std::optional<std::size_t> allowed;
    for (std::size_t failures = 0;
         failures < n && binomial_lower_bound(n - failures, n, confidence) >= share; ++failures) {
        allowed = failures;
    }
    return allowed;
}

std::size_t fewest_runs(double share, double confidence, std::size_t failures) {
    std::size_t n = failures + 1;
    while (binomial_lower_bound(n - failures, n, confidence) < share) {
        ++n;
    }
    return n;
}

}  // namespace ebb
