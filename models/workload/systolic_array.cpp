// SPDX-License-Identifier: Apache-2.0
#include "models/workload/systolic_array.hpp"

#include "models/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ebb {

namespace {

std::int64_t ceil_div(std::int64_t a, std::int64_t b) noexcept { return (a + b - 1) / b; }

/// Of `pad + [lo, hi)` along an axis, how many lie on the map of length n.
std::int64_t on_map(std::int64_t lo, std::int64_t hi, std::int64_t pad, std::int64_t n) noexcept {
    return std::max<std::int64_t>(0, std::min(hi - pad, n) - std::max<std::int64_t>(lo - pad, 0));
}

/// One axis of the window: `out` positions from `first` at this stride, window of `kernel`.
struct Axis {
    std::int64_t stride = 1, kernel = 1, pad = 0, in = 1;

    /// Distinct places on the map that the positions [first, first + out) see with the rows
    /// [from, to) of the window.
    [[nodiscard]] std::int64_t distinct(std::int64_t first, std::int64_t out, std::int64_t from,
                                        std::int64_t to) const noexcept {
        if (to - from >= stride) {  // neighbours touch: one stretch
            return on_map(first * stride + from, (first + out - 1) * stride + to, pad, in);
        }
        std::int64_t sum = 0;
        for (std::int64_t p = first; p < first + out; ++p) {
            sum += on_map(p * stride + from, p * stride + to, pad, in);
        }
        return sum;
    }
    /// Pairs of position and window place that lie on the map.
    [[nodiscard]] std::int64_t pairs(std::int64_t first, std::int64_t out) const noexcept {
        std::int64_t sum = 0;
        for (std::int64_t p = first; p < first + out; ++p) {
            sum += on_map(p * stride, p * stride + kernel, pad, in);
        }
        return sum;
    }
};

Axis rows_of(const ConvShape& s) noexcept { return {s.stride_h, s.kernel_h, s.pad_top, s.in_h}; }
Axis columns_of(const ConvShape& s) noexcept {
    return {s.stride_w, s.kernel_w, s.pad_left, s.in_w};
}

/// A block of one group: what is in the buffer together.
struct Block {
    std::int64_t filters = 0, first_row = 0, rows = 0;
};

/// Sums over the folds of ceil(n / at_most) pieces of n of their sizes: n; of the pieces: folds.
struct Pieces {
    std::int64_t n, at_most;
    [[nodiscard]] std::int64_t count() const noexcept { return ceil_div(n, at_most); }
    /// Largest piece.
    [[nodiscard]] std::int64_t most() const noexcept { return std::min(n, at_most); }
};

void fold_output_stationary(const ConvShape& s, const Block& block, const SystolicArrayParams& a,
                            ArrayCounts& sum) {
    const std::int64_t positions = block.rows * s.out_w;
    const Pieces by_row{positions, a.rows};
    const Pieces by_column{block.filters, a.columns};
    const std::int64_t folds = by_row.count() * by_column.count();
    const std::int64_t macs = positions * block.filters * s.depth();
    const std::int64_t outputs = positions * block.filters;
    const std::int64_t window_pairs = rows_of(s).pairs(block.first_row, block.rows) *
                                      columns_of(s).pairs(0, s.out_w) * s.channels;

    sum.input.buffer.reads += by_column.count() * window_pairs;
    sum.input.scratchpad.writes += macs;
    sum.input.scratchpad.reads += macs;
    const std::int64_t weights = by_row.count() * block.filters * s.depth();
    sum.weight.buffer.reads += a.weights_bypass_buffer ? 0 : weights;
    sum.weight.scratchpad.writes += macs;
    sum.weight.scratchpad.reads += macs;
    sum.partial.scratchpad.writes += macs;
    sum.partial.scratchpad.reads += macs;  // all but the first sum, and the last as it leaves
    sum.partial.buffer.writes += outputs;
    sum.folds += folds;
    sum.step_cycles += folds * s.depth();
    // (x - 1) + (y - 1) + x, summed over the folds
    sum.fill_cycles +=
        2 * positions * by_column.count() + block.filters * by_row.count() - 2 * folds;
}

void fold_weight_stationary(const ConvShape& s, const Block& block, const SystolicArrayParams& a,
                            ArrayCounts& sum) {
    const std::int64_t positions = block.rows * s.out_w;
    const Pieces by_row{s.depth(), a.rows};
    const Pieces by_column{block.filters, a.columns};
    const std::int64_t folds = by_row.count() * by_column.count();
    const std::int64_t macs = positions * block.filters * s.depth();
    const std::int64_t outputs = positions * block.filters;
    const std::int64_t window_pairs = rows_of(s).pairs(block.first_row, block.rows) *
                                      columns_of(s).pairs(0, s.out_w) * s.channels;
    const std::int64_t weights = block.filters * s.depth();

    sum.input.buffer.reads += by_column.count() * window_pairs;
    sum.input.scratchpad.writes += macs;
    sum.input.scratchpad.reads += macs;
    sum.weight.buffer.reads += a.weights_bypass_buffer ? 0 : weights;
    sum.weight.scratchpad.writes += weights;
    sum.weight.scratchpad.reads += macs;
    sum.partial.scratchpad.writes += macs;
    sum.partial.scratchpad.reads += macs;
    sum.partial.buffer.writes += by_row.count() * outputs;
    sum.partial.buffer.reads += (by_row.count() - 1) * outputs;
    sum.folds += folds;
    sum.step_cycles += folds * positions;
    // x + (x - 1) + (y - 1), summed over the folds
    sum.fill_cycles +=
        2 * s.depth() * by_column.count() + block.filters * by_row.count() - 2 * folds;
}

/// Input elements that the array hears for a set of filter rows [k0, k1) of (c, r) and a set of
/// output rows: what several PEs need is on the bus once.
std::int64_t input_rows_heard(const ConvShape& s, std::int64_t k0, std::int64_t k1,
                              std::int64_t first_row, std::int64_t rows) {
    const Axis axis = rows_of(s);
    std::int64_t heard = 0;
    for (std::int64_t k = k0; k < k1;) {
        const std::int64_t from = k % s.kernel_h;
        const std::int64_t to = std::min(s.kernel_h, from + (k1 - k));
        heard += axis.distinct(first_row, rows, from, to);
        k += to - from;
    }
    return heard;
}

void fold_row_stationary(const ConvShape& s, const Block& block, const SystolicArrayParams& a,
                         ArrayCounts& sum) {
    const std::int64_t filter_rows = s.channels * s.kernel_h;
    const Pieces passes{block.filters, filters_held(s, a)};
    const Pieces by_row{filter_rows, a.rows};
    const Pieces by_column{block.rows, a.columns};
    const std::int64_t folds = passes.count() * by_row.count() * by_column.count();
    const std::int64_t macs = block.rows * s.out_w * block.filters * s.depth();
    const std::int64_t outputs = block.rows * s.out_w * block.filters;
    const std::int64_t weights = block.filters * s.depth();
    const std::int64_t row_length = (s.out_w - 1) * s.stride_w + s.kernel_w;
    const std::int64_t row_on_map = columns_of(s).distinct(0, s.out_w, 0, s.kernel_w);

    std::int64_t heard = 0;
    for (std::int64_t k = 0; k < filter_rows; k += a.rows) {
        for (std::int64_t p = 0; p < block.rows; p += a.columns) {
            heard += input_rows_heard(s, k, std::min(filter_rows, k + a.rows), block.first_row + p,
                                      std::min(a.columns, block.rows - p));
        }
    }
    sum.input.buffer.reads += passes.count() * heard * row_on_map;
    sum.input.scratchpad.writes += passes.count() * filter_rows * block.rows * row_length;
    sum.input.scratchpad.reads += macs;
    sum.weight.buffer.reads += a.weights_bypass_buffer ? 0 : weights;
    sum.weight.scratchpad.writes += weights * by_column.most();
    sum.weight.scratchpad.reads += macs;
    sum.partial.scratchpad.writes += macs;
    sum.partial.scratchpad.reads += macs;
    sum.partial.buffer.writes += by_row.count() * outputs;
    sum.partial.buffer.reads += (by_row.count() - 1) * outputs;
    sum.folds += folds;
    sum.step_cycles += block.filters * s.out_w * s.kernel_w * by_row.count() * by_column.count();
    // (S - 1) + (x - 1) per fold, and S f per set of filter rows
    sum.fill_cycles += (s.kernel_w - 2) * folds + filter_rows * passes.count() * by_column.count() +
                       s.kernel_w * block.filters * by_row.count();
}

/// Times that a block of so many output rows takes its weights from where they come from.
std::int64_t weights_taken_per_position_fold(const ConvShape& s, std::int64_t block_rows,
                                             const SystolicArrayParams& a) {
    return ceil_div(block_rows * s.out_w, a.rows);
}
std::int64_t weights_taken_once(const ConvShape& /*s*/, std::int64_t /*block_rows*/,
                                const SystolicArrayParams& /*a*/) {
    return 1;
}

double pes(const SystolicArrayParams& a) noexcept {
    return static_cast<double>(a.rows) * static_cast<double>(a.columns);
}
ArrayState output_stationary_state(const ConvShape& /*s*/, const SystolicArrayParams& a) {
    return {pes(a) * a.partial_b, 0.0};
}
ArrayState weight_stationary_state(const ConvShape& /*s*/, const SystolicArrayParams& a) {
    return {static_cast<double>(a.rows) * a.partial_b, pes(a) * a.weight_b};
}
ArrayState row_stationary_state(const ConvShape& s, const SystolicArrayParams& a) {
    return {pes(a) * static_cast<double>(s.out_w) * a.partial_b,
            pes(a) * static_cast<double>(s.kernel_w) * a.weight_b};
}

struct DataflowRow {
    const char* name;
    void (*fold)(const ConvShape&, const Block&, const SystolicArrayParams&, ArrayCounts&);
    std::int64_t (*weights_taken)(const ConvShape&, std::int64_t, const SystolicArrayParams&);
    ArrayState (*state)(const ConvShape&, const SystolicArrayParams&);
};

const DataflowRow& row_of(Dataflow dataflow) noexcept {
    static constexpr DataflowRow kRows[] = {
        {"output_stationary", fold_output_stationary, weights_taken_per_position_fold,
         output_stationary_state},
        {"weight_stationary", fold_weight_stationary, weights_taken_once, weight_stationary_state},
        {"row_stationary", fold_row_stationary, weights_taken_once, row_stationary_state},
    };
    return kRows[static_cast<std::size_t>(dataflow)];
}

/// Elements that are read from the memory for one group.
struct Moved {
    std::int64_t input = 0, weight = 0;
};

Moved moved_per_group(const ConvShape& s, const ArrayTiling& t, const SystolicArrayParams& a) {
    const std::int64_t filter_blocks = ceil_div(s.filters, t.tile_m);
    const std::int64_t row_blocks = ceil_div(s.out_h, t.tile_p);
    std::int64_t input_rows = 0;
    std::int64_t weights_taken = 0;
    for (std::int64_t p = 0; p < s.out_h; p += t.tile_p) {
        const std::int64_t rows = std::min(t.tile_p, s.out_h - p);
        input_rows += rows_of(s).distinct(p, rows, 0, s.kernel_h);
        weights_taken += row_of(a.dataflow).weights_taken(s, rows, a);
    }
    const bool inputs_again = t.filters_outermost && row_blocks > 1;
    const bool weights_again = !t.filters_outermost && filter_blocks > 1;
    if (!a.weights_bypass_buffer) {
        weights_taken = weights_again ? row_blocks : 1;
    }
    Moved moved;
    moved.input = input_rows * columns_of(s).distinct(0, s.out_w, 0, s.kernel_w) * s.channels *
                  (inputs_again ? filter_blocks : 1);
    moved.weight = s.filters * s.depth() * weights_taken;
    return moved;
}

ArrayTiling cut_to(const ConvShape& s, const ArrayTiling& t) noexcept {
    return {std::min(t.tile_m, s.filters), std::min(t.tile_p, s.out_h), t.filters_outermost};
}

double energy_of(const Accesses& n, const AccessEnergy& e) noexcept {
    return static_cast<double>(n.reads) * e.read_j + static_cast<double>(n.writes) * e.write_j;
}

}  // namespace

