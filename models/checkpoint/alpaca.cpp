// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/alpaca.hpp"

#include "models/checkpoint/none.hpp"
#include "models/consistency/journal.hpp"
#include "models/core/component.hpp"
#include "models/runtime/vector_loops.hpp"

namespace ebb {

Program Alpaca::lower(const Lowering& lowering) const {
    return lower_task_tiles(lowering, params_.task);
}

Protocol Alpaca::protocol(const PolicyFacts& facts) const {
    Protocol p;
    if (facts.operations != nullptr) {
        p.recover = LoopWords::recovery(*facts.operations);
    }
    return p;
}

std::unique_ptr<Journal> Alpaca::journal() const { return task_journal(); }

std::unique_ptr<Trigger> Alpaca::trigger(const PolicyFacts&) const {
    return std::make_unique<NeverTrigger>();
}

void register_checkpoint_alpaca(Registry& registry);

void register_checkpoint_alpaca(Registry& registry) {
    const ParamTable<AlpacaParams> table = {
        param("task", &AlpacaParams::task, required, range(1, 1000000),
              "products of one output that make a task"),
    };
    registry.add<CheckpointPolicy>(
        {"checkpoint", "alpaca",
         "tasks of so many products, with a two-phase commit of their words",
         "class: replayed; needs a network on a platform with operations and commit counts"},
        table, [](const AlpacaParams& p) { return std::make_shared<Alpaca>(p); });
}

}  // namespace ebb
