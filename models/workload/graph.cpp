// SPDX-License-Identifier: Apache-2.0
#include "models/workload/graph.hpp"

#include "models/core/error.hpp"
#include "models/workload/network_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <queue>
#include <utility>

namespace ebb {

namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;

/// Layers of one circle, in its direction, each named; `order` holds those that could be sorted.
std::string circle_text(const Network& network, const Graph& graph) {
    std::vector<std::size_t> component(boost::num_vertices(graph));
    const auto count = boost::strong_components(
        graph, boost::make_iterator_property_map(component.begin(),
                                                 boost::get(boost::vertex_index, graph)));
    std::vector<std::size_t> members(count, 0);
    for (const std::size_t c : component) {
        ++members[c];
    }
    const auto in_circle = [&](std::size_t v) {
        return members[component[v]] > 1 || boost::edge(v, v, graph).second;
    };
    std::size_t at = 0;
    while (!in_circle(at)) {
        ++at;
    }
    // Inside a strong component every step along an edge stays on some circle.
    std::vector<std::size_t> path;
    while (std::find(path.begin(), path.end(), at) == path.end()) {
        path.push_back(at);
        for (const auto& edge : boost::make_iterator_range(boost::out_edges(at, graph))) {
            if (const auto next = boost::target(edge, graph); component[next] == component[at]) {
                at = next;
                break;
            }
        }
    }
    path.erase(path.begin(), std::find(path.begin(), path.end(), at));
    path.push_back(at);
    std::vector<std::string> names;
    std::transform(path.begin(), path.end(), std::back_inserter(names),
                   [&](std::size_t v) { return "'" + network.layers[v].name + "'"; });
    return fmt::format("{}", fmt::join(names, " to "));
}

bool is_head(const Layer& layer) {
    const OpInfo* op = find_op(layer.op_text);
    return op != nullptr && op->shapes == OpInfo::Shapes::head;
}

void add_once(std::vector<std::size_t>& to, std::size_t value) {
    if (std::find(to.begin(), to.end(), value) == to.end()) {
        to.push_back(value);
    }
}

}  // namespace

LayerGraph::LayerGraph(const Network& network)
    : network_(&network), producers_(network.layers.size()), readers_(network.layers.size()) {
    std::map<int, std::size_t> index;
    for (std::size_t i = 0; i < size(); ++i) {
        if (!index.emplace(layer(i).id, i).second) {
            throw InputError(
                fmt::format("network '{}': id {} is used twice", network.name, layer(i).id));
        }
    }
    for (std::size_t i = 0; i < size(); ++i) {
        for (const int from : layer(i).from) {
            if (from == kNetworkInput) {
                add_once(input_readers_, i);
            } else if (const auto it = index.find(from); it != index.end()) {
                add_once(producers_[i], it->second);
                add_once(readers_[it->second], i);
            } else {
                throw InputError(
                    fmt::format("network '{}': layer '{}' reads layer {}, which does "
                                "not exist",
                                network.name, layer(i).name, from));
            }
        }
        std::sort(producers_[i].begin(), producers_[i].end());
    }
    sort();
}

/// Kahn's algorithm with the ready layers in a heap: the smallest index first.
void LayerGraph::sort() {
    Graph graph(size());
    for (std::size_t i = 0; i < size(); ++i) {
        for (const std::size_t producer : producers_[i]) {
            boost::add_edge(producer, i, graph);
        }
    }
    std::vector<std::size_t> waits_for(size());
    std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
    for (std::size_t i = 0; i < size(); ++i) {
        waits_for[i] = boost::in_degree(i, graph);
        if (waits_for[i] == 0) {
            ready.push(i);
        }
    }
    while (!ready.empty()) {
        const std::size_t next = ready.top();
        ready.pop();
        order_.push_back(next);
        for (const auto& edge : boost::make_iterator_range(boost::out_edges(next, graph))) {
            if (--waits_for[boost::target(edge, graph)] == 0) {
                ready.push(boost::target(edge, graph));
            }
        }
    }
    if (order_.size() < size()) {
        throw InputError(fmt::format("network '{}': layers read each other in a circle: {}",
                                     network_->name, circle_text(*network_, graph)));
    }
}

bool is_gate(const LayerGraph& graph, std::size_t index) {
    return graph.readers(index).empty() && is_head(graph.layer(index));
}

