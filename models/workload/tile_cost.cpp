// SPDX-License-Identifier: Apache-2.0
#include "models/workload/tile_cost.hpp"

#include "models/core/error.hpp"
#include "models/workload/tile_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ebb {

namespace {

constexpr std::array<const char*, kTileKinds> kKindNames = {
    "convolution", "depthwise convolution", "batch normalisation", "ReLU",
    "addition",    "global average pooling"};
constexpr std::array<const char*, kCostParts> kPartNames = {"reboot",  "fetch",  "index fetch",
                                                            "compute", "backup", "index backup"};

/// What a layer's op in its table is tiled as.
struct OpKind {
    const char* op;
    TileKind kind;
};
constexpr std::array kOpKinds = {
    OpKind{"CONV", TileKind::conv},     OpKind{"FC", TileKind::conv},
    OpKind{"HEAD", TileKind::conv},     OpKind{"DWCONV", TileKind::depthwise},
    OpKind{"BN", TileKind::batch_norm}, OpKind{"RELU", TileKind::relu},
    OpKind{"ADD", TileKind::add},       OpKind{"GAVGPOOL", TileKind::global_pool}};

constexpr std::size_t index_of(Reuse reuse) { return static_cast<std::size_t>(reuse); }
constexpr std::size_t index_of(TileKind kind) { return static_cast<std::size_t>(kind); }
constexpr std::size_t index_of(CostPart part) { return static_cast<std::size_t>(part); }

/// `count` calls of `elements` each.
struct Term {
    TileOperand operand;
    const CallPrice* price;
    std::int64_t count, elements;
    [[nodiscard]] Cost cost() const noexcept {
        return static_cast<double>(count) * price->each(elements);
    }
};

void check_plan(const std::string& refusal, const TilePlan& plan) {
    if (!refusal.empty()) {
        throw InputError(refusal);
    }
    if (std::min({plan.r, plan.c, plan.m, plan.n, plan.batch}) < 1) {
        throw InputError(
            fmt::format("a tile of {} x {} x {} x {} in batches of {}: sizes and "
                        "batch are at least 1",
                        plan.r, plan.c, plan.m, plan.n, plan.batch));
    }
}

}  // namespace

const char* name_of(TileKind kind) noexcept { return kKindNames[index_of(kind)]; }
const char* name_of(CostPart part) noexcept { return kPartNames[index_of(part)]; }

std::optional<LayerShape> layer_shape(const Layer& layer) {
    for (const OpKind& known : kOpKinds) {
        if (layer.op_text == known.op) {
            return LayerShape{known.kind,     layer.in,       layer.out,     layer.kernel_h,
                              layer.kernel_w, layer.stride_h, layer.stride_w};
        }
    }
    return std::nullopt;
}

Cost sum(const PartCosts& parts) noexcept {
    Cost total;
    for (const Cost& part : parts) {
        total += part;
    }
    return total;
}

std::int64_t TileModel::vm_bytes(const LayerShape& shape, const TilePlan& plan) const {
    return element_bytes_ *
           tile_rules(shape.kind).vm_elements(shape, in_own_order(shape.kind, plan));
}

