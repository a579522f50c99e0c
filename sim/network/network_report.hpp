// SPDX-License-Identifier: Apache-2.0
/// What `ebb network list` and `ebb network describe` say, as text and as JSON.
#pragma once

#include "models/workload/branches.hpp"
#include "models/workload/graph.hpp"
#include "models/workload/network.hpp"
#include "sim/network/network_costs.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ebb {

/// A network in one line.
struct NetworkSummary {
    std::string name;
    std::size_t layers = 0;
    std::int64_t macs = 0, params = 0, weight_bytes = 0;
    std::int64_t in_out_bytes = 0;   ///< of the layer that needs most
    std::int64_t element_bytes = 0;  ///< of the maps
    std::string origin;              ///< repository and commit, as far as the table names one
    std::string source;              ///< all that the table says
};

[[nodiscard]] NetworkSummary summary_of(const Network& network);
[[nodiscard]] std::string network_list_text(const std::vector<NetworkSummary>& networks);
[[nodiscard]] std::string network_list_json(const std::vector<NetworkSummary>& networks);

/// All that is known of one network. Keeps a reference to it.
class NetworkReport {
public:
    NetworkReport(const Network& network, NetworkQuotes quotes);

    NetworkSummary summary;
    LayerGraph graph;
    std::vector<StepMemory> steps;
    MemoryPeak in_out, live;
    std::int64_t arena_bytes = 0;
    std::vector<Fork> forks;
    std::vector<Skip> skips;
    std::vector<Exit> exits;
    NetworkQuotes quotes;
    std::vector<std::size_t> by_layer;  ///< quotes to show layer by layer
};

[[nodiscard]] std::string network_report_text(const NetworkReport& report);
[[nodiscard]] std::string network_report_json(const NetworkReport& report);

}  // namespace ebb
