// SPDX-License-Identifier: Apache-2.0
#include "models/store/capacitor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/core/component.hpp"
#include "models/store/capacitor_store.hpp"
#include "models/store/mlcc_store.hpp"
#include "models/store/piecewise_store.hpp"
#include "models/store/reference_store.hpp"
#include "models/store/store_checks.hpp"
#include "models/store/supercapacitor_store.hpp"

namespace ebb {

namespace {

// Leakage of aluminium electrolytic capacitors: 0.01 C V or 3 uA (C in uF, V in V, I in uA).
constexpr double kElectrolyticPerS = 0.01;
constexpr double kElectrolyticLeastA = 3e-6;

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

/// A ceramic capacitor without bias: the same law, and it knows this leak.
std::unique_ptr<EnergyStore> exponential(const CapacitorParams& p, bool witness) {
    MlccParams m;
    m.capacitance_f = p.capacitance_f;
    m.initial_v = p.initial_v;
    m.max_v = p.max_v;
    m.leakage = p.leakage;
    return std::make_unique<PiecewiseStore>(std::make_unique<MlccBody>(m, witness));
}

}  // namespace

Capacitor::Capacitor(const CapacitorParams& params) : params_(params) {
    if (params_.electrolytic_v) {
        params_.leakage.current_a =
            std::max(kElectrolyticPerS * params_.capacitance_f * *params_.electrolytic_v,
                     kElectrolyticLeastA);
    }
}

std::unique_ptr<EnergyStore> Capacitor::make() const {
    if (params_.leakage.exponential) {
        return exponential(params_, false);
    }
    if (params_.decoupling_f) {
        return decoupled(params_, false);
    }
    return std::make_unique<CapacitorStore>(params_);
}

std::unique_ptr<EnergyStore> Capacitor::make_reference() const {
    if (params_.leakage.exponential) {
        return exponential(params_, true);
    }
    if (params_.decoupling_f) {
        return decoupled(params_, true);
    }
    return std::make_unique<ReferenceStore>(params_);
}

double Capacitor::leakage_w(double v) const noexcept {
    const double resistive =
        params_.leakage.resistance_ohm ? v * v / *params_.leakage.resistance_ohm : 0.0;
    const auto& leak = params_.leakage.exponential;
    const double steep = leak ? leak->current_a * std::exp(v / leak->per_e_v) : 0.0;
    return resistive + v * (params_.leakage.current_a.value_or(0.0) + steep);
}

void register_store_capacitor(Registry& registry);

void register_store_capacitor(Registry& registry) {
    const ParamTable<ExponentialLeak> exponential = {
        param("current", &ExponentialLeak::current_a, unit::ampere, required, range(0, 1),
              "I0, what the law gives at 0 V"),
        param("per_e", &ExponentialLeak::per_e_v, unit::volt, required, range(0.01, 1000),
              "Va, the voltage over which the current grows by e"),
    };
    const ParamTable<Leakage> leakage = {
        param("resistance", &Leakage::resistance_ohm, unit::ohm, optional, range(1, 1e15),
              "a resistor across the capacitor"),
        param("current", &Leakage::current_a, unit::ampere, optional, range(0, 1),
              "a constant loss while there is charge"),
        block("exponential", &Leakage::exponential, exponential, optional,
              "a loss I0 e^(V/Va) while there is charge; without esr only"),
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
              "what the store loses by itself: the given losses add"),
        param("electrolytic", &CapacitorParams::electrolytic_v, unit::volt, optional,
              above_up_to(0, 1000),
              "rated voltage of an aluminium electrolytic: leaks 0.01 C V or 3 uA (an estimate)"),
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
            check_not_above_max("initial", p.initial_v, p.max_v, context);
            if (p.decoupling_f && p.esr_ohm < kLeastEsr) {
                context.mistake("decoupling",
                                "store.decoupling stands beside no series resistance to be on the "
                                "other side of",
                                fmt::format("an esr of at least {}, or the sum of both as "
                                            "store.capacitance",
                                            format_quantity(kLeastEsr, unit::ohm)));
            }
            if (p.electrolytic_v && p.leakage.current_a) {
                context.mistake("electrolytic",
                                "store.electrolytic and store.leakage.current both say what leaks",
                                "one of them");
            }
            if (p.electrolytic_v && p.max_v > *p.electrolytic_v) {
                context.mistake("electrolytic",
                                fmt::format("store.electrolytic, the rated voltage, is {}, below "
                                            "store.max ({})",
                                            format_quantity(*p.electrolytic_v, unit::volt),
                                            format_quantity(p.max_v, unit::volt)));
            }
            if (p.leakage.exponential && (p.esr_ohm > 0.0 || p.decoupling_f)) {
                context.mistake("leakage.exponential",
                                "store.leakage.exponential does not go together with store.esr: "
                                "there is no law for it behind a resistance",
                                "leakage.resistance or leakage.current");
            }
            if (p.decoupling_f && p.electrolytic_v) {
                context.mistake("electrolytic",
                                "store.electrolytic, a constant loss behind a series resistance, "
                                "does not go together with store.decoupling",
                                "leakage.resistance");
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
