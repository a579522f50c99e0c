// SPDX-License-Identifier: Apache-2.0
#include "sim/trace/value_units.hpp"

#include <algorithm>
#include <iterator>

namespace ebb {
namespace {

// Longer suffixes first: irradiance_w_m2 also ends in something that looks like a power.
constexpr ValueUnit kValueUnits[] = {
    {"_mw_cm2", "mW/cm^2", Quantity::irradiance_w_m2, 10.0},
    {"_uw_cm2", "uW/cm^2", Quantity::irradiance_w_m2, 1e-2},
    {"_kw_m2", "kW/m^2", Quantity::irradiance_w_m2, 1e3},
    {"_w_m2", "W/m^2", Quantity::irradiance_w_m2, 1.0},
    {"_m_s2", "m/s^2", Quantity::acceleration_m_s2, 1.0},
    {"_mg", "mg", Quantity::acceleration_m_s2, 9.80665e-3},
    {"rf_power_w", "W (RF)", Quantity::rf_power_w, 1.0},
    {"rf_power_mw", "mW (RF)", Quantity::rf_power_w, 1e-3},
    {"rf_power_uw", "uW (RF)", Quantity::rf_power_w, 1e-6},
    {"_w", "W", Quantity::power_w, 1.0},
    {"_mw", "mW", Quantity::power_w, 1e-3},
    {"_uw", "uW", Quantity::power_w, 1e-6},
    {"_nw", "nW", Quantity::power_w, 1e-9},
    {"_pw", "pW", Quantity::power_w, 1e-12},
    {"_a", "A", Quantity::current_a, 1.0},
    {"_ma", "mA", Quantity::current_a, 1e-3},
    {"_ua", "uA", Quantity::current_a, 1e-6},
    {"_na", "nA", Quantity::current_a, 1e-9},
    {"_v", "V", Quantity::voltage_v, 1.0},
    {"_mv", "mV", Quantity::voltage_v, 1e-3},
    {"_uv", "uV", Quantity::voltage_v, 1e-6},
    {"_lux", "lx", Quantity::illuminance_lux, 1.0},
    {"_lux", "lux", Quantity::illuminance_lux, 1.0},
    {"_klux", "klx", Quantity::illuminance_lux, 1e3},
    {"difference_k", "K", Quantity::temperature_difference_k, 1.0},  // not any temperature
};

bool ends_with(std::string_view text, std::string_view end) {
    const bool whole = text == end && end.front() != '_';
    return whole || (text.size() > end.size() && text.substr(text.size() - end.size()) == end);
}

template <class Match>
const ValueUnit* first(Match match) {
    const auto* const found = std::find_if(std::begin(kValueUnits), std::end(kValueUnits), match);
    return found == std::end(kValueUnits) ? nullptr : found;
}

}  // namespace

const ValueUnit* unit_of_name(std::string_view name) {
    return first([name](const ValueUnit& u) { return ends_with(name, u.suffix); });
}

const ValueUnit* unit_of_text(std::string_view text) {
    return first([text](const ValueUnit& u) { return u.text == text; });
}

std::vector<std::string> unit_texts() {
    std::vector<std::string> texts;
    for (const ValueUnit& unit : kValueUnits)
        texts.emplace_back(unit.text);
    return texts;
}

}  // namespace ebb
