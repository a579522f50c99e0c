// SPDX-License-Identifier: Apache-2.0
#include "models/store/capacitor.hpp"

#include <fmt/format.h>

#include "models/core/component.hpp"
#include "models/store/capacitor_store.hpp"
#include "models/store/piecewise_store.hpp"
#include "models/store/reference_store.hpp"
#include "models/store/supercapacitor_store.hpp"

namespace ebb {

namespace {

constexpr double kLeastEsr = 1e-6;  // [Ohm], as of a branch of a network

std::unique_ptr<EnergyStore> decoupled(const CapacitorParams& p, bool witness) {
    SupercapacitorParams network;
    network.immediate = {p.esr_ohm, p.capacitance_f, 0.0};
    network.initial_v = p.initial_v;
    network.max_v = p.max_v;
    network.leakage.resistance_ohm = p.leakage.resistance_ohm;
    network.decoupling_f = p.decoupling_f;
    return std::make_unique<PiecewiseStore>(std::make_unique<NetworkBody>(network, witness));
}

}  // namespace

std::unique_ptr<EnergyStore> Capacitor::make() const {
    if (params_.decoupling_f) {
        return decoupled(params_, false);
    }
    return std::make_unique<CapacitorStore>(params_);
}

std::unique_ptr<EnergyStore> Capacitor::make_reference() const {
    if (params_.decoupling_f) {
        return decoupled(params_, true);
    }
    return std::make_unique<ReferenceStore>(params_);
}

double Capacitor::leakage_w(double v) const noexcept {
    const double resistive =
        params_.leakage.resistance_ohm ? v * v / *params_.leakage.resistance_ohm : 0.0;
    return resistive + v * params_.leakage.current_a.value_or(0.0);
}

void register_store_capacitor(Registry& registry);

void register_store_capacitor(Registry& registry) {
    const ParamTable<Leakage> leakage = {
        param("resistance", &Leakage::resistance_ohm, unit::ohm, optional, range(1, 1e15),
              "a resistor across the capacitor"),
        param("current", &Leakage::current_a, unit::ampere, optional, range(0, 1),
              "a constant loss while there is charge"),
    };
    const ParamTable<CapacitorParams> table = {
        param("capacitance", &CapacitorParams::capacitance_f, unit::farad, required,
              range(1e-12, 1e6), "capacitance, the same at every voltage"),
        param("initial", &CapacitorParams::initial_v, unit::volt, required, range(0, 1000),
              "voltage at the start of the run"),
        param("max", &CapacitorParams::max_v, unit::volt, required, above_up_to(0, 1000),
              "the terminal is clipped here; what it cannot hold is booked as clipped"),
        param("esr", &CapacitorParams::esr_ohm, unit::ohm, 0.0, range(0, 1e6),
              "series resistance between the capacitor and its terminal"),
        block("leakage", &CapacitorParams::leakage, leakage, optional,
              "what the store loses by itself: resistance, current or both"),
        param("decoupling", &CapacitorParams::decoupling_f, unit::farad, optional,
              range(1e-12, 1e6),
              "a capacitor at the terminal, on the load's side of esr; starts at the same voltage"),
    };
    registry.add<StoreModel>(
        {"store", "capacitor", "one capacitor with leak, series resistance and over-voltage clip",
         "C V V' = a + b V + c V^2, exact between changes of a, b, c; not modelled: C(V), "
         "dielectric "
         "absorption, temperature"},
        table, [](const CapacitorParams& p) { return std::make_shared<Capacitor>(p); },
        [](const CapacitorParams& p, CheckContext& context) {
            if (p.initial_v > p.max_v) {
                context.mistake(
                    "initial",
                    fmt::format("store.initial is {}, above store.max ({}): the store cannot hold "
                                "what it begins with",
                                format_quantity(p.initial_v, unit::volt),
                                format_quantity(p.max_v, unit::volt)),
                    fmt::format("at most {}, or a higher max",
                                format_quantity(p.max_v, unit::volt)));
            }
            if (p.decoupling_f && p.esr_ohm < kLeastEsr) {
                context.mistake("decoupling",
                                "store.decoupling stands beside no series resistance to be on the "
                                "other side of",
                                fmt::format("an esr of at least {}, or the sum of both as "
                                            "store.capacitance",
                                            format_quantity(kLeastEsr, unit::ohm)));
            }
            if (p.decoupling_f && p.leakage.current_a.value_or(0.0) > 0.0) {
                context.mistake(
                    "leakage.current",
                    "store.leakage.current, a constant loss behind a series resistance, "
                    "does not go together with store.decoupling",
                    "leakage.resistance");
            }
        });
}

}  // namespace ebb
