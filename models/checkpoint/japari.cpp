// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/japari.hpp"

#include "models/checkpoint/none.hpp"
#include "models/consistency/journal.hpp"
#include "models/core/component.hpp"
#include "models/runtime/tile_loops.hpp"

namespace ebb {

Program Japari::lower(const Lowering& lowering) const {
    TileUnits units;
    units.durable = true;
    units.indicator_every = params_.every;
    return lower_tiles(lowering, TileModel(operations_of(lowering, "checkpoint japari")), units);
}

Protocol Japari::protocol(const PolicyFacts& facts) const {
    Protocol p;
    if (facts.operations != nullptr) {
        const OperationTable& table = *facts.operations;
        NvOp search{NvOpKind::read, "progress indicators", 0, 0, table.element_bytes, true};
        search.price = OpPrice{table.latency_s(Operation::dma_nvm_to_vm),
                               table.energy_j(Operation::dma_nvm_to_vm)};
        search.growth = params_.binary ? Growth::logarithmic : Growth::linear;
        p.recover = {search};
    }
    return p;
}

std::unique_ptr<Journal> Japari::journal() const { return indicator_journal(); }

std::unique_ptr<Trigger> Japari::trigger(const PolicyFacts&) const {
    return std::make_unique<NeverTrigger>();
}

void register_checkpoint_japari(Registry& registry);

void register_checkpoint_japari(Registry& registry) {
    const ParamTable<JapariParams> table = {
        param("every", &JapariParams::every, 8, range(1, 100000),
              "output channels per channel of progress indicators"),
        param("search", &JapariParams::binary, Names<bool>{{"linear", false}, {"binary", true}},
              false, "how a recovery looks for the last indicator"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "japari", "progress indicators computed as extra channels of the outputs",
         "class: replayed; needs a network with tile sizes on a platform with operations"},
        table, [](const JapariParams& p) { return std::make_shared<Japari>(p); });
}

}  // namespace ebb
