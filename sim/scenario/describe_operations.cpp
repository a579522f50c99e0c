// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/describe_operations.hpp"

#include "models/core/error.hpp"
#include "models/core/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace ebb {

namespace {

/// For people: five digits, with a fitting prefix.
std::string rounded(double value, Dimension dimension) {
    return format_quantity(value == 0 ? 0.0 : std::stod(fmt::format("{:.4e}", value)), dimension);
}

std::string affine(const std::optional<AffineFigure>& figure, Dimension dimension) {
    if (!figure) {
        return "not known";
    }
    std::string text = rounded(figure->base, dimension);
    if (figure->per_element != 0) {
        text += " + " + rounded(figure->per_element, dimension) + " per element";
    }
    return text;
}

std::string evidence_of(const OperationCost& cost) {
    if (cost.energy_j && cost.latency_s && cost.energy_j->evidence != cost.latency_s->evidence) {
        return fmt::format("energy {}, latency {}", name_of(cost.energy_j->evidence),
                           name_of(cost.latency_s->evidence));
    }
    return name_of((cost.energy_j ? cost.energy_j : cost.latency_s)->evidence);
}

PageTable costs(const OperationTable& table) {
    PageTable out{
        "Operations", {"operation", "energy", "latency", "evidence", "preempt"}, {}, false};
    for (std::size_t i = 0; i < kOperations; ++i) {
        if (const auto& cost = table.ops[i]) {
            out.rows.push_back({name_of(static_cast<Operation>(i)),
                                affine(cost->energy_j, Dimension::energy),
                                affine(cost->latency_s, Dimension::time), evidence_of(*cost),
                                name_of(cost->preempt)});
        }
    }
    return out;
}

PageTable overheads(const OperationTable& table) {
    PageTable out{"CPU operations beside one call",
                  {"overhead", "add", "mul", "energy", "latency"},
                  {},
                  false};
    const auto count = [](std::int64_t energy, std::int64_t latency) {
        return energy == latency ? std::to_string(energy)
                                 : fmt::format("{} ({} in the latency)", energy, latency);
    };
    for (std::size_t i = 0; i < kOverheads; ++i) {
        if (const auto& c = table.overheads[i]) {
            const auto overhead = static_cast<Overhead>(i);
            out.rows.push_back({name_of(overhead), count(c->energy.add, c->latency.add),
                                count(c->energy.mul, c->latency.mul),
                                rounded(table.energy_j(overhead), Dimension::energy),
                                rounded(table.latency_s(overhead), Dimension::time)});
        }
    }
    return out;
}

PageTable facts(const OperationTable& table) {
    PageTable out{"Facts", {"fact", "value"}, {}, false};
    const auto add = [&](const char* fact, std::string value) {
        out.rows.push_back({fact, std::move(value)});
    };
    const auto bytes = [&](const char* fact, const std::optional<std::int64_t>& b) {
        if (b) {
            add(fact, fmt::format("{} B", *b));
        }
    };
    add("clock", rounded(table.clock_hz, Dimension::frequency));
    if (!table.nvm.empty()) {
        add("non-volatile memory", table.nvm);
    }
    if (table.reboot) {
        add("reboot", fmt::format("{}, {}", rounded(table.reboot->energy_j, Dimension::energy),
                                  rounded(table.reboot->latency_s, Dimension::time)));
    }
    bytes("volatile memory for tiles", table.memory.vm_bytes);
    bytes("all volatile memory", table.memory.sram_bytes);
    bytes("memory of the vector unit", table.memory.lea_bytes);
    bytes("size of the non-volatile memory", table.memory.nvm_bytes);
    bytes("for features", table.memory.nvm_feature_bytes);
    bytes("for weights", table.memory.nvm_weight_bytes);
    if (table.supply) {
        const SupplyFacts& s = *table.supply;
        for (const SupplyPoint& point : s.points) {
            add("supply of the source",
                fmt::format("{} behind {}", rounded(point.capacitance_f, Dimension::capacitance),
                            rounded(point.resistance_ohm, Dimension::resistance)));
        }
        add("voltages",
            fmt::format("on {}, off {}, supply {}", rounded(s.v_on_v, Dimension::voltage),
                        rounded(s.v_off_v, Dimension::voltage),
                        rounded(s.v_supply_v, Dimension::voltage)));
        add("energy margin",
            fmt::format("{}{}", s.energy_margin,
                        s.margin_inside_voltage ? ", also inside the end voltage" : ""));
    }
    if (table.compatibility.output_overhead_latency_from_energy) {
        add("defect of the source",
            "latency of output overheads from their energy; off: "
            "compatibility.output_overhead_latency_from_energy: false");
    }
    if (table.sensitivity) {
        add("sensitivity",
            fmt::format("{} to {} times copies, DMA and NVM words: {}", table.sensitivity->low,
                        table.sensitivity->high, table.sensitivity->rule));
    }
    return out;
}

PageTable commits(const CommitCounts& c) {
    PageTable out{"16-bit words that runtimes store",
                  {"runtime", "operation", "direct", "logged"},
                  {},
                  false};
    struct Column {
        const char* text;
        std::int64_t CommitCount::*words;
    };
    static const std::vector<Column> kDirect = {
        {"per MAC", &CommitCount::per_mac},         {"per output", &CommitCount::per_output},
        {"per row", &CommitCount::per_row},         {"per empty row", &CommitCount::per_empty_row},
        {"per channel", &CommitCount::per_channel}, {"per tile", &CommitCount::per_tile}};
    static const std::vector<Column> kLogged = {{"once", &CommitCount::log_once},
                                                {"per MAC", &CommitCount::log_per_mac},
                                                {"per output", &CommitCount::log_per_output},
                                                {"per tile", &CommitCount::log_per_tile},
                                                {"per pass", &CommitCount::log_per_pass},
                                                {"per group", &CommitCount::log_per_group},
                                                {"last group", &CommitCount::log_last_group}};
    const auto listed = [](const CommitCount& count, const std::vector<Column>& columns) {
        std::string text;
        for (const Column& column : columns) {
            if (count.*column.words != 0) {
                text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count.*column.words,
                                    column.text);
            }
        }
        return text.empty() ? std::string("-") : text;
    };
    for (const CommitCount& count : c.counts) {
        std::string logged = listed(count, kLogged);
        if (!count.group.empty()) {
            logged += fmt::format(" (group: {})", count.group);
        }
        out.rows.push_back({count.runtime, count.operation, listed(count, kDirect), logged});
    }
    return out;
}

