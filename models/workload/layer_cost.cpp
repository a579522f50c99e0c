// SPDX-License-Identifier: Apache-2.0
#include "models/workload/layer_cost.hpp"

#include "models/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
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

void require_macs(const Network& network) {
    const bool any = std::any_of(network.layers.begin(), network.layers.end(),
                                 [](const Layer& l) { return l.macs > 0; });
    if (!any) {
        throw InputError(
            fmt::format("network '{}' has no layer with MACs: it cannot be costed", network.name));
    }
}

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

const NetworkTotal* measured_total(const Network& network,
                                   const PlatformVariant& variant) noexcept {
    const auto it = std::find_if(variant.networks.begin(), variant.networks.end(),
                                 [&](const NetworkTotal& t) { return t.network == network.name; });
    return it == variant.networks.end() ? nullptr : &*it;
}

bool has_energy(const Network& network, const PlatformVariant& variant) noexcept {
    const auto* total = measured_total(network, variant);
    const bool coefficients =
        variant.fc_energy_per_mac_j.has_value() && variant.conv_energy_per_mac_j.has_value();
    return coefficients && (total == nullptr || total->energy_j.has_value());
}

std::vector<double> layer_latencies(const Network& network, const Platform& platform,
                                    const PlatformVariant& variant) {
    require_macs(network);
    const auto* total = measured_total(network, variant);
    auto costs =
        raw_costs(network, cycle_coefficients(variant, total),
                  fmt::format("platform '{}', variant '{}'", platform.name, variant.label));
    if (total != nullptr) {
        rescale(costs, total->latency_s);
    } else {
        for (auto& cost : costs) {
            cost /= variant.clock_hz;
        }
    }
    return costs;
}

std::vector<LayerCost> layer_costs(const Network& network, const Platform& platform,
                                   const PlatformVariant& variant) {
    if (!has_energy(network, variant)) {
        throw InputError(
            fmt::format("platform '{}' (variant '{}') has latencies but no energy for network '{}'",
                        platform.name, variant.label, network.name));
    }
    const auto latencies = layer_latencies(network, platform, variant);
    const auto* total = measured_total(network, variant);
    auto energies =
        raw_costs(network, energy_coefficients(variant, total),
                  fmt::format("platform '{}', variant '{}'", platform.name, variant.label));
    if (total != nullptr) {
        rescale(energies, *total->energy_j);
    }
    std::vector<LayerCost> costs;
    costs.reserve(latencies.size());
    for (std::size_t i = 0; i < latencies.size(); ++i) {
        costs.push_back({latencies[i], energies[i]});
    }
    return costs;
}

std::optional<double> left_out_error(const Network& network,
                                     const PlatformVariant& variant) noexcept {
    const auto* total = measured_total(network, variant);
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

}  // namespace ebb
