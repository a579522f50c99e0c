// SPDX-License-Identifier: Apache-2.0
#include "models/runtime/tile_loops.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "models/core/error.hpp"

namespace ebb {

namespace {

enum Axis : std::size_t { kRow, kColumn, kOut, kIn };
constexpr std::size_t kAxes = 4;

/// `trips` neighbouring boxes of `size` along one axis, the first one at `start`.
struct Stretch {
    std::int64_t trips = 0, size = 0, start = 0;
    std::size_t unit = 0;  ///< which of the nest's units runs there
};

/// A box along each axis while the loops are built: where it begins, and with which loop it moves.
struct Box {
    std::array<Stretch, kAxes> at{};
    std::array<std::size_t, kAxes> loop{};  ///< depth of the loop of each axis
    [[nodiscard]] std::int64_t last_start(Axis axis) const noexcept {
        return at[axis].start + (at[axis].trips - 1) * at[axis].size;
    }
};

/// The axis in equal stretches of `size`, and what is left.
std::vector<Stretch> cut(std::int64_t extent, std::int64_t size) {
    size = std::min(size, extent);
    std::vector<Stretch> all = {{extent / size, size, 0, 0}};
    if (const std::int64_t rest = extent % size; rest > 0) {
        all.push_back({1, rest, extent - rest, 0});
    }
    return all;
}

/// Input channels: the first step starts the sums, the others go on with them.
std::vector<Stretch> cut_sums(std::int64_t extent, std::int64_t size) {
    size = std::min(size, extent);
    std::vector<Stretch> all = {{1, size, 0, 0}};
    for (Stretch s : cut(extent, size)) {
        s.trips -= s.start == 0 ? 1 : 0;
        s.start = std::max(s.start, size);
        s.unit = 1;
        if (s.trips > 0) {
            all.push_back(s);
        }
    }
    return all;
}

class TileNest {
public:
    TileNest(const Layer& layer, const LayerShape& shape, const TilePlan& plan,
             const Layout& layout, std::int64_t element_bytes)
        : layer_(layer), shape_(shape), plan_(plan), layout_(layout), bytes_(element_bytes) {
        const bool conv = shape.kind == TileKind::conv;
        over_input_ = shape.kind != TileKind::conv && shape.kind != TileKind::depthwise;
        const MapShape& tiled = over_input_ ? shape.in : shape.out;
        std::int64_t r = plan.r;
        std::int64_t c = plan.c;
        std::int64_t m = plan.m;
        std::int64_t n = plan.n;
        grow_batch(tiled, r, c, m, n);
        stretches_[kRow] = cut(tiled.h, r);
        stretches_[kColumn] = cut(tiled.w, c);
        stretches_[kOut] = cut(tiled.c, m);
        stretches_[kIn] = conv ? cut_sums(shape.in.c, n) : std::vector<Stretch>{{1, 1, 0, 0}};
        switch (plan.reuse) {
            case Reuse::input:
                order_ = {kRow, kColumn, kIn, kOut};
                break;
            case Reuse::weight:
                order_ = {kOut, kIn, kRow, kColumn};
                break;
            case Reuse::output:
                order_ = {kRow, kColumn, kOut, kIn};
                break;
        }
    }

    /// Steps over the input channels: each writes the other of two slots, and reads the one before.
    [[nodiscard]] std::int64_t steps() const noexcept {
        std::int64_t n = 0;
        for (const Stretch& stretch : stretches_[kIn]) {
            n += stretch.trips;
        }
        return n;
    }

    [[nodiscard]] Block build() {
        Block root = loop(1, {});
        for (Block& block : level(0, 1)) {
            root.body.push_back(std::move(block));
        }
        return root;
    }

private:
    /// A batch is a larger box along the axis that changes fastest.
    void grow_batch(const MapShape& tiled, std::int64_t& r, std::int64_t& c, std::int64_t& m,
                    std::int64_t& n) const {
        const std::int64_t columns = (tiled.w + c - 1) / c;
        switch (plan_.reuse) {
            case Reuse::input:
                m *= plan_.batch;
                break;
            case Reuse::weight:
                if (plan_.batch <= columns) {
                    c *= plan_.batch;
                } else {
                    r *= (plan_.batch + columns - 1) / columns;
                    c = tiled.w;
                }
                break;
            case Reuse::output:
                if (over_input_) {
                    r *= plan_.batch;
                } else {
                    n *= plan_.batch;
                }
                break;
        }
    }

    std::vector<Block> level(std::size_t depth, std::size_t loop_depth) {
        const Axis axis = order_[depth];
        std::vector<Block> blocks;
        for (const Stretch& stretch : stretches_[axis]) {
            box_.at[axis] = stretch;
            box_.loop[axis] = loop_depth;
            if (depth + 1 == kAxes) {
                blocks.push_back(repeat(stretch.trips, box_.at[kIn].unit, accesses()));
                blocks.back().tile = true;
            } else {
                blocks.push_back(loop(stretch.trips, level(depth + 1, loop_depth + 1)));
            }
        }
        return blocks;
    }

