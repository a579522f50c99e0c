// SPDX-License-Identifier: Apache-2.0
/// How much of a result's variance over the sweep each input explains: Sobol indices.
///
///   first order  S_i = Var(E[Y|X_i]) / Var(Y)         what X_i explains alone
///   total        T_i = 1 - Var(E[Y|X_~i]) / Var(Y)    what is lost when all but X_i are known
///
/// Two designs have an answer; any other is refused, because a guess would not be told from one:
///   Saltelli  blocks f(A_j), f(B_j), f(AB_i,j), where AB_i is A with column i of B. Estimators, f
///             centred on its mean over A and B, Var(Y) the variance over A and B:
///               S_i = mean(f(B) (f(AB_i) - f(A))) / Var(Y)     Saltelli et al. 2010, table 2 (b)
///               T_i = mean((f(A) - f(AB_i))²) / 2 / Var(Y)     Jansen 1999, ibid. (f)
///             and percentile bootstrap intervals over the blocks. The layout is recognised by the
///             inputs themselves: every AB_i must equal A but for column i, which must equal B's.
///   grid      every combination of the levels once: the same variances as sums over the grid
///             (ANOVA), levels of an axis weighing the same. No sampling, so no interval.
/// Y is the mean over a point's repeats. A. Saltelli et al., Computer Physics Communications 181
/// (2010) 259.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/analysis/sweep_data.hpp"
#include "sim/formula/expression.hpp"

namespace ebb {

struct Interval {
    double low = 0.0, high = 0.0;
};

struct InputSensitivity {
    std::string input;  ///< axis; "a with b" where two axes always change together
    double first = 0.0, total = 0.0;
    std::optional<Interval> first_interval, total_interval;
};

struct SobolIndices {
    enum class Method { saltelli, grid };
    Method method = Method::grid;
    std::string layout;  ///< of the design, in words
    std::vector<InputSensitivity> inputs;
    double mean = 0.0, variance = 0.0;    ///< of Y over the design
    std::size_t points = 0;               ///< that were used
    std::size_t blocks = 0, dropped = 0;  ///< Saltelli: used, and left out for want of a value
    /// Share of the variance that is scatter of the means over repeats, without what a repeat adds
    /// to all points alike; NaN where there is one repeat or the runs are not balanced.
    double noise_share = 0.0;
};

/// Y per point, NaN where it has none, and the axes' cells per point.
struct Design {
    std::vector<std::string> axes;
    std::vector<std::vector<double>> cells;  ///< [axis][point]
    std::vector<double> y;                   ///< per point
    double noise = 0.0;                      ///< variance of y by chance; NaN: not known
};

/// Throws InputError if the design is neither, or a grid has a point without value.
[[nodiscard]] SobolIndices sensitivity(const Design& design, double confidence);

[[nodiscard]] Design design_of(const SweepData& table, const Expression& metric);

}  // namespace ebb
