// SPDX-License-Identifier: Apache-2.0
#include "models/workload/nvm_need.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ebb {

namespace {

std::int64_t operands(const Layer& layer) {
    return layer.op == LayerOp::add ? static_cast<std::int64_t>(layer.from.size()) : 1;
}

template <class Features>
NvmNeed need(const Network& network, Features features) {
    NvmNeed out;
    for (const Layer& layer : network.layers) {
        out.weight_bytes += layer.weight_bytes;
        const std::int64_t bytes = features(layer);
        if (bytes > out.feature_bytes) {
            out.feature_bytes = bytes;
            out.feature_layer = layer.name;
        }
    }
    return out;
}

/// "274360" -> "274,360"
std::string grouped(std::int64_t n) {
    std::string text = std::to_string(n);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
        text.insert(static_cast<std::size_t>(at), ",");
    }
    return text;
}

}  // namespace

NvmNeed nvm_need(const Network& network) {
    return need(network, [](const Layer& layer) {
        return operands(layer) * layer.input_bytes + layer.output_bytes;
    });
}

NvmNeed nvm_need_apart(const Network& network) {
    return need(network, [](const Layer& layer) {
        return (operands(layer) + 1) * std::max(layer.input_bytes, layer.output_bytes);
    });
}

std::string nvm_refusal(const Network& network, const MemorySpaces& memory,
                        std::int64_t runtime_bytes) {
    if (memory.nvm_bytes) {
        const NvmNeed n = nvm_need(network);
        const std::int64_t sum = n.total_bytes() + runtime_bytes;
        if (sum <= *memory.nvm_bytes) {
            return {};
        }
        return fmt::format(
            "network '{}' does not fit the non-volatile memory: weights {} B + input and output of "
            "layer {} {} B{} = {} B exceed {} B by {} B",
            network.name, grouped(n.weight_bytes), n.feature_layer, grouped(n.feature_bytes),
            runtime_bytes > 0 ? fmt::format(" + the runtime's {} B", grouped(runtime_bytes)) : "",
            grouped(sum), grouped(*memory.nvm_bytes), grouped(sum - *memory.nvm_bytes));
    }
    if (memory.nvm_feature_bytes && memory.nvm_weight_bytes) {
        const NvmNeed n = nvm_need_apart(network);
        const std::int64_t features = n.feature_bytes + runtime_bytes;
        std::string text;
        if (features > *memory.nvm_feature_bytes) {
            text =
                fmt::format("buffers of layer {} {} B exceed {} B of memory for features",
                            n.feature_layer, grouped(features), grouped(*memory.nvm_feature_bytes));
        }
        if (n.weight_bytes > *memory.nvm_weight_bytes) {
            text += fmt::format("{}weights {} B exceed {} B of memory for weights",
                                text.empty() ? "" : "; ", grouped(n.weight_bytes),
                                grouped(*memory.nvm_weight_bytes));
        }
        if (!text.empty()) {
            return fmt::format("network '{}' does not fit the non-volatile memory: {}",
                               network.name, text);
        }
    }
    return {};
}

}  // namespace ebb
