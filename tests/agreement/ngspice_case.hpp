// SPDX-License-Identifier: Apache-2.0
/// A scenario and the same circuit as a netlist of elements, integrated by ngspice (ngspice.hpp
/// says how), against the closed forms of ebb: every switching of the load, and at 24 instants the
/// terminal, what is stored, and each energy until then. Two are the same if they differ by no more
/// than 1e-4:
///
///   voltage, stored   of itself
///   energy until t    of what it is at the end of the run
///   switching         of the shortest time between two of them
///
/// In a netlist the terminal is node t, the state of the load st, what is stored ew, what has been
/// harvested eh; nodes e... are energies in mJ.
///
/// Instants are at equal distances; one that falls within 0.2 ms of a switching of the load waits
/// for 0.4 ms, as a voltage there says more about the time of the switching than about the voltage.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/agreement/ngspice.hpp"
#include "tests/support/scenarios.hpp"

namespace ebb::test {

inline constexpr double kAgreesTo = 1e-4;
inline constexpr int kLooks = 24;

struct CircuitCase {
    std::string netlist;
    double end_s = 2.0;
    std::string scenario;  ///< without name, duration and trace file
    Series series;         ///< empty: no trace
    std::vector<std::pair<std::string, std::vector<Sink>>> energies;  ///< node, what it integrates
};

/// Stretches of 10 to 60 ms with values in [low, high], a third of them zero.
inline Series random_series(Quantity quantity, double low, double high, double end_s,
                            unsigned seed) {
    std::mt19937 engine(seed);
    const auto unit = [&engine] { return static_cast<double>(engine()) / 4294967296.0; };
    Series s;
    s.quantity = quantity;
    s.bound_ns.push_back(0);
    while (s.bound_ns.back() < static_cast<std::int64_t>(end_s * 1e9)) {
        s.value.push_back(unit() < 0.3333 ? 0.0 : low + (high - low) * unit());
        s.bound_ns.push_back(s.bound_ns.back() +
                             10'000 * static_cast<std::int64_t>(1000 + 5000 * unit()));
    }
    return s;
}

inline void write_trace(const Series& s, const std::string& path) {
    std::ofstream out(path);
    out << "time_s," << name_of(s.quantity) << "\n";
    for (std::size_t i = 0; i < s.value.size(); ++i) {
        out << Time(s.bound_ns[i]).text() << "," << fmt::format("{}", s.value[i]) << "\n";
    }
}

struct CircuitSeen {
    std::vector<double> switching;
    Result result;
    double end_v = 0.0;
};

inline CircuitSeen run_circuit(const CircuitCase& c, double duration_s) {
    const ScratchFolder folder;
    std::string text =
        fmt::format("name: {}\nduration: {:.12g} s\n", c.netlist, duration_s) + c.scenario;
    if (!c.series.value.empty()) {
        write_trace(c.series, folder.file("trace.csv"));
        text.replace(text.find("TRACE"), 5, folder.file("trace.csv"));
    }
    EventList events;
    CircuitSeen seen;
    seen.result = run(scenario_of(text), {}, &events);
    for (const EventList::Entry& e : events.all()) {
        if (e.event == "boot" || e.event == "brown_out") {
            seen.switching.push_back(e.at.seconds());
        }
    }
    seen.end_v = events.all().back().v;
    return seen;
}

/// Instants to look at, the last one at the end [s].
inline std::vector<double> looks_of(const CircuitCase& c, const std::vector<double>& switching) {
    std::vector<double> looks;
    for (int k = 1; k <= kLooks; ++k) {
        const double t = c.end_s * k / kLooks;
        const bool close = std::any_of(switching.begin(), switching.end(),
                                       [t](double s) { return std::fabs(s - t) < 0.2e-3; });
        looks.push_back(close && k < kLooks ? t + 0.4e-3 : t);
    }
    return looks;
}

/// Largest differences, each over what it is relative to.
struct CircuitDifference {
    double switching = 0.0, terminal = 0.0, stored = 0.0, energy = 0.0;
};

inline void compare_switching(const std::vector<double>& spice, const std::vector<double>& ours,
                              CircuitDifference& d) {
    REQUIRE(spice.size() == ours.size());
    REQUIRE(ours.size() >= 6);
    double shortest = ours.front();
    for (std::size_t i = 1; i < ours.size(); ++i) {
        shortest = std::min(shortest, ours[i] - ours[i - 1]);
    }
    for (std::size_t i = 0; i < ours.size(); ++i) {
        const double share = std::fabs(spice[i] - ours[i]) / shortest;
        INFO("switching " << i << ": ngspice " << spice[i] << " s, ebb " << ours[i] << " s");
        CHECK(share <= kAgreesTo);
        d.switching = std::max(d.switching, share);
    }
}

/// What ngspice has at a point and ebb at the end of a run until then.
inline void compare_look(const CircuitCase& c, const Waveforms& spice, std::size_t point,
                         const CircuitSeen& ours, const Result& whole, CircuitDifference& d) {
    const auto compare = [&](const std::string& node, double got, double want, double scale,
                             double& worst) {
        const double share = std::fabs(got - want) / scale;
        INFO(node << " at " << spice.at(point, "time") << " s: ngspice " << got << ", ebb "
                  << want);
        CHECK(share <= kAgreesTo);
        worst = std::max(worst, share);
    };
    compare("v(t)", spice.at(point, "v(t)"), ours.end_v, ours.end_v, d.terminal);
    const auto& energy = ours.result.energy_j;
    const double stored = energy.initially_stored + energy.stored_change;
    compare("v(ew)", 1e-3 * spice.at(point, "v(ew)"), stored, stored, d.stored);
    compare("v(eh)", 1e-3 * spice.at(point, "v(eh)"), energy.harvested, whole.energy_j.harvested,
            d.energy);
    for (const auto& [node, sinks] : c.energies) {
        double until = 0.0;
        double all = 0.0;
        for (const Sink sink : sinks) {
            until += energy.sinks[sink];
            all += whole.energy_j.sinks[sink];
        }
        compare("v(" + node + ")", 1e-3 * spice.at(point, "v(" + node + ")"), until, all, d.energy);
    }
}

inline void check_case(const CircuitCase& c) {
    if (!has_ngspice()) {
        WARN("skipped: ngspice is not installed (Debian package ngspice)");
        return;
    }
    INFO(c.netlist);
    const CircuitSeen whole = run_circuit(c, c.end_s);
    const std::vector<double> looks = looks_of(c, whole.switching);
    const Waveforms spice = run_ngspice(c.netlist, looks, c.series);
    CircuitDifference d;
    compare_switching(spice.switching(), whole.switching, d);
    for (const double t : looks) {
        compare_look(c, spice, spice.point_at(t), run_circuit(c, t), whole.result, d);
    }
    std::cout << fmt::format(
        "  {}: {} switchings within {:.1e} of the shortest time between two, terminal {:.1e}, "
        "stored {:.1e}, energies {:.1e}\n",
        c.netlist, whole.switching.size(), d.switching, d.terminal, d.stored, d.energy);
}

}  // namespace ebb::test
