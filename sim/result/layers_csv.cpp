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

}  // namespace ebb
