// SPDX-License-Identifier: Apache-2.0
#include "models/store/array.hpp"

#include "models/core/component.hpp"
#include "models/store/array_store.hpp"
#include "models/store/store_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace ebb {

ArrayStrings strings_of(const ArrayParams& params, const ArrayConfiguration& configuration,
                        std::string& unknown) {
    ArrayStrings strings;
    std::vector<bool> used(params.cells.size(), false);
    const auto trimmed = [](const std::string& word) {
        const std::size_t first = word.find_first_not_of(' ');
        return first == std::string::npos
                   ? std::string()
                   : word.substr(first, word.find_last_not_of(' ') - first + 1);
    };
    // "x y", split at a mark, without the blanks around each part; an empty part is there, too
    const auto split = [&trimmed](const std::string& text, char mark) {
        std::vector<std::string> parts;
        std::istringstream all(text + mark);
        for (std::string part; std::getline(all, part, mark);) {
            parts.push_back(trimmed(part));
        }
        return parts;
    };
    if (trimmed(configuration.strings.value_or("")).empty()) {
        return strings;
    }
    for (const std::string& one : split(*configuration.strings, ',')) {
        ArrayString string;
        for (const std::string& side_by_side : split(one, '+')) {
            ArrayGroup group;
            for (const std::string& name : split(side_by_side, '|')) {
                const auto found =
                    std::find_if(params.cells.begin(), params.cells.end(),
                                 [&name](const ArrayCell& c) { return c.name == name; });
                const auto index = static_cast<std::size_t>(found - params.cells.begin());
                if (found == params.cells.end() || used[index]) {
                    unknown = name.empty() ? "(nothing)" : name;
                    return {};
                }
                used[index] = true;
                group.push_back(index);
            }
            string.push_back(group);
        }
        strings.push_back(string);
    }
    return strings;
}

std::unique_ptr<EnergyStore> Array::make() const {
    return std::make_unique<ArrayStore>(params_, false);
}

std::unique_ptr<EnergyStore> Array::make_reference() const {
    return std::make_unique<ArrayStore>(params_, true);
}

double Array::capacitance_f() const noexcept {
    double largest = 0.0;
    std::string unknown;
    for (const ArrayConfiguration& c : params_.configurations) {
        double sum = 0.0;
        for (const auto& string : strings_of(params_, c, unknown)) {
            double inverse = 0.0;
            for (const ArrayGroup& group : string) {
                double side_by_side = 0.0;
                for (const std::size_t k : group) {
                    side_by_side += params_.cells[k].capacitance_f;
                }
                inverse += 1.0 / side_by_side;
            }
            sum += 1.0 / inverse;
        }
        largest = std::max(largest, sum);
    }
    return params_.capacitance_f + largest;
}

double Array::leakage_w(double v) const noexcept {
    return params_.leak_time_s ? v * v * params_.capacitance_f / *params_.leak_time_s : 0.0;
}

namespace {

void check(const ArrayParams& p, CheckContext& context) {
    const auto volts = [](double v) { return format_quantity(v, unit::volt); };
    const auto above = [&](const std::string& key, double v) {
        check_not_above_max(key, v, p.max_v, context);
    };
    above("initial", p.initial_v);
    for (std::size_t k = 0; k < p.cells.size(); ++k) {
        above(fmt::format("cells[{}].initial", k), p.cells[k].initial_v.value_or(0.0));
        for (std::size_t j = 0; j < k; ++j) {
            if (p.cells[j].name == p.cells[k].name) {
                context.mistake(fmt::format("cells[{}].name", k),
                                fmt::format("store.cells[{}].name is {}, the name of another cell",
                                            k, p.cells[k].name));
            }
        }
    }
    const std::size_t last = p.configurations.size() - 1;
    for (std::size_t c = 0; c <= last; ++c) {
        const ArrayConfiguration& here = p.configurations[c];
        const std::string key = fmt::format("configurations[{}]", c);
        std::string unknown;
        if (strings_of(p, here, unknown).empty() && !unknown.empty()) {
            context.mistake(
                key + ".strings",
                fmt::format("store.{}.strings names {}, which is no cell, or one that "
                            "is in another place already",
                            key, unknown),
                "names of cells: 'a + b' in series, 'a, b' side by side, 'a | b + c' the "
                "pair a, b in series with c");
        }
        if (here.up_v && c == last) {
            context.mistake(key + ".up",
                            fmt::format("store.{}.up leads on from the last configuration", key));
        }
        if (here.down_v && c == 0) {
            context.mistake(
                key + ".down",
                fmt::format("store.{}.down leads back from the first configuration", key));
        }
        above(key + ".up", here.up_v.value_or(0.0));
        if (here.up_v && here.down_v && *here.down_v >= *here.up_v) {
            context.mistake(key + ".down",
                            fmt::format("store.{}.down is {}, not below its up ({})", key,
                                        volts(*here.down_v), volts(*here.up_v)));
        }
    }
}

}  // namespace

void register_store_array(Registry& registry);

void register_store_array(Registry& registry) {
    const ParamTable<ArrayCell> cell = {
        param("name", &ArrayCell::name, required, "what the configurations call it"),
        param("capacitance", &ArrayCell::capacitance_f, unit::farad, required, range(1e-12, 1e6),
              "of the cell"),
        param("initial", &ArrayCell::initial_v, unit::volt, optional, range(0, 1000),
              "its voltage at the start of the run; left out, 0 V"),
    };
    const ParamTable<ArrayConfiguration> configuration = {
        param("name", &ArrayConfiguration::name, required, "for people"),
        param("strings", &ArrayConfiguration::strings, optional,
              "strings side by side at the node, cells of a string in series: 'a + b, c'; in place "
              "of a cell a group side by side: 'a | b + c'; the rest is off, all of them if left "
              "out"),
        param("up", &ArrayConfiguration::up_v, unit::volt, optional, above_up_to(0, 1000),
              "terminal voltage, rising, at which the next configuration is entered"),
        param("down", &ArrayConfiguration::down_v, unit::volt, optional, above_up_to(0, 1000),
              "terminal voltage, falling, at which the one before is entered"),
    };
    const ParamTable<ArrayParams> table = {
        param("capacitance", &ArrayParams::capacitance_f, unit::farad, required, range(1e-12, 1e6),
              "of the capacitor that is always at the node"),
        param("initial", &ArrayParams::initial_v, unit::volt, required, range(0, 1000),
              "its voltage at the start of the run"),
        param("max", &ArrayParams::max_v, unit::volt, required, above_up_to(0, 1000),
              "the terminal is clipped here; what it cannot hold is booked as clipped"),
        param("leak_time", &ArrayParams::leak_time_s, unit::second, optional, range(1e-3, 1e12),
              "resistance times capacitance of every capacitor's leak"),
        param("hold", &ArrayParams::hold_s, unit::second, 1e-3, range(1e-6, 1e4),
              "after a switching the rules wait for so long"),
        list("cells", &ArrayParams::cells, cell, required, 1, 64, "capacitors to be arranged"),
        list("configurations", &ArrayParams::configurations, configuration, required, 1, 64,
             "a ladder of arrangements; the run begins in the first"),
    };
    registry.add<StoreModel>(
        {"store", "array", "capacitors rearranged in series and side by side by switches",
         "entering a configuration conserves charge on every plate and loses 1/2 C (V - V')^2 per "
         "string (switch_loss); one leak time constant; not modelled: resistance and current of "
         "switches, cells driven below 0 V"},
        table, [](const ArrayParams& p) { return std::make_shared<Array>(p); }, check);
}

}  // namespace ebb
