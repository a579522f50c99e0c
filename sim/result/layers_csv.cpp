// SPDX-License-Identifier: Apache-2.0
#include "sim/result/layers_csv.hpp"

#include <fmt/format.h>

namespace ebb {

namespace {

struct Column {
    const char* name;
    double LayerResult::*member;
};

/// The order is that of a unit's life: fetch, compute, write, index; then what comes around it.
constexpr Column kColumns[] = {
    {"fetch_s", &LayerResult::fetch_s},       {"compute_s", &LayerResult::compute_s},
    {"write_s", &LayerResult::write_s},       {"index_s", &LayerResult::index_s},
    {"upkeep_s", &LayerResult::upkeep_s},     {"reboot_s", &LayerResult::reboot_s},
    {"reload_s", &LayerResult::reload_s},     {"recharge_s", &LayerResult::recharge_s},
    {"fetch_j", &LayerResult::fetch_j},       {"compute_j", &LayerResult::compute_j},
    {"write_j", &LayerResult::write_j},       {"index_j", &LayerResult::index_j},
    {"repeated_j", &LayerResult::repeated_j}, {"upkeep_j", &LayerResult::upkeep_j},
    {"other_j", &LayerResult::other_j},       {"reboot_j", &LayerResult::reboot_j},
    {"reload_j", &LayerResult::reload_j},     {"nominal_s", &LayerResult::nominal_s},
    {"nominal_j", &LayerResult::nominal_j}};

}  // namespace

std::string layers_csv(const std::vector<LayerResult>& layers) {
    std::string text = "id,layer,units_done,units_repeated";
    for (const Column& column : kColumns) {
        text += fmt::format(",{}", column.name);
    }
    text += "\n";
    for (const LayerResult& layer : layers) {
        text += fmt::format("{},{},{},{}", layer.id, layer.name, layer.units_done,
                            layer.units_repeated);
        for (const Column& column : kColumns) {
            text += fmt::format(",{}", layer.*column.member);
        }
        text += "\n";
    }
    return text;
}

namespace {

struct Metric {
    const char* name;
    const char* unit;
    std::optional<double> EfficiencyMetrics::*member;
};

constexpr Metric kMetrics[] = {
    {"accuracy_per_parameter", "%/1e6", &EfficiencyMetrics::per_mparam},
    {"accuracy_per_operation", "%/1e6 MAC", &EfficiencyMetrics::per_mop},
    {"accuracy_per_core_utilisation", "%", &EfficiencyMetrics::per_utilisation},
    {"accuracy_per_core_second", "%/s", &EfficiencyMetrics::per_core_s},
    {"accuracy_per_ram", "%/KiB", &EfficiencyMetrics::per_kib_ram},
    {"accuracy_per_nvm_footprint", "%/KiB", &EfficiencyMetrics::per_kib_nvm},
    {"accuracy_per_nvm_traffic", "%/MB", &EfficiencyMetrics::per_mb_nvm},
    {"accuracy_per_joule", "1/J", &EfficiencyMetrics::accuracy_per_j},
    {"core_utilisation", "1", &EfficiencyMetrics::core_utilisation}};

}  // namespace

std::string metrics_csv(const EfficiencyComparison& efficiency) {
    std::string text = "metric,unit,nominal,effective\n";
    const auto number = [](const std::optional<double>& x) {
        return x ? fmt::format("{}", *x) : std::string();
    };
    for (const Metric& metric : kMetrics) {
        text += fmt::format("{},{},{},{}\n", metric.name, metric.unit,
                            number(efficiency.nominal.*metric.member),
                            number(efficiency.effective.*metric.member));
    }
    text += fmt::format("wasted_share_of_energy,1,0,{}\n", number(efficiency.wasted_share));
    return text;
}

}  // namespace ebb
