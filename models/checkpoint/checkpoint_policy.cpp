// SPDX-License-Identifier: Apache-2.0
#include "models/checkpoint/checkpoint_policy.hpp"

#include "models/consistency/journal.hpp"
#include "models/runtime/tile_loops.hpp"
#include "models/workload/lower.hpp"

namespace ebb {

CheckpointPolicy::~CheckpointPolicy() = default;

std::unique_ptr<Journal> CheckpointPolicy::journal() const {
    if (policy_class() == PolicyClass::parametric) {
        return nullptr;
    }
    return commits() == Granularity::never ? no_journal() : record_journal();
}

Program CheckpointPolicy::lower(const Lowering& lowering) const {
    if (lowering.platform.operations && lowering.platform.variants.empty()) {
        return lower_tiles(lowering, TileModel(*lowering.platform.operations), {});
    }
    return lower_network(lowering);
}

}  // namespace ebb
