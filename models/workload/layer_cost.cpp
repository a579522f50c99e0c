// SPDX-License-Identifier: Apache-2.0
#include "models/workload/layer_cost.hpp"

#include "models/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ebb {

namespace {

/// Index of the layer with MACs that carries each layer's cost.
std::vector<std::size_t> carriers(const Network& network) {
    std::vector<std::size_t> out(network.layers.size());
    std::optional<std::size_t> before;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (network.layers[i].macs > 0) {
            if (!before) {
                std::fill(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(i), i);
            }
            before = i;
        }
        out[i] = before.value_or(i);
    }
    return out;
}

std::vector<LayerPrice> carried(const Network& network, const NetworkPrice& price) {
    const std::vector<std::size_t> to = carriers(network);
    std::vector<LayerPrice> out(price.layers.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        LayerPrice& sum = out[to[i]];
        sum.latency_s += price.layers[i].latency_s;
        if (price.layers[i].energy_j) {
            sum.energy_j = sum.energy_j.value_or(0.0) + *price.layers[i].energy_j;
        }
    }
    return out;
}

}  // namespace

const NetworkTotal* measured_total(const Network& network,
                                   const PlatformVariant& variant) noexcept {
    return find_total(variant, network.name);
}

bool has_energy(const Network& network, const PlatformVariant& variant) noexcept {
    return pricing_of(variant).has_energy(network, variant);
}

std::vector<double> layer_latencies(const Network& network, const Platform& platform,
                                    const PlatformVariant& variant) {
    const auto prices = carried(network, pricing_of(variant).price(network, platform, variant));
    std::vector<double> latencies;
    latencies.reserve(prices.size());
    for (const LayerPrice& price : prices) {
        latencies.push_back(price.latency_s);
    }
    return latencies;
}

std::vector<LayerCost> layer_costs(const Network& network, const Platform& platform,
                                   const PlatformVariant& variant) {
    if (!has_energy(network, variant)) {
        throw InputError(
            fmt::format("platform '{}' (variant '{}') has latencies but no energy for network '{}'",
                        platform.name, variant.label, network.name));
    }
    std::vector<LayerCost> costs;
    for (const LayerPrice& price :
         carried(network, pricing_of(variant).price(network, platform, variant))) {
        costs.push_back({price.latency_s, price.energy_j.value_or(0.0)});
    }
    return costs;
}

std::optional<double> left_out_error(const Network& network,
                                     const PlatformVariant& variant) noexcept {
    return pricing_of(variant).left_out_error(network, variant);
}

}  // namespace ebb
