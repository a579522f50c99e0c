// SPDX-License-Identifier: Apache-2.0
/// A path of several states at once (the branches of a network) where no closed form holds: an
/// error-controlled integration with event location, the brother of general_law.hpp.
///
///   ds/dt = rates(t, s)       the first `states` entries move, the rest are integrals carried
///   along
///
/// An event is a function of (t, s) that is positive until it happens; the path ends where the
/// first one reaches zero. An event that is not positive at the start is armed once it has been.
///
/// Runge-Kutta of order 8 (Fehlberg) with step doubling, local error <= 1e-13 relative to a state,
/// of an integral relative to what flowed, and to 1e-3 of the largest integral at least. Steps of
/// 1e-14 of the path are taken as they are, so that a root where the path begins is passed. A
/// crossing is bracketed within one step; a dip inside a step is followed to its lowest point if
/// the start, the middle and the end of the step show it. Steps are at most a quarter of the path.
///
/// A stiff problem (a small capacitor behind a small resistance beside a slow one) takes the
/// implicit steps of radau.hpp under the same control: the local error of order 9 falls to that of
/// order 6 where a fast state only follows, and the same share of the difference is taken.
///
/// The pair's own error estimate is not used: it vanishes for pure quadratures.
#pragma once

#include <array>
#include <cstddef>
#include <functional>

namespace ebb {

struct VectorProblem {
    static constexpr std::size_t kMost = 16;
    static constexpr std::size_t kMostEvents = 12;
    using State = std::array<double, kMost>;
    using Events = std::array<double, kMostEvents>;

    std::size_t states = 0;
    std::size_t integrals = 0;
    std::size_t events = 0;
    double notable = 1e-3;  ///< states smaller than this are as exact as this one
    /// The same for integrals: beside what is stored, flows through a network at rest are rounding.
    double notable_flow = 0.0;
    bool stiff = false;  ///< steps by the implicit rule of radau.hpp
    std::function<void(double t_s, const State& s, State& rate)> rates;
    std::function<void(double t_s, const State& s, Events& off)> watch;
};

struct VectorOutcome {
    bool happened = false;
    std::size_t event = 0;  ///< the earliest in the list at equal times
    double t_s = 0.0;
    VectorProblem::State s{};
};

/// Follows the path for at most horizon_s (finite). Throws Defect if a rate is no number.
[[nodiscard]] VectorOutcome follow_vector(const VectorProblem& problem,
                                          const VectorProblem::State& start, double horizon_s);

}  // namespace ebb
