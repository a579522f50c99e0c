// SPDX-License-Identifier: Apache-2.0
/// The columns of a network table and what each puts into a layer (docs/networks.md). Some must be
/// there; the others say what only some tables know: a tiling plan, sparsity, cycles of named
/// accelerators (`cycles_<name>`), exits, and how often a layer of a recurrent network runs.
#pragma once

#include "models/workload/network.hpp"
#include "sim/scenario/network_table.hpp"

#include <string>
#include <vector>

namespace ebb {

[[nodiscard]] const std::vector<std::string>& required_network_columns();
/// All but the cycles, whose names are free.
[[nodiscard]] const std::vector<std::string>& network_columns();
[[nodiscard]] bool is_network_column(const std::string& name);

/// What the header says as a whole: a plan's columns come together.
void check_network_header(NetworkTable& table);

/// One row. Cells that cannot be read are mistakes of the table.
[[nodiscard]] Layer read_layer(NetworkTable& table, const NetworkTable::Line& line);

}  // namespace ebb
