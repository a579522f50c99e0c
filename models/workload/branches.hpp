// SPDX-License-Identifier: Apache-2.0
/// Where the layers of a network part, meet and end: branches, skip connections and exits.
///
/// Fork    an output (or the network's input) that several layers read. It closes at the first
///         layer through which every way from it to the network's end leads; a fork whose ways end
///         at different exits does not close. Gating heads, whose output no layer reads, lead
///         nowhere and are not followed.
/// Skip    a layer that reads an output both directly and by way of other layers: the direct edge.
/// Exit    a layer whose output is a result with a stated accuracy. For an exit run the layers that
///         it needs, and each gating head whose layer runs: the next that reads what it reads. A
///         network that states no accuracy has one exit, its end: all layers run for it.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "models/workload/graph.hpp"

namespace ebb {

// Layers are indices into Network::layers. Every list is in the order in which they run.

struct Fork {
    std::optional<std::size_t> from;   ///< nothing = the network's input
    std::vector<std::size_t> readers;  ///< first layers of the branches, gating heads included
    std::optional<std::size_t> join;   ///< layer that closes it; nothing if it stays open
};

struct Skip {
    std::optional<std::size_t> from;  ///< nothing = the network's input
    std::size_t to = 0;
    std::size_t over = 0;  ///< layers on the longest way around
};

struct Exit {
    std::size_t end = 0;                 ///< layer that gives the result
    std::optional<double> accuracy;      ///< as stated; nothing if the network states none
    std::vector<std::size_t> layers;     ///< that run if only this exit is wanted
    std::vector<std::size_t> then_runs;  ///< that run after the exit before it was left
};

[[nodiscard]] std::vector<Fork> forks(const LayerGraph& graph);
[[nodiscard]] std::vector<Skip> skips(const LayerGraph& graph);
/// In the order in which their ends run; at least one, unless the network is empty.
[[nodiscard]] std::vector<Exit> exits(const LayerGraph& graph);

}  // namespace ebb
