// SPDX-License-Identifier: Apache-2.0
#include "models/store/federated.hpp"

#include "models/core/component.hpp"
#include "models/store/isolated_banks_body.hpp"
#include "models/store/piecewise_store.hpp"
#include "models/store/store_checks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ebb {

namespace {

/// Each bank's switch looks at what stands before it in the list.
std::unique_ptr<EnergyStore> made(const FederatedParams& p, bool witness) {
    IsolatedBanksParams circuit;
    circuit.capacitance_f = p.capacitance_f;
    circuit.initial_v = p.initial_v;
    circuit.max_v = p.max_v;
    circuit.drop_v = p.drop_v;
    circuit.leak_ohm = p.leak_ohm;
    std::vector<BankTerminal> terminals;
    double before_v = p.threshold_v;
    for (const FederatedCapacitorParams& c : p.capacitors) {
        circuit.banks.push_back(
            {c.capacitance_f, c.initial_v, before_v, before_v - p.hysteresis_v, c.leak_ohm});
        terminals.push_back({c.threshold_v, c.empty_v});
        before_v = c.threshold_v;
    }
    return std::make_unique<PiecewiseStore>(
        std::make_unique<IsolatedBanksBody>(circuit, terminals, witness));
}

std::string volts(double v) { return format_quantity(v, unit::volt); }

void check_capacitor(const FederatedParams& p, std::size_t k, CheckContext& context) {
    const FederatedCapacitorParams& c = p.capacitors[k];
    const std::string key = fmt::format("capacitors[{}]", k);
    for (std::size_t i = 0; i < k; ++i) {
        if (p.capacitors[i].name == c.name && !c.name.empty()) {
            context.mistake(
                key + ".name",
                fmt::format("the name '{}' is taken by store.capacitors[{}]", c.name, i));
        }
    }
    const double highest = p.max_v - p.drop_v;
    if (c.threshold_v > highest) {
        context.mistake(key + ".threshold",
                        fmt::format("store.{}.threshold is {}, but the capacitor reaches {} at "
                                    "most: store.max less a drop",
                                    key, volts(c.threshold_v), volts(highest)),
                        fmt::format("at most {}", volts(highest)));
    }
    if (c.initial_v.value_or(0.0) > highest) {
        context.mistake(key + ".initial",
                        fmt::format("store.{}.initial is {}, but the capacitor reaches {} at most: "
                                    "store.max less a drop",
                                    key, volts(*c.initial_v), volts(highest)),
                        fmt::format("at most {}", volts(highest)));
    }
    if (c.empty_v >= c.threshold_v) {
        context.mistake(key + ".empty",
                        fmt::format("store.{}.empty is {}, not below its threshold ({}): a task "
                                    "would be cut as it begins",
                                    key, volts(c.empty_v), volts(c.threshold_v)));
    }
}

void check(const FederatedParams& p, CheckContext& context) {
    check_not_above_max("initial", p.initial_v, p.max_v, context);
    check_not_above_max("threshold", p.threshold_v, p.max_v, context);
    for (std::size_t k = 0; k < p.capacitors.size(); ++k) {
        check_capacitor(p, k, context);
    }
    double lowest = p.threshold_v;
    for (std::size_t k = 0; k + 1 < p.capacitors.size(); ++k) {
        lowest = std::min(lowest, p.capacitors[k].threshold_v);  // the last one's has no comparator
    }
    if (p.threshold_v - p.hysteresis_v <= p.drop_v || p.hysteresis_v >= lowest) {
        context.mistake("hysteresis",
                        fmt::format("store.hysteresis is {}: with a threshold of {} charging would "
                                    "not end before the first stage is empty",
                                    volts(p.hysteresis_v), volts(lowest)),
                        "for example 100 mV");
    }
}

}  // namespace

std::unique_ptr<EnergyStore> Federated::make() const { return made(params_, false); }
std::unique_ptr<EnergyStore> Federated::make_reference() const { return made(params_, true); }

std::vector<std::string> Federated::rails() const {
    std::vector<std::string> names;
    for (const FederatedCapacitorParams& c : params_.capacitors) {
        names.push_back(c.name);
    }
    return names;
}

void register_store_federated(Registry& registry);

void register_store_federated(Registry& registry) {
    using Capacitor = FederatedCapacitorParams;
    using Params = FederatedParams;
    const ParamTable<Capacitor> capacitor = {
        param("name", &Capacitor::name, required,
              "what peripherals call it (peripherals[].capacitor)"),
        param("capacitance", &Capacitor::capacitance_f, unit::farad, required, range(1e-12, 1e6),
              "of the peripherals' capacitor"),
        param("initial", &Capacitor::initial_v, unit::volt, optional, range(0, 1000),
              "its voltage at the start of the run; left out, 0 V"),
        param("threshold", &Capacitor::threshold_v, unit::volt, required, above_up_to(0, 1000),
              "from here it is charged: the next one may charge, and a task that uses it may "
              "begin"),
        param("empty", &Capacitor::empty_v, unit::volt, required, above_up_to(0, 1000),
              "as it falls to this, a task that uses it is cut; below threshold"),
        param("leak", &Capacitor::leak_ohm, unit::ohm, optional, range(1, 1e15),
              "a resistor across it"),
    };
    const ParamTable<Params> table = {
        param("capacitance", &Params::capacitance_f, unit::farad, required, range(1e-12, 1e6),
              "of the first stage, which the MCU draws from"),
        param("initial", &Params::initial_v, unit::volt, required, range(0, 1000),
              "its voltage at the start of the run"),
        param("max", &Params::max_v, unit::volt, required, above_up_to(0, 1000),
              "it is clipped here; what it cannot hold is booked as clipped"),
        param("drop", &Params::drop_v, unit::volt, required, range(1e-3, 2),
              "of the diode into each capacitor, whatever its current"),
        param("threshold", &Params::threshold_v, unit::volt, required, above_up_to(0, 1000),
              "from here the first stage is charged, and the first capacitor may charge from it"),
        param("hysteresis", &Params::hysteresis_v, unit::volt, required, above_up_to(0, 1000),
              "of every comparator: so far below its threshold the charging of the next ones ends"),
        param("leak", &Params::leak_ohm, unit::ohm, optional, range(1, 1e15),
              "a resistor across the first stage"),
        list("capacitors", &Params::capacitors, capacitor, required, 1, kMostFederated,
             "those of the peripherals, charged in this order"),
    };
    registry.add<StoreModel>(
        {"store", "federated",
         "a first stage for the MCU, and a capacitor of their own for peripherals, charged in "
         "order",
         "each is charged only while all before it are; a task waits for the capacitors that it "
         "uses, and only it is cut where one runs empty; what diodes and charging lose is "
         "switch_loss; not modelled: resistances, the comparators' own current, C(V)"},
        table, [](const Params& p) { return std::make_shared<Federated>(p); }, check);
}

}  // namespace ebb
