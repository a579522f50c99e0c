// SPDX-License-Identifier: Apache-2.0
#include "models/store/battery.hpp"

#include "models/core/component.hpp"
#include "models/store/battery_store.hpp"
#include "models/store/piecewise_store.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ebb {

std::unique_ptr<EnergyStore> Battery::make() const {
    return std::make_unique<PiecewiseStore>(std::make_unique<BatteryBody>(params_, false));
}

std::unique_ptr<EnergyStore> Battery::make_reference() const {
    return std::make_unique<PiecewiseStore>(std::make_unique<BatteryBody>(params_, true));
}

double Battery::initial_v() const noexcept {
    return std::min(params_.open_circuit_v.at(params_.initial_soc), params_.max_v);
}

double Battery::capacitance_f() const noexcept {
    const double swing = params_.open_circuit_v.at(1.0) - params_.open_circuit_v.at(0.0);
    return params_.node_f + params_.charge_c / swing;
}

namespace {

constexpr int kGrid = 100;

/// Resistances, capacitances and their slopes of sign must make sense at every state of charge.
void check(const BatteryParams& p, CheckContext& context) {
    const auto positive = [&](const std::string& key, const SocCurve& curve) {
        for (int i = 0; i <= kGrid; ++i) {
            const double soc = static_cast<double>(i) / kGrid;
            if (curve.at(soc) <= 0.0) {
                context.mistake(key, fmt::format("store.{} is not positive at a state of charge of "
                                                 "{} %",
                                                 key, i));
                return;
            }
        }
    };
    positive("open_circuit", p.open_circuit_v);
    positive("resistance", p.resistance_ohm);
    positive("fast.resistance", p.fast.resistance_ohm);
    positive("fast.capacitance", p.fast.capacitance_f);
    positive("slow.resistance", p.slow.resistance_ohm);
    positive("slow.capacitance", p.slow.capacitance_f);
    for (int i = 0; i < kGrid; ++i) {
        const double here = p.open_circuit_v.at(static_cast<double>(i) / kGrid);
        const double next = p.open_circuit_v.at(static_cast<double>(i + 1) / kGrid);
        if (next <= here) {
            context.mistake("open_circuit",
                            fmt::format("store.open_circuit falls between {} % and {} % of charge: "
                                        "it must rise throughout",
                                        i, i + 1));
            break;
        }
    }
    if (p.open_circuit_v.at(p.initial_soc) > p.max_v) {
        context.mistake("initial",
                        fmt::format("store.initial gives {}, above store.max ({})",
                                    format_quantity(p.open_circuit_v.at(p.initial_soc), unit::volt),
                                    format_quantity(p.max_v, unit::volt)));
    }
}

ParamTable<SocCurve> curve(Dimension unit_of) {
    const auto any = any_value();
    return {
        param("exponential", &SocCurve::exponential, unit_of, 0.0, any,
              "factor of e^(-steep s), s the state of charge from 0 to 1"),
        param("steep", &SocCurve::steep, unit::number, 0.0, range(0, 1e4), "how fast that dies"),
        param("constant", &SocCurve::constant, unit_of, required, any, "what is always there"),
        param("linear", &SocCurve::linear, unit_of, 0.0, any, "factor of s"),
        param("square", &SocCurve::square, unit_of, 0.0, any, "factor of s^2"),
        param("cubic", &SocCurve::cubic, unit_of, 0.0, any, "factor of s^3"),
    };
}

}  // namespace

void register_store_battery(Registry& registry);

void register_store_battery(Registry& registry) {
    const ParamTable<TransientParams> transient = {
        block("resistance", &TransientParams::resistance_ohm, curve(unit::ohm), required,
              "by state of charge"),
        block("capacitance", &TransientParams::capacitance_f, curve(unit::farad), required,
              "by state of charge"),
    };
    const ParamTable<BatteryParams> table = {
        param("charge", &BatteryParams::charge_c, unit::coulomb, required, range(1e-6, 1e9),
              "what the cell holds when it is full"),
        param("available", &BatteryParams::available, unit::ratio, required, range(0.01, 0.9999),
              "share of the charge in the well that feeds the terminal (c of KiBaM)"),
        param("recovery", &BatteryParams::recovery_s, unit::second, required, range(1e-3, 1e9),
              "time constant with which the wells level out (1/k' of KiBaM)"),
        param("initial", &BatteryParams::initial_soc, unit::ratio, required, range(0, 1),
              "state of charge of both wells at the start of the run"),
        param("max", &BatteryParams::max_v, unit::volt, required, above_up_to(0, 1000),
              "the terminal is clipped here: the charger's limit"),
        param("node", &BatteryParams::node_f, unit::farad, required, range(1e-9, 1e6),
              "the capacitor at the terminal, on the load's side of the cell's resistance"),
        block("open_circuit", &BatteryParams::open_circuit_v, curve(unit::volt), required,
              "voltage at rest by state of charge"),
        block("resistance", &BatteryParams::resistance_ohm, curve(unit::ohm), required,
              "series resistance by state of charge"),
        block("fast", &BatteryParams::fast, transient, required,
              "the faster transient: a resistance beside a capacitance"),
        block("slow", &BatteryParams::slow, transient, required, "the slower one"),
        param("leak", &BatteryParams::leak_ohm, unit::ohm, optional, range(1, 1e15),
              "a resistor across the open-circuit voltage: self-discharge"),
    };
    registry.add<StoreModel>(
        {"store", "battery", "a rechargeable cell beside a capacitor at the node",
         "two wells of charge (KiBaM), Voc, R and two RC transients by state of charge; integrated "
         "with error control; not modelled: protection circuit, temperature, ageing"},
        table, [](const BatteryParams& p) { return std::make_shared<Battery>(p); }, check);
}

}  // namespace ebb
