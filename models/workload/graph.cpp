// SPDX-License-Identifier: Apache-2.0
#include "models/workload/graph.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace ebb {

std::vector<TensorLife> tensor_lives(const Network& network) {
    const std::size_t steps = network.layers.size();
    std::vector<TensorLife> all(1);
    std::map<int, std::size_t> index{{kNetworkInput, 0}};
    std::vector<bool> is_read(steps + 1, false);
    for (std::size_t i = 0; i < steps; ++i) {
        const Layer& layer = network.layers[i];
        for (const int producer : layer.from) {
            const std::size_t tensor = index.at(producer);
            all[tensor].last = i;
            is_read[tensor] = true;
            if (tensor == 0) {
                all[0].bytes = std::max(all[0].bytes, layer.input_bytes);
            }
        }
        index[layer.id] = all.size();
        all.push_back({layer.id, layer.output_bytes, i, i, 0});
    }
    for (std::size_t t = 1; t < all.size(); ++t) {
        if (!is_read[t]) {
            all[t].last = steps;
        }
    }
    return all;
}

std::int64_t place_in_arena(std::vector<TensorLife>& tensors) {
    std::int64_t arena = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        std::vector<std::pair<std::int64_t, std::int64_t>> taken;
        for (std::size_t j = 0; j < i; ++j) {
            if (tensors[j].last >= tensors[i].first) {
                taken.emplace_back(tensors[j].lo, tensors[j].lo + tensors[j].bytes);
            }
        }
        std::sort(taken.begin(), taken.end());
        std::int64_t lo = 0;
        for (const auto& [from, to] : taken) {
            if (from - lo >= tensors[i].bytes) {
                break;
            }
            lo = std::max(lo, to);
        }
        tensors[i].lo = lo;
        arena = std::max(arena, lo + tensors[i].bytes);
    }
    return arena;
}

}  // namespace ebb