const char* name_of(Dataflow dataflow) noexcept { return row_of(dataflow).name; }

std::optional<ConvShape> conv_shape(const Layer& layer) {
    if (layer.macs == 0) {
        return std::nullopt;
    }
    ConvShape s;
    if (layer.op != LayerOp::conv && layer.op != LayerOp::dwconv) {
        s.channels = layer.in.elements();
        s.filters = layer.out.elements();
        return s;
    }
    const bool depthwise = layer.op == LayerOp::dwconv;
    s.groups = depthwise ? layer.in.c : 1;
    s.channels = depthwise ? 1 : layer.in.c;
    s.filters = depthwise ? std::max<std::int64_t>(1, layer.out.c / layer.in.c) : layer.out.c;
    s.kernel_h = layer.kernel_h;
    s.kernel_w = layer.kernel_w;
    s.stride_h = layer.stride_h;
    s.stride_w = layer.stride_w;
    s.out_h = layer.out.h;
    s.out_w = layer.out.w;
    s.in_h = layer.in.h;
    s.in_w = layer.in.w;
    s.pad_top = std::max<std::int64_t>(0, (s.out_h - 1) * s.stride_h + s.kernel_h - s.in_h) / 2;
    s.pad_left = std::max<std::int64_t>(0, (s.out_w - 1) * s.stride_w + s.kernel_w - s.in_w) / 2;
    return s;
}

