// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>

#include "tests/agreement/random_worlds.hpp"

namespace ebb::test {

namespace {

/// What the parts of a device have to know of each other.
struct Device {
    std::string active_key;  ///< current, current_per_volt or power, if there is exactly one
    double active = 0.0;
    double current_a = 0.0;  ///< about what the core draws
    bool has_nvm = false;
    bool has_network = false;
    std::vector<std::string> sleep_states;
    std::vector<std::string> uses;  ///< entries that a task's `use` may hold
};

/// A recording of a current over a few intervals; gives the file's name.
std::string profile(Draft& d, double lo_a, double hi_a) {
    std::string text = "time_s,current_a\n";
    std::int64_t at = 0;  // tenths of a millisecond
    for (std::int64_t i = 0, n = d.dice.integer(2, 5); i < n; ++i) {
        text +=
            fmt::format("{:.4f},{:.6g}\n", static_cast<double>(at) * 1e-4, d.dice.pick(lo_a, hi_a));
        at += d.dice.integer(1, 20);
    }
    return d.file(fmt::format("profile{}.csv", d.world.files.size()), text);
}

void active(Draft& d, Device& x) {
    x.current_a = d.dice.pick(2e-4, 3e-3);
    const double which = d.dice.unit();
    if (which < 0.3) {
        x.active_key = "power";
        x.active = 2.0 * x.current_a;
        d.line("  active: {power: " + of(x.active, "W") + "}");
    } else if (which < 0.6) {
        x.active_key = "current";
        x.active = x.current_a;
        d.line("  active: {current: " + of(x.active, "A") + "}");
    } else if (which < 0.8) {
        x.active_key = "current_per_volt";
        x.active = x.current_a / 2.5;
        d.line("  active: {current_per_volt: " + of(x.active, "A/V") + "}");
    } else {
        d.line(fmt::format("  active: {{current: {}, current_per_volt: {}}}", of(x.current_a, "A"),
                           of(x.current_a / 3.0, "A/V")));
    }
}

std::string sleep_text(Draft& d) {
    const bool slow = d.dice.chance(0.5);
    std::string text = fmt::format("current: {}, wake: {}",
                                   of(d.dice.chance(0.1) ? 0.0 : d.dice.pick(1e-6, 2e-4), "A"),
                                   slow ? d.dice.time(0.25, 2.0) : "0 s");
    if (slow && d.dice.chance(0.4)) {
        text += ", wake_charge: " + of(d.dice.pick(1e-8, 3e-6), "C");
    }
    return text;
}

void sleep(Draft& d, Device& x) {
    if (d.dice.chance(0.7)) {
        d.line("  sleep: {" + sleep_text(d) + "}");
    }
    if (!d.dice.chance(0.35)) {
        return;
    }
    d.line("  sleep_states:");
    for (std::int64_t k = d.dice.integer(1, 2); k > 0; --k) {
        const std::string name = fmt::format("state{}", k);
        const bool retains = d.dice.chance(0.5);
        d.line(fmt::format("    - {{name: {}, {}, retains: {}}}", name, sleep_text(d),
                           retains ? "ram" : "none"));
        x.sleep_states.push_back(name);
        d.note(retains ? "sleep state with ram" : "sleep state without ram");
    }
}

void clocking(Draft& d, const Device& x) {
    if (x.active_key.empty() || !d.dice.chance(0.3)) {
        return;
    }
    const char* const unit = x.active_key == "power"     ? "W"
                             : x.active_key == "current" ? "A"
                                                         : "A/V";
    const bool by_voltage = d.dice.chance(0.6);
    const std::int64_t points = d.dice.integer(2, 3);
    d.line("  clocking:");
    d.line("    work_at: 8 MHz");
    d.line(std::string("    use: ") + (by_voltage           ? "by_voltage"
                                       : d.dice.chance(0.5) ? "point0"
                                                            : "point1"));
    d.line("    hysteresis: " + of(d.dice.level(0.05, 0.2), "V"));
    d.line("    points:");
    double from_v = d.turn_off_v - d.dice.level(0.0, 0.3);
    double megahertz = 1.0;
    for (std::int64_t i = 0; i < points; ++i) {
        d.line(
            fmt::format("      - {{name: point{}, clock: {}, from: {}, {}: {}}}", i,
                        of(megahertz, "MHz"), of(std::round(from_v * 1e3) / 1e3, "V"), x.active_key,
                        of(x.active * std::pow(megahertz / 8.0, d.dice.uniform(0.4, 1.0)), unit)));
        megahertz = std::round(megahertz * d.dice.uniform(2.0, 5.0));
        from_v = by_voltage ? from_v + d.dice.level(0.15, 0.6) : d.turn_off_v;
    }
    d.note(by_voltage ? "clock by voltage" : "clock by name");
}

void regulator(Draft& d) {
    static constexpr std::array<const char*, 4> kParts = {"bq25570_buck", "bq25570_buck_measured",
                                                          "aem10920_buck", "aem10941_ldo"};
    const double which = d.dice.unit();
    const double output = d.dice.level(1.3, 2.4);
    const std::string quiescent =
        fmt::format("quiescent: {}, quiescent_off: {}", of(d.dice.pick(1e-7, 2e-5), "A"),
                    of(d.dice.chance(0.4) ? 0.0 : d.dice.pick(1e-8, 1e-5), "A"));
    if (which < 0.4) {
        d.note("no regulator");
    } else if (which < 0.6) {
        d.line(fmt::format("  regulator: {{type: ldo, output: {}, {}, drop_out: {}}}",
                           of(output, "V"), quiescent,
                           of(d.dice.chance(0.4) ? 0.0 : d.dice.level(0.05, 0.4), "V")));
        d.note("ldo");
    } else if (which < 0.7) {
        d.line(fmt::format("  regulator: {{part: {}, output: {}}}",
                           kParts[static_cast<std::size_t>(d.dice.integer(0, 3))],
                           of(output, "V")));
        d.note("regulator part");
    } else if (which < 0.85) {
        d.line(fmt::format("  regulator: {{type: buck, output: {}, {}, efficiency: {}}}",
                           of(output, "V"), quiescent, d.dice.percent(0.6, 1.0)));
        d.note("buck");
    } else {
        d.line(fmt::format(
            "  regulator: {{type: buck, output: {}, {}, efficiency_over_current: [{{current: 1 uA, "
            "value: {}}}, {{current: 100 uA, value: {}}}, {{current: 5 mA, value: {}}}]}}",
            of(output, "V"), quiescent, d.dice.percent(0.3, 0.6), d.dice.percent(0.6, 0.9),
            d.dice.percent(0.7, 0.95)));
        d.note("buck with table");
    }
}

void mcu(Draft& d, Device& x) {
    d.line("mcu:");
    d.line("  turn_on: " + of(d.turn_on_v, "V"));
    d.line("  turn_off: " + of(d.turn_off_v, "V"));
    d.line(std::string("  initial: ") + (d.powered ? "powered" : "unpowered"));
    if (d.dice.chance(0.15)) {
        static constexpr std::array<const char*, 2> kParts = {"msp430fr5994", "msp430fr5969"};
        d.line(std::string("  part: ") + kParts[static_cast<std::size_t>(d.dice.integer(0, 1))]);
        x.current_a = 1e-3;
        d.note("mcu part");
    } else {
        if (d.dice.chance(0.25)) {
            d.line("  boot: {profile: " + profile(d, 1e-4, 4e-3) + "}");
            d.note("boot profile");
        } else if (d.dice.chance(0.25)) {
            d.line("  boot: {time: 0 s, charge: 0 C}");
        } else {
            const double ms = std::round(d.dice.uniform(0.25, 6.0) * 4.0) / 4.0;
            d.line(fmt::format("  boot: {{time: {}, charge: {}}}", of(ms, "ms"),
                               of(ms * 1e-3 * d.dice.pick(1e-4, 5e-3), "C")));
        }
        active(d, x);
        sleep(d, x);
        clocking(d, x);
        d.line("  off_current: " + of(d.dice.chance(0.5) ? 0.0 : d.dice.pick(1e-8, 1e-4), "A"));
    }
    if (d.dice.chance(0.25)) {
        d.line(
            fmt::format("  supervision: {{period: {}, brown_out: {}}}", d.dice.time(1.0, 30.0),
                        of(std::round((d.turn_off_v - d.dice.level(0.0, 0.4)) * 1e3) / 1e3, "V")));
        d.note("supervision");
    }
    regulator(d);
}

void nvm(Draft& d, Device& x) {
    x.has_nvm = d.dice.chance(0.75);
    if (!x.has_nvm) {
        return;
    }
    if (d.dice.chance(0.25)) {
        static constexpr std::array<const char*, 3> kParts = {"msp430fr599x_fram", "mb85rs256ty",
                                                              "mr25h40"};
        d.line(std::string("nvm: {part: ") +
               kParts[static_cast<std::size_t>(d.dice.integer(0, 2))] + "}");
        d.note("nvm part");
        return;
    }
    const double read_s = d.dice.pick(2e-8, 1e-6);
    const double write_s = d.dice.pick(5e-8, 5e-6);
    d.line(fmt::format(
        "nvm: {{capacity: 1 MB, atomic: {}, cut: {}, read_time: {}, write_time: {}, read_energy: "
        "{}, write_energy: {}, standby: {}, sleep: {}, endurance: 1000000}}",
        d.dice.chance(0.5) ? "1 B" : "4 B", d.dice.chance(0.5) ? "old" : "garbage", of(read_s, "s"),
        of(write_s, "s"), of(read_s * d.dice.uniform(0.0, 5e-3), "J"),
        of(write_s * d.dice.uniform(0.0, 8e-3), "J"),
        of(d.dice.chance(0.4) ? 0.0 : d.dice.pick(1e-6, 1e-4), "A"),
        of(d.dice.chance(0.4) ? 0.0 : d.dice.pick(1e-7, 1e-5), "A")));
    d.note("nvm");
}

void checkpoint(Draft& d, const Device& x) {
    const double which = d.dice.unit();
    if (!x.has_nvm || which < 0.3) {
        d.note("no checkpoint");
        return;
    }
    if (which >= 0.65) {
        static constexpr std::array<const char*, 3> kBorders = {"unit", "tile", "layer"};
        d.line(std::string("checkpoint: {policy: commit, granularity: ") +
               kBorders[static_cast<std::size_t>(d.dice.integer(0, 2))] + "}");
        d.note("commit");
        return;
    }
    const bool own = d.dice.chance(0.5);
    double restore = own ? std::min(d.turn_on_v + d.dice.level(-0.2, 0.3), d.max_v) : d.turn_on_v;
    restore = std::round(restore * 1e3) / 1e3;
    const double save = d.turn_off_v + d.dice.uniform(0.05, 0.7) * (restore - d.turn_off_v);
    std::string text = "save_at: " + of(std::ceil(save * 1e3) / 1e3, "V");
    if (own) {
        text += ", restore_at: " + of(restore, "V");
    }
    if (d.dice.chance(0.6)) {
        text += fmt::format(", state: {} B", std::floor(d.dice.pick(40.0, 4000.0)));
    }
    if (!x.sleep_states.empty() && d.dice.chance(0.6)) {
        text += ", sleep_in: " + x.sleep_states.front();
        d.note("checkpoint sleeps in a state");
    }
    d.line("checkpoint: {policy: jit, " + text + "}");
    d.note("jit");
}

void peripherals(Draft& d, Device& x) {
    if (!d.dice.chance(0.45)) {
        return;
    }
    d.line("peripherals:");
    d.note("peripherals");
    if (d.dice.chance(0.3)) {
        d.line("  - {name: sensor, part: bme280}");
        x.uses.emplace_back("{peripheral: sensor, state: pressure}");
        d.note("peripheral part");
    }
    const std::string start =
        d.dice.chance(0.6) ? fmt::format(", start: {{time: {}, charge: {}}}",
                                         d.dice.time(0.25, 3.0), of(d.dice.pick(1e-8, 5e-6), "C"))
                           : "";
    const char* const always = d.dice.chance(0.3) ? ", always_on: true" : "";
    d.line(fmt::format(
        "  - {{name: radio, standby: {}{}{}, states: [{{name: tx, current: {}}}, "
        "{{name: rx, power: {}}}, {{name: beacon, charge: {}, time: {}}}]}}",
        of(d.dice.pick(1e-7, 1e-4), "A"), start, always, of(d.dice.pick(5e-4, 1e-2), "A"),
        of(d.dice.pick(1e-3, 1e-2), "W"), of(d.dice.pick(1e-7, 1e-5), "C"), d.dice.time(0.5, 4.0)));
    for (const char* state : {"tx", "rx", "beacon"}) {
        x.uses.push_back(fmt::format("{{peripheral: radio, state: {}}}", state));
    }
}

/// How long a task runs and what it draws.
std::string work(Draft& d) {
    if (d.dice.chance(0.2)) {
        d.note("task profile");
        return ", profile: " + profile(d, 1e-4, 5e-3);
    }
    std::string text = ", time: " + (d.dice.chance(0.8) ? d.dice.time(0.5, 15.0)
                                                        : of(d.dice.pick(1e-4, 2e-2), "s"));
    const double load = d.dice.unit();
    if (load < 0.4) {
        text += ", current: " + of(d.dice.pick(2e-4, 5e-3), "A");
    } else if (load < 0.7) {
        text += ", power: " + of(d.dice.pick(5e-4, 12e-3), "W");
    }
    return text + (d.dice.chance(0.2) ? ", fixed_time: true" : "");
}

void tasks(Draft& d, const Device& x) {
    const std::int64_t n = d.dice.integer(1, 4);
    const bool endless = d.dice.chance(0.25);
    bool repeats = false;
    std::string text;
    for (std::int64_t i = 0; i < n; ++i) {
        const bool last = i + 1 == n;
        text += fmt::format("    - {{name: task{}", i);
        if (last && endless) {
            text += ", until_power_fails: true";
            repeats = true;
        } else if (!x.uses.empty() && d.dice.chance(0.5)) {
            const std::string& use = x.uses[static_cast<std::size_t>(
                d.dice.integer(0, static_cast<int>(x.uses.size()) - 1))];
            const bool timed = use.find("beacon") != std::string::npos;
            text += (timed && d.dice.chance(0.5) ? "" : ", time: " + d.dice.time(4.0, 10.0)) +
                    ", use: [" + use + "]";
            repeats = true;
            d.note("task uses a peripheral");
        } else {
            const bool once = !last && d.dice.chance(0.25);
            text += work(d) + (once ? ", once_per_boot: true" : "") +
                    (d.dice.chance(0.3) ? ", atomic: true" : "");
            repeats = repeats || !once;
        }
        text += "}\n";
    }
    d.line("workload:");
    d.line(std::string("  repeat: ") + (repeats && d.dice.chance(0.7) ? "true" : "false"));
    d.line("  tasks:");
    d.world.yaml += text;
    d.note("tasks");
}

/// A table of two to four layers; gives its name. Adds up what they multiply.
std::string network_table(Draft& d, double& macs) {
    std::string text =
        "id,name,op,from,in_h,in_w,in_c,out_h,out_w,out_c,kernel_h,kernel_w,stride,stride_w,macs,"
        "params,weight_bytes,input_bytes,output_bytes\n";
    std::array<std::int64_t, 3> in = {d.dice.integer(3, 9), d.dice.integer(3, 9),
                                      d.dice.integer(1, 3)};
    for (std::int64_t id = 0, layers = d.dice.integer(2, 4); id < layers; ++id) {
        const double kind = d.dice.unit();
        const bool dense = kind >= 0.75;
        const bool deep = kind >= 0.5 && !dense;
        const std::int64_t kernel =
            dense ? 1 : std::min(d.dice.integer(1, 3), std::min(in[0], in[1]));
        std::array<std::int64_t, 3> out = {in[0] - kernel + 1, in[1] - kernel + 1,
                                           deep ? in[2] : d.dice.integer(1, 6)};
        const std::int64_t in_bytes = in[0] * in[1] * in[2];
        std::int64_t work = out[0] * out[1] * out[2] * kernel * kernel * (deep ? 1 : in[2]);
        if (dense) {
            out = {1, 1, d.dice.integer(2, 24)};
            work = in_bytes * out[2];
        }
        const std::int64_t weights = d.dice.integer(1, 64);
        text += fmt::format("{},layer{},{},{},{},{},{},{},{},{},{},{},1,1,{},{},{},{},{}\n", id, id,
                            dense  ? "FC"
                            : deep ? "DWCONV"
                                   : "CONV",
                            id == 0 ? "input" : std::to_string(id - 1), in[0], in[1], in[2], out[0],
                            out[1], out[2], dense ? in[0] : kernel, dense ? in[1] : kernel, work,
                            weights, weights, in_bytes, out[0] * out[1] * out[2]);
        macs += static_cast<double>(work);
        in = out;
    }
    return d.file("network.csv", text);
}

std::string platform(Draft& d, double macs) {
    const double latency = d.dice.pick(3e-3, 60e-3);
    const double energy = latency * d.dice.pick(1e-3, 8e-3);
    std::string text = fmt::format(
        "source: \"a random platform\"\ncore: none\nelement: 1 B\nvariants:\n  - label: first\n"
        "    clock: {}\n    cycles_per_mac: {{fc: {}, conv: {}}}\n",
        of(2.0 * macs / latency, "Hz"), d.dice.level(1.0, 4.0), d.dice.level(1.0, 4.0));
    text += fmt::format("    energy_per_mac: {{fc: {}, conv: {}}}\n", of(energy / macs, "J"),
                        of(energy / macs * d.dice.level(0.7, 1.5), "J"));
    text += fmt::format(
        "    networks: [{{network: network, latency: {}, energy: {}, dw_pw_cycles_per_mac: {}, "
        "dw_pw_energy_per_mac: {}}}]\n",
        of(latency, "s"), of(energy, "J"), d.dice.level(1.0, 4.0),
        of(energy / macs * d.dice.level(0.7, 1.5), "J"));
    return d.file("platform.yaml", text);
}

/// Gives the time between jobs in quarters of a millisecond, 0 if they follow each other.
std::int64_t network(Draft& d) {
    double macs = 0.0;
    const std::string table = network_table(d, macs);
    d.line("workload:");
    d.line("  network: " + table);
    d.line("  platform: " + platform(d, macs));
    d.note("network");
    if (d.dice.chance(0.5)) {
        return 0;
    }
    const std::int64_t every = d.dice.integer(40, 600);
    std::string text = "every: " + of(static_cast<double>(every) / 4.0, "ms");
    if (d.dice.chance(0.6)) {
        text += ", deadline: " + d.dice.time(5.0, 200.0);
    }
    if (d.dice.chance(0.5)) {
        text += fmt::format(", queue: {}", d.dice.integer(1, 3));
    }
    d.line("  arrival: {" + text + "}");
    return every;
}

}  // namespace

void draw_device(Draft& d) {
    Device x;
    mcu(d, x);
    nvm(d, x);
    std::int64_t duration = d.dice.integer(400, 2000);  // quarters of a millisecond
    if (d.dice.chance(0.35)) {
        const std::int64_t every = network(d);
        if (every > 0 && d.dice.chance(0.2)) {
            duration = std::max<std::int64_t>(1, duration / every) * every;
        }
    } else {
        peripherals(d, x);
        tasks(d, x);
    }
    if (!x.sleep_states.empty() && d.dice.chance(0.7)) {
        d.line("  sleep_in: " + x.sleep_states.back());
        d.note("waits in a state");
    }
    checkpoint(d, x);
    d.line("duration: " + of(static_cast<double>(duration) / 4.0, "ms"));
    if (d.dice.chance(0.1)) {
        d.line(fmt::format("until: {{jobs: {}}}", d.dice.integer(1, 6)));
    }
}

RandomWorld random_world(std::uint64_t seed, const Perturbation& perturbation) {
    Draft draft(seed, perturbation);
    draft.line(fmt::format("name: random world {}", seed));
    draw_store(draft);
    draw_sources(draft);
    draw_device(draft);
    return std::move(draft.world);
}

}  // namespace ebb::test
