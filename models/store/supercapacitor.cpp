// SPDX-License-Identifier: Apache-2.0
#include "models/store/supercapacitor.hpp"

#include "models/core/component.hpp"
#include "models/store/piecewise_store.hpp"
#include "models/store/store_checks.hpp"
#include "models/store/supercapacitor_store.hpp"

#include <fmt/format.h>

namespace ebb {

std::unique_ptr<EnergyStore> Supercapacitor::make() const {
    return std::make_unique<PiecewiseStore>(std::make_unique<NetworkBody>(params_, false));
}

std::unique_ptr<EnergyStore> Supercapacitor::make_reference() const {
    return std::make_unique<PiecewiseStore>(std::make_unique<NetworkBody>(params_, true));
}

namespace {

void check(const SupercapacitorParams& p, CheckContext& context) {
    const auto above = [&](const std::string& key, double v) {
        check_not_above_max(key, v, p.max_v, context);
    };
    above("initial", p.initial_v);
    for (std::size_t k = 0; k < p.branches.size(); ++k) {
        above(fmt::format("branches[{}].initial", k), p.branches[k].initial_v.value_or(0.0));
    }
}

}  // namespace

void register_store_supercapacitor(Registry& registry);

void register_store_supercapacitor(Registry& registry) {
    const ParamTable<ImmediateParams> immediate = {
        param("resistance", &ImmediateParams::resistance_ohm, unit::ohm, required, range(1e-6, 1e9),
              "series resistance of the branch that reacts at once"),
        param("capacitance", &ImmediateParams::capacitance_f, unit::farad, required,
              range(1e-9, 1e6), "its capacitance at 0 V"),
        param("per_volt", &ImmediateParams::per_volt_f, unit::farad, 0.0, range(0, 1e6),
              "what its differential capacitance gains per volt (in farads per volt)"),
    };
    const ParamTable<BranchParams> branch = {
        param("resistance", &BranchParams::resistance_ohm, unit::ohm, required, range(1e-6, 1e9),
              "between the terminal and the branch's capacitor"),
        param("capacitance", &BranchParams::capacitance_f, unit::farad, required, range(1e-9, 1e6),
              "the same at every voltage"),
        param("initial", &BranchParams::initial_v, unit::volt, optional, range(0, 1000),
              "its voltage at the start of the run; left out, the store's"),
    };
    const ParamTable<SupercapacitorLeakage> leakage = {
        param("resistance", &SupercapacitorLeakage::resistance_ohm, unit::ohm, optional,
              range(1, 1e15), "a resistor across the immediate branch's capacitor"),
    };
    const ParamTable<SupercapacitorParams> table = {
        block("immediate", &SupercapacitorParams::immediate, immediate, required,
              "the branch that reacts at once"),
        list("branches", &SupercapacitorParams::branches, branch, optional, 0, 5,
             "slower branches: delayed, long-term"),
        param("initial", &SupercapacitorParams::initial_v, unit::volt, required, range(0, 1000),
              "voltage of every branch at the start of the run"),
        param("max", &SupercapacitorParams::max_v, unit::volt, required, above_up_to(0, 1000),
              "the terminal is clipped here; the branches go on filling towards it"),
        block("leakage", &SupercapacitorParams::leakage, leakage, optional,
              "what the store loses by itself"),
        param(
            "decoupling", &SupercapacitorParams::decoupling_f, unit::farad, optional,
            range(1e-12, 1e6),
            "a capacitor at the terminal itself, on the load's side of all resistances; starts at "
            "the terminal's voltage"),
    };
    registry.add<StoreModel>(
        {"store", "supercapacitor",
         "a double-layer capacitor: RC branches that exchange charge, leak, clip",
         "immediate R - (C + C_v V), slower R - C branches; exact by modes while loads and "
         "supplies "
         "are currents and resistances, integrated otherwise; not modelled: temperature, ageing"},
        table, [](const SupercapacitorParams& p) { return std::make_shared<Supercapacitor>(p); },
        check);
}

}  // namespace ebb
