// SPDX-License-Identifier: Apache-2.0
/// How sure a few runs make us. Every number here says at which confidence it holds.
///
///   mean_interval         x̄ ± t(n-1, (1+γ)/2) s/√n                     Student; 0 for n < 2
///   mean_lower_bound      x̄ - t(n-1, γ) s/√n                           Student, one-sided
///   binomial_lower_bound  p with P(X ≥ k | n, p) = 1 - γ               Clopper and Pearson 1934,
///                         the quantile 1-γ of Beta(k, n-k+1); 0 for k = 0        one-sided, exact
///
/// Quantiles are those of Boost.Math.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace ebb {

/// Mean of the values and half the interval of it.
struct MeanInterval {
    double mean = 0.0, margin = 0.0;
};
[[nodiscard]] MeanInterval mean_interval(const std::vector<double>& values,
                                         double confidence = 0.95);

/// The true mean lies above this with the given confidence; the mean itself for one value.
[[nodiscard]] double mean_lower_bound(const std::vector<double>& values, double confidence);

/// The true share lies above this with the given confidence, if k of n runs succeeded.
[[nodiscard]] double binomial_lower_bound(std::size_t k, std::size_t n, double confidence);

/// How many of n runs may fail and still show the share; empty if n runs cannot show it at all.
[[nodiscard]] std::optional<std::size_t> allowed_failures(std::size_t n, double share,
                                                          double confidence);

/// The fewest runs that can show the share although `failures` of them fail.
[[nodiscard]] std::size_t fewest_runs(double share, double confidence, std::size_t failures);

}  // namespace ebb
