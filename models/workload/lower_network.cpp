// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "models/core/error.hpp"
#include "models/workload/graph.hpp"
#include "models/workload/layer_cost.hpp"
#include "models/workload/lower.hpp"

namespace ebb {

namespace {

const PlatformVariant& variant_of(const Lowering& params) {
    for (const PlatformVariant& v : params.platform.variants) {
        if (params.variant.empty() || v.label == params.variant) {
            return v;
        }
    }
    throw InputError(
        fmt::format("platform {} has no variant '{}'", params.platform.name, params.variant));
}

/// Output positions of a layer: rows x columns of a map; for a fully connected layer its outputs.
std::vector<std::int64_t> positions(const Layer& layer) {
    if (layer.op == LayerOp::fc) {
        return {layer.out.elements()};
    }
    return {layer.out.h, layer.out.w};
}

std::int64_t line_buffer_bytes(const Layer& layer) {
    if (layer.op == LayerOp::fc) {
        return layer.input_bytes;
    }
    const std::int64_t row = layer.input_bytes / std::max<std::int64_t>(layer.in.h, 1);
    return std::min(layer.input_bytes, row * std::max<std::int64_t>(layer.kernel_h, 1));
}

/// How far the write of the nest's only leaf moves on with each trip of the outermost loop.
void set_outer_stride(Block& root, std::int64_t stride) {
    Block* leaf = &root;
    while (!leaf->leaf()) {
        leaf = &leaf->body.front();
    }
    leaf->accesses.back().lo.a[0] = stride;
}

Phase memory_phase(PhaseKind kind, double bytes, double time_s_per_b, double energy_j_per_b) {
    Phase phase;
    phase.kind = kind;
    phase.bytes = bytes;
    phase.time_s = bytes * time_s_per_b;
    phase.power_w = time_s_per_b > 0.0 ? energy_j_per_b / time_s_per_b : 0.0;
    phase.preempt = Preempt::finish;
    return phase;
}

Unit layer_unit(const Layer& layer, const LayerCost& cost, double units,
                const std::optional<NvmParams>& nvm) {
    Unit unit;
    unit.name = layer.name;
    if (nvm) {
        unit.phases.push_back(memory_phase(PhaseKind::fetch,
                                           static_cast<double>(layer.input_bytes) / units,
                                           nvm->read_time_s_per_b, nvm->read_energy_j_per_b));
    }
    Phase compute;
    compute.time_s = cost.latency_s / units;
    compute.power_w = cost.energy_j / cost.latency_s;
    compute.replaces_active = true;
    compute.clocked = true;
    unit.phases.push_back(compute);
    if (nvm) {
        unit.phases.push_back(memory_phase(PhaseKind::write,
                                           static_cast<double>(layer.output_bytes) / units,
                                           nvm->write_time_s_per_b, nvm->write_energy_j_per_b));
    }
    return unit;
}

}  // namespace

Program lower_network(const Lowering& params) {
    const Network& network = params.network;
    const std::optional<NvmParams>& nvm = params.nvm;
    const std::vector<LayerCost> costs = layer_costs(network, params.platform, variant_of(params));
    std::vector<TensorLife> tensors = tensor_lives(network);
    const std::map<int, int> runs_as =
        fold_layers(network, tensors, [](const Layer& layer) { return layer.macs > 0; });

    Program program;
    Buffer arena;
    arena.name = "activations";
    arena.bytes = place_in_arena(tensors);
    arena.element_bytes = params.platform.element_bytes;
    arena.space = nvm ? Space::nvm : Space::sram;
    program.buffers.push_back(arena);
    std::map<int, const TensorLife*> by_layer;
    for (const TensorLife& tensor : tensors) {
        by_layer[tensor.layer] = &tensor;
        if (runs_as.count(tensor.layer) == 0) {
            program.tensors.push_back({tensor.layer, 0, 0, tensor.lo, tensor.bytes});
        }
    }
    for (const auto& [folded, root] : runs_as) {
        by_layer[folded] = by_layer.at(root);
    }

    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const Layer& layer = network.layers[i];
        if (layer.macs == 0) {
            continue;
        }
        Nest nest;
        nest.layer = layer.id;
        nest.name = layer.name;
        const std::vector<std::int64_t> n = positions(layer);
        std::int64_t units = 1;
        for (const std::int64_t trips : n) {
            units *= trips;
        }
        if (units <= 0 || layer.output_bytes % units != 0) {
            throw InputError(fmt::format(
                "network {}: layer {} writes {} bytes over {} output positions, which is no whole "
                "number of bytes each",
                network.name, layer.name, layer.output_bytes, units));
        }
        nest.units = {layer_unit(layer, costs[i], static_cast<double>(units), nvm)};
        Block& unit = nest.root;
        unit.n = n.back();
        unit.tile = true;
        for (const int producer : layer.from) {
            const TensorLife& read = *by_layer.at(producer);
            Access access;
            access.lo.a0 = read.lo;
            access.len = read.bytes;
            unit.accesses.push_back(access);
        }
        Access write;
        write.write = true;
        write.phase = nest.units.front().phases.size() - 1;
        write.len = layer.output_bytes / units;
        write.lo.a0 = by_layer.at(layer.id)->lo;
        write.lo.a[0] = write.len;
        unit.accesses.push_back(write);
        for (std::size_t d = n.size() - 1; d-- > 0;) {
            std::int64_t stride = write.len;
            for (std::size_t inner = d + 1; inner < n.size(); ++inner) {
                stride *= n[inner];
            }
            nest.root = inside(n[d], std::move(nest.root));
            set_outer_stride(nest.root, stride);
        }
        program.volatile_bytes =
            std::max(program.volatile_bytes, line_buffer_bytes(layer) + layer.output_bytes / units);
        program.refetch_bytes = std::max(program.refetch_bytes, line_buffer_bytes(layer));
        program.nests.push_back(std::move(nest));
    }
    if (!nvm) {
        program.volatile_bytes = arena.bytes;
        program.refetch_bytes = 0;
    }
    check_program(program);
    return program;
}

}  // namespace ebb
