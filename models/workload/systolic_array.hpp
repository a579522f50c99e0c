// SPDX-License-Identifier: Apache-2.0
/// A two-dimensional array of processing elements (PEs), one multiply-accumulate per PE and cycle,
/// fed from a global buffer, which is filled from a large memory behind it (DRAM or NVM). Counts
/// what a layer reads and writes at each level, in elements, and prices it:
///
///   energy = MACs x mac_j + sum over operand and level of (reads x read_j + writes x write_j)  [J]
///
/// A layer is G groups (depthwise: one per input channel), each with M filters over C channels, a
/// window of R x S, strides sh x sw, and P x Q output positions; K = C R S. Two loops cut a group
/// into blocks for the buffer, three more cut a block into folds for the array:
///
///   for group:  for block of `tile_m` filters, `tile_p` output rows      (either loop outermost)
///                 output stationary:  for filters, b at a time:  for positions, a at a time:
///                                       PE(i, j) holds output (position i, filter j);
///                                       K steps: inputs pass along rows, weights down columns
///                 weight stationary:  for filters, b at a time:  for k < K, a at a time:
///                                       PE(i, j) holds weight (k = i, filter j);
///                                       one step per position: inputs pass along rows, partial
///                                       sums down columns, and back into the buffer
///                 row stationary:     for filters, f at a time:  for filter rows (c, r), a at a
///                                       time:  for output rows, b at a time:
///                                       PE(i, j) holds row i of f filters and slides them along
///                                       the input row that (filter row i, output row j) meet; the
///                                       sums of a column are added up and go into the buffer
///
/// a x b = rows x columns of the array; f = what the scratchpads of a PE hold.
///
/// What is counted, per MAC of a PE that is in use: one read of input, weight and partial sum from
/// its scratchpad and one write of the partial sum (output stationary: the first sum is not read,
/// the last is read when it leaves; weight stationary: the sum from above is read, the own one
/// written). Scratchpads are written when an operand arrives. The buffer is read once for all PEs
/// that an operand passes or that hear it on one bus; it takes the partial sums of a fold and gives
/// them back to the next fold of the same outputs. The memory behind is read once per block, or
/// once per layer where one block covers the whole loop inside it; outputs leave once, by way of
/// the buffer. Weights may go past the buffer (`weights_bypass_buffer`). Padding is made on the
/// spot: neither buffer nor memory is read for it, but it takes its MACs and its scratchpads.
///
/// Cycles per fold: the steps, plus filling and emptying: output stationary (x - 1) + (y - 1) + x,
/// weight stationary x + (x - 1) + (y - 1), row stationary (S - 1) + (x - 1), and S f once per set
/// of filter rows, for the x rows and y columns in use. Memory is assumed to keep up.
///
/// Not modelled: stalls, zero skipping, compression, overlap of folds, batches of more than one
/// image. A sparse layer runs as a dense one. Dataflows after Chen et al. (Eyeriss, 2017) and
/// Samajdar et al. (SCALE-Sim, 2018).
#pragma once

#include "models/workload/network.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ebb {

enum class Dataflow : unsigned char { output_stationary, weight_stationary, row_stationary };
/// "output_stationary", ...
[[nodiscard]] const char* name_of(Dataflow dataflow) noexcept;

/// A layer as an array sees it. A fully connected layer has R = S = P = Q = 1.
struct ConvShape {
    std::int64_t groups = 1;
    std::int64_t filters = 1;   ///< M, per group
    std::int64_t channels = 1;  ///< C, per group
    std::int64_t kernel_h = 1, kernel_w = 1;
    std::int64_t stride_h = 1, stride_w = 1;
    std::int64_t out_h = 1, out_w = 1;  ///< P, Q
    std::int64_t in_h = 1, in_w = 1;
    std::int64_t pad_top = 0, pad_left = 0;  ///< output (0, 0) sees input from (-top, -left)

    [[nodiscard]] std::int64_t depth() const noexcept { return channels * kernel_h * kernel_w; }
    [[nodiscard]] std::int64_t macs() const noexcept {
        return groups * filters * depth() * out_h * out_w;
    }
};

/// The layer as a convolution, or nothing for a layer without MACs. Padding is what the window
/// lacks, the smaller half of it above and to the left.
[[nodiscard]] std::optional<ConvShape> conv_shape(const Layer& layer);

/// Energy of one element's access [J].
struct AccessEnergy {
    double read_j = 0.0;
    double write_j = 0.0;
};

/// The same operand at three levels.
struct OperandEnergy {
    AccessEnergy memory, buffer, scratchpad;
};

/// What a tiling is chosen for.
enum class TilingGoal : unsigned char {
    energy_delay,  ///< least energy x cycles; without energies, bytes moved x cycles
    energy,        ///< least energy; without energies, least bytes moved
    latency,       ///< fewest cycles
    traffic        ///< fewest bytes between memory and buffer
};

