// SPDX-License-Identifier: Apache-2.0
#include "models/runtime/lowering.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "models/core/error.hpp"

namespace ebb {

const OperationTable& operations_of(const Lowering& lowering, const char* runtime) {
    if (!lowering.platform.operations) {
        throw InputError(fmt::format(
            "{} needs to know what single operations cost, and platform {} only says what layers "
            "cost; platforms with operations: see ebb describe platform",
            runtime, lowering.platform.name));
    }
    check_element_width(lowering.network, lowering.platform);
    return *lowering.platform.operations;
}

void check_element_width(const Network& network, const Platform& platform) {
    const std::int64_t width = platform.operations->element_bytes;
    const Layer& first = network.layers.front();
    if (const std::int64_t bytes = first.output_bytes / first.out.elements(); bytes != width) {
        throw InputError(fmt::format(
            "network {} stores {} B per element, and the operations of platform {} work on {} B: "
            "take a table of the network in that width",
            network.name, bytes, platform.name, width));
    }
}

std::optional<NvmParams> nvm_of(const OperationTable& table) {
    const MemorySpaces& memory = table.memory;
    const std::int64_t bytes = memory.nvm_bytes.value_or(memory.nvm_feature_bytes.value_or(0) +
                                                         memory.nvm_weight_bytes.value_or(0));
    if (bytes == 0) {
        return std::nullopt;
    }
    NvmParams nvm;
    nvm.capacity_b = static_cast<double>(bytes);
    nvm.atomic_b = static_cast<double>(table.element_bytes);
    nvm.cut = CutWord::old_value;
    nvm.endurance_cycles = std::numeric_limits<double>::infinity();
    const auto per_byte = [&](const std::optional<AffineFigure>& figure) {
        return figure ? figure->per_element / static_cast<double>(table.element_bytes) : 0.0;
    };
    if (const auto& read = table.ops[static_cast<std::size_t>(Operation::dma_nvm_to_vm)]) {
        nvm.read_time_s_per_b = per_byte(read->latency_s);
        nvm.read_energy_j_per_b = per_byte(read->energy_j);
    }
    if (const auto& write = table.ops[static_cast<std::size_t>(Operation::dma_vm_to_nvm)]) {
        nvm.write_time_s_per_b = per_byte(write->latency_s);
        nvm.write_energy_j_per_b = per_byte(write->energy_j);
    }
    return nvm;
}

bool runs_by_itself(const Layer& layer) { return layer.macs > 0 || layer_shape(layer).has_value(); }

Layout::Layout(const Lowering& lowering, Program& program, bool in_nvm, std::int64_t element_bytes,
               const std::function<bool(const Layer&)>& runs)
    : network_(lowering.network) {
    std::vector<TensorLife> lives = tensor_lives(network_);
    runs_as_ = fold_layers(network_, lives, runs);
    Buffer activations;
    activations.name = "activations";
    activations.bytes = place_in_arena(lives);
    activations.element_bytes = static_cast<int>(element_bytes);
    activations.space = in_nvm ? Space::nvm : Space::sram;
    const std::size_t first = program.buffers.size();
    program.buffers.push_back(activations);
    for (const TensorLife& life : lives) {
        if (runs_as_.count(life.layer) == 0) {
            tensors_[life.layer] = {first, life.lo, life.bytes};
            program.tensors.push_back({life.layer, first, 0, life.lo, life.bytes});
        }
    }
    Buffer weights;
    weights.name = "weights";
    weights.element_bytes = activations.element_bytes;
    weights.space = activations.space;
    weights.role = BufferRole::weight;
    for (const Layer& layer : network_.layers) {
        weights_[layer.id] = {first + 1, weights.bytes, layer.weight_bytes};
        weights.bytes += layer.weight_bytes;
    }
    program.buffers.push_back(weights);
}

void Layout::keep_two_slots(Program& program, int layer, int slot) {
    Range& range = tensors_.at(layer);
    range.slot = slot;
    program.buffers[range.buffer].slots = 2;
    for (TensorPlace& place : program.tensors) {
        if (place.layer == layer) {
            place.slot = slot;
        }
    }
}

std::map<int, int> fold_layers(const Network& network, std::vector<TensorLife>& lives,
                               const std::function<bool(const Layer&)>& runs) {
    std::map<int, int> runs_as;
    std::map<int, TensorLife*> life;
    for (TensorLife& l : lives) {
        life[l.layer] = &l;
    }
    for (const Layer& layer : network.layers) {
        if (runs(layer) || layer.from.empty()) {
            continue;
        }
        const auto through = runs_as.find(layer.from.front());
        const int root = through == runs_as.end() ? layer.from.front() : through->second;
        runs_as[layer.id] = root;
        life.at(root)->last = std::max(life.at(root)->last, life.at(layer.id)->last);
        life.at(layer.id)->bytes = 0;
    }
    return runs_as;
}

const Layout::Range& Layout::input(const Layer& layer, std::size_t operand) const {
    const int producer = layer.from.at(std::min(operand, layer.from.size() - 1));
    const auto through = runs_as_.find(producer);
    return tensors_.at(through == runs_as_.end() ? producer : through->second);
}

Phase priced_phase(PhaseKind kind, const Cost& cost, std::int64_t bytes, Preempt preempt) {
    Phase phase;
    phase.kind = kind;
    phase.time_s = cost.latency_s;
    phase.power_w = cost.latency_s > 0.0 ? cost.energy_j / cost.latency_s : 0.0;
    phase.bytes = static_cast<double>(bytes);
    phase.replaces_active = true;
    phase.preempt = preempt;
    return phase;
}

const TilePlan& plan_of(const Lowering& lowering, std::size_t layer) {
    if (layer >= lowering.plans.size() || !lowering.plans[layer]) {
        throw InputError(fmt::format(
            "network {}: layer {} has no tile sizes: the table's columns tile_r .. batch are "
            "empty, and none were chosen",
            lowering.network.name, lowering.network.layers.at(layer).name));
    }
    return *lowering.plans[layer];
}

}  // namespace ebb