    /// A box of a map [h][w][c]; `scale` is how far the box moves per element along each axis.
    Access box_of(const Layout::Range& range, const MapShape& map, const std::array<Axis, 3>& axes,
                  std::array<std::int64_t, 3> size, const std::array<std::int64_t, 3>& step) const {
        const std::array<std::int64_t, 3> stride = {map.w * map.c * bytes_, map.c * bytes_, bytes_};
        const std::array<std::int64_t, 3> extent = {map.h, map.w, map.c};
        Access access;
        access.buffer = range.buffer;
        access.slot = range.slot;
        access.lo.a0 = range.lo;
        for (std::size_t i = 0; i < 3; ++i) {
            const Stretch& s = box_.at[axes[i]];
            size[i] = std::max<std::int64_t>(
                1, std::min(size[i], extent[i] - box_.last_start(axes[i]) * step[i]));
            access.lo.a0 += s.start * step[i] * stride[i];
            access.lo.a[box_.loop[axes[i]]] += s.size * step[i] * stride[i];
        }
        if (size[2] == map.c && size[1] == map.w) {
            access.len = size[0] * stride[0];
        } else if (size[2] == map.c) {
            access.len = size[1] * stride[1];
            access.inner = {size[0], stride[0]};
        } else {
            access.len = size[2] * bytes_;
            access.inner = {size[1], stride[1]};
            access.outer = {size[0], stride[0]};
        }
        return access;
    }

    Access output(bool write) const {
        Access access;
        if (shape_.kind == TileKind::global_pool) {
            access.buffer = layout_.output(layer_.id).buffer;
            access.lo.a0 = layout_.output(layer_.id).lo + box_.at[kOut].start * bytes_;
            access.lo.a[box_.loop[kOut]] = box_.at[kOut].size * bytes_;
            access.len = box_.at[kOut].size * bytes_;
        } else {
            access =
                box_of(layout_.output(layer_.id), over_input_ ? shape_.in : shape_.out,
                       {kRow, kColumn, kOut},
                       {box_.at[kRow].size, box_.at[kColumn].size, box_.at[kOut].size}, {1, 1, 1});
        }
        access.write = write;
        access.phase = write ? 2 : 0;
        const bool goes_on = box_.at[kIn].unit == 1;
        const auto behind = static_cast<int>(goes_on ? step_of_in() : 0);
        access.slot = (write ? behind : behind + 1) % 2;  // behind - 1 of two
        access.slot_step[box_.loop[kIn]] = goes_on ? 1 : 0;
        return access;
    }

    /// Number of the first step of the stretch over the input channels in hand.
    std::int64_t step_of_in() const {
        std::int64_t n = 0;
        for (const Stretch& stretch : stretches_[kIn]) {
            if (stretch.start == box_.at[kIn].start) {
                break;
            }
            n += stretch.trips;
        }
        return n;
    }

    Access input(std::size_t operand) const {
        const std::int64_t sh = over_input_ ? 1 : shape_.stride_h;
        const std::int64_t sw = over_input_ ? 1 : shape_.stride_w;
        const std::int64_t rows =
            sh * box_.at[kRow].size + (over_input_ ? 1 : shape_.kernel_h) - sh;
        const std::int64_t columns =
            sw * box_.at[kColumn].size + (over_input_ ? 1 : shape_.kernel_w) - sw;
        const Axis channels = shape_.kind == TileKind::conv ? kIn : kOut;
        return box_of(layout_.input(layer_, operand), shape_.in, {kRow, kColumn, channels},
                      {rows, columns, box_.at[channels].size}, {sh, sw, 1});
    }

    /// Weights [m][kernel][n]; of a depthwise layer [m][kernel]; of a normalisation [4][m].
    Access weights() const {
        const Layout::Range& range = layout_.weights(layer_.id);
        const std::int64_t kernel = shape_.kernel_h * shape_.kernel_w;
        Access access;
        access.buffer = range.buffer;
        access.lo.a0 = range.lo;
        const Stretch& m = box_.at[kOut];
        const auto move = [&](Axis axis, std::int64_t stride) {
            access.lo.a0 += box_.at[axis].start * stride;
            access.lo.a[box_.loop[axis]] += box_.at[axis].size * stride;
        };
        if (shape_.kind == TileKind::batch_norm) {
            move(kOut, bytes_);
            access.len = m.size * bytes_;
            access.inner = {4, shape_.in.c * bytes_};
            return access;
        }
        const std::int64_t inputs = shape_.kind == TileKind::conv ? shape_.in.c : 1;
        move(kOut, kernel * inputs * bytes_);
        if (shape_.kind != TileKind::conv || box_.at[kIn].size == inputs) {
            access.len = m.size * kernel * inputs * bytes_;
            return access;
        }
        move(kIn, bytes_);
        access.len = box_.at[kIn].size * bytes_;
        access.inner = {kernel, inputs * bytes_};
        access.outer = {m.size, kernel * inputs * bytes_};
        return access;
    }

