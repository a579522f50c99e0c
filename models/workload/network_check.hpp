// SPDX-License-Identifier: Apache-2.0
/// Checks that the rows of a network table agree with each other: a plain function from the table
/// to its faults, so that a reader can show each at its line and column.
///
/// Rules. Ids are unique; producers exist, come before, and form no circle. A layer's input is its
/// producer's output, with these exceptions: FC flattens (element counts agree, and its kernel
/// spans its input), RESHAPE keeps the element count, CONCAT adds channels, HEAD pools to one value
/// per channel. A window (convolution, pooling) leaves between (in - kernel)/stride + 1 and
/// in/stride rounded up. MACs do not exceed the dense count. All maps have the same bytes per
/// element.
#pragma once

#include "models/workload/network.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

/// What a table may write under `op`: the kind of layer and how its shapes are related.
struct OpInfo {
    enum class Shapes { window, depthwise, pool, dense, same, reshape, concat, head };
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

/// Every fault of the table, in order of the layers. Layers with unknown ops are not looked at.
[[nodiscard]] std::vector<NetworkFault> check_network(const Network& network);

}  // namespace ebb
