// SPDX-License-Identifier: Apache-2.0
/// Between the store and the device's rail: turns what the rail carries into terms at the store.
#pragma once

#include "models/core/load.hpp"

#include <cmath>
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
/// Empty, that is, unless it is given time: with `discharge_s` = tau it keeps V_out exp(-t/tau)
/// over t without power, and the next boot gives what is missing. What fades away goes to the boot,
/// too.
///
///   linear     C_out V_out (1 - exp(-t/tau))                                                  [C]
///   switching  1/2 C_out V_out^2 (1 - exp(-2 t/tau))/eta                                      [J]
///
/// Behind a plain switch the rail is the store's terminal, and the capacitor is a part of the store
/// while the device is powered (EnergyStore::join): V1 = V C/(C + C_out), whatever that is.
struct OutputCapacitor {
    double capacitance_f = 0.0;
    double rail_v = 0.0;
    double efficiency = 0.0;
    bool at_store = false;     ///< behind a plain switch
    double discharge_s = 0.0;  ///< time constant while unpowered; 0: it is empty at once

    /// What stands beside the store while the device is powered [F].
    [[nodiscard]] double beside_store_f() const noexcept { return at_store ? capacitance_f : 0.0; }

    /// What the boot of an empty one takes.
    [[nodiscard]] double charge_c() const noexcept { return charge_c(0.0); }
    [[nodiscard]] double energy_j() const noexcept { return energy_j(0.0); }
    /// Voltage that is left after `off_s` without power, which failed at `cut_v`.
    [[nodiscard]] double left_v(double cut_v, double off_s) const noexcept {
        return discharge_s > 0.0 ? cut_v * std::exp(-off_s / discharge_s) : 0.0;
    }
    /// What a boot takes if the capacitor is at `from_v`.
    [[nodiscard]] double charge_c(double from_v) const noexcept {
        return efficiency > 0.0 ? 0.0 : capacitance_f * (rail_v - from_v);
    }
    [[nodiscard]] double energy_j(double from_v) const noexcept {
        return efficiency > 0.0
                   ? 0.5 * capacitance_f * (rail_v * rail_v - from_v * from_v) / efficiency
                   : 0.0;
    }
    /// Where a boot that was given this charge and energy leaves it.
    [[nodiscard]] double charged_v(double given_c, double given_j, double from_v) const noexcept {
        return efficiency > 0.0
                   ? std::sqrt(from_v * from_v + 2.0 * efficiency * given_j / capacitance_f)
                   : from_v + given_c / capacitance_f;
    }
    /// More on the capacitor than at `from_v`, once the store has given this charge and energy [J].
    [[nodiscard]] double held_j(double given_c, double given_j, double from_v) const noexcept {
        return efficiency > 0.0 ? efficiency * given_j
                                : given_c * (from_v + 0.5 * given_c / capacitance_f);
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
