// SPDX-License-Identifier: Apache-2.0
#include "models/workload/pricing_by_array.hpp"

#include "models/core/error.hpp"

#include <fmt/format.h>

namespace ebb {

namespace {

class ArrayPricing final : public LayerPricing {
public:
    const char* name() const noexcept override { return "systolic array"; }

    bool fits(const PlatformVariant& variant) const noexcept override {
        return variant.array.has_value();
    }

    bool prices(const Network& network, const PlatformVariant& variant) const noexcept override {
        try {
            (void)price_layers(network, *variant.array);
            return true;
        } catch (const InputError&) {
            return false;
        }
    }

    bool has_energy(const Network& network,
                    const PlatformVariant& variant) const noexcept override {
        return variant.array->mac_j > 0.0 && prices(network, variant);
    }

    NetworkPrice price(const Network& network, const Platform& platform,
                       const PlatformVariant& variant) const override {
        require_macs(network);
        try {
            return price_layers(network, *variant.array);
        } catch (const InputError& error) {
            throw InputError(fmt::format("platform '{}', variant '{}', network '{}': {}",
                                         platform.name, variant.label, network.name,
                                         error.mistakes().front().message));
        }
    }

    std::optional<double> left_out_error(
        const Network& /*network*/, const PlatformVariant& /*variant*/) const noexcept override {
        return std::nullopt;
    }

private:
    static NetworkPrice price_layers(const Network& network, const SystolicArrayParams& array) {
        NetworkPrice price;
        price.total = Evidence::model;
        price.split = Evidence::model;
        for (const Layer& layer : network.layers) {
            LayerPrice& of_layer = price.layers.emplace_back();
            if (array.mac_j > 0.0) {
                of_layer.energy_j = 0.0;
            }
            const auto shape = conv_shape(layer);
            if (!shape) {
                continue;
            }
            try {
                const ArrayCounts counts =
                    count_accesses(*shape, choose_tiling(*shape, array), array);
                of_layer.latency_s = static_cast<double>(counts.cycles()) / array.clock_hz;
                if (array.mac_j > 0.0) {
                    of_layer.energy_j = array_energy(counts, array).total_j();
                }
            } catch (const InputError& error) {
                throw InputError(
                    fmt::format("layer '{}': {}", layer.name, error.mistakes().front().message));
            }
        }
        return price;
    }
};

}  // namespace

const LayerPricing& array_pricing() noexcept {
    static const ArrayPricing kPricing;
    return kPricing;
}

}  // namespace ebb
