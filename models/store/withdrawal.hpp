// SPDX-License-Identifier: Apache-2.0
/// What passes between capacitors at one instant: a charge or an energy that is taken
/// (EnergyStore::take), or an empty capacitor that is joined by a switch (EnergyStore::join).
///
///   charge q   Q(V1) = Q(V) - q;   energy E   E(V1) = E(V) - E        [C, J]
///   given      Q(V) - Q(V1), E(V) - E(V1), with V1 not below a lowest voltage
///
/// Closed forms for a constant capacitance and one that falls with DC bias; a capacitance that
/// grows with its voltage is solved for V1 to the last bits.
///
///   joined     V1 = V C/(C + C_out), heat 1/2 C C_out/(C + C_out) V^2                        [V,
///   J]
///
/// whatever the switch's resistance: the charge is conserved, the energy is not.
#pragma once

#include "models/store/bias_law.hpp"
#include "models/store/energy_store.hpp"

namespace ebb {

/// Takes from a capacitor at `v`, which moves.
[[nodiscard]] Withdrawn take_from(const BiasCapacitance& c, double& v, const Withdrawal& wanted);
/// The same for dQ/dV = c0 + per_volt V [F].
[[nodiscard]] Withdrawn take_from_growing(double c0_f, double per_volt_f, double& v,
                                          const Withdrawal& wanted);

struct Joined {
    double v = 0.0, heat_j = 0.0;
};
/// An empty capacitor beside one of `node_f` at `v`.
[[nodiscard]] inline Joined joined_by(double out_f, double node_f, double v) noexcept {
    const double share = out_f / (node_f + out_f);
    return {v * (node_f / (node_f + out_f)), 0.5 * node_f * share * v * v};
}

}  // namespace ebb
