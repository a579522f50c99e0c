// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/tails.hpp"

#include "models/checkpoint/none.hpp"
#include "models/consistency/journal.hpp"
#include "models/core/component.hpp"
#include "models/runtime/sonic_loops.hpp"

namespace ebb {

Program Tails::lower(const Lowering& lowering) const {
    const OperationTable& table = operations_of(lowering, "checkpoint tails");
    constexpr std::int64_t kFirst = 128;  // where a table does not say with what to begin
    const std::int64_t first = table.commits && table.commits->first_tile_words > 0
                                   ? table.commits->first_tile_words
                                   : kFirst;
    SonicLoops loops;
    loops.runtime = "tails";
    loops.tile = params_.tile.value_or(
        calibrate_tile(table, first, lowering.charge_j, lowering.boot_j).words);
    return lower_sonic(lowering, loops);
}

Protocol Tails::protocol(const PolicyFacts& facts) const {
    Protocol p;
    if (facts.operations != nullptr) {
        p.recover = LoopWords::recovery(*facts.operations);
    }
    return p;
}

std::unique_ptr<Journal> Tails::journal() const { return counter_journal(); }

std::unique_ptr<Trigger> Tails::trigger(const PolicyFacts&) const {
    return std::make_unique<NeverTrigger>();
}

void register_checkpoint_tails(Registry& registry);

void register_checkpoint_tails(Registry& registry) {
    const ParamTable<TailsParams> table = {
        param("tile", &TailsParams::tile, optional, range(1, 1000000),
              "words of a vector call; left out: halved from the library's first until a charge "
              "pays for one"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "tails", "loop continuation with DMA and a vector unit, tile by tile",
         "class: replayed; needs a network on a platform with operations and commit counts"},
        table, [](const TailsParams& p) { return std::make_shared<Tails>(p); });
}

}  // namespace ebb
