// SPDX-License-Identifier: Apache-2.0
/// Networks small enough to fail at every word of them, in 16 bits, and the policies that run them,
/// as programs and journals.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/consistency/failure_search.hpp"
#include "models/runtime/sonic_loops.hpp"
#include "models/runtime/tile_loops.hpp"
#include "models/runtime/vector_loops.hpp"
#include "models/workload/commit_borders.hpp"
#include "models/workload/lower.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"
#include "tests/support/scenarios.hpp"

namespace ebb::test {

struct SmallNetwork {
    std::string name;
    std::string rows;
    bool sparse = false;    ///< for the runtimes that know sparse layers
    bool branches = false;  ///< adds two tensors: for tiles only
};

inline const std::string kSmallHead =
    "id,name,op,from,in_h,in_w,in_c,out_h,out_w,out_c,kernel_h,kernel_w,stride,stride_w,macs,"
    "params,"
    "weight_bytes,input_bytes,output_bytes,nonzero_weights,dense_weights,tile_r,tile_c,tile_m,tile_"
    "n,"
    "reuse,batch\n";

/// Six networks: odd and even numbers of filter elements (the last pass writes the output, or a
/// copy does), sums over input channels, pooling, sparse layers, a skip connection.
inline const std::vector<SmallNetwork>& small_networks() {
    static const std::vector<SmallNetwork> kAll = {
        {"odd filter",
         "0,conv,CONV,input,4,4,2,2,2,2,3,3,1,1,144,36,72,64,16,,,1,2,2,1,O,1\n"
         "1,fc,FC,0,1,1,8,1,1,3,1,1,1,1,24,24,48,16,6,,,1,1,3,8,O,1\n"},
        {"even filter",
         "0,conv,CONV,input,4,4,1,3,3,2,2,2,1,1,72,8,16,32,36,,,3,1,2,1,O,1\n"
         "1,relu,RELU,0,3,3,2,3,3,2,1,1,1,1,0,0,0,36,36,,,1,3,2,2,O,1\n"
         "2,conv2,CONV,1,3,3,2,2,2,1,2,2,1,1,32,8,16,36,8,,,2,1,1,1,O,1\n"},
        {"channels",
         "0,wide,CONV,input,2,2,5,2,2,2,1,1,1,1,40,10,20,40,16,,,1,1,2,2,O,1\n"
         "1,deep,CONV,0,2,2,2,1,1,3,2,2,1,1,24,24,48,16,6,,,1,1,1,1,I,1\n"},
        {"pooled",
         "0,conv,CONV,input,5,5,1,4,4,1,2,2,1,1,64,4,8,50,32,,,2,2,1,1,O,1\n"
         "1,pool,MAXPOOL,0,4,4,1,2,2,1,2,2,2,2,0,0,0,32,8,,,2,2,1,1,O,1\n"
         "2,fc,FC,1,1,1,4,1,1,4,1,1,1,1,16,16,32,8,8,,,1,1,2,2,O,1\n"},
        {"sparse",
         "0,spfc,SPFC,input,1,1,9,1,1,4,1,1,1,1,10,10,20,18,8,10,36,,,,,,\n"
         "1,fc,FC,0,1,1,4,1,1,2,1,1,1,1,8,8,16,8,4,,,,,,,,\n",
         true, false},
        {"skip",
         "0,conv,CONV,input,3,3,2,3,3,2,1,1,1,1,36,4,8,36,36,,,3,1,2,1,O,1\n"
         "1,conv1,CONV,0,3,3,2,3,3,2,1,1,1,1,36,4,8,36,36,,,1,3,1,1,I,1\n"
         "2,add,ADD,1;0,3,3,2,3,3,2,1,1,1,1,0,0,0,36,36,,,3,3,2,2,O,1\n",
         false, true},
    };
    return kAll;
}

/// A policy of a small network: its program without bookkeeping, ready to fail.
struct SmallCase {
    std::string policy;
    std::shared_ptr<const Program> program;
    std::shared_ptr<const ProgramAccesses> accesses;
    std::shared_ptr<const Journal> journal;
    bool snapshots = false;  ///< fails behind a snapshot only
};

inline std::shared_ptr<const Platform> small_platform(const std::string& name) {
    return read_platform(name, "", std::string(EBB_SOURCE_DIR) + "/models/workload/platforms", {});
}

inline SmallCase small_case(std::string policy, Program program, std::unique_ptr<Journal> journal,
                            bool snapshots = false) {
    SmallCase c;
    c.policy = std::move(policy);
    c.program = std::make_shared<const Program>(without_bookkeeping(std::move(program)));
    c.accesses = std::make_shared<const ProgramAccesses>(*c.program);
    c.journal = std::move(journal);
    c.snapshots = snapshots;
    return c;
}

/// Every policy that can run the network, as their rooms combine runtimes and journals.
inline std::vector<SmallCase> small_cases(const SmallNetwork& small) {
    const Network network = parse_network(kSmallHead + small.rows, small.name, small.name + ".csv");
    std::vector<SmallCase> all;
    const auto words = small_platform("msp430fr5994_lea_intfram_estimate");
    const auto tiles = small_platform("msp430fr5994_extfram_tinas");
    const std::optional<NvmParams> word_nvm = nvm_of(*words->operations);
    const std::optional<NvmParams> tile_nvm = nvm_of(*tiles->operations);
    std::vector<std::optional<TilePlan>> plans;
    for (const Layer& layer : network.layers) {
        plans.push_back(layer.plan);
    }
    const Lowering on_words{network, *words, "", word_nvm, plans, 0.0};
    const Lowering on_tiles{network, *tiles, "", tile_nvm, plans, 0.0};
    if (!small.branches) {
        all.push_back(small_case("sonic", lower_sonic(on_words, {}), counter_journal()));
        SonicLoops tails;
        tails.runtime = "tails";
        tails.tile = 2;
        if (!small.sparse) {
            all.push_back(small_case("tails", lower_sonic(on_words, tails), counter_journal()));
        }
    }
    if (!small.sparse) {
        if (!small.branches) {
            all.push_back(small_case("alpaca", lower_task_tiles(on_words, 3), task_journal()));
        }
        all.push_back(small_case("hawaii", lower_hawaii(on_words), footprint_journal()));
        const TileModel model(*tiles->operations);
        TileUnits durable;
        durable.durable = true;
        all.push_back(
            small_case("inas", lower_tiles(on_tiles, model, durable), footprint_journal()));
        all.push_back(
            small_case("japari", lower_tiles(on_tiles, model, durable), indicator_journal()));
        for (const Granularity g : {Granularity::unit, Granularity::tile, Granularity::layer}) {
            Program program = lower_tiles(on_tiles, model, {});
            add_commits(program, g);
            const char* const names[] = {"never", "unit", "tile", "layer"};
            all.push_back(small_case(std::string("commit ") + names[static_cast<int>(g)],
                                     std::move(program), record_journal()));
        }
        all.push_back(small_case("none", lower_tiles(on_tiles, model, {}), no_journal()));
        all.push_back(small_case("jit", lower_tiles(on_tiles, model, {}), no_journal(), true));
        Program in_sram = lower_tiles(on_tiles, model, {});
        for (Buffer& buffer : in_sram.buffers) {
            buffer.space = buffer.role == BufferRole::weight ? buffer.space : Space::sram;
        }
        all.push_back(small_case("jit, data in SRAM", std::move(in_sram), no_journal(), true));
    }
    return all;
}

}  // namespace ebb::test
