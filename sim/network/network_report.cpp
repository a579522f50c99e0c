// SPDX-License-Identifier: Apache-2.0
#include "sim/network/network_report.hpp"

#include <regex>
#include <utility>

namespace ebb {

namespace {

/// "owner/repository @commit" in the words of a table's head.
std::string origin_of(const std::string& source) {
    static const std::regex kRepository(R"((\S+/\S+) @([0-9a-f]{7,40}))");
    std::smatch found;
    return std::regex_search(source, found, kRepository) ? found.str() : std::string();
}

}  // namespace

NetworkSummary summary_of(const Network& network) {
    NetworkSummary s;
    s.name = network.name;
    s.source = network.source;
    s.origin = origin_of(network.source);
    s.layers = network.layers.size();
    for (const Layer& layer : network.layers) {
        s.macs += layer.macs;
        s.params += layer.params;
        s.weight_bytes += layer.weight_bytes;
    }
    s.in_out_bytes = peak_in_out(memory_by_step(LayerGraph(network))).bytes;
    const Layer& first = network.layers.front();
    s.element_bytes = first.input_bytes / first.in.elements();
    return s;
}

NetworkReport::NetworkReport(const Network& network, NetworkQuotes all)
    : summary(summary_of(network)),
      graph(network),
      steps(memory_by_step(graph)),
      in_out(peak_in_out(steps)),
      live(peak_live(steps)),
      forks(ebb::forks(graph)),
      skips(ebb::skips(graph)),
      exits(ebb::exits(graph)),
      quotes(std::move(all)) {
    auto tensors = tensor_lives(graph);
    arena_bytes = place_in_arena(tensors);
}

}  // namespace ebb
