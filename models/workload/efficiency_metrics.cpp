// SPDX-License-Identifier: Apache-2.0
#include "models/workload/efficiency_metrics.hpp"

#include <algorithm>

namespace ebb {

namespace {

constexpr double kPercent = 100.0;
constexpr double kMega = 1e6;
constexpr double kKibi = 1024.0;
constexpr double kMilli = 1e-3;

/// accuracy / (amount / unit), or nothing.
std::optional<double> per(const std::optional<double>& accuracy,
                          const std::optional<double>& amount, double unit) noexcept {
    if (!accuracy || !amount || !(*amount > 0.0)) {
        return std::nullopt;
    }
    return *accuracy / (*amount / unit);
}

}  // namespace

EfficiencyMetrics efficiency_metrics(const ResourceUse& use) noexcept {
    std::optional<double> percent;
    if (use.accuracy) {
        percent = kPercent * *use.accuracy;
    }
    EfficiencyMetrics m;
    m.per_mparam = per(percent, use.parameters, kMega);
    m.per_mop = per(percent, use.operations, kMega);
    m.per_core_s = per(percent, use.busy_core_s, 1.0);
    if (use.busy_core_s && use.latency_s && *use.latency_s > 0.0 && use.cores > 0.0) {
        m.core_utilisation = *use.busy_core_s / (use.cores * *use.latency_s);
    }
    m.per_utilisation = per(percent, m.core_utilisation, 1.0);
    m.per_kib_ram = per(percent, use.peak_ram_b, kKibi);
    m.per_kib_nvm = per(percent, use.nvm_footprint_b, kKibi);
    m.per_mb_sram = per(percent, use.sram_moved_b, kMega);
    m.per_mb_nvm = per(percent, use.nvm_moved_b, kMega);
    m.per_mb_external = per(percent, use.external_moved_b, kMega);
    m.per_mj = per(percent, use.energy_j, kMilli);
    m.accuracy_per_j = per(use.accuracy, use.energy_j, 1.0);
    return m;
}

EfficiencyComparison compare_efficiency(const ResourceUse& nominal,
                                        const ResourceUse& effective) noexcept {
    EfficiencyComparison c{efficiency_metrics(nominal), efficiency_metrics(effective), {}};
    if (nominal.energy_j && effective.energy_j && *effective.energy_j > 0.0) {
        c.wasted_share = std::max(0.0, 1.0 - *nominal.energy_j / *effective.energy_j);
    }
    return c;
}

ResourceUse resources_of(const Network& network) noexcept {
    double parameters = 0.0;
    double operations = 0.0;
    ResourceUse use;
    for (const Layer& layer : network.layers) {
        parameters += static_cast<double>(layer.params);
        operations += static_cast<double>(layer.macs);
        if (layer.exit_accuracy) {
            use.accuracy = layer.exit_accuracy;
        }
    }
    use.parameters = parameters;
    use.operations = operations;
    return use;
}

}  // namespace ebb
