// SPDX-License-Identifier: Apache-2.0
// Rules between the operating points of a microcontroller.
#include <fmt/format.h>

#include <algorithm>

#include "models/core/nearest.hpp"
#include "sim/scenario/cross_checks.hpp"

namespace ebb {

namespace {

std::string volts(double v) { return format_quantity(v, unit::volt); }

void complain(const CheckSubject& s, const std::string& path, std::string message,
              std::string hint = {}, std::string note = {}) {
    s.mistakes.add(s.facts.place(path), std::move(message), std::move(hint), std::move(note));
}

/// A load of the work is scaled by the point's share of mcu.active: both must have one form.
void check_form(const CheckSubject& s, std::size_t i) {
    const auto active = s.form.mcu.active;
    if (!active) {
        return;
    }
    const std::string path = fmt::format("mcu.clocking.points[{}]", i);
    const int forms = (active->current_a ? 1 : 0) + (active->current_per_volt_s ? 1 : 0) +
                      (active->power_w ? 1 : 0);
    if (forms != 1) {
        return;  // said once, for the whole block
    }
    const char* form = active->power_w     ? "power"
                       : active->current_a ? "current"
                                           : "current_per_volt";
    for (const char* key : {"current", "current_per_volt", "power"}) {
        const bool wanted = std::string_view(key) == form;
        if (s.facts.given(path + "." + key) != wanted) {
            complain(s, wanted ? path : path + "." + key,
                     wanted ? fmt::format("{} needs '{}', the form that mcu.active has", path, form)
                            : fmt::format("{}.{} is not the form that mcu.active has ({})", path,
                                          key, form));
        }
    }
}

void check_active(const CheckSubject& s) {
    const auto& active = s.form.mcu.active;
    if (!s.facts.given("mcu.active")) {
        complain(s, "mcu.clocking", "mcu.clocking needs mcu.active: what the core draws at work_at",
                 "for example active: {current: 1 mA}");
        return;
    }
    if (!active) {
        return;
    }
    const double draw = active->power_w.value_or(
        active->current_a.value_or(active->current_per_volt_s.value_or(0.0)));
    if (active->current_a && active->current_per_volt_s) {
        complain(s, "mcu.active",
                 "with mcu.clocking, mcu.active takes one of current, current_per_volt and power: "
                 "a load of the work is scaled by it");
    } else if (!(draw > 0.0)) {
        complain(s, "mcu.active",
                 "with mcu.clocking, mcu.active must be above zero: loads are shares of it");
    }
}

/// The slowest point in use must serve down to turn-off.
void check_lowest(const CheckSubject& s, const ClockPoint& lowest, std::size_t i) {
    const auto turn_off = s.facts.number("mcu.turn_off");
    if (turn_off && lowest.from_v > *turn_off) {
        complain(s, fmt::format("mcu.clocking.points[{}].from", i),
                 fmt::format("point '{}' may be used from {}, but the device runs down to "
                             "mcu.turn_off ({}) and has no slower point",
                             lowest.name, volts(lowest.from_v), volts(*turn_off)));
    }
}

void check_order(const CheckSubject& s, const std::vector<ClockPoint>& points) {
    for (std::size_t i = 0; i < points.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) {
            const bool higher = points[i].from_v > points[k].from_v;
            const bool faster = points[i].clock_hz > points[k].clock_hz;
            if (points[i].from_v == points[k].from_v || higher != faster) {
                complain(
                    s, fmt::format("mcu.clocking.points[{}].from", i),
                    fmt::format("by_voltage: a faster point needs a higher 'from', but '{}' "
                                "({} at {}) stands beside '{}' ({} at {})",
                                points[i].name, format_quantity(points[i].clock_hz, unit::hertz),
                                volts(points[i].from_v), points[k].name,
                                format_quantity(points[k].clock_hz, unit::hertz),
                                volts(points[k].from_v)));
            }
        }
    }
}

}  // namespace

void check_clocking(const CheckSubject& s) {
    if (!s.form.mcu.clocking || !s.facts.known("mcu.clocking")) {
        return;
    }
    const ClockingParams& clocking = *s.form.mcu.clocking;
    const auto& points = clocking.points;
    if (!clocking.use) {
        const SourceRef from = s.facts.source_of("mcu.clocking");
        if (!s.facts.given("mcu.clocking.use") && from && from->role != SourceText::Role::part) {
            complain(s, "mcu.clocking", "mcu.clocking needs 'use': which of its points",
                     points.empty() ? "use: by_voltage" : "for example use: " + points[0].name);
        }
        return;
    }
    check_active(s);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const bool taken = std::find(names.begin(), names.end(), points[i].name) != names.end();
        if (taken || points[i].name == kByVoltage) {
            complain(s, fmt::format("mcu.clocking.points[{}].name", i),
                     fmt::format("the name '{}' is taken", points[i].name));
        }
        names.push_back(points[i].name);
        check_form(s, i);
    }
    if (points.empty()) {
        return;
    }
    if (*clocking.use != kByVoltage) {
        const auto at = std::find(names.begin(), names.end(), *clocking.use);
        if (at == names.end()) {
            names.emplace_back(kByVoltage);
            complain(s, "mcu.clocking.use", fmt::format("there is no point '{}'", *clocking.use),
                     did_you_mean(*clocking.use, names), "use: " + joined(names, " | "));
            return;
        }
        const auto i = static_cast<std::size_t>(at - names.begin());
        check_lowest(s, points[i], i);
        return;
    }
    check_order(s, points);
    const auto lowest =
        std::min_element(points.begin(), points.end(),
                         [](const auto& a, const auto& b) { return a.from_v < b.from_v; });
    check_lowest(s, *lowest, static_cast<std::size_t>(lowest - points.begin()));
    if (points.size() > 1 && !s.facts.given("mcu.clocking.hysteresis")) {
        complain(s, "mcu.clocking",
                 "by_voltage needs 'hysteresis': without it the clock would change endlessly at a "
                 "border",
                 "for example hysteresis: 50 mV");
    }
}

}  // namespace ebb
