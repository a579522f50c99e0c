// SPDX-License-Identifier: Apache-2.0
/// What each layer of a network costs on a platform's variant: one interface, and one
/// implementation per way in which a variant can know it. Time and energy are those of one
/// inference under continuous power.
///
/// A price says what stands behind it: the evidence of the total (measured, or a model's, or an
/// estimate) and of its split over the layers, and the error that the method is known to make. The
/// split of a measured total is an estimate always.
///
/// A new way is a class behind this interface and a line in layer_pricing.cpp; nobody else asks of
/// which kind a variant is.
#pragma once

#include "models/workload/network.hpp"
#include "models/workload/platform.hpp"

#include <optional>
#include <vector>

namespace ebb {

struct LayerPrice {
    double latency_s = 0.0;
    std::optional<double> energy_j;  ///< empty where no source knows it
};

/// Relative errors of a method's predictions, from the lowest to the highest.
struct ErrorBand {
    double low = 0.0, high = 0.0;
};

struct NetworkPrice {
    std::vector<LayerPrice> layers;  ///< in the order of the network's layers
    Evidence total = Evidence::estimate;
    Evidence split = Evidence::estimate;
    std::optional<ErrorBand> known_error;  ///< of the total's latency, were it predicted

    [[nodiscard]] double latency_s() const noexcept;
    [[nodiscard]] std::optional<double> energy_j() const noexcept;
};

class LayerPricing {
public:
    LayerPricing() = default;
    LayerPricing(const LayerPricing&) = delete;
    LayerPricing& operator=(const LayerPricing&) = delete;
    virtual ~LayerPricing() = default;

    /// For people: "coefficients per class of layer".
    [[nodiscard]] virtual const char* name() const noexcept = 0;
    /// True if the variant holds what this way needs.
    [[nodiscard]] virtual bool fits(const PlatformVariant& variant) const noexcept = 0;
    /// True if this network can be priced at all.
    [[nodiscard]] virtual bool prices(const Network& network,
                                      const PlatformVariant& variant) const noexcept = 0;
    [[nodiscard]] virtual bool has_energy(const Network& network,
                                          const PlatformVariant& variant) const noexcept = 0;
    /// Throws InputError if the network cannot be priced, saying what is missing.
    [[nodiscard]] virtual NetworkPrice price(const Network& network, const Platform& platform,
                                             const PlatformVariant& variant) const = 0;
    /// Leave-one-network-out: relative error of the latency that the other networks would give
    /// this one; empty if the method learns nothing from measured networks, or cannot without this.
    [[nodiscard]] virtual std::optional<double> left_out_error(
        const Network& network, const PlatformVariant& variant) const noexcept = 0;
};

/// How this variant prices layers. A variant that holds nothing is priced by class, which says what
/// is missing.
[[nodiscard]] const LayerPricing& pricing_of(const PlatformVariant& variant) noexcept;

/// The errors that the method makes on the networks that were measured, each left out in turn: what
/// a network that was not measured has to expect. Empty if there are none.
[[nodiscard]] std::optional<ErrorBand> left_out_band(const std::vector<const Network*>& measured,
                                                     const PlatformVariant& variant) noexcept;

/// The total of the network with this name, or null.
[[nodiscard]] const NetworkTotal* find_total(const PlatformVariant& variant,
                                             const std::string& network) noexcept;

/// Throws InputError if no layer has MACs.
void require_macs(const Network& network);

}  // namespace ebb
