// SPDX-License-Identifier: Apache-2.0
#include "models/workload/estimate_errors.hpp"

#include "models/workload/layer_pricing.hpp"
#include "models/workload/operating_point.hpp"
#include "models/workload/pricing_by_class.hpp"

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

/// A measured network: its total, its table if that is at hand, and its MACs.
struct Measured {
    const NetworkTotal* total = nullptr;
    const Network* table = nullptr;
    double macs = 0.0;
};

std::vector<Measured> measured_of(const PlatformVariant& variant,
                                  const std::vector<const Network*>& tables) {
    std::vector<Measured> all;
    for (const NetworkTotal& total : variant.networks) {
        const auto it = std::find_if(tables.begin(), tables.end(),
                                     [&](const Network* n) { return n->name == total.network; });
        Measured m;
        m.total = &total;
        m.table = it == tables.end() ? nullptr : *it;
        m.macs = m.table != nullptr ? macs_of(*m.table) : total.macs.value_or(0.0);
        if (m.macs > 0.0) {
            all.push_back(m);
        }
    }
    return all;
}

/// By the cost per MAC of all that the others do.
template <typename Cost>
std::optional<double> by_macs(const Measured& own, const std::vector<Measured>& all, Cost cost) {
    double sum = 0.0;
    double macs = 0.0;
    for (const Measured& other : all) {
        if (const auto c = cost(*other.total); c && other.total != own.total) {
            sum += *c;
            macs += other.macs;
        }
    }
    const std::optional<double> known = cost(*own.total);
    if (!known || !(macs > 0.0)) {
        return std::nullopt;
    }
    return own.macs * sum / macs / *known - 1.0;
}

EstimateErrors left_out(const Measured& own, const std::vector<Measured>& all,
                        const PlatformVariant& variant) {
    std::optional<double> latency;
    std::optional<double> energy;
    if (own.table != nullptr) {
        latency = pricing_of(variant).left_out_error(*own.table, variant);
        energy = energy_by_class(*own.table, variant, *own.total);
    }
    if (!latency) {
        latency = by_macs(own, all,
                          [](const NetworkTotal& t) { return std::optional<double>(t.latency_s); });
    }
    if (!energy) {
        energy = by_macs(own, all, [](const NetworkTotal& t) { return t.energy_j; });
    }
    return {one(latency), one(energy)};
}

PointMeasurement at_point(const NetworkTotal& total, const PlatformVariant& variant) {
    return {variant.core_voltage_v.value_or(1.0), variant.clock_hz, total.latency_s,
            total.energy_j.value_or(0.0)};
}

EstimateErrors carried_over(const NetworkTotal& from, const PlatformVariant& from_variant,
                            const NetworkTotal& to, const PlatformVariant& variant) {
    EstimateErrors errors;
    PointMeasurement known = at_point(from, from_variant);
    const PointMeasurement target = at_point(to, variant);
    if (known.clock_hz > 0.0 && target.clock_hz > 0.0) {
        errors.latency = one(latency_at(known, target.clock_hz) / to.latency_s - 1.0);
    }
    if (!from_variant.core_voltage_v || !variant.core_voltage_v) {
        known.supply_v = target.supply_v;
    }
    if (from.energy_j && to.energy_j) {
        constexpr double kNoStatic_w = 0.0;
        errors.energy = one(
            energy_at(known, target.supply_v, target.clock_hz, kNoStatic_w) / *to.energy_j - 1.0);
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
    const auto measured = measured_of(variant, tables);
    EstimateErrors all;
    for (const Measured& m : measured) {
        if (m.total->network == network.name) {
            return left_out(m, measured, variant);
        }
        all.include(left_out(m, measured, variant));
    }
    return all;
}

EstimateErrors other_point_errors(const Network& network, const PlatformVariant& variant,
                                  const Platform& platform) {
    const bool is_measured = find_total(variant, network.name) != nullptr;
    EstimateErrors all;
    for (const PlatformVariant& other : platform.variants) {
        if (other.label == variant.label) {
            continue;
        }
        for (const NetworkTotal& to : variant.networks) {
            const NetworkTotal* from = find_total(other, to.network);
            if (from != nullptr && (!is_measured || to.network == network.name)) {
                all.include(carried_over(*from, other, to, variant));
            }
        }
    }
    return all;
}

}  // namespace ebb
