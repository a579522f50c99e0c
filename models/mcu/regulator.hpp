// SPDX-License-Identifier: Apache-2.0
/// Between the store and the device's rail: turns what the rail carries into terms at the store.
#pragma once

#include "models/core/load.hpp"

#include <vector>

namespace ebb {

class CheckContext;

/// What one consumer takes from the rail: i(V_rail) = current + current_per_volt * V_rail, and/or a
/// constant power. All >= 0.
struct RailLoad {
    Sink sink = Sink::idle;
    double current_a = 0.0;
    double current_per_volt_s = 0.0;
    double power_w = 0.0;
};

/// A capacitor at the rail, empty whenever the regulator is enabled, and at the set voltage from
/// then on until the power fails.
///
///   linear     C_out V_out [C] from the store, as much as goes in                  efficiency = 0
///   switching  1/2 C_out V_out^2/eta [J] from the store, whatever the voltage
///
/// What the store gives beyond the energy on the capacitor is heat in the regulator. The charging
/// takes no time; the store gives nothing below the voltage at which the device loses power, so
/// that a store too small is left there, with the capacitor charged in part.
///
/// Behind a plain switch the rail is the store's terminal, and the capacitor is a part of the store
/// while the device is powered (EnergyStore::join): V1 = V C/(C + C_out), whatever that is.
struct OutputCapacitor {
    double capacitance_f = 0.0;
    double rail_v = 0.0;
    double efficiency = 0.0;
    bool at_store = false;  ///< behind a plain switch

    /// What stands beside the store while the device is powered [F].
    [[nodiscard]] double beside_store_f() const noexcept { return at_store ? capacitance_f : 0.0; }

    [[nodiscard]] double charge_c() const noexcept {
        return efficiency > 0.0 ? 0.0 : capacitance_f * rail_v;
    }
    [[nodiscard]] double energy_j() const noexcept {
        return efficiency > 0.0 ? 0.5 * capacitance_f * rail_v * rail_v / efficiency : 0.0;
    }
    /// On the capacitor once the store has given this charge and energy [J].
    [[nodiscard]] double held_j(double given_c, double given_j) const noexcept {
        return efficiency > 0.0 ? efficiency * given_j : 0.5 * given_c * given_c / capacitance_f;
    }
};

class Regulator {
public:
    virtual ~Regulator() = default;
    /// Fills both regions of a phase: what the loads cost at the store, with the regulator's own
    /// quiescent current and loss as shares of their own.
    virtual void draw(const std::vector<RailLoad>& rail, bool powered, Draw& regulated,
                      Draw& drop_out) const = 0;
    /// Terminal voltage below which `drop_out` applies; 0 = never.
    [[nodiscard]] virtual double drop_out_below_v() const noexcept = 0;
    /// Without capacitance: none to be charged.
    [[nodiscard]] virtual OutputCapacitor output_capacitor() const noexcept { return {}; }
};

/// A rail that leaves regulation would discharge its capacitor and charge it again: refused, which
/// keeps `held at the set voltage` true.
void check_output_capacitor(double output_f, double regulates_from_v, CheckContext& context);

}  // namespace ebb
