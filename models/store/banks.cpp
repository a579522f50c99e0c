// SPDX-License-Identifier: Apache-2.0
#include "models/store/banks.hpp"

#include "models/core/component.hpp"
#include "models/core/nearest.hpp"
#include "models/store/banks_store.hpp"
#include "models/store/store_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

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

std::vector<std::string> Banks::energy_modes() const {
    std::vector<std::string> names;
    for (const BankMode& mode : params_.modes) {
        names.push_back(mode.name);
    }
    return names;
}

std::vector<std::size_t> banks_of(const BanksParams& params, const BankMode& mode,
                                  std::string& unknown) {
    std::vector<std::size_t> banks;
    std::istringstream all(mode.banks.value_or(""));
    for (std::string name; std::getline(all, name, ',');) {
        name.erase(0, name.find_first_not_of(' '));
        name.erase(name.find_last_not_of(' ') + 1);
        const auto found = std::find_if(params.banks.begin(), params.banks.end(),
                                        [&name](const BankParams& b) { return b.name == name; });
        if (name.empty() || found == params.banks.end()) {
            unknown = name.empty() ? "(nothing)" : name;
            return {};
        }
        banks.push_back(static_cast<std::size_t>(found - params.banks.begin()));
    }
    return banks;
}

double Banks::leakage_w(double v) const noexcept {
    const double resistive =
        params_.leakage.resistance_ohm ? v * v / *params_.leakage.resistance_ohm : 0.0;
    return resistive + v * params_.leakage.current_a.value_or(0.0);
}

namespace {

/// Modes name banks that exist and that no threshold moves, and each of those is named by one.
void check_modes(const BanksParams& p, CheckContext& context) {
    std::vector<std::string> names;
    for (std::size_t k = 0; k < p.banks.size(); ++k) {
        const BankParams& bank = p.banks[k];
        if (bank.name && std::find(names.begin(), names.end(), *bank.name) != names.end()) {
            context.mistake(
                fmt::format("banks[{}].name", k),
                fmt::format("store.banks[{}].name is {}, the name of another bank", k, *bank.name));
        }
        if (bank.name && !bank.connect_v) {
            names.push_back(*bank.name);
        }
    }
    std::vector<bool> named(p.banks.size(), false);
    for (std::size_t m = 0; m < p.modes.size(); ++m) {
        const std::string key = fmt::format("modes[{}]", m);
        std::string unknown;
        const std::vector<std::size_t> banks = banks_of(p, p.modes[m], unknown);
        if (!unknown.empty()) {
            std::string hint = did_you_mean(unknown, names);
            if (hint.empty()) {
                hint = names.empty() ? "name the banks that modes connect: banks: [{name: ..., "
                                       "capacitance: ...}]"
                                     : "banks that modes connect: " + joined(names);
            }
            context.mistake(key + ".banks",
                            fmt::format("store.{}.banks: there is no bank '{}'", key, unknown),
                            hint);
        }
        for (const std::size_t bank : banks) {
            named[bank] = true;
            if (p.banks[bank].connect_v) {
                context.mistake(key + ".banks",
                                fmt::format("store.{}.banks names '{}', which its own thresholds "
                                            "connect",
                                            key, *p.banks[bank].name),
                                "leave connect and disconnect of that bank out");
            }
        }
        for (std::size_t before = 0; before < m; ++before) {
            if (p.modes[before].name == p.modes[m].name) {
                context.mistake(key + ".name", fmt::format("store.{}.name is {}, the name of "
                                                           "another mode",
                                                           key, p.modes[m].name));
            }
        }
    }
    for (std::size_t k = 0; k < p.banks.size(); ++k) {
        if (!p.banks[k].connect_v && !p.banks[k].disconnect_v && !named[k]) {
            context.mistake(fmt::format("banks[{}]", k),
                            fmt::format("nothing ever switches store.banks[{}]", k),
                            "give connect and disconnect, or a name that a mode names");
        }
    }
}

void check(const BanksParams& p, CheckContext& context) {
    const auto volts = [](double v) { return format_quantity(v, unit::volt); };
    const auto above = [&](const std::string& key, double v) {
        check_not_above_max(key, v, p.max_v, context);
    };
    above("initial", p.initial_v);
    for (std::size_t k = 0; k < p.banks.size(); ++k) {
        const BankParams& bank = p.banks[k];
        above(fmt::format("banks[{}].initial", k), bank.initial_v.value_or(0.0));
        above(fmt::format("banks[{}].connect", k), bank.connect_v.value_or(0.0));
        if (bank.connect_v.has_value() != bank.disconnect_v.has_value()) {
            context.mistake(fmt::format("banks[{}]", k),
                            fmt::format("store.banks[{}] has one of connect and disconnect", k),
                            "give both, or none where modes connect it");
        } else if (bank.connect_v && *bank.disconnect_v >= *bank.connect_v) {
            context.mistake(fmt::format("banks[{}].disconnect", k),
                            fmt::format("store.banks[{}].disconnect is {}, not below its connect "
                                        "({}): the switch would chatter",
                                        k, volts(*bank.disconnect_v), volts(*bank.connect_v)));
        }
    }
    check_modes(p, context);
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
        param("name", &BankParams::name, optional, "what modes call it"),
        param("connect", &BankParams::connect_v, unit::volt, optional, above_up_to(0, 1000),
              "terminal voltage, rising, at which the bank is joined; left out, modes join it"),
        param("disconnect", &BankParams::disconnect_v, unit::volt, optional, range(0, 1000),
              "terminal voltage, falling, at which it is taken off; below connect"),
        param("connected", &BankParams::connected, false, "joined at the start of the run"),
        block("leakage", &BankParams::leakage, leakage, optional, "what the bank loses by itself"),
    };
    const ParamTable<BankMode> mode = {
        param("name", &BankMode::name, required, "what tasks call it"),
        param("banks", &BankMode::banks, optional,
              "names of its banks: 'a, b'; left out, the first capacitor alone"),
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
        list("modes", &BanksParams::modes, mode, optional, 0, 64,
             "sets of banks that tasks name (workload.tasks[].mode): those are joined, the others "
             "without thresholds taken off"),
        param("latch_energy", &BanksParams::latch_energy_j, unit::joule, 0.0, range(0, 1),
              "taken from the store for each switch that a mode moves"),
    };
    registry.add<StoreModel>(
        {"store", "banks", "capacitors joined and taken off by switches at thresholds",
         "joining conserves charge and loses 1/2 C1 C2/(C1 + C2) dV^2 (switch_loss); not modelled: "
         "series resistance, series connection, diode isolation, the switches' own current"},
        table, [](const BanksParams& p) { return std::make_shared<Banks>(p); }, check);
}

}  // namespace ebb
