// SPDX-License-Identifier: Apache-2.0
/// Accuracy per resource: six ratios that say what a network gets for what it takes.
///
///   RE_param   accuracy / parameters                          [% per million]
///   RE_op      accuracy / operations, 1 MAC = 1 operation     [% per million]
///   RE_core    accuracy / (busy core-seconds / (cores x latency))   [%], and per core-second
///   RE_mem     accuracy / peak RAM, accuracy / NVM footprint  [% per KiB]
///   RE_access  accuracy / bytes moved, per memory level       [% per MB, 10^6 B]
///   RE_J       accuracy / energy                              [% per mJ]
///
/// Two sets of inputs make two sets of ratios: *nominal* from one clean inference, *effective* from
/// what a run took per inference with re-execution, checkpoints, recoveries, leakage and sleep in
/// it. On continuous power both are the same. What is not known stays empty, and so does a ratio
/// to nothing.
/// Source: names after Lee et al., "Resource-efficient deep learning" (ACM CSUR 2023,
/// doi 10.1145/3587095); the reading as ratios is ours.
#pragma once

#include "models/workload/network.hpp"

#include <optional>

namespace ebb {

/// What one inference took. Accuracy as a fraction, 0 .. 1.
struct ResourceUse {
    std::optional<double> accuracy;
    std::optional<double> parameters;
    std::optional<double> operations;
    std::optional<double> busy_core_s;
    double cores = 1.0;
    std::optional<double> latency_s;
    std::optional<double> peak_ram_b;
    std::optional<double> nvm_footprint_b;
    std::optional<double> sram_moved_b, nvm_moved_b, external_moved_b;
    std::optional<double> energy_j;
};

struct EfficiencyMetrics {
    std::optional<double> per_mparam;        ///< RE_param [%/Mparam]
    std::optional<double> per_mop;           ///< RE_op [%/MMAC]
    std::optional<double> per_utilisation;   ///< RE_core [%]
    std::optional<double> per_core_s;        ///< RE_core [%/core-s]
    std::optional<double> per_kib_ram;       ///< RE_mem [%/KiB]
    std::optional<double> per_kib_nvm;       ///< RE_mem [%/KiB]
    std::optional<double> per_mb_sram;       ///< RE_access [%/MB]
    std::optional<double> per_mb_nvm;        ///< RE_access [%/MB]
    std::optional<double> per_mb_external;   ///< RE_access [%/MB]
    std::optional<double> per_mj;            ///< RE_J [%/mJ]
    std::optional<double> accuracy_per_j;    ///< fraction per joule
    std::optional<double> core_utilisation;  ///< busy core-seconds / (cores x latency), 0 .. 1
};

[[nodiscard]] EfficiencyMetrics efficiency_metrics(const ResourceUse& use) noexcept;

/// One clean inference against what a run took per inference.
struct EfficiencyComparison {
    EfficiencyMetrics nominal, effective;
    /// Share of the run's energy that a clean inference would not have taken, 0 .. 1.
    std::optional<double> wasted_share;
};
[[nodiscard]] EfficiencyComparison compare_efficiency(const ResourceUse& nominal,
                                                      const ResourceUse& effective) noexcept;

/// Parameters and MACs of the network, the accuracy of its last exit if its table says one, and
/// the rest empty.
[[nodiscard]] ResourceUse resources_of(const Network& network) noexcept;

}  // namespace ebb
