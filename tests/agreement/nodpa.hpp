// SPDX-License-Identifier: Apache-2.0
/// Measured inference on intermittent power (NodPA's board), and predictions of it: each network's
/// fine-grained cell (FD) at 12 mW is given, its other cells are predicted. No parameter is fitted
/// to a cell that is predicted.
#pragma once

#include "models/workload/fading_supply.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ebb::test {

struct NodpaCell {
    std::string network, table, scheme;
    double supply_w = 0.0;
    double continuous_s = 0.0;
    std::optional<double> active_s, latency_s;  ///< empty: does not complete

    [[nodiscard]] bool coarse() const { return scheme == "CD"; }
    /// The cell that calibrates its network.
    [[nodiscard]] bool calibrates() const { return scheme == "FD" && supply_w == 0.012; }
    [[nodiscard]] IntermittentRun run() const {
        return {supply_w, continuous_s, *active_s, *latency_s};
    }
};

[[nodiscard]] std::vector<NodpaCell> nodpa_cells();

/// Time of each layer with MACs on continuous power: by its MACs. Heads only in dynamic networks.
[[nodiscard]] std::vector<double> nodpa_pieces(const NodpaCell& cell);

/// A way of predicting, and a coarse-grained cell that it was given besides, if any.
struct NodpaModel {
    std::string name, given;
    std::function<IntermittentTimes(const NodpaCell&)> predict;
    std::function<bool(const NodpaCell&)> is_given;
};
/// active = continuous x the FD ratio, latency = active x the FD power/supply.
[[nodiscard]] NodpaModel by_ratio(const std::vector<NodpaCell>& cells);
/// Each power cycle spends the same energy of the store: the failures per active second go with
/// what the device draws beyond the supply.
[[nodiscard]] NodpaModel by_stored_energy(const std::vector<NodpaCell>& cells);
/// Fades at a fixed rate per second of wall time (fading_supply.hpp); coarse-grained cells with the
/// rate from the coarse-grained cell of `network` at 12 mW, or as if fine-grained if it is empty.
[[nodiscard]] NodpaModel by_fades(const std::vector<NodpaCell>& cells, const std::string& network);

struct NodpaScore {
    int cells = 0;
    double active_median = 0.0, active_worst = 0.0;
    double latency_median = 0.0, latency_worst = 0.0;
    int pairs = 0, ordered = 0;  ///< pairs of schemes whose latencies differ by over 10 %
};
[[nodiscard]] NodpaScore score(const NodpaModel& model, const std::vector<NodpaCell>& cells);
/// The same over fine-grained cells only.
[[nodiscard]] NodpaScore score_fine(const NodpaModel& model, const std::vector<NodpaCell>& cells);

/// The tables of docs/models/fading_supply.md.
[[nodiscard]] std::string nodpa_tables();

}  // namespace ebb::test