    std::vector<Access> accesses() const {
        std::vector<Access> all = {input(0)};
        if (shape_.kind == TileKind::add) {
            all.push_back(input(1));
        }
        if (layout_.weights(layer_.id).bytes > 0) {
            all.push_back(weights());
        }
        if (box_.at[kIn].unit == 1) {
            all.push_back(output(false));
        }
        all.push_back(output(true));
        return all;
    }

    const Layer& layer_;
    const LayerShape& shape_;
    const TilePlan& plan_;
    const Layout& layout_;
    std::int64_t bytes_;
    bool over_input_ = false;
    std::array<std::vector<Stretch>, kAxes> stretches_;
    std::array<Axis, kAxes> order_{};
    Box box_;
};

/// The tile as it is computed: with its channels of progress indicators.
TilePlan with_indicators(TilePlan plan, std::int64_t every) {
    if (every > 0) {
        plan.m += (plan.m + every - 1) / every;
    }
    return plan;
}

/// Bytes that DMA moves in one part of a power cycle.
std::int64_t moved_bytes(const std::vector<CallGroup>& calls, Operation op, std::int64_t bytes) {
    std::int64_t sum = 0;
    for (const CallGroup& call : calls) {
        if (call.op == op) {
            sum += call.count * call.elements * bytes;
        }
    }
    return sum;
}

Unit unit_of(const TileModel& model, const LayerShape& shape, const TilePlan& plan,
             const TiledCost& cost, bool first, const OperationTable& table,
             const TileUnits& units) {
    const PartCosts& parts = first ? cost.first : cost.later;
    const auto part = [&](CostPart p) { return parts[static_cast<std::size_t>(p)]; };
    const auto bytes = [&](CostPart p, Operation op) {
        return moved_bytes(model.calls(shape, plan, p, first), op, table.element_bytes);
    };
    Unit unit;
    unit.durable = units.durable;
    unit.boundary = units.boundary;
    unit.phases = {
        priced_phase(PhaseKind::fetch, part(CostPart::fetch),
                     bytes(CostPart::fetch, Operation::dma_nvm_to_vm), Preempt::finish),
        priced_phase(PhaseKind::compute, part(CostPart::compute), 0, Preempt::finish),
        priced_phase(PhaseKind::write, part(CostPart::backup),
                     bytes(CostPart::backup, Operation::dma_vm_to_nvm), Preempt::finish)};
    if (units.index) {
        unit.phases.push_back(priced_phase(PhaseKind::index, part(CostPart::index_backup),
                                           bytes(CostPart::index_backup, Operation::dma_vm_to_nvm),
                                           Preempt::finish));
    }
    return unit;
}

}  // namespace

Program lower_tiles(const Lowering& lowering, const TileModel& model, const TileUnits& units) {
    const OperationTable& table = operations_of(lowering, "tiling");
    Program program;
    Layout layout(lowering, program, true, table.element_bytes, runs_by_itself);
    for (std::size_t i = 0; i < lowering.network.layers.size(); ++i) {
        const Layer& layer = lowering.network.layers[i];
        if (!runs_by_itself(layer)) {
            continue;
        }
        const auto shape = layer_shape(layer);
        if (!shape) {
            throw InputError(fmt::format("network {}: layer {} ({}) has no rule in the tile models",
                                         lowering.network.name, layer.name, layer.op_text));
        }
        if (const std::string& why = model.refusal(shape->kind); !why.empty()) {
            throw InputError(
                fmt::format("network {}: layer {}: {}", lowering.network.name, layer.name, why));
        }
        const TilePlan& plan = plan_of(lowering, i);
        const TilePlan priced = with_indicators(plan, units.indicator_every);
        const TiledCost cost = model.cost(*shape, priced);
        if (table.memory.vm_bytes > 0 && cost.vm_bytes > table.memory.vm_bytes) {
            throw InputError(
                fmt::format("network {}: layer {}: a batch of tiles of {} x {} x {} from {} "
                            "channels needs {} B "
                            "of volatile memory, and there are {} B",
                            lowering.network.name, layer.name, plan.r, plan.c, plan.m, plan.n,
                            cost.vm_bytes, table.memory.vm_bytes));
        }
        Nest nest;
        nest.layer = layer.id;
        nest.name = layer.name;
        nest.units = {unit_of(model, *shape, priced, cost, true, table, units),
                      unit_of(model, *shape, priced, cost, false, table, units)};
        for (Unit& unit : nest.units) {
            unit.name = layer.name;
        }
        TileNest tiles(layer, *shape, plan, layout, table.element_bytes);
        if (tiles.steps() > 1) {
            layout.keep_two_slots(program, layer.id, static_cast<int>((tiles.steps() - 1) % 2));
        }
        nest.root = tiles.build();
        program.volatile_bytes = std::max(program.volatile_bytes, cost.vm_bytes);
        program.nests.push_back(std::move(nest));
    }
    check_program(program);
    return program;
}

}  // namespace ebb
