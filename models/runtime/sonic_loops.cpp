// SPDX-License-Identifier: Apache-2.0
#include "models/runtime/sonic_loops.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "models/core/error.hpp"
#include "models/runtime/loop_nests.hpp"

namespace ebb {

namespace {

constexpr const char* kSparseConv = "SPCONV";
constexpr const char* kSparseFc = "SPFC";

class SonicLowering {
public:
    SonicLowering(const Lowering& lowering, const SonicLoops& loops)
        : lowering_(lowering),
          loops_(loops),
          words_(lowering, loops.runtime, program_),
          layout_(lowering, program_, true, words_.bytes(), runs) {}

    Program run() {
        std::int64_t largest = 1;
        for (const Layer& layer : lowering_.network.layers) {
            largest = std::max(largest, layer.op == LayerOp::fc ? layer.out.elements()
                                                                : layer.out.h * layer.out.w);
        }
        planes_ = add_planes(program_, largest * words_.bytes(), words_.bytes());
        for (const Layer& layer : lowering_.network.layers) {
            const auto method = methods().find(layer.op_text);
            if (method == methods().end()) {
                if (layer.macs > 0) {
                    throw InputError(fmt::format("network {}: layer {}: {} does not run {}",
                                                 lowering_.network.name, layer.name, loops_.runtime,
                                                 layer.op_text));
                }
                continue;
            }
            Nest nest;
            nest.layer = layer.id;
            nest.name = layer.name;
            (this->*method->second)(layer, nest);
            program_.nests.push_back(std::move(nest));
        }
        check_program(program_);
        return std::move(program_);
    }

private:
    using Method = void (SonicLowering::*)(const Layer&, Nest&);
    static const std::map<std::string, Method>& methods() {
        static const std::map<std::string, Method> kMethods = {
            {"CONV", &SonicLowering::dense_conv},       {"DWCONV", &SonicLowering::depthwise},
            {kSparseConv, &SonicLowering::sparse_conv}, {"FC", &SonicLowering::dense_fc},
            {kSparseFc, &SonicLowering::sparse_fc},     {"RELU", &SonicLowering::activation},
            {"MAXPOOL", &SonicLowering::pool},          {"AVGPOOL", &SonicLowering::pool}};
        return kMethods;
    }
    static bool runs(const Layer& layer) { return methods().count(layer.op_text) != 0; }

    // ---- units
    /// One product, stored with its index word.
    Unit product(const std::string& name, std::int64_t results, std::int64_t counters) const {
        Unit unit;
        unit.name = name;
        unit.durable = true;
        unit.phases = {words_.read_words(3), words_.multiply_add(), words_.write_words(results)};
        if (counters > 0) {
            unit.phases.push_back(words_.write_words(counters, PhaseKind::index));
        }
        return unit;
    }
    /// A tile of a row: operands by DMA (of a convolution the inputs, its weights stay; of a fully
    /// connected layer both), one vector call, results by DMA, one index word.
    Unit vector_tile(const std::string& name, std::int64_t tile, std::int64_t taps,
                     std::int64_t counters, std::int64_t operands = 1) const {
        Unit unit;
        unit.name = name;
        unit.durable = true;
        unit.phases = {words_.dma(Operation::dma_nvm_to_vm, tile + taps - 1, operands),
                       words_.dma(Operation::dma_nvm_to_vm, tile), words_.vector_mac(tile * taps),
                       words_.dma(Operation::dma_vm_to_nvm, tile),
                       words_.write_words(counters, PhaseKind::index)};
        return unit;
    }

    Access whole(const Layout::Range& range) const {
        Access access;
        access.buffer = range.buffer;
        access.lo.a0 = range.lo;
        access.len = range.bytes;
        return access;
    }

    // ---- convolutions
    void dense_conv(const Layer& layer, Nest& nest) {
        const std::int64_t filter_rows = layer.kernel_h * layer.in.c;
        convolution(layer, nest, "dense_conv",
                    loops_.tile > 0 ? filter_rows : filter_rows * layer.kernel_w, layer.kernel_w,
                    {{layer.out.c, 0}});
    }
    void depthwise(const Layer& layer, Nest& nest) {
        convolution(layer, nest, "dense_conv",
                    loops_.tile > 0 ? layer.kernel_h : layer.kernel_h * layer.kernel_w,
                    layer.kernel_w, {{layer.out.c, 0}});
    }

