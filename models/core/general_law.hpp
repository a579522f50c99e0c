// SPDX-License-Identifier: Apache-2.0
/// The store where no closed form holds: an error-controlled integration with event location.
///
///   energy    dE/dt = drive(t, V) [W],      E = C V^2/2   where a power term is there: regular at
///   V = 0 voltage   dV/dt = drive(t, V)/C,  drive [A]           else
///
/// Up to twelve integrands are carried along as quadratures under the same error control. An event
/// is a function of (t, V) that is positive until it happens; the path ends where the first one
/// reaches zero. An event that is not positive at the start is armed once it has been. The floor V
/// = 0 is an event of its own.
///
/// Runge-Kutta of order 8 (Fehlberg, from Boost.Odeint) with step doubling, local error <= 1e-13
/// relative in every component; the crossing by bracketing over the length of one step. Where V
/// turns inside a step, the step ends there first, so that no pair of crossings of a function of V
/// alone slips through a step. Not for integrands that jump: borders of regions are events, and end
/// a path.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <vector>

namespace ebb {

using PathFunction = std::function<double(double t_s, double v)>;

struct PathProblem {
    static constexpr std::size_t kMostIntegrands = 12;
    enum class State : unsigned char { energy, voltage };

    State state = State::voltage;
    double capacitance_f = 0.0;
    PathFunction drive;
    std::vector<PathFunction> integrands;
    std::vector<PathFunction> events;
};

enum class PathEnd : unsigned char { horizon, event, empty };

struct PathOutcome {
    PathEnd end = PathEnd::horizon;
    std::size_t event = 0;  ///< which, if end == event; the earliest in the list at equal times
    double t_s = 0.0;       ///< duration of the path
    double v = 0.0;
    std::array<double, PathProblem::kMostIntegrands> integrals{};
};

/// Follows the path from v0 for at most horizon_s (finite). Throws Defect if the step vanishes.
[[nodiscard]] PathOutcome follow_path(const PathProblem& problem, double v0, double horizon_s);

}  // namespace ebb