FormulaSupply supply_for(const OperationTable& table, const FormulaRequest& request) {
    if (!table.supply) {
        throw InputError("the platform names no supply (operations.supply) for a closed form");
    }
    const auto& points = table.supply->points;
    const auto known = std::find_if(points.begin(), points.end(), [&](const SupplyPoint& p) {
        return request.capacitance_f && p.capacitance_f == *request.capacitance_f;
    });
    const auto point =
        known == points.end() ? std::size_t{0} : static_cast<std::size_t>(known - points.begin());
    FormulaSupply supply = formula_supply(*table.supply, point);
    supply.capacitance_f = request.capacitance_f.value_or(supply.capacitance_f);
    supply.resistance_ohm = request.resistance_ohm.value_or(supply.resistance_ohm);
    supply.energy_margin = request.energy_margin.value_or(supply.energy_margin);
    return supply;
}

std::string share(double part, double whole) {
    return whole > 0 ? fmt::format("{:.1f} %", 100 * part / whole) : "-";
}

/// Where the time on goes, over all power cycles of all layers (or the continuous run).
PageTable split_of(const FormulaTable& table, bool continuous) {
    PageTable out{"Where it goes", {"part", "time", "of it", "energy", "of it"}, {}, false};
    PartCosts parts{};
    for (const FormulaLayer& layer : table.layers) {
        if (!layer.cost) {
            continue;
        }
        const auto first = static_cast<double>(layer.cost->first_cycles);
        const auto later = static_cast<double>(layer.cost->cycles - layer.cost->first_cycles);
        for (std::size_t p = 0; p < kCostParts; ++p) {
            if (continuous) {
                parts[p] += layer.cost->continuous[p];
            } else {
                parts[p] += first * layer.cost->first[p];
                parts[p] += later * layer.cost->later[p];
            }
        }
    }
    const Cost total = sum(parts);
    for (std::size_t p = 0; p < kCostParts; ++p) {
        if (parts[p].energy_j > 0) {
            out.rows.push_back({name_of(static_cast<CostPart>(p)),
                                rounded(parts[p].latency_s, Dimension::time),
                                share(parts[p].latency_s, total.latency_s),
                                rounded(parts[p].energy_j, Dimension::energy),
                                share(parts[p].energy_j, total.energy_j)});
        }
    }
    return out;
}

