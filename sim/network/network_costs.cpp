// SPDX-License-Identifier: Apache-2.0
#include "sim/network/network_costs.hpp"

#include "models/core/error.hpp"
#include "models/workload/closed_form.hpp"
#include "models/workload/layer_pricing.hpp"
#include "models/workload/network_check.hpp"
#include "models/workload/tile_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ebb {

namespace {

struct Question {
    const Network& network;
    const Platform& platform;
    const std::vector<const Network*>& tables;
};

/// Adds what a platform says in one way; nothing if it does not know that way.
using Source = void (*)(const Question&, NetworkQuotes&);

std::string first_message(const InputError& error) {
    return error.mistakes().empty() ? error.what() : error.mistakes().front().message;
}

void sum_up(NetworkQuote& quote) {
    quote.latency_s = 0.0;
    quote.energy_j = 0.0;
    for (const LayerQuote& layer : quote.layers) {
        quote.latency_s += layer.latency_s;
        quote.energy_j = quote.energy_j && layer.energy_j
                             ? std::optional(*quote.energy_j + *layer.energy_j)
                             : std::nullopt;
    }
}

// ---- variants: measured totals, coefficients, cycles, arrays (layer_pricing.hpp)
// -----------------

void by_variant(const Question& q, NetworkQuotes& out) {
    const Layer& first = q.network.layers.front();
    const std::int64_t element = first.input_bytes / first.in.elements();
    for (const PlatformVariant& variant : q.platform.variants) {
        const LayerPricing& pricing = pricing_of(variant);
        NetworkQuote quote;
        quote.platform = q.platform.name;
        quote.core = q.platform.core;
        quote.variant = variant.label;
        quote.method = pricing.name();
        quote.clock_hz = variant.clock_hz;
        try {
            const NetworkPrice price = pricing.price(q.network, q.platform, variant);
            quote.total = name_of(price.total);
            for (const LayerPrice& layer : price.layers) {
                quote.layers.push_back({layer.latency_s, layer.energy_j});
            }
        } catch (const InputError& error) {
            out.refusals.push_back({q.platform.name, first_message(error)});
            continue;
        }
        sum_up(quote);
        if (quote.total != name_of(Evidence::model)) {
            quote.left_out = left_out_errors(q.network, variant, q.tables);
            quote.other_point = other_point_errors(q.network, variant, q.platform);
        }
        if (quote.total == name_of(Evidence::estimate) && element != q.platform.element_bytes) {
            quote.notes.push_back(fmt::format("measured at {} B per element, not {} B",
                                              q.platform.element_bytes, element));
        }
        out.quotes.push_back(std::move(quote));
    }
}

// ---- costs per operation, by tiles --------------------------------------------------------------

/// The table's own plan if every layer that needs one has it, else the best tiles.
std::vector<std::optional<TilePlan>> plans_for(const Question& q, const TileModel& model,
                                               std::string& method) {
    std::vector<std::optional<TilePlan>> plans;
    bool whole = true;
    for (const Layer& layer : q.network.layers) {
        const auto shape = layer_shape(layer);
        const bool tiled = shape && model.refusal(shape->kind).empty();
        plans.push_back(layer.plan);
        whole = whole && (layer.plan || !tiled);
    }
    if (whole) {
        method = "tile by tile, with the table's tiles";
        return plans;
    }
    method = "tile by tile, with the tiles of least time";
    TileQuestion question;
    question.vm_bytes = q.platform.operations->memory.vm_bytes;
    plans.clear();
    for (const LayerTiles& tiles : choose_tiles(q.network, *q.platform.operations, question)) {
        plans.push_back(tiles.choice ? std::optional(tiles.choice->best->plan) : std::nullopt);
    }
    return plans;
}

FormulaTable tiled(const Network& network, const std::vector<std::optional<TilePlan>>& plans,
                   const OperationTable& operations) {
    return closed_form(network, plans, TileModel(operations), std::nullopt);
}

void by_tiles(const Question& q, NetworkQuotes& out) {
    if (!q.platform.operations) {
        return;
    }
    const OperationTable& operations = *q.platform.operations;
    if (!operations.tile_model) {
        out.refusals.push_back({q.platform.name,
                                "it knows what operations cost, but no model that "
                                "makes layers of them"});
        return;
    }
    try {
        NetworkQuote quote;
        quote.platform = q.platform.name;
        quote.core = q.platform.core;
        quote.total = name_of(Evidence::model);
        quote.clock_hz = operations.clock_hz;
        const auto plans = plans_for(q, TileModel(operations), quote.method);
        const FormulaTable table = tiled(q.network, plans, operations);
        for (const FormulaLayer& layer : table.layers) {
            const Cost cost = layer.cost ? layer.cost->continuous_total : Cost{};
            quote.layers.push_back({cost.latency_s, cost.energy_j});
        }
        sum_up(quote);
        if (const auto& bounds = operations.sensitivity) {
            for (const double factor : {bounds->low, bounds->high}) {
                const Cost cost = tiled(q.network, plans, scaled(operations, factor)).continuous;
                const double latency = cost.latency_s / quote.latency_s - 1.0;
                const double energy = cost.energy_j / *quote.energy_j - 1.0;
                quote.uncertain.include({ErrorRange{latency, latency}, ErrorRange{energy, energy}});
            }
            quote.notes.push_back(bounds->rule);
        }
        out.quotes.push_back(std::move(quote));
    } catch (const InputError& error) {
        out.refusals.push_back({q.platform.name, first_message(error)});
    }
}

constexpr std::array<Source, 2> kSources = {by_variant, by_tiles};

}  // namespace

NetworkQuotes network_quotes(const Network& network,
                             const std::vector<std::shared_ptr<const Platform>>& platforms,
                             const std::vector<const Network*>& tables) {
    NetworkQuotes out;
    if (const Layer* layer = first_repeated(network)) {
        out.refusals.push_back(
            {"any platform",
             fmt::format("layer '{}' runs once per {}: the rows are not one inference", layer->name,
                         layer->repeat == Repeat::level ? "level" : "element")});
        return out;
    }
    for (const auto& platform : platforms) {
        for (const Source source : kSources) {
            source({network, *platform, tables}, out);
        }
    }
    return out;
}

}  // namespace ebb
