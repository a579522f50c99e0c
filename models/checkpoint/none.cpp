// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/none.hpp"

#include "models/core/component.hpp"

namespace ebb {

void register_checkpoint_none(Registry& registry);

void register_checkpoint_none(Registry& registry) {
    registry.add<CheckpointPolicy>(
        {"checkpoint", "none", "no checkpoint: a power failure starts the job over",
         "class: replayed; a job's work counts as kept when the job is done"},
        ParamTable<NoParams>{}, [](const NoParams&) { return std::make_shared<NoCheckpoint>(); });
}

}  // namespace ebb
