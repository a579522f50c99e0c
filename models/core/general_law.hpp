// SPDX-License-Identifier: Apache-2.0
/// The store where no closed form holds: an error-controlled integration with event location.
///
///   energy    dE/dt = drive(t, V) [W],      E = C V^2/2   where a power term is there: regular at
///   V = 0 voltage   dV/dt = drive(t, V)/C,  drive [A]           else
///
/// Up to twelve integrands are carried along as quadratures under the same error control. One call
/// gives the drive and all integrands of an instant, another one all events: what they have in
/// common (the node's terminal) is worked out once.
///
/// An event is a function of (t, V) that is positive until it happens; the path ends where the
/// first one reaches zero. An event that is not positive at the start is armed once it has been.
/// The floor V = 0 is an event of its own.
///
/// Runge-Kutta of order 8 (Fehlberg) with step doubling, local error <= 1e-13 relative in every
/// component (of the state: relative to 1 mV at least); steps of 1e-14 of the path are taken as
/// they are, so that a root in time or state where it begins is passed. The crossing by bracketing
/// over the length of one step. Where V turns inside a step, the step ends there first, so that no
/// pair of crossings of a function of V alone slips through a step; a function of time and V that
/// dips inside a step is followed to its lowest point if its start, middle and end show the dip.
/// Not for integrands that jump: borders of regions are events, and end a path.
#pragma once

#include <array>
#include <cstddef>
#include <functional>

namespace ebb {

/// Drive [W or A] and integrands at one instant.
struct PathRates {
    static constexpr std::size_t kMost = 12;
    double drive = 0.0;
    std::array<double, kMost> integrands{};
};

/// Values of the events at one instant.
using PathEvents = std::array<double, 12>;

struct PathProblem {
    enum class State : unsigned char { energy, voltage };

    State state = State::voltage;
    double capacitance_f = 0.0;
    std::size_t integrands = 0;  ///< how many of them `rates` sets
    std::size_t events = 0;      ///< how many of them `watch` sets
    std::function<void(double t_s, double v, PathRates& out)> rates;
    std::function<void(double t_s, double v, PathEvents& out)> watch;
};

enum class PathEnd : unsigned char { horizon, event, empty };

struct PathOutcome {
    PathEnd end = PathEnd::horizon;
    std::size_t event = 0;  ///< which, if end == event; the earliest in the list at equal times
    double t_s = 0.0;       ///< duration of the path
    double v = 0.0;
    std::array<double, PathRates::kMost> integrals{};
};

/// Follows the path from v0 for at most horizon_s (finite). Throws Defect if a rate is no number.
[[nodiscard]] PathOutcome follow_path(const PathProblem& problem, double v0, double horizon_s);

}  // namespace ebb
