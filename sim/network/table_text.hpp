// SPDX-License-Identifier: Apache-2.0
/// A network as the text of its table, as the reader of tables takes it (docs/networks.md).
#pragma once

#include "models/workload/network.hpp"

#include <string>

namespace ebb {

/// Comment lines from `network.source`, the header, one row per layer. Columns that no layer fills
/// are left out. Reading it back gives the same network.
[[nodiscard]] std::string network_table_text(const Network& network);

}  // namespace ebb
