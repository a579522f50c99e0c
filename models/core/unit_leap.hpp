// SPDX-License-Identifier: Apache-2.0
/// Repeated units in one step: how many of n equal units pass before a threshold is reached, and
/// where the voltage and the integrals stand after them.
///
/// A unit is a list of phases, each with constant terms q and a duration; F maps the voltage at a
/// unit's start to that at its end. F is increasing, so the voltages at unit starts are monotone.
///
///   one phase                  the flow over k tau                                 (StoreLaw)
///   all b = 0                  E -> alpha E + beta: geometric sums in closed form
///   else, many units           k = int dV/G, G the field whose time-one map is F   (iterative
///                              logarithm of F by forward differences along orbits)
///   else                       phase by phase
///
/// A unit passes if at each of its phase borders lower < V < upper (strictly; no threshold: > 0):
/// one that ends exactly at a threshold does not. The last units before a crossing are always
/// walked phase by phase, so counts are exact. Voltage and integrals: 1e-12 relative. The cost of a
/// leap does not depend on n.
///
/// Not checked: the voltage at the start (the caller's watch has seen it).
#pragma once

#include "models/core/store_law.hpp"

#include <cstdint>
#include <vector>

namespace ebb {

struct UnitPhase {
    Terms q;  ///< net terms: supply, leak, load
    double duration_s = 0.0;
};

struct UnitRun {
    double capacitance_f = 0.0;
    double v0 = 0.0;         ///< voltage at the start of the first unit
    std::int64_t count = 0;  ///< units that would follow each other
    double lower_v = 0.0;    ///< NaN = none
    double upper_v = 0.0;    ///< NaN = none
    /// Laws without a current in any element need no integral of V: their sums are closed forms,
    /// and per_phase[].v_dt comes back as NaN.
    bool v_dt_needed = true;
};

/// How the greater part of the units was passed (for tests and statistics).
enum class LeapMethod : unsigned char { walked, flow, geometric, logarithm };

struct UnitLeap {
    std::int64_t units = 0;                ///< units that passed
    double v = 0.0;                        ///< voltage after them
    std::vector<PathIntegrals> per_phase;  ///< sums over the units that passed, per phase
    LeapMethod method = LeapMethod::walked;
};

/// `out` is reused: its vector allocates only when it grows.
void leap_units(const std::vector<UnitPhase>& phases, const UnitRun& run, UnitLeap& out);

/// The same, phase by phase whatever the count: for few units, and as the leap's own witness.
void walk_units(const std::vector<UnitPhase>& phases, const UnitRun& run, UnitLeap& out);

}  // namespace ebb
