// SPDX-License-Identifier: Apache-2.0
/// One step of an implicit rule for stiff systems: collocation at the five right Radau points
/// (order 9, L-stable). A fast branch that has settled does not hold the step down.
///
///   s(t + c_i h) = s(t) + h sum_j a_ij f(t + c_j h, s(t + c_j h)),   i = 1..5,  c_5 = 1
///
/// The first `states` entries are solved for by Newton's method with the Jacobian of the step's
/// start, or of each stage where that is too slow (by differences: they decide how fast the
/// iteration ends, not where); the integrals after them are quadratures over the stages.
/// Source: E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, section IV.5.
#pragma once

#include "models/core/vector_path.hpp"

namespace ebb {

/// Moves s from t to t + h; false where the iteration does not end (the step is too long).
[[nodiscard]] bool radau_step(const VectorProblem& problem, VectorProblem::State& s, double t,
                              double h);

}  // namespace ebb
