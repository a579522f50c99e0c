// SPDX-License-Identifier: Apache-2.0
/// Every implementation of the capacitor store under test, and short ways to say what it is given.
#pragma once

#include "models/core/ledger.hpp"
#include "models/core/load.hpp"
#include "models/core/supply.hpp"
#include "models/store/capacitor_params.hpp"
#include "models/store/capacitor_store.hpp"
#include "models/store/energy_store.hpp"
#include "models/store/mlcc_store.hpp"
#include "models/store/piecewise_store.hpp"
#include "models/store/reference_store.hpp"
#include "models/store/supercapacitor_store.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ebb::test {

constexpr double kNoWatch = std::numeric_limits<double>::quiet_NaN();
constexpr double kForever = std::numeric_limits<double>::infinity();

struct StoreUnderTest {
    std::string name;
    std::function<std::unique_ptr<EnergyStore>(const CapacitorParams&)> make;
};

/// The same capacitor as a ceramic one without bias (no series resistance), or as a network of one
/// branch. A constant leak behind a series resistance is in neither: the capacitor itself.
inline std::unique_ptr<EnergyStore> as_piecewise(const CapacitorParams& p, bool witness) {
    if (p.esr_ohm == 0.0) {
        MlccParams m;
        m.capacitance_f = p.capacitance_f;
        m.initial_v = p.initial_v;
        m.max_v = p.max_v;
        m.leakage.resistance_ohm = p.leakage.resistance_ohm;
        m.leakage.current_a = p.leakage.current_a;
        return std::make_unique<PiecewiseStore>(std::make_unique<MlccBody>(m, witness));
    }
    if (p.leakage.current_a.value_or(0.0) != 0.0) {
        return std::make_unique<CapacitorStore>(p);
    }
    SupercapacitorParams s;
    s.immediate = {p.esr_ohm, p.capacitance_f, 0.0};
    s.initial_v = p.initial_v;
    s.max_v = p.max_v;
    s.leakage.resistance_ohm = p.leakage.resistance_ohm;
    return std::make_unique<PiecewiseStore>(std::make_unique<NetworkBody>(s, witness));
}

inline const std::vector<StoreUnderTest>& stores_under_test() {
    static const std::vector<StoreUnderTest> all = {
        {"reference", [](const CapacitorParams& p) { return std::make_unique<ReferenceStore>(p); }},
        {"exact", [](const CapacitorParams& p) { return std::make_unique<CapacitorStore>(p); }},
        {"piecewise", [](const CapacitorParams& p) { return as_piecewise(p, false); }},
        {"piecewise reference", [](const CapacitorParams& p) { return as_piecewise(p, true); }},
    };
    return all;
}

inline Draw draw(Terms drawn, Sink sink = Sink::compute) {
    Draw d;
    d.add({sink, drawn, {}});
    return d;
}

/// A phase that draws the same in both regulator regions.
inline LoadPhase phase(Terms drawn, double duration_s = kForever, Sink sink = Sink::compute) {
    LoadPhase p;
    p.duration_s = duration_s;
    p.regulated = draw(drawn, sink);
    p.drop_out = p.regulated;
    return p;
}

inline Load load(std::vector<LoadPhase> phases, std::int64_t count = 1) {
    Load l;
    l.phases = std::move(phases);
    l.count = count;
    return l;
}

inline Load nothing() { return load({phase({})}); }

inline SupplyShape shape(SupplyTag tag) {
    SupplyShape s;
    s.tag = tag;
    return s;
}

inline CapacitorParams capacitor(double capacitance_f, double initial_v, double max_v = 10.0) {
    CapacitorParams p;
    p.capacitance_f = capacitance_f;
    p.initial_v = initial_v;
    p.max_v = max_v;
    return p;
}

inline Time at(double seconds) { return Time::from_seconds(seconds); }

inline double sum_of(const SinkEnergies& e) {
    double sum = 0.0;
    e.for_each([&](Sink, double joules) { sum += joules; });
    return sum;
}

/// Balance of a run [J]: what came in, less what went out and what is still there. `drawn` is the
/// load's energy over all walks.
inline double imbalance(const EnergyStore& store, double drawn_j) {
    const Ledger& ledger = store.ledger();
    return ledger.harvested() - ledger.sinks_total() - drawn_j -
           (store.stored_j() - store.initially_stored_j());
}

/// The ledger closes to 1e-12 of the larger of harvested and initially stored.
inline bool ledger_closes(const EnergyStore& store, double drawn_j) {
    const Ledger& ledger = store.ledger();
    const double scale =
        std::max({std::fabs(ledger.harvested()), store.initially_stored_j(), 1e-300});
    const double supply =
        ledger.offered() - ledger.harvested() - ledger.converter_loss() - ledger.clipped();
    return std::fabs(imbalance(store, drawn_j)) <= 1e-12 * scale &&
           std::fabs(supply) <= 1e-12 * std::max(std::fabs(ledger.offered()), scale);
}

}  // namespace ebb::test
