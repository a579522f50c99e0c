// SPDX-License-Identifier: Apache-2.0
/// What every store with a clip asks of its voltages.
#pragma once

#include <string>

#include "models/core/component.hpp"

namespace ebb {

/// A mistake at `key` (of the block `store`) if a voltage lies above store.max.
void check_not_above_max(const std::string& key, double v, double max_v, CheckContext& context);

}  // namespace ebb
