// SPDX-License-Identifier: Apache-2.0
/// Formula mode: end-to-end latency and energy of a network on a capacitor, in closed form, as the
/// published models have it. No simulation.
///
///   E_av = C (V_on^2 - V_off^2) / 2                                                   [J]
///   safe if E_cycle <= margin * E_av for every power cycle
///   V_e  = sqrt(2 (E_x - E_cycle) / C + V_off^2),   E_x = margin * E_av or E_av       [V]
///   recharge = -R C ln((V_on - V_supply) / (V_e - V_supply))                          [s]
///   latency(layer) = n0 (L_first + recharge(E_first)) + (n - n0) (L_later + recharge(E_later))
///   IMO = 100 (L_on - L_cont) / L_on: time that intermittency management adds, in per cent of the
///         time on
///
/// One batch of tiles per power cycle, always from V_on: the device shuts down by itself after
/// each. What the formula leaves out: inflow while on; leakage; and with the margin inside V_e it
/// recharges from a voltage below the one that the energy drawn leaves behind. Its latency is
/// therefore not that of a capacitor: simulate for that. Sources: as tile_cost.hpp.
#pragma once

#include "models/workload/network.hpp"
#include "models/workload/platform.hpp"
#include "models/workload/tile_cost.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

/// A store and its supply, as the formula sees them.
struct FormulaSupply {
    double capacitance_f = 0.0, resistance_ohm = 0.0;
    double v_on_v = 0.0, v_off_v = 0.0, v_supply_v = 0.0;
    double energy_margin = 1.0;
    bool margin_inside_voltage = false;
    /// A source of constant power in place of a voltage behind a resistance: recharge takes
    /// C (V_on^2 - V_e^2) / 2 / P.
    std::optional<double> power_w;
};

/// The supply that a platform's source used, at one of its points.
[[nodiscard]] FormulaSupply formula_supply(const SupplyFacts& facts, std::size_t point = 0);

/// Energy between V_on and V_off.
[[nodiscard]] double available_energy_j(const FormulaSupply& supply) noexcept;
[[nodiscard]] bool is_safe(const FormulaSupply& supply, double cycle_energy_j) noexcept;
/// Voltage at the end of a cycle; nothing if the store does not hold that much.
[[nodiscard]] std::optional<double> end_voltage_v(const FormulaSupply& supply,
                                                  double cycle_energy_j) noexcept;
/// Time from there to V_on; nothing if the store does not hold that much.
[[nodiscard]] std::optional<double> recharge_s(const FormulaSupply& supply,
                                               double cycle_energy_j) noexcept;
/// The smallest capacitance on which a cycle of this energy is safe, the rest as it is.
[[nodiscard]] double safe_capacitance_f(const FormulaSupply& supply,
                                        double cycle_energy_j) noexcept;

/// One layer through the formula. Without a supply: under continuous power only.
struct FormulaOnStore {
    bool safe = false;
    std::optional<double> recharge_first_s, recharge_later_s;  ///< after one cycle
    double energy_j = 0.0;                                     ///< of all power cycles
    double on_s = 0.0;
    std::optional<double> recharge_s, latency_s;  ///< of the layer; nothing if it is not safe
};
[[nodiscard]] FormulaOnStore on_store(const TiledCost& cost, const FormulaSupply& supply) noexcept;

struct FormulaLayer {
    int id = 0;
    std::string name, op;
    std::optional<TilePlan> plan;  ///< nothing for a layer that folds into its producer
    std::optional<TiledCost> cost;
    std::optional<FormulaOnStore> store;
};

struct FormulaTable {
    std::vector<FormulaLayer> layers;
    Cost continuous;
    std::int64_t cycles = 0;
    double energy_j = 0.0, on_s = 0.0;
    std::optional<double> recharge_s, latency_s;  ///< nothing if a layer is not safe
    std::optional<double> imo_percent;
    std::vector<std::string> unsafe;  ///< names of layers that break E_cycle <= margin * E_av
    std::vector<std::string>
        folded;  ///< layers without MACs that the model gives no cost of their own
};

/// Every layer of a network under a plan: `plans` holds one, or none, for each layer. Layers
/// without a rule fold into their producer if they have no MACs. Throws InputError with every layer
/// that has MACs and cannot be priced, or that has no plan.
[[nodiscard]] FormulaTable closed_form(const Network& network,
                                       const std::vector<std::optional<TilePlan>>& plans,
                                       const TileModel& model,
                                       const std::optional<FormulaSupply>& supply);

/// The same under the plans of the network's table, by the closed form that the platform names.
/// Throws InputError also if it names none.
[[nodiscard]] FormulaTable closed_form(const Network& network, const Platform& platform,
                                       const std::optional<FormulaSupply>& supply);

/// The plans of the network's table.
[[nodiscard]] std::vector<std::optional<TilePlan>> plans_of(const Network& network);

}  // namespace ebb
