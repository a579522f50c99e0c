// SPDX-License-Identifier: Apache-2.0
#include "models/runtime/vector_loops.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/core/error.hpp"

namespace ebb {

namespace {

/// One word of the layer and two of three for its sub-operations.
constexpr std::int64_t kFootprintWords = 7;

/// What an output of a layer is made of.
struct Output {
    std::int64_t rows = 1, columns = 1, channels = 1;  ///< of the output map
    std::int64_t commands = 1, command_len = 1;        ///< DMA commands for one window, and each
    std::int64_t macs = 1;
};

Output output_of(const Layer& layer) {
    Output o;
    o.rows = layer.out.h;
    o.columns = layer.out.w;
    o.channels = layer.out.c;
    o.macs = layer.macs / std::max<std::int64_t>(layer.out.elements(), 1);
    const bool window = layer.op == LayerOp::conv || layer.op == LayerOp::dwconv;
    o.commands = window ? layer.kernel_h : 1;
    o.command_len = std::max<std::int64_t>(1, (o.macs + o.commands - 1) / o.commands);
    return o;
}

bool folds(const Layer& layer) {
    return layer.macs == 0 && layer.op != LayerOp::relu && layer.op != LayerOp::maxpool &&
           layer.op != LayerOp::avgpool;
}
bool runs(const Layer& layer) { return !folds(layer); }

/// What both kinds share: nests over outputs in order, one leaf each.
class OutputLoops {
public:
    OutputLoops(const Lowering& lowering, const char* runtime)
        : lowering_(lowering),
          words_(lowering, runtime, program_),
          layout_(lowering, program_, true, words_.bytes(), runs) {}
    virtual ~OutputLoops() = default;

    Program run() {
        for (const Layer& layer : lowering_.network.layers) {
            if (!runs(layer)) {
                continue;
            }
            Nest nest;
            nest.layer = layer.id;
            nest.name = layer.name;
            lower(layer, output_of(layer), nest);
            program_.nests.push_back(std::move(nest));
        }
        check_program(program_);
        return std::move(program_);
    }

protected:
    virtual void lower(const Layer& layer, const Output& output, Nest& nest) = 0;

    Access whole(const Layout::Range& range) const {
        Access access;
        access.buffer = range.buffer;
        access.lo.a0 = range.lo;
        access.len = range.bytes;
        return access;
    }
    std::vector<Access> operands(const Layer& layer) const {
        std::vector<Access> all;
        for (std::size_t i = 0; i < layer.from.size(); ++i) {
            all.push_back(whole(layout_.input(layer, i)));
        }
        if (layout_.weights(layer.id).bytes > 0) {
            all.push_back(whole(layout_.weights(layer.id)));
        }
        return all;
    }
    /// The output that a leaf under loops over rows, columns and channels stores.
    Access stored(const Layer& layer, const Output& o, std::size_t phase) const {
        Access access;
        access.buffer = layout_.output(layer.id).buffer;
        access.lo.a0 = layout_.output(layer.id).lo;
        access.lo.a[0] = o.columns * o.channels * words_.bytes();
        access.lo.a[1] = o.channels * words_.bytes();
        access.lo.a[2] = words_.bytes();
        access.len = words_.bytes();
        access.write = true;
        access.phase = phase;
        return access;
    }

