// SPDX-License-Identifier: Apache-2.0
/// The store node at one instant: what supply and load push into the store at a terminal voltage.
///
///   I(y) = a/y + b + c y + sum of p/(y + shift) + curve(y)        [A]
///   y    = u + r I(y)      seen through a resistance r from an inner voltage u
///
/// The terminal is the largest root: the state that a rail reaches from a healthy one. A power that
/// the resistance cannot carry leaves none, and the rail has collapsed.
#pragma once

#include "models/core/load.hpp"
#include "models/core/supply_curve.hpp"
#include "models/core/terms.hpp"

namespace ebb {

struct NodeElements {
    Terms net;         ///< supply less load
    Terms gross;       ///< the sizes of both added: what rounding of `net` is measured against
    SupplyExtra in;    ///< the supply's beside its terms
    RationalTerm out;  ///< the load's, its power negative

    [[nodiscard]] bool rational() const noexcept { return !in.none() || out.power_w != 0.0; }
    /// Current into the store [A]; y > 0 where a power is there.
    [[nodiscard]] double current(double y) const noexcept;
    /// Sizes of all currents added [A].
    [[nodiscard]] double gross_current(double y) const noexcept;
    /// dI/dy [S].
    [[nodiscard]] double slope(double y) const noexcept;
    /// Power into the store [W].
    [[nodiscard]] double power(double y) const noexcept {
        return net.power_at(y) + in.power(y) + out.power_at(y);
    }
};

/// Terminal voltage behind r > 0 [V]. Negative where currents outweigh what u can give at 0 V:
/// the caller holds the node at 0 V then.
[[nodiscard]] double terminal_behind(double u, double r, const NodeElements& node,
                                     bool& collapsed) noexcept;

}  // namespace ebb
