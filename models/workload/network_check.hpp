// SPDX-License-Identifier: Apache-2.0
/// Checks that the rows of a network table agree with each other: a plain function from the table
/// to its faults, so that a reader can show each at its line and column.
///
/// Rules. Ids are unique; producers exist, come before, and form no circle. A layer's input is its
/// producer's output, with these exceptions: FC flattens (element counts agree, and its kernel
/// spans its input), RESHAPE keeps the element count, CONCAT adds channels, HEAD pools to one value
/// per channel, UGRNN reads its producer and its own state side by side. The outputs of a UGRNN
/// combine to a state of half as many elements, which is what its readers see; an FC that reads
/// one may take a second state beside it. A window (convolution, pooling) leaves between
/// (in - kernel)/stride + 1 and in/stride rounded up; GAVGPOOL leaves one value per channel. MACs
/// do not exceed the dense count. All maps have the same bytes per element.
///
/// Of what only some tables say: a tile is not larger than its layer and a batch has no more tiles
/// than the layer; non-zero weights are no more than the dense ones, and give the MACs; a list per
/// filter has as many counts as output channels and the stated sum; a network with exits has one
/// at its end.
#pragma once

#include "models/workload/network.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

/// What a table may write under `op`: the kind of layer and how its shapes are related.
struct OpInfo {
    enum class Shapes { window, depthwise, pool, dense, same, reshape, concat, head, recurrent };
    const char* text;  ///< "CONV", as in the table
    LayerOp op;
    Shapes shapes;
    bool has_macs;
};

[[nodiscard]] const std::vector<OpInfo>& known_ops();
[[nodiscard]] const OpInfo* find_op(const std::string& text);

struct NetworkFault {
    std::size_t layer = 0;  ///< index into Network::layers
    std::string column;     ///< of the table
    std::string message;
    std::string hint;
};

/// Weights of a layer without zeros, by its shape; biases are not counted. 0 if it has none.
[[nodiscard]] std::int64_t dense_weights_of(const Layer& layer);

/// Elements that a reader of the layer finds: its output, or the state that a UGRNN combines it to.
[[nodiscard]] std::int64_t elements_read_from(const Layer& layer);

/// The first layer that runs more than once in one inference, or null: such a network cannot be
/// lowered row by row, and the sum over its rows is not the cost of an inference.
[[nodiscard]] const Layer* first_repeated(const Network& network) noexcept;

/// Faults of the columns that only some tables have: plan, sparsity, exits.
[[nodiscard]] std::vector<NetworkFault> check_network_extras(const Network& network);

/// Every fault of the table, in order of the layers. Layers with unknown ops are not looked at.
[[nodiscard]] std::vector<NetworkFault> check_network(const Network& network);

}  // namespace ebb
