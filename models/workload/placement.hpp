// SPDX-License-Identifier: Apache-2.0
/// Where to save along a chain of steps (layers, or groups of units) so that every stretch between
/// two saves fits one power cycle, at the least energy: a shortest path (Boost.Graph).
///
/// Positions 0 .. n lie before, between and behind n steps. A stretch from position i to j > i
/// starts with a boot, restores what is alive at i, does the steps i .. j-1 and saves at j:
///
///   E(i, j)   = boot + restore(i) + sum of energy(k), i <= k < j, + save(j)                   [J]
///   restore(i) = restore_base + restore_per_b * bytes(i)
///   save(j)    = save_base + save_per_b * bytes(j)
///   allowed if E(i, j) <= energy of a power cycle
///
/// The path from 0 to n with the least sum is chosen; of equal sums the one with fewer saves. What
/// is summed is, per stretch, everything (`restore_each`: the device loses power or shuts down
/// after every save), or work and saves alone (it runs on, and restores only where power fails,
/// which is not known here). Either way every stretch can be begun anew from a full store and be
/// done: progress is certain.
///
/// Not modelled: energy that arrives while on, which only helps; what is left of a charge from the
/// stretch before. A position's bytes do not depend on where the last save was (what has not
/// changed since could be left out).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/workload/graph.hpp"

namespace ebb {

struct PlacementCosts {
    double boot_j = 0.0;
    double save_base_j = 0.0, save_j_per_b = 0.0;
    double restore_base_j = 0.0, restore_j_per_b = 0.0;
    double cycle_j = 0.0;      ///< usable energy of a power cycle
    bool restore_each = true;  ///< see above
};

/// One stretch between two positions.
struct Stretch {
    std::size_t from = 0, to = 0;
    double boot_j = 0.0, restore_j = 0.0, work_j = 0.0, save_j = 0.0;
    [[nodiscard]] double energy_j() const noexcept { return boot_j + restore_j + work_j + save_j; }
};

/// Why there is no placement: a step that no stretch gets past.
struct PlacementFailure {
    std::size_t step = 0;   ///< the first that cannot be passed
    Stretch cheapest;       ///< stretch that would pass it, the cheapest of those that can be begun
    double cycle_j = 0.0;   ///< what a power cycle gives
    double enough_j = 0.0;  ///< the least energy of a power cycle with which all would be done
};

struct Placement {
    std::vector<std::size_t> saves;  ///< positions between 0 and n, ascending
    std::vector<Stretch> stretches;
    double energy_j = 0.0;                    ///< the sum that was minimised
    std::optional<PlacementFailure> failure;  ///< then the rest is empty
};

/// `energies_j`: one per step, none negative. `bytes`: one more, alive at each position; at 0 what
/// a start reads, at n the result. Throws Defect if the sizes do not fit or a number is negative or
/// not finite.
[[nodiscard]] Placement place_saves(const std::vector<double>& energies_j,
                                    const std::vector<std::int64_t>& bytes,
                                    const PlacementCosts& costs);

/// Bytes alive at each position of a network's order: its input, the cuts, its results.
[[nodiscard]] std::vector<std::int64_t> bytes_at_positions(const LayerGraph& graph);

/// "layer 'conv_3' cannot be passed: ... needs 1.2 mJ, a power cycle gives 1 mJ": for people, with
/// the names of the steps.
[[nodiscard]] std::string failure_text(const PlacementFailure& failure,
                                       const std::vector<std::string>& names);

}  // namespace ebb
