// SPDX-License-Identifier: Apache-2.0
/// A charge or an energy out of one capacitor, at one instant (EnergyStore::take).
///
///   charge q   Q(V1) = Q(V) - q;   energy E   E(V1) = E(V) - E        [C, J]
///   given      Q(V) - Q(V1), E(V) - E(V1), with V1 not below a lowest voltage
///
/// Closed forms for a constant capacitance and one that falls with DC bias; a capacitance that
/// grows with its voltage is solved for V1 to the last bits.
#pragma once

#include "models/store/bias_law.hpp"
#include "models/store/energy_store.hpp"

namespace ebb {

/// Takes from a capacitor at `v`, which moves.
[[nodiscard]] Withdrawn take_from(const BiasCapacitance& c, double& v, const Withdrawal& wanted);
/// The same for dQ/dV = c0 + per_volt V [F].
[[nodiscard]] Withdrawn take_from_growing(double c0_f, double per_volt_f, double& v,
                                          const Withdrawal& wanted);

}  // namespace ebb