    struct Filters {
        std::int64_t count = 0, elements = 0;  ///< 0: as the call says
    };
    /// Filters in the order of the output planes, neighbours with equally many elements together.
    void sparse_conv(const Layer& layer, Nest& nest) {
        std::vector<std::int64_t> per_filter = layer.nonzero_per_filter;
        if (per_filter.empty()) {
            const std::int64_t n = layer.nonzero_weights.value_or(layer.kernel_h * layer.kernel_w *
                                                                  layer.in.c * layer.out.c);
            for (std::int64_t m = 0; m < layer.out.c; ++m) {
                per_filter.push_back(n / layer.out.c + (m < n % layer.out.c ? 1 : 0));
            }
        }
        std::vector<Filters> filters;
        for (const std::int64_t n : per_filter) {
            if (!filters.empty() && filters.back().elements == n) {
                ++filters.back().count;
            } else {
                filters.push_back({1, n});
            }
        }
        convolution(layer, nest, "sparse_conv", 1, 1, filters);
    }

    void convolution(const Layer& layer, Nest& nest, const char* operation, std::int64_t elements,
                     std::int64_t taps, const std::vector<Filters>& filters) {
        const CommitCount& counts = words_.counts(operation);
        const bool by_tile = loops_.tile > 0;
        const std::int64_t row = layer.out.w > 1 ? layer.out.w : layer.out.h;
        const std::int64_t rows = layer.out.h * layer.out.w / row;
        const std::int64_t tile = by_tile ? std::min(loops_.tile, row) : 1;
        PlanePass pass;
        pass.rows = rows;
        pass.row_len = row;
        pass.len = tile;
        pass.trips = (row + tile - 1) / tile;
        if (pass.trips * tile > row) {  // vectors as equal as they can be
            pass.len = row / pass.trips;
            while (row % pass.trips != 0) {
                ++pass.trips;
                pass.len = row / pass.trips;
            }
        }
        const std::int64_t kernel_taps = by_tile && *operation == 'd' ? taps : 1;
        nest.units = {by_tile ? vector_tile(layer.name, pass.len, kernel_taps, counts.per_tile)
                              : product(layer.name, 1, counts.per_mac - 1),
                      words_.upkeep("end of row", counts.per_row, 0),
                      words_.upkeep("end of filter element", 0, counts.log_per_group),
                      words_.upkeep("end of filter", 0, counts.log_last_group + counts.log_once),
                      copy_unit(layer.name),
                      words_.operation_end()};
        pass.unit = 0;
        pass.row_end = 1;
        pass.element_end = 2;
        pass.last_end = 3;
        pass.copy = 4;
        pass.write_phase = by_tile ? 3 : 2;
        pass.copy_write_phase = 1;
        fill(layer, pass);
        std::vector<Block> body;
        std::int64_t first = 0;
        for (const Filters& some : filters) {
            pass.elements = some.elements > 0 || filters.size() > 1 ? some.elements : elements;
            if (pass.elements > 0) {
                body.push_back(plane_passes(pass, some.count, first));
            } else {
                body.push_back(empty_planes(pass, some.count, first));
            }
            first += some.count;
        }
        finish(nest, std::move(body));
    }

    /// Filters without a non-zero: their planes are cleared, one word each.
    Block empty_planes(const PlanePass& pass, std::int64_t filters, std::int64_t first) const {
        const std::int64_t plane = pass.rows * pass.row_len * pass.element_bytes;
        Access to;
        to.buffer = pass.output.buffer;
        to.lo.a0 = pass.output.lo + first * plane;
        to.lo.a[0] = plane;
        to.lo.a[1] = pass.row_len * pass.element_bytes;
        to.lo.a[2] = pass.element_bytes;
        to.len = pass.element_bytes;
        to.write = true;
        to.phase = pass.copy_write_phase;
        return loop(filters, {loop(pass.rows, {repeat(pass.row_len, pass.copy, {to}),
                                               repeat(1, pass.row_end, pass.row_counters)})});
    }