std::string or_never(const std::optional<double>& time_s) {
    return time_s ? rounded(*time_s, Dimension::time) : "never";
}

PageTable layer_rows(const FormulaTable& table, bool continuous) {
    PageTable out{"Layers", {"id", "name", "op", "tile"}, {}, false};
    if (continuous) {
        out.header.insert(out.header.end(), {"memory", "time", "energy"});
    } else {
        out.header.insert(out.header.end(), {"memory", "cycles", "most per cycle", "safe", "on",
                                             "recharge", "latency", "energy"});
    }
    for (const FormulaLayer& layer : table.layers) {
        std::vector<std::string> row = {std::to_string(layer.id), layer.name, layer.op};
        if (!layer.cost) {
            row.emplace_back("in its producer");
            row.resize(out.header.size(), "-");
            out.rows.push_back(row);
            continue;
        }
        row.push_back(text_of(*layer.plan));
        row.push_back(fmt::format("{} B", layer.cost->vm_bytes));
        if (layer.store) {
            row.push_back(std::to_string(layer.cost->cycles));
            row.push_back(rounded(layer.cost->worst().energy_j, Dimension::energy));
            row.emplace_back(layer.store->safe ? "yes" : "no");
            row.push_back(rounded(layer.store->on_s, Dimension::time));
            row.push_back(or_never(layer.store->recharge_s));
            row.push_back(or_never(layer.store->latency_s));
            row.push_back(rounded(layer.store->energy_j, Dimension::energy));
        } else {
            row.push_back(rounded(layer.cost->continuous_total.latency_s, Dimension::time));
            row.push_back(rounded(layer.cost->continuous_total.energy_j, Dimension::energy));
        }
        out.rows.push_back(row);
    }
    return out;
}

void say_totals(const FormulaTable& table, const std::optional<FormulaSupply>& supply, Page& page) {
    page.paragraphs.push_back(fmt::format("Under continuous power: {}, {}.",
                                          rounded(table.continuous.latency_s, Dimension::time),
                                          rounded(table.continuous.energy_j, Dimension::energy)));
    if (!supply) {
        return;
    }
    page.paragraphs.push_back(fmt::format(
        "On {} behind {} (on at {}, off at {}, supply {}; a power cycle may use {:.3g} of {}): {} "
        "end to end, of which {} on and {} recharging; {} power cycles, {}; intermittency adds "
        "{:.1f} % of the time on.",
        rounded(supply->capacitance_f, Dimension::capacitance),
        rounded(supply->resistance_ohm, Dimension::resistance),
        rounded(supply->v_on_v, Dimension::voltage), rounded(supply->v_off_v, Dimension::voltage),
        rounded(supply->v_supply_v, Dimension::voltage), supply->energy_margin,
        rounded(available_energy_j(*supply), Dimension::energy), or_never(table.latency_s),
        rounded(table.on_s, Dimension::time), or_never(table.recharge_s), table.cycles,
        rounded(table.energy_j, Dimension::energy), table.imo_percent.value_or(0.0)));
    if (!table.unsafe.empty()) {
        std::string names;
        for (const std::string& name : table.unsafe) {
            names += (names.empty() ? "" : ", ") + name;
        }
        page.paragraphs.push_back(
            "Not safe: a power cycle of these layers needs more than the margin allows: " + names +
            ".");
    }
    page.paragraphs.push_back(
        fmt::format("A closed form, not a simulation: nothing is harvested while the device is on, "
                    "and each power cycle starts from a full store.{}",
                    supply->margin_inside_voltage && supply->energy_margin < 1
                        ? " The source puts the margin inside the end voltage, so that recharge "
                          "starts below the voltage that is left: no capacitor does that."
                        : ""));
}