    const Lowering& lowering_;
    Program program_;
    LoopWords words_;
    Layout layout_;
};

class HawaiiLoops final : public OutputLoops {
public:
    explicit HawaiiLoops(const Lowering& lowering) : OutputLoops(lowering, "hawaii") {}

private:
    void lower(const Layer& layer, const Output& o, Nest& nest) override {
        const OperationTable& table = words_.table();
        // Operands of one call lie in the vector unit's memory beside each other, and the result.
        const std::int64_t room = table.memory.lea_bytes.value_or(table.memory.vm_bytes);
        const std::int64_t most = std::max<std::int64_t>(1, (room / words_.bytes() - 1) / 2);
        Unit unit;
        unit.name = layer.name;
        unit.durable = true;
        const bool vector = layer.macs > 0;
        if (vector) {
            const std::int64_t calls = (o.macs + most - 1) / most;
            const std::int64_t operands = 2;
            unit.phases = {
                words_.dma(Operation::dma_nvm_to_vm, o.command_len, operands * o.commands),
                words_.vector_mac((o.macs + calls - 1) / calls, calls)};
        } else {
            const std::int64_t reads =
                layer.op == LayerOp::relu ? 1 : layer.kernel_h * layer.kernel_w;
            unit.phases = {words_.read_words(reads), words_.compare(reads)};
        }
        unit.phases.push_back(words_.dma(Operation::dma_vm_to_nvm, 1));
        unit.phases.push_back(words_.dma(Operation::dma_vm_to_nvm, 1));
        unit.phases[3].kind = PhaseKind::index;
        for (std::size_t i = 1; vector && i < 4; ++i) {
            unit.phases[i].overlap_group = 1;
        }
        nest.units = {unit};
        std::vector<Access> accesses = operands(layer);
        accesses.push_back(stored(layer, o, 2));
        accesses.push_back(words_.index_words(1, 3));
        nest.root = loop(o.rows, {loop(o.columns, {repeat(o.channels, 0, std::move(accesses))})});
    }
};

class TaskTiles final : public OutputLoops {
public:
    TaskTiles(const Lowering& lowering, std::int64_t tile)
        : OutputLoops(lowering, "tile"), tile_(tile) {}

private:
    void lower(const Layer& layer, const Output& o, Nest& nest) override {
        const CommitCount& counts = words_.counts("dense_conv");
        const std::int64_t macs = std::max<std::int64_t>(o.macs, 1);
        const std::int64_t tasks = macs / tile_;
        const std::int64_t rest = macs % tile_;
        nest.units = {task(layer, std::min(tile_, macs), counts.log_per_tile),
                      task(layer, std::max<std::int64_t>(rest, 1), counts.log_per_tile),
                      words_.operation_end()};
        // The first task of an output begins its sum, the others add to it.
        const auto tasks_of = [&](std::int64_t n, std::size_t unit, bool adds) {
            std::vector<Access> accesses = operands(layer);
            if (adds) {
                accesses.push_back(stored(layer, o, 0));
                accesses.back().write = false;
            }
            accesses.push_back(words_.log_words(words_.logged_words(counts.log_per_tile), 2));
            accesses.push_back(stored(layer, o, 3));
            return repeat(n, unit, std::move(accesses));
        };
        std::vector<Block> body = {tasks_of(1, tasks > 0 ? 0 : 1, false)};
        if (tasks > 1) {
            body.push_back(tasks_of(tasks - 1, 0, true));
        }
        if (tasks > 0 && rest > 0) {
            body.push_back(tasks_of(1, 1, true));
        }
        nest.root = inside(1, loop(o.rows, {loop(o.columns, {loop(o.channels, std::move(body))})}));
        nest.root.body.push_back(repeat(1, 2));
    }

    /// `n` products of one output, then its words through the log, then the transition.
    Unit task(const Layer& layer, std::int64_t n, std::int64_t logged) const {
        const CommitCounts& counts = words_.commits();
        Unit unit;
        unit.name = layer.name;
        unit.durable = true;
        unit.sealed = 3;  // the log is complete: what is left is to carry it out
        unit.phases = {words_.read_words(2 * n + 1),
                       layer.macs > 0 ? words_.multiply_add(n) : words_.compare(n),
                       words_.write_words(logged * counts.log_word_while_logging, PhaseKind::index),
                       words_.write_words(logged * counts.log_word_at_commit),
                       words_.write_words(counts.task_transition_words, PhaseKind::index)};
        return unit;
    }

    std::int64_t tile_;
};

}  // namespace

Program lower_hawaii(const Lowering& lowering) { return HawaiiLoops(lowering).run(); }

std::vector<NvOp> footprint_recovery(const OperationTable& table) {
    NvOp read{NvOpKind::read, "footprints", 0, 0, kFootprintWords * table.element_bytes};
    read.price = OpPrice{table.latency_s(Operation::dma_nvm_to_vm, kFootprintWords),
                         table.energy_j(Operation::dma_nvm_to_vm, kFootprintWords)};
    return {read};
}

Program lower_task_tiles(const Lowering& lowering, std::int64_t tile) {
    if (tile < 1) {
        throw InputError("a task holds at least one product");
    }
    return TaskTiles(lowering, tile).run();
}

}  // namespace ebb
