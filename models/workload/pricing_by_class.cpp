// SPDX-License-Identifier: Apache-2.0
#include "models/workload/pricing_by_class.hpp"

#include "models/core/error.hpp"

#include <fmt/format.h>

#include <numeric>

namespace ebb {

namespace {

/// Cost per MAC of each class, cycles or joules. 0 = unknown.
struct Coefficients {
    double fc = 0.0;
    double conv = 0.0;
    double dw_pw = 0.0;

    [[nodiscard]] double of(CostClass c) const noexcept {
        switch (c) {
            case CostClass::fc:
                return fc;
            case CostClass::conv:
                return conv;
            case CostClass::dw_pw:
                return dw_pw;
            case CostClass::none:
                break;
        }
        return 0.0;
    }
};

/// Mean over the measured networks that have the coefficient, `left_out` excepted.
template <typename Get>
double mean_dw_pw(const PlatformVariant& variant, const NetworkTotal* left_out, Get get) {
    double sum = 0.0;
    int count = 0;
    for (const auto& total : variant.networks) {
        const double x = get(total);
        if (&total != left_out && x > 0.0) {
            sum += x;
            ++count;
        }
    }
    return count > 0 ? sum / count : 0.0;
}

double cycles_dw_pw(const NetworkTotal& total) { return total.dw_pw_cycles_per_mac; }
double energy_dw_pw(const NetworkTotal& total) {
    return total.dw_pw_energy_per_mac_j.value_or(0.0);
}

Coefficients cycle_coefficients(const PlatformVariant& variant, const NetworkTotal* total) {
    Coefficients c{variant.fc_cycles_per_mac, variant.conv_cycles_per_mac, 0.0};
    if (total == nullptr) {
        c.dw_pw = mean_dw_pw(variant, nullptr, cycles_dw_pw);
    } else {
        c.dw_pw = cycles_dw_pw(*total) > 0.0 ? cycles_dw_pw(*total) : c.conv;
    }
    return c;
}

Coefficients energy_coefficients(const PlatformVariant& variant, const NetworkTotal* total) {
    Coefficients c{variant.fc_energy_per_mac_j.value_or(0.0),
                   variant.conv_energy_per_mac_j.value_or(0.0), 0.0};
    if (total == nullptr) {
        c.dw_pw = mean_dw_pw(variant, nullptr, energy_dw_pw);
    } else {
        c.dw_pw = energy_dw_pw(*total) > 0.0 ? energy_dw_pw(*total) : c.conv;
    }
    return c;
}

/// MACs x coefficient per layer. Throws if a class in use has no coefficient.
std::vector<double> raw_costs(const Network& network, const Coefficients& coefficients,
                              const std::string& what) {
    std::vector<double> raw;
    raw.reserve(network.layers.size());
    for (const auto& layer : network.layers) {
        const auto c = cost_class(layer);
        const double coefficient = coefficients.of(c);
        if (c != CostClass::none && !(coefficient > 0.0)) {
            throw InputError(fmt::format("{} has no cost per MAC for layer '{}' (class {})", what,
                                         layer.name, name_of(c)));
        }
        raw.push_back(c == CostClass::none ? 0.0 : static_cast<double>(layer.macs) * coefficient);
    }
    return raw;
}

void rescale(std::vector<double>& costs, double total) {
    const double sum = std::accumulate(costs.begin(), costs.end(), 0.0);
    for (auto& cost : costs) {
        cost *= total / sum;
    }
}

class ClassPricing final : public LayerPricing {
public:
    const char* name() const noexcept override { return "coefficients per class of layer"; }

    bool fits(const PlatformVariant& variant) const noexcept override {
        return variant.fc_cycles_per_mac > 0.0 || variant.conv_cycles_per_mac > 0.0;
    }

    bool prices(const Network& network, const PlatformVariant& variant) const noexcept override {
        const auto c = cycle_coefficients(variant, find_total(variant, network.name));
        bool any = false;
        for (const Layer& layer : network.layers) {
            const CostClass of_layer = cost_class(layer);
            any = any || of_layer != CostClass::none;
            if (of_layer != CostClass::none && !(c.of(of_layer) > 0.0)) {
                return false;
            }
        }
        return any;
    }

    bool has_energy(const Network& network,
                    const PlatformVariant& variant) const noexcept override {
        const auto* total = find_total(variant, network.name);
        const bool coefficients =
            variant.fc_energy_per_mac_j.has_value() && variant.conv_energy_per_mac_j.has_value();
        return coefficients && (total == nullptr || total->energy_j.has_value());
    }

    NetworkPrice price(const Network& network, const Platform& platform,
                       const PlatformVariant& variant) const override {
        require_macs(network);
        const auto* total = find_total(variant, network.name);
        const std::string what =
            fmt::format("platform '{}', variant '{}'", platform.name, variant.label);
        auto latencies = raw_costs(network, cycle_coefficients(variant, total), what);
        if (total != nullptr) {
            rescale(latencies, total->latency_s);
        } else {
            for (auto& latency : latencies) {
                latency /= variant.clock_hz;
            }
        }
        NetworkPrice price;
        price.total = total != nullptr ? Evidence::measured : Evidence::estimate;
        for (const double latency : latencies) {
            price.layers.push_back({latency, {}});
        }
        if (has_energy(network, variant)) {
            auto energies = raw_costs(network, energy_coefficients(variant, total), what);
            if (total != nullptr) {
                rescale(energies, *total->energy_j);
            }
            for (std::size_t i = 0; i < energies.size(); ++i) {
                price.layers[i].energy_j = energies[i];
            }
        }
        if (const auto error = left_out_error(network, variant)) {
            price.known_error = ErrorBand{*error, *error};
        }
        return price;
    }

    /// Empty if the network is the only source of a class that it needs.
    std::optional<double> left_out_error(const Network& network,
                                         const PlatformVariant& variant) const noexcept override {
        const auto* total = find_total(variant, network.name);
        if (total == nullptr || !(cycles_dw_pw(*total) > 0.0)) {
            return std::nullopt;
        }
        const Coefficients others{variant.fc_cycles_per_mac, variant.conv_cycles_per_mac,
                                  mean_dw_pw(variant, total, cycles_dw_pw)};
        if (!(others.dw_pw > 0.0)) {
            return std::nullopt;
        }
        double cycles = 0.0;
        for (const auto& layer : network.layers) {
            cycles += static_cast<double>(layer.macs) * others.of(cost_class(layer));
        }
        return cycles / variant.clock_hz / total->latency_s - 1.0;
    }
};

}  // namespace

CostClass cost_class(const Layer& layer) noexcept {
    if (layer.macs == 0) {
        return CostClass::none;
    }
    switch (layer.op) {
        case LayerOp::dwconv:
            return CostClass::dw_pw;
        case LayerOp::conv:
            return layer.kernel_h * layer.kernel_w == 1 ? CostClass::dw_pw : CostClass::conv;
        default:
            return CostClass::fc;
    }
}

const char* name_of(CostClass c) noexcept {
    switch (c) {
        case CostClass::fc:
            return "fc";
        case CostClass::conv:
            return "conv";
        case CostClass::dw_pw:
            return "dw_pw";
        case CostClass::none:
            break;
    }
    return "none";
}

const LayerPricing& class_pricing() noexcept {
    static const ClassPricing kPricing;
    return kPricing;
}

}  // namespace ebb