std::int64_t filters_held(const ConvShape& s, const SystolicArrayParams& a) noexcept {
    return std::min(a.weight_words / s.kernel_w, a.partial_words);
}

void require_filter_row(const ConvShape& s, const SystolicArrayParams& a) {
    if (a.dataflow == Dataflow::row_stationary && filters_held(s, a) < 1) {
        throw InputError(fmt::format(
            "row stationary: a processing element holds {} weights and {} partial sums, and a "
            "filter's row has {} weights",
            a.weight_words, a.partial_words, s.kernel_w));
    }
}

double block_bytes(const ConvShape& s, const ArrayTiling& tiling,
                   const SystolicArrayParams& a) noexcept {
    const ArrayTiling t = cut_to(s, tiling);
    // The block that sees the most of the map; inner ones see no padding.
    const std::int64_t input_rows = std::min(s.in_h, (t.tile_p - 1) * s.stride_h + s.kernel_h);
    const std::int64_t input_columns = std::min(s.in_w, (s.out_w - 1) * s.stride_w + s.kernel_w);
    const double inputs = static_cast<double>(input_rows * input_columns * s.channels);
    const double weights =
        a.weights_bypass_buffer ? 0.0 : static_cast<double>(t.tile_m * s.depth());
    const double partials = static_cast<double>(t.tile_m * t.tile_p * s.out_w);
    return inputs * a.input_b + weights * a.weight_b + partials * a.partial_b;
}

