// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/hawaii.hpp"

#include "models/checkpoint/none.hpp"
#include "models/consistency/journal.hpp"
#include "models/core/component.hpp"
#include "models/runtime/vector_loops.hpp"

namespace ebb {

Program Hawaii::lower(const Lowering& lowering) const { return lower_hawaii(lowering); }

Protocol Hawaii::protocol(const PolicyFacts& facts) const {
    Protocol p;
    if (facts.operations != nullptr) {
        p.recover = footprint_recovery(*facts.operations);
    }
    return p;
}

std::unique_ptr<Journal> Hawaii::journal() const { return footprint_journal(); }

std::unique_ptr<Trigger> Hawaii::trigger(const PolicyFacts&) const {
    return std::make_unique<NeverTrigger>();
}

void register_checkpoint_hawaii(Registry& registry);

void register_checkpoint_hawaii(Registry& registry) {
    registry.add<CheckpointPolicy>(
        {"checkpoint", "hawaii",
         "a footprint of finished accelerator operations beside each output",
         "class: replayed; needs a network on a platform with DMA and a vector unit"},
        ParamTable<NoParams>{}, [](const NoParams&) { return std::make_shared<Hawaii>(); });
}

}  // namespace ebb
