// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/sonic.hpp"

#include "models/checkpoint/none.hpp"
#include "models/consistency/journal.hpp"
#include "models/core/component.hpp"
#include "models/runtime/sonic_loops.hpp"

namespace ebb {

Program Sonic::lower(const Lowering& lowering) const { return lower_sonic(lowering, {}); }

Protocol Sonic::protocol(const PolicyFacts& facts) const {
    Protocol p;
    if (facts.operations != nullptr) {
        p.recover = LoopWords::recovery(*facts.operations);
    }
    return p;
}

std::unique_ptr<Journal> Sonic::journal() const { return counter_journal(); }

std::unique_ptr<Trigger> Sonic::trigger(const PolicyFacts&) const {
    return std::make_unique<NeverTrigger>();
}

void register_checkpoint_sonic(Registry& registry);

void register_checkpoint_sonic(Registry& registry) {
    registry.add<CheckpointPolicy>(
        {"checkpoint", "sonic", "loop continuation: every product is stored with its loop counter",
         "class: replayed; needs a network on a platform with operations and commit counts"},
        ParamTable<NoParams>{}, [](const NoParams&) { return std::make_shared<Sonic>(); });
}

}  // namespace ebb
