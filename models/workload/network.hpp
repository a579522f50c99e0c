// SPDX-License-Identifier: Apache-2.0
/// A network as a table: one row per layer, with shapes, MACs and bytes. Source of each table: the
/// comment lines at its head, kept in `source`.
#pragma once

#include "models/workload/tile_plan.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

enum class LayerOp { conv, dwconv, fc, add, avgpool, maxpool, relu, reshape, softmax, other };

struct MapShape {
    std::int64_t h = 1, w = 1, c = 1;
    [[nodiscard]] std::int64_t elements() const noexcept { return h * w * c; }
};

/// How often a layer of a recurrent network runs: once per inference, once for each element of the
/// sequence, or once for each level at which the network may stop. Its counts are those of one run.
enum class Repeat : unsigned char { once, element, level };

struct Layer {
    int id = 0;
    std::string name;
    LayerOp op = LayerOp::other;
    std::string op_text;    ///< as in the table
    std::vector<int> from;  ///< producers' ids; -1 = the network's input
    MapShape in, out;
    std::int64_t kernel_h = 1, kernel_w = 1, stride_h = 1, stride_w = 1;
    std::int64_t macs = 0, params = 0, weight_bytes = 0, input_bytes = 0, output_bytes = 0;

    // What only some tables say.
    std::optional<TilePlan> plan;
    std::optional<std::int64_t> nonzero_weights, dense_weights;
    std::vector<std::int64_t> nonzero_per_filter;  ///< per output channel; empty = not known
    std::map<std::string, std::int64_t> cycles;    ///< per named accelerator: "ethos_u55_128"
    std::optional<double> exit_accuracy;           ///< 0..1: an exit of the network ends here
    Repeat repeat = Repeat::once;
    std::string variant;  ///< of the network, to which alone the layer belongs; empty = to all
};

struct Network {
    std::string name;    ///< "mlperf_tiny_kws"
    std::string source;  ///< comment lines of the table
    std::string file;
    std::vector<Layer> layers;  ///< in topological order; checked when read
};

}  // namespace ebb