/// Totals with the uncertain costs at their bounds, under the same plans.
PageTable bounds_of(const Network& network, const std::vector<std::optional<TilePlan>>& plans,
                    const OperationTable& table, const std::optional<FormulaSupply>& supply) {
    PageTable out{"With copies, DMA and NVM words at other costs",
                  {"times", "continuous", "energy", "latency on the store", "energy on the store"},
                  {},
                  false};
    for (const double factor : {table.sensitivity->low, 1.0, table.sensitivity->high}) {
        const FormulaTable result =
            closed_form(network, plans, TileModel(scaled(table, factor)), supply);
        out.rows.push_back({fmt::format("{}", factor),
                            rounded(result.continuous.latency_s, Dimension::time),
                            rounded(result.continuous.energy_j, Dimension::energy),
                            supply ? or_never(result.latency_s) : "-",
                            supply ? rounded(result.energy_j, Dimension::energy) : "-"});
    }
    return out;
}

}  // namespace

std::vector<PageTable> operation_tables(const Platform& platform) {
    if (!platform.operations) {
        return {};
    }
    const OperationTable& table = *platform.operations;
    std::vector<PageTable> out = {costs(table)};
    if (std::any_of(table.overheads.begin(), table.overheads.end(),
                    [](const auto& o) { return o.has_value(); })) {
        out.push_back(overheads(table));
    }
    out.push_back(facts(table));
    if (table.commits) {
        out.push_back(commits(*table.commits));
    }
    return out;
}

Page formula_page(const Network& network, const Platform& platform, const FormulaRequest& request) {
    if (!platform.operations) {
        throw InputError(
            fmt::format("platform '{}' has no costs per operation: no closed form", platform.name));
    }
    const OperationTable& table = *platform.operations;
    const std::optional<FormulaSupply> supply =
        request.continuous ? std::nullopt : std::optional(supply_for(table, request));
    Page page{fmt::format("{} on {}, closed form", network.name, platform.name), {}, {}};
    std::vector<std::optional<TilePlan>> plans = plans_of(network);
    std::vector<LayerTiles> chosen;
    if (request.choose || std::none_of(plans.begin(), plans.end(),
                                       [](const auto& plan) { return plan.has_value(); })) {
        chosen = choose_tiles(
            network, table, {table.memory.vm_bytes, supply, request.objective, request.candidates});
        std::transform(chosen.begin(), chosen.end(), plans.begin(), [](const LayerTiles& tiles) {
            return tiles.choice ? std::optional(tiles.choice->best->plan) : std::nullopt;
        });
    }
    const FormulaTable result = closed_form(network, plans, TileModel(table), supply);
    say_totals(result, supply, page);
    page.tables = {layer_rows(result, request.continuous), split_of(result, request.continuous)};
    if (table.sensitivity) {
        page.paragraphs.push_back("Estimates: " + table.sensitivity->rule + ".");
        page.tables.push_back(bounds_of(network, plans, table, supply));
    }
    if (!chosen.empty()) {
        PageTable why{"Why these tiles", {"layer", "choice"}, {}, true};
        for (const LayerTiles& tiles : chosen) {
            if (tiles.choice) {
                why.rows.push_back({tiles.layer, tiles.choice->reason});
            }
        }
        page.tables.push_back(std::move(why));
    }
    return page;
}

}  // namespace ebb
