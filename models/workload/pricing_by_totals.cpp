// SPDX-License-Identifier: Apache-2.0
#include "models/workload/pricing_by_totals.hpp"

#include "models/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ebb {

namespace {

double macs_of(const Network& network) noexcept {
    double sum = 0.0;
    for (const Layer& layer : network.layers) {
        sum += static_cast<double>(layer.macs);
    }
    return sum;
}

/// Latency and energy per MAC of the measured networks together, `left_out` excepted.
struct PerMac {
    std::optional<double> latency_s, energy_j;
};

PerMac mean_per_mac(const PlatformVariant& variant, const NetworkTotal* left_out) noexcept {
    double latency_s = 0.0;
    double energy_j = 0.0;
    double macs = 0.0;
    double macs_with_energy = 0.0;
    for (const NetworkTotal& total : variant.networks) {
        if (&total == left_out || !total.macs) {
            continue;
        }
        latency_s += total.latency_s;
        macs += *total.macs;
        if (total.energy_j) {
            energy_j += *total.energy_j;
            macs_with_energy += *total.macs;
        }
    }
    PerMac mean;
    if (macs > 0.0) {
        mean.latency_s = latency_s / macs;
    }
    if (macs_with_energy > 0.0) {
        mean.energy_j = energy_j / macs_with_energy;
    }
    return mean;
}

/// Errors of all measured networks, each left out in turn.
std::optional<ErrorBand> band_of(const PlatformVariant& variant) noexcept {
    std::optional<ErrorBand> band;
    for (const NetworkTotal& total : variant.networks) {
        const PerMac others = mean_per_mac(variant, &total);
        if (!total.macs || !others.latency_s) {
            continue;
        }
        const double error = *others.latency_s * *total.macs / total.latency_s - 1.0;
        band = band ? ErrorBand{std::min(band->low, error), std::max(band->high, error)}
                    : ErrorBand{error, error};
    }
    return band;
}

class TotalsPricing final : public LayerPricing {
public:
    const char* name() const noexcept override { return "measured totals, spread by MACs"; }

    bool fits(const PlatformVariant& variant) const noexcept override {
        return !variant.networks.empty();
    }

    bool prices(const Network& network, const PlatformVariant& variant) const noexcept override {
        return macs_of(network) > 0.0 && (find_total(variant, network.name) != nullptr ||
                                          mean_per_mac(variant, nullptr).latency_s);
    }

    bool has_energy(const Network& network,
                    const PlatformVariant& variant) const noexcept override {
        const auto* total = find_total(variant, network.name);
        return total != nullptr ? total->energy_j.has_value()
                                : mean_per_mac(variant, nullptr).energy_j.has_value();
    }

    NetworkPrice price(const Network& network, const Platform& platform,
                       const PlatformVariant& variant) const override {
        require_macs(network);
        if (!prices(network, variant)) {
            throw InputError(fmt::format(
                "platform '{}', variant '{}' knows nothing of network '{}', and no measured "
                "network says its MACs",
                platform.name, variant.label, network.name));
        }
        const double macs = macs_of(network);
        const auto* total = find_total(variant, network.name);
        const double per_latency_s = total != nullptr
                                         ? total->latency_s / macs
                                         : mean_per_mac(variant, nullptr).latency_s.value_or(0.0);
        const double per_energy_j = total != nullptr
                                        ? total->energy_j.value_or(0.0) / macs
                                        : mean_per_mac(variant, nullptr).energy_j.value_or(0.0);
        const bool energy = has_energy(network, variant);
        NetworkPrice price;
        price.total = total != nullptr ? Evidence::measured : Evidence::estimate;
        for (const Layer& layer : network.layers) {
            const auto n = static_cast<double>(layer.macs);
            LayerPrice& of_layer = price.layers.emplace_back();
            of_layer.latency_s = n * per_latency_s;
            if (energy) {
                of_layer.energy_j = n * per_energy_j;
            }
        }
        if (total == nullptr) {
            price.known_error = band_of(variant);
        } else if (const auto error = left_out_error(network, variant)) {
            price.known_error = ErrorBand{*error, *error};
        }
        return price;
    }

    std::optional<double> left_out_error(const Network& network,
                                         const PlatformVariant& variant) const noexcept override {
        const auto* total = find_total(variant, network.name);
        const double macs = macs_of(network);
        const PerMac others = mean_per_mac(variant, total);
        if (total == nullptr || !others.latency_s || !(macs > 0.0)) {
            return std::nullopt;
        }
        return *others.latency_s * macs / total->latency_s - 1.0;
    }
};

}  // namespace

const LayerPricing& totals_pricing() noexcept {
    static const TotalsPricing kPricing;
    return kPricing;
}

}  // namespace ebb
