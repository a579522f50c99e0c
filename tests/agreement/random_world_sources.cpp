// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>

#include "tests/agreement/random_worlds.hpp"

namespace ebb::test {

namespace {

/// What a converter has to know of a source.
enum class Kind { power, current, thevenin, rectified, held, curve };

/// A source block in the making: its lines behind `source:`, or behind a dash of `more_sources`.
struct Source {
    Kind kind = Kind::power;
    std::string model;                ///< what stands in the braces of `model:`
    std::vector<std::string> around;  ///< trace, at_end, ...
};

constexpr bool kMayBeStraight = true;
constexpr bool kHeld = false;

/// A recording in a file of its own, and how it is read.
void trace(Draft& d, Source& s, const std::string& column, double lowest, double largest,
           bool may_be_straight) {
    const std::string name = fmt::format("trace{}.csv", d.world.files.size());
    const bool straight = may_be_straight && !d.several_sources && d.dice.chance(0.35);
    const std::int64_t rows = d.dice.integer(3, 30);
    const bool uniform = d.dice.chance(0.6);
    const std::int64_t each = d.dice.integer(4, 80);
    const double zeros = d.dice.uniform(0.0, 0.5);
    std::string text = "time_s," + column + "\n";
    std::int64_t at = 0;  // quarters of a millisecond
    for (std::int64_t i = 0; i < rows; ++i) {
        const double value =
            d.dice.chance(zeros) ? 0.0 : lowest + (largest - lowest) * d.dice.unit();
        text += fmt::format("{},{:.6g}\n", static_cast<double>(at) * 25.0 / 1e5, value);
        at += uniform ? each : d.dice.integer(1, 120);
    }
    s.around.push_back("trace: " + d.file(name, text));
    if (straight) {
        s.around.emplace_back("interpolation: linear");
        d.note("linear trace");
    } else {
        d.note("held trace");
    }
    const double end = d.dice.unit();
    s.around.push_back(std::string("at_end: ") + (end < 0.6   ? "loop"
                                                  : end < 0.9 ? "hold"
                                                              : "stop"));
    if (d.dice.chance(0.3)) {
        s.around.push_back("start: " + d.dice.time(0.0, static_cast<double>(at) / 4.0 * 0.5));
    }
    if (d.dice.chance(0.3)) {
        s.around.push_back(fmt::format("scale: {}", d.dice.level(0.3, 2.0)));
    }
}

void constant_power(Draft& d, Source& s, double power_w) {
    s.model = "type: constant_power, power: " + of(power_w, "W");
    d.note("constant_power");
}

void constant_current(Draft& d, Source& s, double power_w) {
    s.kind = Kind::current;
    s.model = "type: constant_current, current: " + of(power_w / 2.5, "A");
    d.note("constant_current");
}

void power(Draft& d, Source& s, double power_w) {
    s.model = "type: power";
    if (d.dice.chance(0.25)) {
        s.around.push_back(fmt::format(
            "trace: {{generate: {{type: rf, seed: {}, duration: 300 ms, mean_on: 30 ms, mean_off: "
            "20 ms, on_power: {}, max_power: {}, step: 5 ms}}}}",
            d.dice.integer(1, 999), of(power_w, "W"), of(4.0 * power_w, "W")));
        s.around.emplace_back("at_end: loop");
        d.note("generated rf");
    } else {
        trace(d, s, "power_w", 0.0, 2.0 * power_w, kMayBeStraight);
    }
    d.note("power");
}

void current(Draft& d, Source& s, double power_w) {
    s.kind = Kind::current;
    s.model = "type: current";
    trace(d, s, "current_a", 0.0, power_w, kMayBeStraight);
    d.note("current");
}

void voltage_across(Draft& d, Source& s, double power_w) {
    const double ohm = d.dice.pick(2e3, 5e4);
    const double largest = std::sqrt(3.0 * power_w * ohm);
    s.model = "type: voltage_across, resistance: " + of(ohm, "Ohm");
    trace(d, s, "signal_v", d.dice.chance(0.2) ? -largest : 0.0, largest, kMayBeStraight);
    d.note("voltage_across");
}

/// Inner resistance at which so much can be had of an open-circuit voltage, about.
double inner_ohm(Draft& d, double open_v, double power_w) {
    return std::round(open_v * open_v / (4.0 * power_w) * d.dice.uniform(0.5, 2.0));
}

void thevenin(Draft& d, Source& s, double power_w) {
    s.kind = Kind::thevenin;
    const double open_v = d.dice.level(2.5, 6.0);
    s.model = "type: thevenin, resistance: " + of(inner_ohm(d, open_v, power_w), "Ohm");
    if (d.dice.chance(0.4)) {
        s.model += ", voltage: " + of(open_v, "V");
    } else {
        trace(d, s, "open_v", d.dice.chance(0.15) ? -open_v : 0.0, 1.5 * open_v, kMayBeStraight);
    }
    d.note("thevenin");
}

void teg(Draft& d, Source& s, double power_w) {
    s.kind = Kind::thevenin;
    const double open_v = d.dice.level(2.5, 6.0);
    const double kelvin = d.dice.level(3.0, 40.0);
    s.model = fmt::format("type: teg, seebeck: {}, resistance: {}", open_v / kelvin,
                          of(inner_ohm(d, open_v, power_w), "Ohm"));
    if (d.dice.chance(0.3)) {
        s.model += fmt::format(", temperature_difference: {}", kelvin);
    } else if (d.dice.chance(0.3)) {
        s.around.push_back(fmt::format(
            "trace: {{generate: {{type: thermal, seed: {}, duration: 400 ms, mean: {}, spread: {}, "
            "time: 100 ms, step: 10 ms}}}}",
            d.dice.integer(1, 999), kelvin, kelvin / 4.0));
        s.around.emplace_back("at_end: loop");
        d.note("generated thermal");
    } else {
        trace(d, s, "difference_k", d.dice.chance(0.15) ? -kelvin : 0.0, 1.5 * kelvin,
              kMayBeStraight);
    }
    d.note("teg");
}

void piezo_bridge(Draft& d, Source& s, double power_w) {
    s.kind = Kind::rectified;
    const double open_v = d.dice.level(2.5, 7.0);
    const double ohm = inner_ohm(d, open_v, power_w);
    const double hertz = std::round(d.dice.pick(20.0, 500.0));
    const double farad = 1.0 / (4.0 * hertz * ohm);
    const double drop_v = d.dice.level(0.0, 0.4);
    const double admittance = 2.0 * 3.141592653589793 * hertz * farad;
    const double amplitude = (open_v + 2.0 * drop_v) * admittance;
    s.model = fmt::format("type: piezo_bridge, capacitance: {}, frequency: {}, drop: {}",
                          of(farad, "F"), of(hertz, "Hz"), of(drop_v, "V"));
    if (d.dice.chance(0.4)) {
        s.model += ", current: " + of(amplitude, "A");
    } else {
        trace(d, s, "amplitude_a", 0.0, 1.5 * amplitude, kMayBeStraight);
    }
    d.note("piezo_bridge");
}

void irradiance_efficiency(Draft& d, Source& s, double power_w) {
    s.model = "type: irradiance_efficiency, area: 1 cm2, efficiency: 20 %";
    trace(d, s, "light_w_m2", 0.0, 2.0 * power_w / 2e-5, kMayBeStraight);
    d.note("irradiance_efficiency");
}

void received_rf(Draft& d, Source& s, double power_w) {
    const double received_w = 2.5 * power_w;
    if (d.dice.chance(0.5)) {
        s.model = std::string("part: ") + (d.dice.chance(0.5) ? "p1110b" : "p2110b_1v25");
    } else {
        s.model = fmt::format(
            "type: received_rf, rectifier: {{hold: 2 V, table: [{{input: {}, efficiency: {}}}, "
            "{{input: {}, efficiency: {}}}, {{input: {}, efficiency: {}}}]}}",
            of(received_w * 0.1, "W"), d.dice.percent(0.05, 0.3), of(received_w, "W"),
            d.dice.percent(0.3, 0.7), of(received_w * 2.0, "W"), d.dice.percent(0.1, 0.6));
    }
    if (d.dice.chance(0.35)) {
        s.model += ", power: " + of(received_w, "W");
    } else {
        trace(d, s, "rf_power_w", 0.0, 2.5 * received_w, kHeld);
    }
    d.note("received_rf");
}

void resonant(Draft& d, Source& s, double power_w) {
    const double mass = d.dice.pick(0.02, 0.3);
    const double omega = 2.0 * 3.141592653589793 * d.dice.level(5.0, 40.0);
    const double damping = d.dice.chance(0.1) ? 1.0 : d.dice.pick(0.02, 1.5);
    s.model = fmt::format(
        "type: resonant, mass: {}, stiffness: {}, damping: {}, limit: {}, efficiency: {}, output: "
        "1 V{}",
        mass, mass * omega * omega, 2.0 * damping * omega * mass, d.dice.pick(3e-4, 2e-2),
        d.dice.percent(0.1, 0.9), d.dice.chance(0.3) ? ", high_pass: 0.5 Hz" : "");
    // A steady shake a has about m a^2/(4 zeta omega) to give.
    const double shake = std::sqrt(power_w * 16.0 * damping * omega / mass);
    const std::string name = fmt::format("trace{}.csv", d.world.files.size());
    std::string text = "time_s,shake_m_s2\n";
    for (std::int64_t i = 0, n = d.dice.integer(10, 60); i < n; ++i) {
        text += fmt::format("{},{:.6g}\n", static_cast<double>(i) * 0.01,
                            d.dice.uniform(-2.0, 2.0) * shake);
    }
    s.around.push_back("trace: " + d.file(name, text));
    s.around.emplace_back("interpolation: linear");
    s.around.emplace_back("at_end: loop");
    d.note("resonant");
}

std::string rule(Draft& d, Source& s, double open_v) {
    const double which = d.dice.unit();
    if (which < 0.35) {
        s.kind = Kind::curve;
        d.note("operate direct");
        return "direct";
    }
    s.kind = Kind::held;
    if (which < 0.5) {
        d.note("operate mpp");
        return "mpp";
    }
    if (which < 0.65) {
        d.note("operate voltage");
        return fmt::format("{{voltage: {}}}", of(std::round(open_v * 800.0) / 1e3, "V"));
    }
    if (which < 0.85) {
        d.note("operate voc_fraction");
        const double period_ms = std::round(d.dice.uniform(10.0, 120.0));
        return fmt::format("{{voc_fraction: {{fraction: {}, period: {}, blackout: {}}}}}",
                           d.dice.percent(0.5, 0.95), of(period_ms, "ms"),
                           d.dice.chance(0.2) ? "0 s" : d.dice.time(0.25, period_ms / 4.0));
    }
    d.note("operate perturb_observe");
    return fmt::format("{{perturb_observe: {{step: {}, period: {}, start: {}}}}}",
                       of(d.dice.level(0.02, 0.3), "V"), d.dice.time(2.0, 60.0),
                       of(std::round(open_v * d.dice.uniform(0.3, 1.0) * 1e3) / 1e3, "V"));
}

void pv_cell(Draft& d, Source& s, double power_w) {
    const double open_v = d.dice.level(2.5, 6.0);
    const double short_a = std::stod(fmt::format("{:.4g}", 1.5 * power_w / open_v));
    const bool lux = d.dice.chance(0.25);
    const double full = lux ? 1e4 : 1e3;
    if (d.dice.chance(0.2)) {
        s.model = fmt::format("part: sm141k06l, area_scale: {:.4g}", power_w / 0.15);
    } else if (d.dice.chance(0.35)) {
        s.model = fmt::format("type: pv_cell, cell: {{isc: {}, voc: {}, vmp: {}, imp: {}}}",
                              of(short_a, "A"), of(open_v, "V"),
                              of(std::round(open_v * d.dice.uniform(0.72, 0.86) * 1e3) / 1e3, "V"),
                              of(short_a * d.dice.level(0.85, 0.96), "A"));
    } else {
        s.model = fmt::format("type: pv_cell, cell: {{isc: {}, voc: {}, slope: {}",
                              of(short_a, "A"), of(open_v, "V"),
                              of(std::round(open_v / d.dice.uniform(10.0, 30.0) * 1e3) / 1e3, "V"));
        if (d.dice.chance(0.6)) {
            s.model +=
                ", series: " + of(std::round(open_v / short_a * d.dice.unit() * 50.0) / 1e3, "Ohm");
        }
        if (d.dice.chance(0.6)) {
            s.model +=
                ", shunt: " + of(std::round(open_v / short_a * d.dice.uniform(5.0, 500.0)), "Ohm");
        }
        s.model += lux ? ", at_lux: 10000}" : "}";
    }
    const bool in_lux = s.model.find("at_lux") != std::string::npos;
    if (d.dice.chance(0.3)) {
        s.model += fmt::format(", temperature_c: {}", d.dice.level(-10.0, 60.0));
    }
    const double light = in_lux ? full : 1e3;
    if (d.dice.chance(0.3)) {
        s.model += in_lux ? fmt::format(", illuminance: {}", light * d.dice.level(0.3, 1.5))
                          : ", irradiance: " + of(light * d.dice.level(0.3, 1.5), "W/m2");
    } else {
        s.model += in_lux ? ", light: illuminance" : "";
        trace(d, s, in_lux ? "light_lux" : "light_w_m2", 0.0, 1.8 * light, kHeld);
    }
    s.model += ", operate: " + rule(d, s, open_v);
    d.note("pv_cell");
}

void iv_curve(Draft& d, Source& s, double power_w) {
    double open_v = 2.7;
    if (d.dice.chance(0.5)) {
        s.model = fmt::format("part: am_1417_measured, area_scale: {:.4g}", power_w / 0.55e-3);
    } else {
        open_v = d.dice.level(2.5, 5.0);
        const double short_a = 1.5 * power_w / open_v;
        std::string levels;
        for (const double share : {0.1, 1.0}) {
            const double top_v = open_v * (1.0 + 0.08 * std::log10(share));
            levels +=
                fmt::format("{}{{lux: {}, points: [", levels.empty() ? "" : ", ", share * 1e4);
            for (const double u : {0.0, 0.5, 0.8, 0.92, 1.0}) {
                levels += fmt::format("{}{{v: {:.6g} V, i: {:.6g} A}}", u > 0.0 ? ", " : "",
                                      top_v * u, short_a * share * (1.0 - std::pow(u, 8.0)));
            }
            levels += "]}";
        }
        s.model = "type: iv_curve, levels: [" + levels + "]";
    }
    const bool sun = d.dice.chance(0.3);
    if (d.dice.chance(0.3)) {
        s.model += fmt::format(", illuminance: {}", std::round(d.dice.pick(300.0, 2e4)));
    } else {
        s.model += sun ? ", lux_per_w_m2: 100" : "";
        trace(d, s, sun ? "light_w_m2" : "light_lux", 0.0, sun ? 200.0 : 2e4, kHeld);
    }
    s.model += ", operate: " + rule(d, s, open_v);
    d.note("iv_curve");
}

std::string boost(Draft& d) {
    static constexpr std::array<const char*, 4> kParts = {"bq25504", "bq25570", "bq25570_measured",
                                                          "aem10941"};
    d.note("boost");
    if (d.dice.chance(0.4)) {
        d.note("boost part");
        return std::string("{part: ") + kParts[static_cast<std::size_t>(d.dice.integer(0, 3))] +
               "}";
    }
    std::string table;
    const bool by_store = d.dice.chance(0.6);
    for (const double v_store : {1.2, 2.0, 3.3}) {
        for (const double v_in : {0.5, 1.5, 4.0}) {
            for (const char* i_in : {"10 uA", "300 uA", "5 mA"}) {
                table +=
                    fmt::format("{}{{{}v_in: {}, i_in: {}, value: {}}}", table.empty() ? "" : ", ",
                                by_store ? fmt::format("v_store: {}, ", of(v_store, "V")) : "",
                                of(v_in, "V"), i_in, d.dice.percent(0.4, 0.95));
            }
        }
        if (!by_store) {
            break;
        }
    }
    std::string text =
        fmt::format("{{type: boost, efficiency: [{}], min_voltage: {}, quiescent: {}", table,
                    of(d.dice.level(0.05, 0.6), "V"), of(d.dice.pick(1e-8, 1e-5), "A"));
    if (d.dice.chance(0.5)) {
        text += ", min_power: " + of(d.dice.pick(1e-6, 1e-4), "W");
    }
    if (d.dice.chance(0.3)) {
        text += ", max_current: " + of(d.dice.pick(3e-4, 5e-3), "A");
    }
    if (d.dice.chance(0.6)) {
        text += fmt::format(
            ", cold_start: {{store_below: {}, min_voltage: {}, min_power: {}, efficiency: {}}}",
            of(d.dice.level(0.8, 2.0), "V"), of(d.dice.level(0.2, 0.8), "V"),
            of(d.dice.pick(1e-6, 1e-4), "W"), d.dice.percent(0.05, 0.4));
        d.note("cold start");
    }
    return text + "}";
}

std::string diode(Draft& d, Kind kind) {
    if (kind == Kind::curve && d.dice.chance(0.6)) {
        d.note("diode by equation");
        std::string text =
            fmt::format("{{type: diode, saturation_current: {}", of(d.dice.pick(1e-10, 1e-6), "A"));
        if (d.dice.chance(0.6)) {
            text += fmt::format(", emission: {}", d.dice.level(1.0, 2.0));
        }
        if (d.dice.chance(0.4)) {
            text += ", series: " + of(d.dice.pick(0.1, 30.0), "Ohm");
        }
        return text + "}";
    }
    d.note("diode drop");
    return fmt::format("{{type: diode, drop: {}}}", of(d.dice.level(0.0, 0.5), "V"));
}

std::string converter(Draft& d, Kind kind) {
    const double which = d.dice.unit();
    const bool may_hold = kind == Kind::power || kind == Kind::thevenin;
    if (kind == Kind::held ? which < 0.6 : false) {
        return boost(d);
    }
    if (kind == Kind::held || (may_hold && which < 0.4)) {
        d.note("efficiency");
        return fmt::format("{{type: efficiency, value: {}}}", d.dice.percent(0.4, 1.0));
    }
    if (which < 0.7) {
        d.note("no converter");
        return "{type: none}";
    }
    return diode(d, kind);
}

Source source(Draft& d) {
    using Drawer = void (*)(Draft&, Source&, double);
    static constexpr std::array<Drawer, 15> kSources = {constant_power,
                                                        constant_current,
                                                        power,
                                                        current,
                                                        voltage_across,
                                                        thevenin,
                                                        teg,
                                                        teg,
                                                        received_rf,
                                                        piezo_bridge,
                                                        irradiance_efficiency,
                                                        pv_cell,
                                                        pv_cell,
                                                        pv_cell,
                                                        iv_curve};
    Source s;
    const double power_w = d.dice.pick(0.4e-3, 8e-3);
    const auto which = d.dice.integer(0, d.several_sources ? 14 : 15);
    if (which == 15) {
        resonant(d, s, power_w);
    } else {
        kSources[static_cast<std::size_t>(which)](d, s, power_w);
    }
    return s;
}

void write(Draft& d, const Source& s, const std::string& first, const std::string& rest) {
    d.line(first + "model: {" + s.model + "}");
    for (const std::string& line : s.around) {
        d.line(rest + line);
    }
}

}  // namespace

void draw_sources(Draft& d) {
    d.several_sources = d.dice.chance(0.2);
    const Source first = source(d);
    d.line("source:");
    write(d, first, "  ", "  ");
    d.line("converter: " + converter(d, first.kind));
    if (!d.several_sources) {
        return;
    }
    d.note("more sources");
    d.line("more_sources:");
    for (std::int64_t k = d.dice.integer(1, 2); k > 0; --k) {
        const Source another = source(d);
        write(d, another, "  - ", "    ");
        d.line("    converter: " + converter(d, another.kind));
    }
}

}  // namespace ebb::test