ArrayCounts count_accesses(const ConvShape& s, const ArrayTiling& tiling,
                           const SystolicArrayParams& a) {
    require_filter_row(s, a);
    const ArrayTiling t = cut_to(s, tiling);
    const auto fold = row_of(a.dataflow).fold;
    ArrayCounts group;
    for (std::int64_t p = 0; p < s.out_h; p += t.tile_p) {
        const std::int64_t rows = std::min(t.tile_p, s.out_h - p);
        for (std::int64_t m = 0; m < s.filters; m += t.tile_m) {
            fold(s, {std::min(t.tile_m, s.filters - m), p, rows}, a, group);
        }
    }
    const Moved moved = moved_per_group(s, t, a);
    group.input.memory.reads = moved.input;
    group.input.buffer.writes = moved.input;
    group.weight.memory.reads = moved.weight;
    group.weight.buffer.writes = a.weights_bypass_buffer ? 0 : moved.weight;
    const std::int64_t outputs = s.filters * s.out_h * s.out_w;
    group.partial.buffer.reads += outputs;
    group.partial.memory.writes = outputs;

    ArrayCounts all = group;
    for (OperandAccesses* operand : {&all.input, &all.weight, &all.partial}) {
        for (Accesses* level : {&operand->memory, &operand->buffer, &operand->scratchpad}) {
            level->reads *= s.groups;
            level->writes *= s.groups;
        }
    }
    all.folds *= s.groups;
    all.step_cycles *= s.groups;
    all.fill_cycles *= s.groups;
    all.macs = s.macs();
    return all;
}

double memory_bytes(const ArrayCounts& n, const SystolicArrayParams& a) noexcept {
    return static_cast<double>(n.input.memory.reads + n.partial.memory.writes) * a.input_b +
           static_cast<double>(n.weight.memory.reads) * a.weight_b;
}

double utilisation(const ArrayCounts& counts, const SystolicArrayParams& array) noexcept {
    return static_cast<double>(counts.macs) /
           (static_cast<double>(counts.cycles()) * static_cast<double>(array.rows) *
            static_cast<double>(array.columns));
}

ArrayEnergy array_energy(const ArrayCounts& counts, const SystolicArrayParams& a) {
    ArrayEnergy e;
    e.mac_j = static_cast<double>(counts.macs) * a.mac_j;
    e.scratchpad_j = energy_of(counts.input.scratchpad, a.input.scratchpad) +
                     energy_of(counts.weight.scratchpad, a.weight.scratchpad) +
                     energy_of(counts.partial.scratchpad, a.partial.scratchpad);
    e.buffer_j = energy_of(counts.input.buffer, a.input.buffer) +
                 energy_of(counts.weight.buffer, a.weight.buffer) +
                 energy_of(counts.partial.buffer, a.partial.buffer);
    e.memory_j = energy_of(counts.input.memory, a.input.memory) +
                 energy_of(counts.weight.memory, a.weight.memory) +
                 energy_of(counts.partial.memory, a.partial.memory);
    e.static_j = a.static_w * static_cast<double>(counts.cycles()) / a.clock_hz;
    return e;
}

ArrayState state_at_failure(const ConvShape& s, const SystolicArrayParams& a) {
    return row_of(a.dataflow).state(s, a);
}

}  // namespace ebb