struct SystolicArrayParams {
    std::int64_t rows = 0, columns = 0;  ///< a, b
    Dataflow dataflow = Dataflow::weight_stationary;
    double clock_hz = 0.0;
    double buffer_b = 0.0;   ///< of the global buffer; infinity = any layer fits
    double input_b = 1.0;    ///< size of an input, and of a finished output
    double weight_b = 1.0;   ///< size of a weight
    double partial_b = 4.0;  ///< size of a partial sum
    bool weights_bypass_buffer = false;
    std::int64_t weight_words = 1;   ///< weights that a PE holds (row stationary)
    std::int64_t partial_words = 1;  ///< partial sums that a PE holds (row stationary)
    double mac_j = 0.0;
    OperandEnergy input, weight, partial;  ///< partial.memory: finished outputs
    double static_w = 0.0;                 ///< leakage and clock tree while the array runs
    TilingGoal goal = TilingGoal::energy_delay;
};

/// How a group is cut for the buffer, and which loop is outermost.
struct ArrayTiling {
    std::int64_t tile_m = 1;  ///< filters of a block
    std::int64_t tile_p = 1;  ///< output rows of a block
    bool filters_outermost = true;
};

struct Accesses {
    std::int64_t reads = 0, writes = 0;
};
inline bool operator==(const Accesses& a, const Accesses& b) noexcept {
    return a.reads == b.reads && a.writes == b.writes;
}

struct OperandAccesses {
    Accesses memory, buffer, scratchpad;
};
inline bool operator==(const OperandAccesses& a, const OperandAccesses& b) noexcept {
    return a.memory == b.memory && a.buffer == b.buffer && a.scratchpad == b.scratchpad;
}

struct ArrayCounts {
    OperandAccesses input, weight, partial;  ///< partial.memory: finished outputs
    std::int64_t macs = 0;
    std::int64_t folds = 0;
    std::int64_t step_cycles = 0;  ///< in which at least one PE multiplies
    std::int64_t fill_cycles = 0;  ///< filling and emptying

    [[nodiscard]] std::int64_t cycles() const noexcept { return step_cycles + fill_cycles; }
};

/// Filters whose rows a PE holds at once (row stationary).
[[nodiscard]] std::int64_t filters_held(const ConvShape& shape,
                                        const SystolicArrayParams& array) noexcept;

/// Throws InputError if a PE cannot hold the row of even one filter (row stationary).
void require_filter_row(const ConvShape& shape, const SystolicArrayParams& array);

/// Bytes of the buffer that a block takes; weights only if they do not go past it.
[[nodiscard]] double block_bytes(const ConvShape& shape, const ArrayTiling& tiling,
                                 const SystolicArrayParams& array) noexcept;

/// Of all tilings that fit the buffer, the one that is best for the array's goal; ties: the fewest
/// blocks, then filters outermost. Of the numbers of filters only those are tried that fill the
/// columns or the scratchpads, that split the filters evenly, or that fill the buffer (a search
/// over all finds none better). Throws InputError with the bytes if not even one filter and one
/// output row fit, or if a PE cannot hold a filter's row (row stationary).
[[nodiscard]] ArrayTiling choose_tiling(const ConvShape& shape, const SystolicArrayParams& array);

/// Accesses and cycles of one layer, exactly. Sizes of the tiling are from 1; larger ones are cut.
[[nodiscard]] ArrayCounts count_accesses(const ConvShape& shape, const ArrayTiling& tiling,
                                         const SystolicArrayParams& array);

/// MACs over what all PEs could have done in the layer's cycles.
[[nodiscard]] double utilisation(const ArrayCounts& counts,
                                 const SystolicArrayParams& array) noexcept;

/// Bytes between memory and buffer, both ways, and of weights that go past it.
[[nodiscard]] double memory_bytes(const ArrayCounts& counts,
                                  const SystolicArrayParams& array) noexcept;

/// Where a layer's energy goes [J].
struct ArrayEnergy {
    double mac_j = 0.0, scratchpad_j = 0.0, buffer_j = 0.0, memory_j = 0.0, static_j = 0.0;
    [[nodiscard]] double total_j() const noexcept {
        return mac_j + scratchpad_j + buffer_j + memory_j + static_j;
    }
};
[[nodiscard]] ArrayEnergy array_energy(const ArrayCounts& counts, const SystolicArrayParams& array);

/// What a power failure in the middle of a fold asks for (Taheri 2024), for the whole array:
/// output stationary a b partial sums to save; weight stationary a partial sums in flight to save
/// and a b weights to load again; row stationary a row of partial sums per PE to save and a row of
/// a filter per PE to load again.
struct ArrayState {
    double save_b = 0.0, reload_b = 0.0;
};
[[nodiscard]] ArrayState state_at_failure(const ConvShape& shape, const SystolicArrayParams& array);

}  // namespace ebb
