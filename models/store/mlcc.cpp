// SPDX-License-Identifier: Apache-2.0
#include "models/store/mlcc.hpp"

#include "models/core/component.hpp"
#include "models/store/mlcc_store.hpp"
#include "models/store/piecewise_store.hpp"
#include "models/store/store_checks.hpp"

#include <fmt/format.h>
#include <cmath>

namespace ebb {

std::unique_ptr<EnergyStore> Mlcc::make() const {
    return std::make_unique<PiecewiseStore>(std::make_unique<MlccBody>(params_, false));
}

std::unique_ptr<EnergyStore> Mlcc::make_reference() const {
    return std::make_unique<PiecewiseStore>(std::make_unique<MlccBody>(params_, true));
}

/// The constant capacitance that holds as much energy at max.
double Mlcc::capacitance_f() const noexcept {
    const BiasCapacitance c{params_.capacitance_f, params_.bias_v ? 1.0 / *params_.bias_v : 0.0};
    return 2.0 * c.energy(params_.max_v) / (params_.max_v * params_.max_v);
}

double Mlcc::leakage_w(double v) const noexcept {
    const Leakage& leak = params_.leakage;
    double i = leak.current_a.value_or(0.0);
    i += leak.resistance_ohm ? v / *leak.resistance_ohm : 0.0;
    i += leak.exponential ? leak.exponential->current_a * std::exp(v / leak.exponential->per_e_v)
                          : 0.0;
    return v * i;
}

void register_store_mlcc(Registry& registry);

void register_store_mlcc(Registry& registry) {
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
              "a loss I0 e^(V/Va) while there is charge"),
    };
    const ParamTable<MlccParams> table = {
        param("capacitance", &MlccParams::capacitance_f, unit::farad, required, range(1e-12, 1e6),
              "C0, the capacitance at 0 V"),
        param("bias", &MlccParams::bias_v, unit::volt, optional, range(0.1, 1e6),
              "b of C(V) = C0/(1 + (V/b)^2): half of C0 is left at this voltage; left out, the "
              "capacitance is constant"),
        param("initial", &MlccParams::initial_v, unit::volt, required, range(0, 1000),
              "voltage at the start of the run"),
        param("max", &MlccParams::max_v, unit::volt, required, above_up_to(0, 1000),
              "the terminal is clipped here; what it cannot hold is booked as clipped"),
        block("leakage", &MlccParams::leakage, leakage, optional,
              "what the store loses by itself: the given losses add"),
    };
    registry.add<StoreModel>(
        {"store", "mlcc", "a ceramic capacitor: capacitance falls with voltage (DC bias)",
         "C(V) = C0/(1 + (V/b)^2), differential; E = C0 b^2/2 log(1 + (V/b)^2); exact between "
         "changes of the terms; not modelled: series resistance, absorption, temperature"},
        table, [](const MlccParams& p) { return std::make_shared<Mlcc>(p); },
        [](const MlccParams& p, CheckContext& context) {
            check_not_above_max("initial", p.initial_v, p.max_v, context);
        });
}

}  // namespace ebb
