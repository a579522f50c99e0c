// SPDX-License-Identifier: Apache-2.0
/// The layers of a network as a graph (Boost.Graph), and what its tensors need while the layers run
/// one after the other.
///
/// Order. Producers come before their readers; among the layers that are ready, the one that stands
/// first in the table runs first. So a table in a valid order keeps its order. (The reader of
/// tables refuses any other order, and says which would do; a network that comes from elsewhere is
/// put into order by in_order().)
///
/// Life. A step is one layer of the order. A tensor is born in the step that writes it and lives
/// through the step that reads it last; what no layer reads is a result and lives to the end. What
/// a gating head finds lives through the layer that it gates: the next that reads what the head
/// reads. The
/// network's input is a tensor from the first step on; its size is that of the largest operand that
/// a layer takes from it. A layer does not write in place: operands and output live in its step.
///
/// Not modelled: working memory of a kernel beside its operands, and layers that run in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/workload/network.hpp"

namespace ebb {

inline constexpr int kNetworkInput = -1;

class LayerGraph {
public:
    /// Throws InputError if an id is used twice, a producer does not exist, or layers read each
    /// other in a circle, which is named. Holds a reference: the network must outlive the graph.
    explicit LayerGraph(const Network& network);

    [[nodiscard]] const Network& network() const noexcept { return *network_; }
    [[nodiscard]] std::size_t size() const noexcept { return network_->layers.size(); }
    [[nodiscard]] const Layer& layer(std::size_t index) const { return network_->layers[index]; }

    /// Layers, as indices into Network::layers, in the order in which they run.
    [[nodiscard]] const std::vector<std::size_t>& order() const noexcept { return order_; }
    /// Layers whose output a layer reads, each once and without the network's input, ascending.
    [[nodiscard]] const std::vector<std::size_t>& producers(std::size_t index) const {
        return producers_[index];
    }
    /// Layers that read a layer's output, each once, ascending.
    [[nodiscard]] const std::vector<std::size_t>& readers(std::size_t index) const {
        return readers_[index];
    }
    /// Layers that read the network's input, ascending.
    [[nodiscard]] const std::vector<std::size_t>& input_readers() const noexcept {
        return input_readers_;
    }

private:
    void sort();

    const Network* network_;
    std::vector<std::vector<std::size_t>> producers_, readers_;
    std::vector<std::size_t> input_readers_;
    std::vector<std::size_t> order_;
};

/// True for a gating head whose output no layer reads.
[[nodiscard]] bool is_gate(const LayerGraph& graph, std::size_t index);
/// The layer that a gating head gates, or nothing.
[[nodiscard]] std::optional<std::size_t> gated_layer(const LayerGraph& graph, std::size_t head);

/// The network with its rows in the order in which they run.
[[nodiscard]] Network in_order(const Network& network);

struct TensorLife {
    int layer = kNetworkInput;  ///< id of the layer that writes it
    std::int64_t bytes = 0;
    std::size_t first = 0;  ///< step that writes it
    std::size_t last = 0;   ///< step that reads it last; the number of layers for a result
    std::int64_t lo = 0;    ///< first byte in the arena, set by place_in_arena
};

/// The network's input, then one tensor per layer, in the order of the layers.
[[nodiscard]] std::vector<TensorLife> tensor_lives(const LayerGraph& graph);
[[nodiscard]] std::vector<TensorLife> tensor_lives(const Network& network);

/// First fit in the order given: each tensor takes the lowest place that no earlier tensor alive at
/// the same time holds. Sets `lo` of each; gives the bytes of the arena.
std::int64_t place_in_arena(std::vector<TensorLife>& tensors);

/// What a step needs: its own operands and output, and all that lives meanwhile.
struct StepMemory {
    std::size_t layer = 0;      ///< index into Network::layers
    std::int64_t in_bytes = 0;  ///< operands, each tensor once; with the state of a recurrent layer
    std::int64_t out_bytes = 0;   ///< output
    std::int64_t live_bytes = 0;  ///< every tensor that lives in this step
};

/// One entry per step, in order.
[[nodiscard]] std::vector<StepMemory> memory_by_step(const LayerGraph& graph);

struct MemoryPeak {
    std::int64_t bytes = 0;
    std::size_t layer = 0;  ///< the first layer that needs so much, as index into Network::layers
};

/// Largest sum of operands and output of one layer: what a chain of layers needs.
[[nodiscard]] MemoryPeak peak_in_out(const std::vector<StepMemory>& steps);
/// Largest sum of all live tensors: less memory will not do in this order.
[[nodiscard]] MemoryPeak peak_live(const std::vector<StepMemory>& steps);

/// The border between two steps, and what must be kept to go on behind it.
struct Cut {
    std::size_t after = 0;     ///< step before the border
    std::int64_t bytes = 0;    ///< of the tensors alive across it
    std::vector<int> tensors;  ///< their layers' ids, kNetworkInput first
};

/// One cut between each pair of neighbouring steps: one less than there are layers. A tensor is
/// alive across a cut if it was born before it and is read, or is a result, behind it.
[[nodiscard]] std::vector<Cut> cuts_between(const LayerGraph& graph);

}  // namespace ebb
