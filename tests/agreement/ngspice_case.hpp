// SPDX-License-Identifier: Apache-2.0
/// A scenario and the same circuit as a netlist of elements, integrated by ngspice (gear, relative
/// tolerance 1e-6) with two largest steps, against the closed forms of ebb.
///
/// ngspice's switch acts at the first point behind a threshold, so each switching is up to one step
/// late, and so is everything behind it: after n switchings an error of n steps is its own. With a
/// step an eighth as long the difference to ebb must shrink about as much.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/agreement/ngspice.hpp"
#include "tests/support/scenarios.hpp"

namespace ebb::test {

inline constexpr double kCoarse = 40e-6;  ///< largest step of ngspice [s]
inline constexpr double kFine = 5e-6;

struct CircuitCase {
    std::string netlist;
    double end_s = 2.0;
    double on_v = 0.0, off_v = 0.0;
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

inline CircuitSeen run_circuit(const CircuitCase& c) {
    const ScratchFolder folder;
    std::string text = fmt::format("name: {}\nduration: {} s\n", c.netlist, c.end_s) + c.scenario;
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

struct CircuitDifference {
    double time_s = 0.0;                ///< largest over all switchings
    std::vector<double> energy_shares;  ///< per energy node, relative to what was harvested
    double end_v = 0.0;
};

inline CircuitDifference differences(const CircuitCase& c, const CircuitSeen& ours, double step_s) {
    const Waveforms spice = run_ngspice(c.netlist, c.end_s, step_s, c.series);
    const std::vector<double> times = spice.switching(c.on_v, c.off_v);
    INFO(c.netlist << " with steps of at most " << step_s << " s");
    REQUIRE(times.size() == ours.switching.size());
    CircuitDifference d;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const double late = std::fabs(times[i] - ours.switching[i]);
        INFO("switching " << i << ": ngspice " << times[i] << " s, ebb " << ours.switching[i]
                          << " s");
        CHECK(late <= static_cast<double>(i + 1) * step_s);
        d.time_s = std::max(d.time_s, late);
    }
    const auto& energy = ours.result.energy_j;
    const auto compare = [&](const std::string& node, double joules) {
        const double share = std::fabs(1e-3 * spice.last(node) - joules) / energy.harvested;
        INFO(node << ": ngspice " << 1e-3 * spice.last(node) << " J, ebb " << joules << " J");
        // A load that hangs on the store n steps longer or shorter, out of the run's length.
        CHECK(share <= static_cast<double>(times.size() + 1) * step_s / c.end_s * 4.0);
        d.energy_shares.push_back(share);
    };
    compare("v(eh)", energy.harvested);
    for (const auto& [node, sinks] : c.energies) {
        double joules = 0.0;
        for (const Sink sink : sinks) {
            joules += energy.sinks[sink];
        }
        compare("v(" + node + ")", joules);
    }
    d.end_v = std::fabs(spice.last("v(t)") - ours.end_v);
    return d;
}

inline void check_case(const CircuitCase& c) {
    if (!has_ngspice()) {
        WARN("skipped: ngspice is not installed (Debian package ngspice)");
        return;
    }
    const CircuitSeen ours = run_circuit(c);
    REQUIRE(ours.switching.size() >= 6);
    const CircuitDifference coarse = differences(c, ours, kCoarse);
    const CircuitDifference fine = differences(c, ours, kFine);
    CAPTURE(c.netlist, ours.switching.size(), coarse.time_s, fine.time_s, coarse.end_v, fine.end_v);
    CAPTURE(coarse.energy_shares, fine.energy_shares);
    // Where between two points a switching falls is chance, so less than an eighth is asked for.
    CHECK(fine.time_s <= 0.75 * coarse.time_s);
    CHECK(fine.end_v <= 0.75 * coarse.end_v + 1e-5);
}

}  // namespace ebb::test
