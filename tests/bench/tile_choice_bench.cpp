// SPDX-License-Identifier: Apache-2.0
/// Choosing the tiles of a network of 55 layers: must stay below 100 ms.
#include "models/workload/tile_choice.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

namespace {

using namespace ebb;

void choose_55_layers(benchmark::State& state) {
    const std::string data = std::string(EBB_SOURCE_DIR) + "/models/workload/";
    const auto network = read_network("tinas_har_lat_perc25", "", data + "networks", {});
    const auto platform = read_platform("msp430fr5994_extfram_tinas", "", data + "platforms", {});
    const OperationTable& table = *platform->operations;
    const TileQuestion question{table.memory.vm_bytes, formula_supply(*table.supply),
                                TileObjective::latency,
                                static_cast<TileCandidates>(state.range(0))};
    std::int64_t candidates = 0;
    for (auto _ : state) {
        candidates = 0;
        for (const LayerTiles& tiles : choose_tiles(*network, table, question)) {
            candidates += tiles.choice ? tiles.choice->candidates : 0;
        }
    }
    state.counters["layers"] = static_cast<double>(network->layers.size());
    state.counters["plans"] = static_cast<double>(candidates);
}
// 0: sizes that divide the layer, 1: every size
BENCHMARK(choose_55_layers)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