    void fill(const Layer& layer, PlanePass& pass) const {
        pass.input = whole(layout_.input(layer));
        pass.weights = whole(layout_.weights(layer.id));
        pass.planes = planes_;
        pass.output = layout_.output(layer.id);
        pass.element_bytes = words_.bytes();
        pass.counters = {words_.index_words(1, pass.write_phase + 1)};
        pass.row_counters = {words_.index_words(2, 0)};
    }

    /// One word of a plane moved, with its index.
    Unit copy_unit(const std::string& name) const {
        Unit unit;
        unit.name = name + ", plane copy";
        unit.role = UnitRole::upkeep;
        unit.durable = true;
        unit.phases = {words_.read_words(1), words_.write_words(1),
                       words_.write_words(1, PhaseKind::index)};
        return unit;
    }

    void finish(Nest& nest, std::vector<Block> body) const {
        nest.root = loop(1, {});
        for (Block& block : body) {
            nest.root.body.push_back(inside(1, std::move(block)).body.front());
        }
        nest.root.body.push_back(repeat(1, nest.units.size() - 1));
    }

    // ---- fully connected
    void dense_fc(const Layer& layer, Nest& nest) {
        const CommitCount& counts = words_.counts("dense_fc");
        const bool by_tile = loops_.tile > 0;
        const std::int64_t outputs = layer.out.elements();
        const std::int64_t inputs = layer.in.elements();
        PlanePass pass;
        const std::int64_t taps = by_tile ? std::min(loops_.tile, inputs) : 1;
        pass.rows = outputs;  // a row is one output
        pass.elements = (inputs + taps - 1) / taps;
        nest.units = {by_tile ? vector_tile(layer.name, 1, taps, counts.per_tile, 2)
                              : product(layer.name, 1, counts.per_mac - 1),
                      words_.upkeep("end of row", counts.per_row, 0),
                      words_.upkeep("end of input", 0, counts.log_per_group),
                      words_.upkeep("last input", 0, counts.log_last_group + counts.log_once),
                      copy_unit(layer.name),
                      words_.operation_end()};
        pass.row_end = 1;
        pass.element_end = 2;
        pass.last_end = 3;
        pass.copy = 4;
        pass.write_phase = by_tile ? 3 : 2;
        pass.copy_write_phase = 1;
        fill(layer, pass);
        finish(nest, {plane_passes(pass, 1, 0)});
    }

    void sparse_fc(const Layer& layer, Nest& nest) {
        const CommitCount& counts = words_.counts("sparse_fc");
        const std::int64_t outputs = layer.out.elements();
        const std::int64_t nonzero = layer.nonzero_weights.value_or(layer.macs);
        const std::int64_t each = nonzero / outputs;
        const std::int64_t more = nonzero % outputs;
        // Saved value, saved position, result, column index: in this order, or a cut loses a sum.
        Unit unit;
        unit.name = layer.name;
        unit.durable = true;
        unit.undone = 3;  // value and position are saved
        unit.phases = {words_.read_words(4), words_.multiply_add(),
                       words_.write_words(counts.per_mac - 2, PhaseKind::index),
                       words_.write_words(1), words_.write_words(1, PhaseKind::index)};
        nest.units = {unit, words_.upkeep("end of row", counts.per_row, 0),
                      words_.upkeep("empty row", counts.per_empty_row, 0), words_.operation_end()};
        const Layout::Range& out = layout_.output(layer.id);
        const auto rows = [&](std::int64_t n, std::int64_t per_row, std::int64_t first) {
            Access place;
            place.buffer = out.buffer;
            place.lo.a0 = out.lo + first * words_.bytes();
            place.lo.a[1] = words_.bytes();
            place.len = words_.bytes();
            Access result = place;
            result.write = true;
            result.phase = per_row > 0 ? 3 : 0;
            if (per_row == 0) {
                return loop(n, {repeat(1, 2, {result})});
            }
            // The first product of an output begins its sum, the others add to it.
            const auto products = [&](std::int64_t times, bool adds) {
                std::vector<Access> accesses = {whole(layout_.input(layer)),
                                                whole(layout_.weights(layer.id))};
                if (adds) {
                    accesses.push_back(place);
                }
                accesses.push_back(words_.log_words(counts.per_mac - 2, 2));
                accesses.push_back(result);
                accesses.push_back(words_.index_words(1, 4));
                return repeat(times, 0, std::move(accesses));
            };
            std::vector<Block> row = {products(1, false)};
            if (per_row > 1) {
                row.push_back(products(per_row - 1, true));
            }
            row.push_back(repeat(1, 1, {words_.index_words(3, 0)}));
            return loop(n, std::move(row));
        };
        nest.root = loop(1, {});
        if (more > 0) {
            nest.root.body.push_back(rows(more, each + 1, 0));
        }
        nest.root.body.push_back(rows(outputs - more, each, more));
        nest.root.body.push_back(repeat(1, 3));
    }

