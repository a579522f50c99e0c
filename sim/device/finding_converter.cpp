// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "models/store/store_model.hpp"
#include "sim/device/finding_parts.hpp"
#include "sim/result/text_format.hpp"

namespace ebb {

namespace {

std::string need_text(double v, double w) {
    return w > 0.0 ? fmt::format("{} and {}", engineering(v, "V"), engineering(w, "W"))
                   : engineering(v, "V");
}

/// "44.7 uA", "100 uA to 10 mA".
std::string span_text(double least, double most, const char* unit) {
    const std::string from = engineering(least, unit);
    const std::string to = engineering(most, unit);
    return from == to ? from : from + " to " + to;
}

/// Share of a source's energy below which what lies outside a table is not worth a word.
constexpr double kNotable = 0.01;

/// A model with a table of its own that the source leads beyond its end.
void find_unknown_input(const SourceParams& source, Result& result) {
    const std::optional<double> known = source.model->known_up_to();
    if (!known) {
        return;
    }
    double all = 0.0;
    double beyond = 0.0;
    double most = 0.0;
    const auto add = [&](double value, double length) {
        all += value * length;
        beyond += value > *known ? value * length : 0.0;
        most = std::max(most, value);
    };
    if (source.series) {
        for (std::size_t i = 0; i < source.series->value.size(); ++i) {
            add(source.scale * source.series->value[i],
                static_cast<double>(source.series->bound_ns[i + 1] - source.series->bound_ns[i]));
        }
    } else {
        add(source.scale * source.model->constant().value_or(0.0), 1.0);
    }
    if (beyond < kNotable * all || beyond == 0.0) {
        return;
    }
    result.findings.push_back(
        {"outside_table",
         0.0,
         fmt::format("{} of the received energy comes at powers above the last row of the "
                     "rectifier's table ({}), up to {}: there the last row's efficiency was taken",
                     percent_text(beyond / all), engineering(*known, "W"), engineering(most, "W")),
         {{"energy_share", beyond / all}, {"known_w", *known}, {"largest_w", most}}});
}

}  // namespace

void find_idle_converter(const Scenario& scenario, const Device& device, Result& result) {
    const std::optional<Shortfall>& s = device.shortfall();
    if (!s) {
        return;
    }
    const bool never = s->largest_v < s->needed_v || s->largest_w < s->needed_w;
    // A store that begins above the border may live without a cold start.
    if (!never && scenario.store->initial_v() >= s->cold_below_v) {
        return;
    }
    const double v = never ? s->needed_v : s->cold_needed_v;
    const double w = never ? s->needed_w : s->cold_needed_w;
    const std::string when =
        never ? std::string("the converter never runs")
              : fmt::format("the converter can never begin with a store below {}",
                            engineering(s->cold_below_v, "V"));
    result.findings.push_back(
        {"converter_never_runs",
         0.0,
         fmt::format("{}: it needs {} at its input, and the source gives at most {} and {}", when,
                     need_text(v, w), engineering(s->largest_v, "V"),
                     engineering(s->largest_w, "W")),
         {{"needed_v", v},
          {"needed_w", w},
          {"largest_v", s->largest_v},
          {"largest_w", s->largest_w}}});
}

void find_outside_table(const Scenario& scenario, const Device& device, Result& result) {
    if (const std::optional<OutsideTable>& o = device.outside_table();
        o && o->energy_share >= kNotable) {
        result.findings.push_back(
            {"outside_table",
             0.0,
             fmt::format(
                 "{} of what the source gives comes at inputs ({} and {}) that lie outside the "
                 "points of the converter's efficiency table ({} and {}): there the "
                 "nearest point was taken",
                 percent_text(o->energy_share), span_text(o->least_v, o->most_v, "V"),
                 span_text(o->least_a, o->most_a, "A"),
                 span_text(o->table_least_v, o->table_most_v, "V"),
                 span_text(o->table_least_a, o->table_most_a, "A")),
             {{"energy_share", o->energy_share},
              {"least_v", o->least_v},
              {"most_v", o->most_v},
              {"least_a", o->least_a},
              {"most_a", o->most_a}}});
    }
    find_unknown_input(scenario.source, result);
    for (const SourceParams& source : scenario.more_sources) {
        find_unknown_input(source, result);
    }
}

}  // namespace ebb
