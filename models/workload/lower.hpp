// SPDX-License-Identifier: Apache-2.0
/// Lowering: from what a scenario names to the Program that runs.
///
/// Tasks: one nest of one unit each, in order.
/// Network, plain runtime: each layer with MACs is a nest over its output positions (rows x
/// columns; a fully connected layer: its outputs). A unit fetches its share of the input, computes,
/// and writes its share of the output:
///   compute  layer_costs()/positions; the platform's load replaces the MCU's active load
///   fetch    input_bytes/positions from the NVM part: every input byte is moved once, what
///   overlaps
///            between neighbouring windows stays in a volatile line buffer of kernel_h rows
///   write    output_bytes/positions into the NVM part
/// Without NVM, activations stay in SRAM: no fetch, no write, and power failures lose them.
/// Layers without MACs fold into their producer, at no cost of their own. Weights stay in flash:
/// their reads are part of the platform's measured load. Activations share one arena by liveness.
/// Throws InputError if the network does not fit the NVM part, with the sum.
#pragma once

#include "models/runtime/lowering.hpp"
#include "models/workload/program.hpp"
#include "models/workload/workload_params.hpp"

namespace ebb {

[[nodiscard]] Program lower_tasks(const TasksParams& params);
[[nodiscard]] Program lower_network(const Lowering& lowering);

}  // namespace ebb
