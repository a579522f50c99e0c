// SPDX-License-Identifier: Apache-2.0
#include "models/workload/estimate_errors.hpp"

#include "models/workload/layer_cost.hpp"

#include <algorithm>

namespace ebb {

namespace {

void include(std::optional<ErrorRange>& range, const std::optional<ErrorRange>& other) {
    if (!other) {
        return;
    }
    range = range ? ErrorRange{std::min(range->low, other->low), std::max(range->high, other->high)}
                  : *other;
}

std::optional<ErrorRange> one(const std::optional<double>& error) {
    return error ? std::optional(ErrorRange{*error, *error}) : std::nullopt;
}

double macs_of(const Network& network) {
    double macs = 0.0;
    for (const Layer& layer : network.layers) {
        macs += static_cast<double>(layer.macs);
    }
    return macs;
}

const NetworkTotal* total_of(const std::string& network, const PlatformVariant& variant) {
    const auto it = std::find_if(variant.networks.begin(), variant.networks.end(),
                                 [&](const NetworkTotal& t) { return t.network == network; });
    return it == variant.networks.end() ? nullptr : &*it;
}

/// Error of energy by the classes' coefficients of the other networks, as left_out_error() has it
/// for latency.
std::optional<double> energy_by_class(const Network& network, const PlatformVariant& v,
                                      const NetworkTotal& total) {
    if (!total.energy_j || !total.dw_pw_energy_per_mac_j || !v.fc_energy_per_mac_j ||
        !v.conv_energy_per_mac_j) {
        return std::nullopt;
    }
    double sum = 0.0;
    int count = 0;
    for (const NetworkTotal& other : v.networks) {
        if (&other != &total && other.dw_pw_energy_per_mac_j) {
            sum += *other.dw_pw_energy_per_mac_j;
            ++count;
        }
    }
    if (count == 0) {
        return std::nullopt;
    }
    double energy_j = 0.0;
    for (const Layer& layer : network.layers) {
        const auto c = cost_class(layer);
        energy_j +=
            static_cast<double>(layer.macs) * (c == CostClass::fc     ? *v.fc_energy_per_mac_j
                                               : c == CostClass::conv ? *v.conv_energy_per_mac_j
                                                                      : sum / count);
    }
    return energy_j / *total.energy_j - 1.0;
}

/// By the mean cost per MAC of all that the other networks do.
template <typename Cost>
std::optional<double> by_mean(const Network& network, const PlatformVariant& variant,
                              const std::vector<const Network*>& tables, Cost cost) {
    const std::optional<double> own = cost(*total_of(network.name, variant));
    double sum = 0.0;
    double macs = 0.0;
    for (const Network* other : tables) {
        const NetworkTotal* total = total_of(other->name, variant);
        if (total != nullptr && other->name != network.name && cost(*total)) {
            sum += *cost(*total);
            macs += macs_of(*other);
        }
    }
    if (!own || !(macs > 0.0)) {
        return std::nullopt;
    }
    return macs_of(network) * sum / macs / *own - 1.0;
}

EstimateErrors left_out(const Network& network, const PlatformVariant& variant,
                        const std::vector<const Network*>& tables) {
    EstimateErrors errors;
    const NetworkTotal& total = *total_of(network.name, variant);
    auto latency = left_out_error(network, variant);
    if (!latency) {
        latency = by_mean(network, variant, tables,
                          [](const NetworkTotal& t) { return std::optional<double>(t.latency_s); });
    }
    auto energy = energy_by_class(network, variant, total);
    if (!energy) {
        energy =
            by_mean(network, variant, tables, [](const NetworkTotal& t) { return t.energy_j; });
    }
    errors.latency = one(latency);
    errors.energy = one(energy);
    return errors;
}

EstimateErrors carried_over(const NetworkTotal& from, double from_hz, const NetworkTotal& to,
                            double to_hz) {
    EstimateErrors errors;
    errors.latency = one(from.latency_s * from_hz / to_hz / to.latency_s - 1.0);
    if (from.energy_j && to.energy_j) {
        errors.energy = one(*from.energy_j / *to.energy_j - 1.0);
    }
    return errors;
}

}  // namespace

void EstimateErrors::include(const EstimateErrors& other) {
    ebb::include(latency, other.latency);
    ebb::include(energy, other.energy);
}

EstimateErrors left_out_errors(const Network& network, const PlatformVariant& variant,
                               const std::vector<const Network*>& tables) {
    if (total_of(network.name, variant) != nullptr) {
        return left_out(network, variant, tables);
    }
    EstimateErrors all;
    for (const Network* table : tables) {
        if (total_of(table->name, variant) != nullptr) {
            all.include(left_out(*table, variant, tables));
        }
    }
    return all;
}

EstimateErrors other_point_errors(const Network& network, const PlatformVariant& variant,
                                  const Platform& platform) {
    const bool is_measured = total_of(network.name, variant) != nullptr;
    EstimateErrors all;
    for (const PlatformVariant& other : platform.variants) {
        if (other.label == variant.label) {
            continue;
        }
        for (const NetworkTotal& to : variant.networks) {
            const NetworkTotal* from = total_of(to.network, other);
            if (from != nullptr && (!is_measured || to.network == network.name)) {
                all.include(carried_over(*from, other.clock_hz, to, variant.clock_hz));
            }
        }
    }
    return all;
}

}  // namespace ebb
