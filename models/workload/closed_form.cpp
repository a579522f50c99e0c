// SPDX-License-Identifier: Apache-2.0
#include "models/workload/closed_form.hpp"

#include "models/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace ebb {

namespace {

const OperationTable& operations_of(const Platform& platform) {
    if (!platform.operations) {
        throw InputError(fmt::format(
            "platform '{}' has no costs per operation, so that no closed form belongs to it",
            platform.name));
    }
    return *platform.operations;
}

void add(std::optional<double>& total, const std::optional<double>& part) {
    total = total && part ? std::optional(*total + *part) : std::nullopt;
}

}  // namespace

FormulaSupply formula_supply(const SupplyFacts& facts, std::size_t point) {
    if (point >= facts.points.size()) {
        throw InputError(fmt::format("the platform names {} points of its supply, not {}",
                                     facts.points.size(), point + 1));
    }
    return {facts.points[point].capacitance_f,
            facts.points[point].resistance_ohm,
            facts.v_on_v,
            facts.v_off_v,
            facts.v_supply_v,
            facts.energy_margin,
            facts.margin_inside_voltage,
            {}};
}

double available_energy_j(const FormulaSupply& s) noexcept {
    return 0.5 * s.capacitance_f * (s.v_on_v * s.v_on_v - s.v_off_v * s.v_off_v);
}

bool is_safe(const FormulaSupply& s, double cycle_energy_j) noexcept {
    return cycle_energy_j <= s.energy_margin * available_energy_j(s);
}

std::optional<double> end_voltage_v(const FormulaSupply& s, double cycle_energy_j) noexcept {
    const double available =
        available_energy_j(s) * (s.margin_inside_voltage ? s.energy_margin : 1);
    const double square =
        2 * (available - cycle_energy_j) / s.capacitance_f + s.v_off_v * s.v_off_v;
    return square >= 0 ? std::optional(std::sqrt(square)) : std::nullopt;
}

std::optional<double> recharge_s(const FormulaSupply& s, double cycle_energy_j) noexcept {
    const auto v_end = end_voltage_v(s, cycle_energy_j);
    if (!v_end) {
        return std::nullopt;
    }
    if (s.power_w) {
        return 0.5 * s.capacitance_f * (s.v_on_v * s.v_on_v - *v_end * *v_end) / *s.power_w;
    }
    return -s.resistance_ohm * s.capacitance_f *
           std::log((s.v_on_v - s.v_supply_v) / (*v_end - s.v_supply_v));
}

double safe_capacitance_f(const FormulaSupply& s, double cycle_energy_j) noexcept {
    return cycle_energy_j / (s.energy_margin * 0.5 * (s.v_on_v * s.v_on_v - s.v_off_v * s.v_off_v));
}

FormulaOnStore on_store(const TiledCost& cost, const FormulaSupply& supply) noexcept {
    const auto first = static_cast<double>(cost.first_cycles);
    const auto later = static_cast<double>(cost.cycles - cost.first_cycles);
    FormulaOnStore out;
    out.safe = is_safe(supply, cost.worst().energy_j);
    out.recharge_first_s = recharge_s(supply, cost.first_total.energy_j);
    out.recharge_later_s =
        later > 0 ? recharge_s(supply, cost.later_total.energy_j) : out.recharge_first_s;
    out.energy_j = first * cost.first_total.energy_j + later * cost.later_total.energy_j;
    out.on_s = first * cost.first_total.latency_s + later * cost.later_total.latency_s;
    if (out.safe && out.recharge_first_s && out.recharge_later_s) {
        out.recharge_s = first * *out.recharge_first_s + later * *out.recharge_later_s;
        out.latency_s = out.on_s + *out.recharge_s;
    }
    return out;
}

FormulaTable closed_form(const Network& network, const std::vector<std::optional<TilePlan>>& plans,
                         const TileModel& model, const std::optional<FormulaSupply>& supply) {
    if (plans.size() != network.layers.size()) {
        throw Defect("a plan, or none, for each layer");
    }
    FormulaTable table;
    std::vector<Mistake> mistakes;
    if (supply) {
        table.recharge_s = 0.0;
        table.latency_s = 0.0;
    }
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const Layer& layer = network.layers[i];
        FormulaLayer row{layer.id, layer.name, layer.op_text, {}, {}, {}};
        const auto shape = layer_shape(layer);
        const std::string refusal =
            shape ? model.refusal(shape->kind)
                  : fmt::format("no tile model has a rule for {}", layer.op_text);
        const auto complain = [&](const std::string& why) {
            mistakes.push_back({{network.file, 0, 0, {}, 1},
                                fmt::format("layer {} ({}): {}", layer.id, layer.name, why),
                                "",
                                ""});
        };
        if (!refusal.empty() && layer.macs == 0) {
            table.folded.push_back(layer.name);
        } else if (!refusal.empty()) {
            complain(refusal);
        } else if (!plans[i]) {
            complain("has no tile plan (tile_r, tile_c, tile_m, tile_n, reuse, batch)");
        } else {
            row.plan = plans[i];
            row.cost = model.cost(*shape, *plans[i]);
            table.continuous += row.cost->continuous_total;
            if (supply) {
                row.store = on_store(*row.cost, *supply);
                table.cycles += row.cost->cycles;
                table.energy_j += row.store->energy_j;
                table.on_s += row.store->on_s;
                add(table.recharge_s, row.store->recharge_s);
                add(table.latency_s, row.store->latency_s);
                if (!row.store->safe) {
                    table.unsafe.push_back(layer.name);
                }
            }
        }
        table.layers.push_back(std::move(row));
    }
    if (!mistakes.empty()) {
        throw InputError(std::move(mistakes));
    }
    if (supply && table.on_s > 0) {
        table.imo_percent = 100 * (table.on_s - table.continuous.latency_s) / table.on_s;
    }
    return table;
}

FormulaTable closed_form(const Network& network, const Platform& platform,
                         const std::optional<FormulaSupply>& supply) {
    return closed_form(network, plans_of(network), TileModel(operations_of(platform)), supply);
}

std::vector<std::optional<TilePlan>> plans_of(const Network& network) {
    std::vector<std::optional<TilePlan>> plans;
    std::transform(network.layers.begin(), network.layers.end(), std::back_inserter(plans),
                   [](const Layer& layer) { return layer.plan; });
    return plans;
}

}  // namespace ebb