std::optional<std::size_t> gated_layer(const LayerGraph& graph, std::size_t head) {
    const auto& order = graph.order();
    const auto after = std::find(order.begin(), order.end(), head);
    const auto gated = std::find_if(after, order.end(), [&](std::size_t i) {
        return !is_head(graph.layer(i)) && graph.layer(i).from == graph.layer(head).from;
    });
    return gated == order.end() ? std::nullopt : std::optional(*gated);
}

Network in_order(const Network& network) {
    const LayerGraph graph(network);
    Network sorted = network;
    std::transform(graph.order().begin(), graph.order().end(), sorted.layers.begin(),
                   [&](std::size_t i) { return network.layers[i]; });
    return sorted;
}

std::vector<TensorLife> tensor_lives(const LayerGraph& graph) {
    const std::size_t steps = graph.size();
    std::vector<std::size_t> step_of(steps);
    for (std::size_t s = 0; s < steps; ++s) {
        step_of[graph.order()[s]] = s;
    }
    const auto last_of = [&](const std::vector<std::size_t>& readers) {
        std::size_t last = 0;
        for (const std::size_t reader : readers) {
            last = std::max(last, step_of[reader]);
        }
        return last;
    };
    std::vector<TensorLife> all(1);
    for (const std::size_t reader : graph.input_readers()) {
        all[0].bytes = std::max(all[0].bytes, graph.layer(reader).input_bytes);
    }
    all[0].last = last_of(graph.input_readers());
    for (std::size_t s = 0; s < steps; ++s) {
        const std::size_t i = graph.order()[s];
        std::size_t last = graph.readers(i).empty() ? steps : last_of(graph.readers(i));
        if (is_gate(graph, i)) {
            const auto gated = gated_layer(graph, i);
            last = gated ? step_of[*gated] : s;
        }
        all.push_back({graph.layer(i).id, graph.layer(i).output_bytes, s, last, 0});
    }
    return all;
}

std::vector<TensorLife> tensor_lives(const Network& network) {
    return tensor_lives(LayerGraph(network));
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

std::vector<StepMemory> memory_by_step(const LayerGraph& graph) {
    const auto tensors = tensor_lives(graph);
    std::vector<StepMemory> steps(graph.size());
    for (std::size_t s = 0; s < steps.size(); ++s) {
        StepMemory& step = steps[s];
        step.layer = graph.order()[s];
        const Layer& layer = graph.layer(step.layer);
        for (const std::size_t producer : graph.producers(step.layer)) {
            step.in_bytes += graph.layer(producer).output_bytes;
        }
        const auto& inputs = graph.input_readers();
        if (std::binary_search(inputs.begin(), inputs.end(), step.layer)) {
            step.in_bytes += tensors[0].bytes;
        }
        step.in_bytes = std::max(step.in_bytes, layer.input_bytes);
        step.out_bytes = layer.output_bytes;
        for (const TensorLife& tensor : tensors) {
            if (tensor.first <= s && s <= tensor.last) {
                step.live_bytes += tensor.bytes;
            }
        }
    }
    return steps;
}

MemoryPeak peak_in_out(const std::vector<StepMemory>& steps) {
    MemoryPeak peak;
    for (const StepMemory& step : steps) {
        if (step.in_bytes + step.out_bytes > peak.bytes) {
            peak = {step.in_bytes + step.out_bytes, step.layer};
        }
    }
    return peak;
}

MemoryPeak peak_live(const std::vector<StepMemory>& steps) {
    MemoryPeak peak;
    for (const StepMemory& step : steps) {
        if (step.live_bytes > peak.bytes) {
            peak = {step.live_bytes, step.layer};
        }
    }
    return peak;
}

std::vector<Cut> cuts_between(const LayerGraph& graph) {
    const auto tensors = tensor_lives(graph);
    std::vector<Cut> cuts;
    for (std::size_t s = 0; s + 1 < graph.size(); ++s) {
        Cut cut;
        cut.after = s;
        for (const TensorLife& tensor : tensors) {
            if (tensor.first <= s && tensor.last > s) {
                cut.bytes += tensor.bytes;
                cut.tensors.push_back(tensor.layer);
            }
        }
        cuts.push_back(std::move(cut));
    }
    return cuts;
}

}  // namespace ebb
