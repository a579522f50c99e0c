// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "tests/agreement/random_worlds.hpp"

namespace ebb::test {

namespace {

/// What every store of capacitors begins with.
struct Basis {
    double capacitance_f, initial_v;
};

Basis basis(Draft& d) {
    const double capacitance = d.dice.pick(10e-6, 150e-6);
    const double highest = std::min(d.max_v, d.turn_on_v + 0.2);
    const double initial = d.powered            ? d.dice.level(d.turn_off_v + 0.1, highest)
                           : d.dice.chance(0.3) ? 0.0
                                                : d.dice.level(0.5, d.turn_on_v);
    return {capacitance, std::min(initial, d.max_v)};
}

std::string farads(const Draft& d, double f) { return of(d.capacitance(f), "F"); }

std::string initial_and_max(const Draft& d, double initial_v) {
    return fmt::format("initial: {}, max: {}", of(d.initial(initial_v, d.max_v), "V"),
                       of(d.max_v, "V"));
}

std::string resistive_leak(Draft& d, double lo_ohm = 2e3) {
    return d.dice.chance(0.6)
               ? fmt::format(", leakage: {{resistance: {}}}", of(d.dice.pick(lo_ohm, 1e7), "Ohm"))
               : "";
}

void capacitor(Draft& d) {
    const Basis b = basis(d);
    const double esr = d.dice.chance(0.5) ? 0.0 : d.dice.pick(0.05, 12.0);
    const bool decoupled = d.dice.chance(0.25);
    std::string more;
    if (decoupled) {
        more = fmt::format(", esr: {}, decoupling: {}", of(std::max(esr, 2.0), "Ohm"),
                           farads(d, b.capacitance_f * d.dice.level(0.05, 0.5)));
        more += resistive_leak(d);
        d.note("decoupling");
    } else {
        more = fmt::format(", esr: {}", of(esr, "Ohm"));
        if (d.dice.chance(0.4)) {
            more += fmt::format(", leakage: {{resistance: {}, current: {}}}",
                                of(d.dice.pick(2e3, 1e7), "Ohm"), of(d.dice.pick(1e-8, 2e-4), "A"));
        } else {
            more += resistive_leak(d);
        }
    }
    d.line(fmt::format("store: {{type: capacitor, capacitance: {}, {}{}}}",
                       farads(d, b.capacitance_f), initial_and_max(d, b.initial_v), more));
    d.note("capacitor");
}

void part(Draft& d) {
    static constexpr std::array<std::pair<const char*, double>, 5> kParts = {
        {{"tantalum_taj_47uf", 47e-6},
         {"tantalum_taj_100uf", 100e-6},
         {"mlcc_jmk316abj107ml", 74e-6},
         {"mlcc_10uf_10v_0805", 10e-6},
         {"mlcc_10uf_10v_1206", 10e-6}}};
    const auto& chosen = kParts[static_cast<std::size_t>(d.dice.integer(0, 4))];
    d.max_v = std::min(d.max_v, 6.3);
    const Basis b = basis(d);
    d.line(fmt::format("store: {{part: {}, capacitance: {}, {}}}", chosen.first,
                       farads(d, chosen.second), initial_and_max(d, b.initial_v)));
    d.note("store part");
}

void mlcc(Draft& d) {
    const Basis b = basis(d);
    std::string leak = resistive_leak(d);
    if (d.dice.chance(0.25)) {
        leak = fmt::format(", leakage: {{exponential: {{current: {}, per_e: {}}}}}",
                           of(d.dice.pick(1e-9, 1e-6), "A"), of(d.dice.level(0.4, 2.0), "V"));
        d.note("exponential leak");
    }
    d.line(fmt::format("store: {{type: mlcc, capacitance: {}, bias: {}, {}{}}}",
                       farads(d, b.capacitance_f * 1.3), of(d.dice.pick(1.0, 20.0), "V"),
                       initial_and_max(d, b.initial_v), leak));
    d.note("mlcc");
}

void supercapacitor(Draft& d) {
    const Basis b = basis(d);
    std::string immediate =
        fmt::format("resistance: {}, capacitance: {}", of(d.dice.pick(0.1, 12.0), "Ohm"),
                    farads(d, b.capacitance_f));
    if (d.dice.chance(0.25)) {
        immediate +=
            fmt::format(", per_volt: {}", farads(d, b.capacitance_f * d.dice.level(0.05, 0.4)));
    }
    d.line(fmt::format("store: {{type: supercapacitor, immediate: {{{}}}, {}{}", immediate,
                       initial_and_max(d, b.initial_v), resistive_leak(d)));
    if (d.dice.chance(0.3)) {
        d.line(fmt::format("  , decoupling: {}",
                           farads(d, b.capacitance_f * d.dice.level(0.05, 0.3))));
    }
    std::string branches;
    for (std::int64_t k = d.dice.integer(0, 3); k > 0; --k) {
        branches += fmt::format("{}{{resistance: {}, capacitance: {}}}",
                                branches.empty() ? "" : ", ", of(d.dice.pick(50.0, 2e4), "Ohm"),
                                farads(d, b.capacitance_f * d.dice.level(0.1, 1.0)));
    }
    d.line(branches.empty() ? "  }" : "  , branches: [" + branches + "]}");
    d.note("supercapacitor");
}

void banks(Draft& d) {
    const Basis b = basis(d);
    d.line("store:");
    d.line("  type: banks");
    d.line("  capacitance: " + farads(d, b.capacitance_f * 0.5));
    d.line("  initial: " + of(d.initial(b.initial_v, d.max_v), "V"));
    d.line("  max: " + of(d.max_v, "V"));
    d.line("  banks:");
    for (std::int64_t k = d.dice.integer(1, 3); k > 0; --k) {
        const double connect = std::min(d.dice.level(2.0, 3.2), d.max_v);
        const double disconnect = std::floor(connect * d.dice.level(0.4, 0.9) * 1e3) / 1e3;
        d.line(fmt::format(
            "    - {{capacitance: {}, connect: {}, disconnect: {}, initial: {}{}{}}}",
            farads(d, b.capacitance_f * d.dice.level(0.1, 1.0)), of(connect, "V"),
            of(disconnect, "V"), of(d.initial(b.initial_v * d.dice.unit(), d.max_v), "V"),
            d.dice.chance(0.3) ? ", connected: true" : "", resistive_leak(d, 1e4)));
    }
    d.note("banks");
}

void array(Draft& d) {
    const Basis b = basis(d);
    const double up = std::min(d.dice.level(2.2, 3.4), d.max_v);
    const double down = std::floor(up * d.dice.level(0.4, 0.9) * 1e3) / 1e3;
    d.line("store:");
    d.line("  type: array");
    d.line("  capacitance: " + farads(d, b.capacitance_f * 0.5));
    d.line("  initial: " + of(d.initial(b.initial_v, d.max_v), "V"));
    d.line("  max: " + of(d.max_v, "V"));
    d.line("  hold: " + of(d.dice.pick(1e-4, 1e-2), "s"));
    if (d.dice.chance(0.7)) {
        d.line("  leak_time: " + of(d.dice.pick(1.0, 1e3), "s"));
    }
    d.line("  cells:");
    for (const char* const name : {"a", "b", "c"}) {
        d.line(fmt::format("    - {{name: {}, capacitance: {}}}", name,
                           farads(d, b.capacitance_f * d.dice.level(0.1, 1.0))));
    }
    d.line("  configurations:");
    d.line(fmt::format("    - {{name: alone, up: {}}}", of(up, "V")));
    d.line(fmt::format("    - {{name: stacked, strings: a + b + c, up: {}, down: {}}}", of(up, "V"),
                       of(down, "V")));
    d.line(fmt::format("    - {{name: wide, strings: \"a + b, c\", down: {}}}", of(down, "V")));
    d.note("array");
}

std::string transient(Draft& d, double capacitance_f) {
    return fmt::format(
        "{{resistance: {{constant: {}, exponential: {}, steep: 20}}, capacitance: "
        "{{constant: {}}}}}",
        of(d.dice.pick(3.0, 50.0), "Ohm"), of(d.dice.pick(0.1, 5.0), "Ohm"),
        farads(d, capacitance_f));
}

/// A cell small enough to be emptied and filled within a run.
void battery(Draft& d) {
    const double lowest = d.turn_off_v - d.dice.level(0.1, 0.6);
    const double rise = d.turn_on_v + d.dice.level(0.05, 0.4) - lowest;
    const double soc = d.dice.level(0.02, 0.95);
    const double rest = lowest + rise * soc;
    d.max_v = std::max(d.max_v, std::round((rest + 0.1) * 1e3) / 1e3);
    d.line(fmt::format(
        "store: {{type: battery, charge: {}, available: {}, recovery: {}, initial: {}, max: {}, "
        "node: {},",
        of(d.capacitance(d.dice.pick(1e-3, 20e-3)), "C"), d.dice.level(0.3, 0.95),
        of(d.dice.pick(0.02, 20.0), "s"), soc * (1.0 + d.perturbation.initial), of(d.max_v, "V"),
        farads(d, d.dice.pick(2e-5, 2e-4))));
    d.line(fmt::format("  open_circuit: {{constant: {}, linear: {}, exponential: {}, steep: {}}},",
                       of(lowest, "V"), of(rise, "V"), of(-d.dice.level(0.0, 0.4), "V"),
                       d.dice.level(5.0, 40.0)));
    d.line(fmt::format("  resistance: {{constant: {}, linear: {}}},",
                       of(d.dice.pick(5.0, 60.0), "Ohm"), of(d.dice.pick(0.1, 5.0), "Ohm")));
    d.line("  fast: " + transient(d, d.dice.pick(3e-5, 3e-4)) + ",");
    d.line("  slow: " + transient(d, d.dice.pick(3e-4, 1e-2)) +
           (d.dice.chance(0.4) ? fmt::format(", leak: {}", of(d.dice.pick(1e4, 1e6), "Ohm")) : "") +
           "}");
    d.note("battery");
}

}  // namespace

void draw_store(Draft& d) {
    d.turn_off_v = d.dice.level(1.5, 2.2);
    d.turn_on_v = std::round((d.turn_off_v + d.dice.level(0.3, 1.2)) * 1e3) / 1e3;
    d.max_v =
        d.dice.chance(0.4) ? std::round((d.turn_on_v + d.dice.level(0.0, 0.15)) * 1e3) / 1e3 : 6.0;
    d.powered = d.dice.chance(0.25);
    using Drawer = void (*)(Draft&);
    static constexpr std::array<Drawer, 10> kStores = {
        capacitor, capacitor, capacitor, part, mlcc, mlcc, supercapacitor, banks, array, battery};
    kStores[static_cast<std::size_t>(d.dice.integer(0, 9))](d);
}

}  // namespace ebb::test