    // ---- without weights
    void activation(const Layer& layer, Nest& nest) {
        per_output(layer, nest, 1, layer.out.elements(), 1, 1);
    }
    void pool(const Layer& layer, Nest& nest) {
        per_output(layer, nest, layer.kernel_h * layer.kernel_w, layer.out.w, layer.out.h,
                   layer.out.c);
    }
    void per_output(const Layer& layer, Nest& nest, std::int64_t reads, std::int64_t columns,
                    std::int64_t rows, std::int64_t channels) {
        const bool pools = reads > 1;
        const CommitCount& counts = base_counts(pools ? "pool" : "relu");
        Unit unit;
        unit.name = layer.name;
        unit.durable = true;
        unit.phases = {words_.read_words(reads), words_.compare(reads), words_.write_words(1),
                       words_.write_words(counts.per_output - 1, PhaseKind::index)};
        nest.units = {unit};
        const Layout::Range& out = layout_.output(layer.id);
        Access to;
        to.buffer = out.buffer;
        to.lo.a0 = out.lo;
        to.lo.a[0] = columns * rows * words_.bytes();
        to.lo.a[1] = columns * words_.bytes();
        to.lo.a[2] = words_.bytes();
        to.len = words_.bytes();
        to.write = true;
        to.phase = 2;
        std::vector<Block> row = {
            repeat(columns, 0, {whole(layout_.input(layer)), to, words_.index_words(1, 3)})};
        std::vector<Block> channel;
        if (pools) {
            nest.units.push_back(words_.upkeep("end of row", counts.per_row, 0));
            nest.units.push_back(words_.upkeep("end of channel", counts.per_channel, 0));
            row.push_back(repeat(1, 1, {words_.index_words(2, 0)}));
        }
        channel.push_back(loop(rows, std::move(row)));
        if (pools) {
            channel.push_back(repeat(1, 2, {words_.index_words(2, 0)}));
        }
        nest.root = loop(channels, std::move(channel));
    }
    /// TAILS runs activation and pooling as SONIC does.
    const CommitCount& base_counts(const char* operation) const {
        for (const CommitCount& count : words_.commits().counts) {
            if (count.runtime == "sonic" && count.operation == operation) {
                return count;
            }
        }
        return words_.counts(operation);
    }

    const Lowering& lowering_;
    const SonicLoops& loops_;
    Program program_;
    LoopWords words_;
    Layout layout_;
    std::size_t planes_ = 0;
};

}  // namespace

Program lower_sonic(const Lowering& lowering, const SonicLoops& loops) {
    return SonicLowering(lowering, loops).run();
}

CalibratedTile calibrate_tile(const OperationTable& table, std::int64_t first, double charge_j,
                              double boot_j) {
    CalibratedTile tile{first, 0};
    const auto needs_j = [&](std::int64_t words) {
        return table.energy_j(Operation::dma_nvm_to_vm, 2 * words) +
               table.energy_j(Operation::lea_vector_mac, words) +
               table.energy_j(Operation::dma_vm_to_nvm, words) + boot_j;
    };
    while (charge_j > 0.0 && tile.words > 1 && needs_j(tile.words) > charge_j) {
        tile.words /= 2;
        ++tile.failed;
    }
    return tile;
}

}  // namespace ebb
