// SPDX-License-Identifier: Apache-2.0
/// What the operations of a processor cost: the primitive below energy per multiply-accumulate.
///
///   energy(op, v)  = energy.base  + energy.per_element  * v   [J]   v = elements of one call
///   latency(op, v) = latency.base + latency.per_element * v   [s]
///
/// A vector call or a transfer is dear by its base, an element by its slope; a layer's cost follows
/// from how often each operation is called with which length (tile_cost.hpp). Around each call the
/// CPU computes addresses: an overhead is a count of CPU operations, counted apart for energy and
/// for latency since the sources do so.
///
/// Every figure carries its evidence. A latency or energy that no source gives is absent, never
/// zero; asking for it is the user's error, named. Sources: the platform file of each table.
#pragma once

#include "models/workload/commit_counts.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ebb {

/// How a figure came to be known, from strong to weak.
enum class Evidence : unsigned char { measured, model, estimate, unconfirmed };

/// What power failure or a request to stop does to an operation under way: it can stop anywhere,
/// it runs to its end once begun, or it is given up and begun anew.
enum class CallPreempt : unsigned char { any, finish, abort };

enum class Operation : unsigned char {
    dma_nvm_to_vm,
    dma_vm_to_nvm,
    lea_vector_mac,
    cpu_add,
    cpu_mul,
    cpu_div,
    cpu_mod,
    cpu_max,
    copy_nvm_to_vm,
    copy_vm_to_nvm,
    copy_nvm_to_nvm,
    copy_vm_to_vm,
    nvm_word_write,
    nvm_word_read
};
inline constexpr std::size_t kOperations = 14;

/// Address arithmetic and small steps that accompany a call or an element.
enum class Overhead : unsigned char {
    fetch_input,
    fetch_weights,
    fetch_output_reuse_i,
    fetch_output_reuse_w,
    fetch_output_reuse_o,
    backup_output_reuse_i,
    backup_output_reuse_w,
    backup_output_reuse_o,
    lea_partial_sum,
    accumulate,
    max_compare,
    conv_compute,
    depthwise_compute_reuse_i,
    depthwise_compute_other,
    batch_norm,
    elementwise_add
};
inline constexpr std::size_t kOverheads = 16;

/// Key in platform files: "dma_nvm_to_vm", "fetch_input", "measured", "finish".
[[nodiscard]] const char* name_of(Operation op) noexcept;
[[nodiscard]] const char* name_of(Overhead overhead) noexcept;
[[nodiscard]] const char* name_of(Evidence evidence) noexcept;
[[nodiscard]] const char* name_of(CallPreempt preempt) noexcept;

/// base + per_element * v, with its evidence.
struct AffineFigure {
    double base = 0.0;
    double per_element = 0.0;
    Evidence evidence = Evidence::measured;
    [[nodiscard]] double at(double elements) const noexcept {
        return base + per_element * elements;
    }
};

struct OperationCost {
    std::optional<AffineFigure> energy_j;
    std::optional<AffineFigure> latency_s;
    CallPreempt preempt = CallPreempt::any;
};

/// Counts of CPU additions and multiplications.
struct CpuCounts {
    std::int64_t add = 0, mul = 0;
};
struct OverheadCounts {
    CpuCounts energy, latency;
};

/// Time and energy from power-on to useful work.
struct RebootCost {
    double energy_j = 0.0;
    double latency_s = 0.0;
    Evidence energy_evidence = Evidence::measured, latency_evidence = Evidence::measured;
};

/// Sizes of the memory spaces [B]; absent where a space does not exist or is not stated.
struct MemorySpaces {
    std::int64_t vm_bytes = 0;               ///< volatile memory that tiles may use
    std::optional<std::int64_t> sram_bytes;  ///< all volatile memory
    std::optional<std::int64_t> lea_bytes;   ///< the part that the vector unit can reach
    std::optional<std::int64_t> nvm_bytes;   ///< one space for all
    std::optional<std::int64_t> nvm_feature_bytes, nvm_weight_bytes;  ///< else one for each
    std::optional<std::int64_t> nvm_link_map_bytes;  ///< what a linker may give out of nvm_bytes
};

/// Peculiarities of a published cost model that its published numbers need. All off or equal is
/// physically right.
struct CompatibilitySwitches {
    /// The latency of output fetch and backup overhead is taken from the energy constants.
    bool output_overhead_latency_from_energy = false;
    /// Additions per element that the latency of batch normalisation counts under continuous power
    /// and in a power cycle; its energy always counts the first.
    std::int64_t batch_norm_adds_continuous = 3, batch_norm_adds_intermittent = 3;
};

/// Which published closed form a table belongs to (tile_cost.hpp).
enum class TileModelKind : unsigned char { inas, tinas };

/// The supply that the source of a table used: facts for closed forms and docs, no defaults.
struct SupplyPoint {
    double capacitance_f = 0.0;
    double resistance_ohm = 0.0;
};
struct SupplyFacts {
    std::vector<SupplyPoint> points;  ///< capacitor and the source resistance that went with it
    double v_on_v = 0.0, v_off_v = 0.0, v_supply_v = 0.0;
    double energy_margin = 1.0;          ///< a power cycle may use this share of the stored energy
    bool margin_inside_voltage = false;  ///< the margin also enters the voltage at a cycle's end
};

/// For tables of estimates: a result counts only if it also holds with the uncertain costs times
/// `low` and times `high`.
struct Sensitivity {
    double low = 1.0, high = 1.0;
    std::string rule;  ///< in words, for reports
};

struct OperationTable {
    double clock_hz = 0.0;
    std::int64_t element_bytes = 2;
    std::string accelerator;  ///< "LEA"; empty for a CPU alone
    std::string nvm;          ///< "external serial FRAM on SPI"
    std::array<std::optional<OperationCost>, kOperations> ops;
    std::array<std::optional<OverheadCounts>, kOverheads> overheads;
    std::optional<RebootCost> reboot;
    std::int64_t index_elements = 0;  ///< words of progress that a power cycle reads and writes
    std::optional<TileModelKind> tile_model;
    CompatibilitySwitches compatibility;
    MemorySpaces memory;
    std::optional<SupplyFacts> supply;
    std::optional<Sensitivity> sensitivity;
    std::optional<CommitCounts> commits;

    [[nodiscard]] bool has(Operation op) const noexcept {
        return ops[static_cast<std::size_t>(op)].has_value();
    }
    [[nodiscard]] bool has(Overhead overhead) const noexcept {
        return overheads[static_cast<std::size_t>(overhead)].has_value();
    }
    /// Cost of one call with `elements` elements. Throws InputError naming the operation if the
    /// table holds no such cost.
    [[nodiscard]] double energy_j(Operation op, std::int64_t elements = 1) const;
    [[nodiscard]] double latency_s(Operation op, std::int64_t elements = 1) const;
    [[nodiscard]] const OverheadCounts& counts(Overhead overhead) const;
    /// Energy [J] and latency [s] of the CPU operations of one overhead; latency as the clock has
    /// it, whatever the compatibility switches say.
    [[nodiscard]] double energy_j(Overhead overhead) const;
    [[nodiscard]] double latency_s(Overhead overhead) const;
};

/// The table with the uncertain costs (copies, DMA and NVM words) times `factor`.
[[nodiscard]] OperationTable scaled(const OperationTable& table, double factor);

}  // namespace ebb
