// SPDX-License-Identifier: Apache-2.0
#include "models/workload/layer_pricing.hpp"

#include "models/core/error.hpp"
#include "models/workload/npu_cycles.hpp"
#include "models/workload/pricing_by_array.hpp"
#include "models/workload/pricing_by_class.hpp"
#include "models/workload/pricing_by_totals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ebb {

double NetworkPrice::latency_s() const noexcept {
    double sum = 0.0;
    for (const LayerPrice& layer : layers) {
        sum += layer.latency_s;
    }
    return sum;
}

std::optional<double> NetworkPrice::energy_j() const noexcept {
    double sum = 0.0;
    for (const LayerPrice& layer : layers) {
        if (!layer.energy_j) {
            return std::nullopt;
        }
        sum += *layer.energy_j;
    }
    return sum;
}

const LayerPricing& pricing_of(const PlatformVariant& variant) noexcept {
    // Every way there is; the first that the variant fits.
    const std::array<const LayerPricing*, 4> ways = {&array_pricing(), &npu_pricing(),
                                                     &class_pricing(), &totals_pricing()};
    const auto it = std::find_if(ways.begin(), ways.end(),
                                 [&](const LayerPricing* way) { return way->fits(variant); });
    return it == ways.end() ? class_pricing() : **it;
}

std::optional<ErrorBand> left_out_band(const std::vector<const Network*>& measured,
                                       const PlatformVariant& variant) noexcept {
    std::optional<ErrorBand> band;
    for (const Network* network : measured) {
        if (const auto error = pricing_of(variant).left_out_error(*network, variant)) {
            band = band ? ErrorBand{std::min(band->low, *error), std::max(band->high, *error)}
                        : ErrorBand{*error, *error};
        }
    }
    return band;
}

const NetworkTotal* find_total(const PlatformVariant& variant,
                               const std::string& network) noexcept {
    const auto it = std::find_if(variant.networks.begin(), variant.networks.end(),
                                 [&](const NetworkTotal& t) { return t.network == network; });
    return it == variant.networks.end() ? nullptr : &*it;
}

void require_macs(const Network& network) {
    const bool any = std::any_of(network.layers.begin(), network.layers.end(),
                                 [](const Layer& l) { return l.macs > 0; });
    if (!any) {
        throw InputError(
            fmt::format("network '{}' has no layer with MACs: it cannot be costed", network.name));
    }
}

}  // namespace ebb
