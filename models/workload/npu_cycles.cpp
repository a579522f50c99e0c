// SPDX-License-Identifier: Apache-2.0
#include "models/workload/npu_cycles.hpp"

#include "models/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ebb {

namespace {

bool has_cycles(const Layer& layer, const NpuParams& npu) noexcept {
    return layer.cycles.find(npu.cycles) != layer.cycles.end();
}

class NpuPricing final : public LayerPricing {
public:
    const char* name() const noexcept override { return "cycles per layer of the table"; }

    bool fits(const PlatformVariant& variant) const noexcept override {
        return variant.npu.has_value();
    }

    /// Layers without MACs may lack cycles: they vanish in their producer.
    bool prices(const Network& network, const PlatformVariant& variant) const noexcept override {
        const NpuParams& npu = *variant.npu;
        bool any = false;
        for (const Layer& layer : network.layers) {
            any = any || has_cycles(layer, npu);
            if (layer.macs > 0 && !has_cycles(layer, npu)) {
                return false;
            }
        }
        return any;
    }

    bool has_energy(const Network& network,
                    const PlatformVariant& variant) const noexcept override {
        return variant.npu->power_w.has_value() && prices(network, variant);
    }

    NetworkPrice price(const Network& network, const Platform& platform,
                       const PlatformVariant& variant) const override {
        require_macs(network);
        const NpuParams& npu = *variant.npu;
        if (!prices(network, variant)) {
            const auto lacks =
                std::find_if(network.layers.begin(), network.layers.end(),
                             [&](const Layer& l) { return l.macs > 0 && !has_cycles(l, npu); });
            throw InputError(fmt::format(
                "platform '{}', variant '{}' takes its cycles from the column cycles_{} of the "
                "network's table; network '{}' has none for layer '{}'",
                platform.name, variant.label, npu.cycles, network.name, lacks->name));
        }
        NetworkPrice price;
        price.total = Evidence::model;
        price.split = Evidence::model;
        for (const NpuLayer& layer : npu_layers(network, npu)) {
            LayerPrice& of_layer = price.layers.emplace_back();
            of_layer.latency_s = static_cast<double>(layer.cycles) / variant.clock_hz;
            if (npu.power_w) {
                of_layer.energy_j = of_layer.latency_s * *npu.power_w;
            }
        }
        return price;
    }

    std::optional<double> left_out_error(
        const Network& /*network*/, const PlatformVariant& /*variant*/) const noexcept override {
        return std::nullopt;
    }
};

}  // namespace

std::vector<NpuLayer> npu_layers(const Network& network, const NpuParams& npu) {
    double stored_b = 0.0;
    for (const Layer& layer : network.layers) {
        stored_b += static_cast<double>(layer.weight_bytes);
    }
    const auto facts = std::find_if(npu.networks.begin(), npu.networks.end(),
                                    [&](const NpuNetwork& n) { return n.network == network.name; });
    const double compressed =
        facts != npu.networks.end() && stored_b > 0.0 ? facts->weight_traffic_b / stored_b : 1.0;
    std::vector<NpuLayer> layers;
    layers.reserve(network.layers.size());
    for (const Layer& layer : network.layers) {
        NpuLayer& n = layers.emplace_back();
        if (const auto it = layer.cycles.find(npu.cycles); it != layer.cycles.end()) {
            n.cycles = it->second;
            n.mac_cycles = static_cast<double>(layer.macs) / npu.macs_per_cycle;
            n.weight_traffic_b = static_cast<double>(layer.weight_bytes) * compressed;
        }
    }
    return layers;
}

const LayerPricing& npu_pricing() noexcept {
    static const NpuPricing kPricing;
    return kPricing;
}

}  // namespace ebb
