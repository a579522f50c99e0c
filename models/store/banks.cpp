// SPDX-License-Identifier: Apache-2.0
#include "models/store/banks.hpp"

#include "models/core/component.hpp"
#include "models/store/banks_store.hpp"
#include "models/store/store_checks.hpp"

#include <fmt/format.h>

namespace ebb {

std::unique_ptr<EnergyStore> Banks::make() const {
    return std::make_unique<BanksStore>(params_, false);
}

std::unique_ptr<EnergyStore> Banks::make_reference() const {
    return std::make_unique<BanksStore>(params_, true);
}

double Banks::capacitance_f() const noexcept {
    double sum = params_.capacitance_f;
    for (const BankParams& bank : params_.banks) {
        sum += bank.capacitance_f;
    }
    return sum;
}

double Banks::leakage_w(double v) const noexcept {
    const double resistive =
        params_.leakage.resistance_ohm ? v * v / *params_.leakage.resistance_ohm : 0.0;
    return resistive + v * params_.leakage.current_a.value_or(0.0);
}

namespace {

void check(const BanksParams& p, CheckContext& context) {
    const auto volts = [](double v) { return format_quantity(v, unit::volt); };
    const auto above = [&](const std::string& key, double v) {
        check_not_above_max(key, v, p.max_v, context);
    };
    above("initial", p.initial_v);
    for (std::size_t k = 0; k < p.banks.size(); ++k) {
        const BankParams& bank = p.banks[k];
        above(fmt::format("banks[{}].initial", k), bank.initial_v.value_or(0.0));
        above(fmt::format("banks[{}].connect", k), bank.connect_v);
        if (bank.disconnect_v >= bank.connect_v) {
            context.mistake(fmt::format("banks[{}].disconnect", k),
                            fmt::format("store.banks[{}].disconnect is {}, not below its connect "
                                        "({}): the switch would chatter",
                                        k, volts(bank.disconnect_v), volts(bank.connect_v)));
        }
    }
}

}  // namespace

void register_store_banks(Registry& registry);

void register_store_banks(Registry& registry) {
    const ParamTable<Leakage> leakage = {
        param("resistance", &Leakage::resistance_ohm, unit::ohm, optional, range(1, 1e15),
              "a resistor across the capacitor"),
        param("current", &Leakage::current_a, unit::ampere, optional, range(0, 1),
              "a constant loss while there is charge"),
    };
    const ParamTable<BankParams> bank = {
        param("capacitance", &BankParams::capacitance_f, unit::farad, required, range(1e-12, 1e6),
              "of the bank"),
        param("initial", &BankParams::initial_v, unit::volt, optional, range(0, 1000),
              "its voltage at the start of the run; left out, the store's"),
        param("connect", &BankParams::connect_v, unit::volt, required, above_up_to(0, 1000),
              "terminal voltage, rising, at which the bank is joined"),
        param("disconnect", &BankParams::disconnect_v, unit::volt, required, range(0, 1000),
              "terminal voltage, falling, at which it is taken off; below connect"),
        param("connected", &BankParams::connected, false, "joined at the start of the run"),
        block("leakage", &BankParams::leakage, leakage, optional, "what the bank loses by itself"),
    };
    const ParamTable<BanksParams> table = {
        param("capacitance", &BanksParams::capacitance_f, unit::farad, required, range(1e-12, 1e6),
              "of the capacitor that is always connected"),
        param("initial", &BanksParams::initial_v, unit::volt, required, range(0, 1000),
              "voltage at the start of the run"),
        param("max", &BanksParams::max_v, unit::volt, required, above_up_to(0, 1000),
              "the terminal is clipped here; what it cannot hold is booked as clipped"),
        block("leakage", &BanksParams::leakage, leakage, optional,
              "what the first capacitor loses by itself"),
        list("banks", &BanksParams::banks, bank, required, 1, 16, "capacitors behind switches"),
    };
    registry.add<StoreModel>(
        {"store", "banks", "capacitors joined and taken off by switches at thresholds",
         "joining conserves charge and loses 1/2 C1 C2/(C1 + C2) dV^2 (switch_loss); not modelled: "
         "series resistance, series connection, diode isolation, the switches' own current"},
        table, [](const BanksParams& p) { return std::make_shared<Banks>(p); }, check);
}

}  // namespace ebb
