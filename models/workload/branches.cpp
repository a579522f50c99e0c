// SPDX-License-Identifier: Apache-2.0
#include "models/workload/branches.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dominator_tree.hpp>

#include <algorithm>

namespace ebb {

namespace {

std::vector<std::size_t> by_order(const LayerGraph& graph, const std::vector<bool>& chosen) {
    std::vector<std::size_t> list;
    std::copy_if(graph.order().begin(), graph.order().end(), std::back_inserter(list),
                 [&](std::size_t i) { return chosen[i]; });
    return list;
}

std::vector<std::size_t> by_order(const LayerGraph& graph, const std::vector<std::size_t>& layers) {
    std::vector<bool> chosen(graph.size(), false);
    for (const std::size_t i : layers) {
        chosen[i] = true;
    }
    return by_order(graph, chosen);
}

/// For each layer, and behind them the network's input: the layer through which every way to the
/// end leads, or nothing. These are the dominators of the graph read backwards from its end.
std::vector<std::optional<std::size_t>> closing_layers(const LayerGraph& graph) {
    using Reversed = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;
    const std::size_t input = graph.size();
    const std::size_t end = graph.size() + 1;
    Reversed reversed(graph.size() + 2);
    const auto lead = [&](std::size_t from, const std::vector<std::size_t>& readers) {
        for (const std::size_t reader : readers) {
            if (!is_gate(graph, reader)) {
                boost::add_edge(reader, from, reversed);
            }
        }
    };
    lead(input, graph.input_readers());
    for (std::size_t i = 0; i < graph.size(); ++i) {
        lead(i, graph.readers(i));
        if (graph.readers(i).empty() && !is_gate(graph, i)) {
            boost::add_edge(end, i, reversed);
        }
    }
    using Vertex = boost::graph_traits<Reversed>::vertex_descriptor;
    const auto none = boost::graph_traits<Reversed>::null_vertex();
    std::vector<Vertex> closes(boost::num_vertices(reversed), none);
    boost::lengauer_tarjan_dominator_tree(
        reversed, end,
        boost::make_iterator_property_map(closes.begin(),
                                          boost::get(boost::vertex_index, reversed)));
    std::vector<std::optional<std::size_t>> layers(graph.size() + 1);
    for (std::size_t i = 0; i <= graph.size(); ++i) {
        if (closes[i] != none && closes[i] != end) {
            layers[i] = closes[i];
        }
    }
    return layers;
}

/// Marks a layer and all that it needs.
void mark_needed(const LayerGraph& graph, std::size_t end, std::vector<bool>& needed) {
    std::vector<std::size_t> open{end};
    while (!open.empty()) {
        const std::size_t i = open.back();
        open.pop_back();
        if (!needed[i]) {
            needed[i] = true;
            const auto& producers = graph.producers(i);
            open.insert(open.end(), producers.begin(), producers.end());
        }
    }
}

/// A head says what the layer that it gates computes, and runs if that one does.
void mark_heads(const LayerGraph& graph, std::vector<bool>& runs) {
    for (std::size_t i = 0; i < graph.size(); ++i) {
        if (is_gate(graph, i)) {
            const auto gated = gated_layer(graph, i);
            runs[i] = gated && runs[*gated];
        }
    }
}

}  // namespace

std::vector<Fork> forks(const LayerGraph& graph) {
    const auto closes = closing_layers(graph);
    std::vector<Fork> all;
    if (graph.input_readers().size() > 1) {
        all.push_back({std::nullopt, by_order(graph, graph.input_readers()), closes.back()});
    }
    for (const std::size_t i : graph.order()) {
        if (graph.readers(i).size() > 1) {
            all.push_back({i, by_order(graph, graph.readers(i)), closes[i]});
        }
    }
    return all;
}

std::vector<Skip> skips(const LayerGraph& graph) {
    std::vector<Skip> all;
    // Longest way from one output to each layer, counted in layers from it on; 0 = no way.
    const auto add_skips = [&](std::optional<std::size_t> from,
                               const std::vector<std::size_t>& readers) {
        if (readers.size() < 2) {
            return;
        }
        std::vector<std::size_t> longest(graph.size(), 0);
        for (const std::size_t i : graph.order()) {
            const bool direct = std::find(readers.begin(), readers.end(), i) != readers.end();
            longest[i] = direct ? 1 : 0;
            for (const std::size_t producer : graph.producers(i)) {
                if (longest[producer] > 0) {
                    longest[i] = std::max(longest[i], longest[producer] + 1);
                }
            }
            if (direct && longest[i] > 1) {
                all.push_back({from, i, longest[i] - 1});
            }
        }
    };
    add_skips(std::nullopt, graph.input_readers());
    for (const std::size_t i : graph.order()) {
        add_skips(i, graph.readers(i));
    }
    return all;
}

std::vector<Exit> exits(const LayerGraph& graph) {
    std::vector<Exit> all;
    std::vector<bool> ran(graph.size(), false);
    for (const std::size_t i : graph.order()) {
        if (!graph.layer(i).exit_accuracy) {
            continue;
        }
        std::vector<bool> runs(graph.size(), false);
        mark_needed(graph, i, runs);
        mark_heads(graph, runs);
        std::vector<bool> fresh(graph.size());
        for (std::size_t k = 0; k < runs.size(); ++k) {
            fresh[k] = runs[k] && !ran[k];
            ran[k] = ran[k] || runs[k];
        }
        all.push_back(
            {i, graph.layer(i).exit_accuracy, by_order(graph, runs), by_order(graph, fresh)});
    }
    if (all.empty() && graph.size() > 0) {
        all.push_back({graph.order().back(), std::nullopt, graph.order(), graph.order()});
    }
    return all;
}

}  // namespace ebb
