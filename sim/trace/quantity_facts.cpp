// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/quantity_facts.hpp"

#include "models/core/error.hpp"

#include <algorithm>

namespace ebb {

const QuantityFacts& facts_of(Quantity quantity) {
    static const std::vector<double> watts = {1e-6, 1e-5, 1e-4, 1e-3};
    // Night offsets of pyranometers reach -9.2 W/m^2 (NREL MIDC); the sun reaches 1.4e3 W/m^2 and
    // 1.3e5 lx under bright clouds.
    static const std::vector<QuantityFacts> table = {
        {Quantity::none, "", "", "", 1e3, false, 0.0, {}},
        {Quantity::power_w, "W", "energy", "J", 1e3, false, 0.0, watts},
        {Quantity::current_a, "A", "charge", "C", 1e3, false, 0.0, watts},
        {Quantity::voltage_v, "V", "", "V s", 1e4, true, 0.0, {0.5, 1.8, 3.0}},
        {Quantity::irradiance_w_m2,
         "W/m^2",
         "energy",
         "J/m^2",
         1e4,
         false,
         -20.0,
         {1.0, 100.0, 500.0}},
        {Quantity::illuminance_lux, "lx", "", "lx s", 1e6, false, 0.0, {100.0, 500.0, 1e4}},
        {Quantity::rf_power_w, "W", "received", "J", 1e3, false, 0.0, watts},
        {Quantity::acceleration_m_s2, "m/s^2", "", "m/s", 1e5, true, 0.0, {1.0, 10.0, 20.0}},
        {Quantity::temperature_difference_k, "K", "", "K s", 1e4, true, 0.0, {1.0, 5.0, 10.0}},
        {Quantity::iv_curve, "", "", "", 1e9, false, 0.0, {}},
    };
    const auto found = std::find_if(table.begin(), table.end(), [quantity](const QuantityFacts& f) {
        return f.quantity == quantity;
    });
    if (found == table.end())
        throw Defect("a quantity without facts");
    return *found;
}

}  // namespace ebb
