// SPDX-License-Identifier: Apache-2.0
// What only some network tables say, checked: tiling plans, sparsity, exits.
#include "models/workload/network_check.hpp"
#include "models/workload/tile_cost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <numeric>

namespace ebb {

namespace {

using Shapes = OpInfo::Shapes;

/// Kernels and axes of a mistaken table may be absurd; their product must not overflow before it is
/// complained about.
std::int64_t product(std::initializer_list<std::int64_t> factors) {
    constexpr std::int64_t kMost = std::int64_t{1} << 62;
    std::int64_t all = 1;
    for (const std::int64_t factor : factors) {
        all = all > kMost / std::max<std::int64_t>(factor, 1) ? kMost : all * factor;
    }
    return all;
}

class ExtrasChecker {
public:
    explicit ExtrasChecker(const Network& network) : network_(network) {}

    std::vector<NetworkFault> run() {
        for (at_ = 0; at_ < network_.layers.size(); ++at_) {
            const Layer& layer = network_.layers[at_];
            const OpInfo* op = find_op(layer.op_text);
            if (op == nullptr) {
                continue;
            }
            check_plan(layer);
            check_sparsity(layer, *op);
            check_filters(layer);
        }
        check_exits();
        return std::move(faults_);
    }

private:
    void fault(std::string column, std::string message, std::string hint = "") {
        faults_.push_back({at_, std::move(column), std::move(message), std::move(hint)});
    }

    void check_plan(const Layer& layer);
    void check_sparsity(const Layer& layer, const OpInfo& op);
    void check_filters(const Layer& layer);
    void check_exits();

    const Network& network_;
    std::vector<NetworkFault> faults_;
    std::size_t at_ = 0;
};

void ExtrasChecker::check_plan(const Layer& layer) {
    if (!layer.plan) {
        return;
    }
    const TilePlan& plan = *layer.plan;
    // Layers with weights are cut over their output, the others over their input.
    const OpInfo* op = find_op(layer.op_text);
    const MapShape& map = op != nullptr && op->has_macs ? layer.out : layer.in;
    struct Side {
        const char* column;
        std::int64_t tile;
        std::int64_t extent;
    };
    const std::array<Side, 4> sides = {{{"tile_r", plan.r, map.h},
                                        {"tile_c", plan.c, map.w},
                                        {"tile_m", plan.m, map.c},
                                        // not used where nothing is cut by input channels
                                        {"tile_n", plan.n, layer.in.c}}};
    bool fits = true;
    for (const Side& side : sides) {
        if (side.tile > side.extent) {
            fits = false;
            fault(side.column, fmt::format("layer '{}': {} is {}, the layer has only {}",
                                           layer.name, side.column, side.tile, side.extent));
        }
    }
    const auto shape = layer_shape(layer);  // nothing for kinds that no model cuts into tiles
    if (!fits || !shape) {
        return;
    }
    if (const std::int64_t tiles = trips_of(*shape, plan).tiles; plan.batch > tiles) {
        fault("batch", fmt::format("layer '{}': a batch of {} tiles, the layer has only {}",
                                   layer.name, plan.batch, tiles));
    }
}

void ExtrasChecker::check_sparsity(const Layer& layer, const OpInfo& op) {
    const std::int64_t dense = dense_weights_of(layer);
    if (layer.dense_weights && *layer.dense_weights != dense) {
        fault("dense_weights", fmt::format("layer '{}' ({}) has {} weights by its shape, not {}",
                                           layer.name, layer.op_text, dense, *layer.dense_weights));
    }
    if (!layer.nonzero_weights) {
        return;
    }
    const std::int64_t nonzero = *layer.nonzero_weights;
    if (nonzero > dense) {
        fault("nonzero_weights",
              fmt::format("layer '{}': {} non-zero weights of {}", layer.name, nonzero, dense));
        return;
    }
    if (nonzero > layer.params) {
        fault("params", fmt::format("layer '{}' has {} parameters, but {} non-zero weights",
                                    layer.name, layer.params, nonzero));
    }
    const std::int64_t positions = layer.out.h * layer.out.w;
    const std::int64_t macs = product({nonzero, positions});
    if (op.has_macs && layer.macs != macs) {
        fault("macs", fmt::format("layer '{}' has {} MACs, but {} non-zero weights at {} output "
                                  "positions make {}",
                                  layer.name, layer.macs, nonzero, positions, macs));
    }
}

void ExtrasChecker::check_filters(const Layer& layer) {
    const auto& counts = layer.nonzero_per_filter;
    if (counts.empty()) {
        return;
    }
    const char* const column = "nonzero_per_filter";
    const auto filters = static_cast<std::size_t>(layer.out.c);
    if (counts.size() != filters) {
        fault(column, fmt::format("layer '{}' has {} filters, the list {} counts", layer.name,
                                  filters, counts.size()));
        return;
    }
    const std::int64_t room = dense_weights_of(layer) / layer.out.c;
    for (std::size_t f = 0; f < filters; ++f) {
        if (counts[f] > room) {
            fault(column, fmt::format("layer '{}': filter {} has {} non-zero weights of {}",
                                      layer.name, f, counts[f], room));
        }
    }
    const auto sum = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    if (!layer.nonzero_weights) {
        fault(column,
              fmt::format("layer '{}' has a list per filter, but no nonzero_weights", layer.name));
    } else if (sum != *layer.nonzero_weights) {
        fault(column, fmt::format("layer '{}': the filters have {} non-zero weights together, "
                                  "nonzero_weights says {}",
                                  layer.name, sum, *layer.nonzero_weights));
    }
}

void ExtrasChecker::check_exits() {
    const auto& layers = network_.layers;
    const auto ends_exit = [](const Layer& l) { return l.exit_accuracy.has_value(); };
    if (std::none_of(layers.begin(), layers.end(), ends_exit)) {
        return;
    }
    for (at_ = 0; at_ < layers.size(); ++at_) {
        const OpInfo* op = find_op(layers[at_].op_text);
        if (ends_exit(layers[at_]) && op != nullptr && op->shapes == Shapes::head) {
            fault("exit_accuracy",
                  fmt::format("layer '{}' is a gating head: it ends no exit", layers[at_].name));
        }
    }
    at_ = layers.size() - 1;
    if (!ends_exit(layers.back())) {
        fault("exit_accuracy",
              fmt::format("a network with exits ends with one, layer '{}' has no exit_accuracy",
                          layers.back().name));
    }
}

}  // namespace

std::int64_t dense_weights_of(const Layer& layer) {
    const OpInfo* op = find_op(layer.op_text);
    if (op == nullptr || !op->has_macs) {
        return 0;
    }
    switch (op->shapes) {
        case Shapes::window:
            return product({layer.kernel_h, layer.kernel_w, layer.in.c, layer.out.c});
        case Shapes::depthwise:
            return product({layer.kernel_h, layer.kernel_w, layer.out.c});
        default:
            return product({layer.in.elements(), layer.out.elements()});
    }
}

std::int64_t elements_read_from(const Layer& layer) {
    const OpInfo* op = find_op(layer.op_text);
    const bool recurrent = op != nullptr && op->shapes == Shapes::recurrent;
    return recurrent ? layer.out.elements() / 2 : layer.out.elements();
}

const Layer* first_repeated(const Network& network) noexcept {
    const auto it = std::find_if(network.layers.begin(), network.layers.end(),
                                 [](const Layer& l) { return l.repeat != Repeat::once; });
    return it == network.layers.end() ? nullptr : &*it;
}

std::vector<NetworkFault> check_network_extras(const Network& network) {
    return ExtrasChecker(network).run();
}

}  // namespace ebb