TiledCost TileModel::cost(const LayerShape& shape, const TilePlan& given) const {
    check_plan(refusal(shape.kind), given);
    const TilePlan plan = in_own_order(shape.kind, given);
    const TileRules& rules = tile_rules(shape.kind);
    const ReusePrices& prices = by_reuse_[index_of(plan.reuse)];
    const std::size_t kind = index_of(shape.kind);

    TiledCost out;
    out.trips = trips_of(shape, plan);
    out.cycles = (out.trips.tiles + plan.batch - 1) / plan.batch;
    out.first_cycles = rules.first_cycles(out.trips, plan);
    out.vm_bytes = element_bytes_ * rules.vm_elements(shape, plan);

    const TileBlocks blocks = rules.blocks(shape, plan);
    const auto fetch = [&](const TileLoads& loads) {
        Cost cost = static_cast<double>(loads.input * blocks.input.rows) *
                    fetch_input_.each(blocks.input.length);
        cost += static_cast<double>(loads.weight * blocks.weight.rows) *
                fetch_weights_.each(blocks.weight.length);
        cost += static_cast<double>(loads.output * blocks.output.rows) *
                prices.fetch_output.each(blocks.output.length);
        return cost;
    };
    const auto steps = static_cast<double>(rules.steps(shape, plan));
    const auto batch = static_cast<double>(plan.batch);
    const auto tiles = static_cast<double>(out.trips.tiles);
    const auto compute = [&](double times, const CallPrice& step) {
        Cost cost = times * steps * step.each(plan.n);
        cost += times * prices.tile[kind].each(0);
        return cost;
    };
    const auto backup = [&](const TilePlan& p) {
        const TileBlock block = rules.backup(p);
        return static_cast<double>(block.rows) * prices.backup_output.each(block.length);
    };

    const auto part = [](PartCosts& parts, CostPart which) -> Cost& {
        return parts[index_of(which)];
    };
    part(out.later, CostPart::reboot) = reboot_;
    part(out.later, CostPart::index_fetch) = index_fetch_.each(index_elements_);
    part(out.later, CostPart::compute) = compute(batch, prices.step[kind]);
    part(out.later, CostPart::backup) = backup(plan);
    part(out.later, CostPart::index_backup) = index_backup_.each(index_elements_);
    out.first = out.later;
    part(out.first, CostPart::fetch) = fetch(rules.per_cycle(plan, true));
    part(out.later, CostPart::fetch) = fetch(rules.per_cycle(plan, false));
    out.first_total = sum(out.first);
    out.later_total = sum(out.later);

    TilePlan single = plan;
    single.batch = 1;
    part(out.continuous, CostPart::fetch) = fetch(rules.continuous(out.trips, plan));
    part(out.continuous, CostPart::compute) = compute(tiles, prices.step_continuous[kind]);
    part(out.continuous, CostPart::backup) = tiles * backup(single);
    out.continuous_total = sum(out.continuous);
    return out;
}

std::vector<CallGroup> TileModel::calls(const LayerShape& shape, const TilePlan& given,
                                        CostPart part, bool first) const {
    check_plan(refusal(shape.kind), given);
    const TilePlan plan = in_own_order(shape.kind, given);
    const TileRules& rules = tile_rules(shape.kind);
    const ReusePrices& prices = by_reuse_[index_of(plan.reuse)];
    const std::size_t kind = index_of(shape.kind);
    std::vector<Term> terms;
    switch (part) {
        case CostPart::reboot:
            break;
        case CostPart::fetch: {
            const TileBlocks blocks = rules.blocks(shape, plan);
            const TileLoads loads = rules.per_cycle(plan, first);
            terms = {{TileOperand::input, &fetch_input_, loads.input * blocks.input.rows,
                      blocks.input.length},
                     {TileOperand::weight, &fetch_weights_, loads.weight * blocks.weight.rows,
                      blocks.weight.length},
                     {TileOperand::output, &prices.fetch_output, loads.output * blocks.output.rows,
                      blocks.output.length}};
            break;
        }
        case CostPart::index_fetch:
            terms = {{TileOperand::index, &index_fetch_, 1, index_elements_}};
            break;
        case CostPart::compute: {
            const CallPrice& step = prices.step[kind];
            terms = {{TileOperand::none, &step, plan.batch * rules.steps(shape, plan),
                      step.op ? plan.n : 1},
                     {TileOperand::none, &prices.tile[kind], plan.batch, 1}};
            break;
        }
        case CostPart::backup: {
            const TileBlock block = rules.backup(plan);
            terms = {{TileOperand::output, &prices.backup_output, block.rows, block.length}};
            break;
        }
        case CostPart::index_backup:
            terms = {{TileOperand::index, &index_backup_, 1, index_elements_}};
            break;
    }
    std::vector<CallGroup> groups;
    for (const Term& term : terms) {
        const CpuUse& cpu = term.price->cpu;
        const bool nothing = !term.price->op && cpu.add + cpu.mul + cpu.div + cpu.max == 0;
        if (term.count > 0 && !nothing) {
            groups.push_back({term.operand, term.price->op, term.count, term.elements, cpu,
                              term.price->cpu_latency, term.cost()});
        }
    }
    return groups;
}

}  // namespace ebb
