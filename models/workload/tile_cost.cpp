// SPDX-License-Identifier: Apache-2.0
#include "models/workload/tile_cost.hpp"

#include "models/core/error.hpp"
#include "models/workload/tile_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ebb {

namespace {

constexpr std::array<const char*, kTileKinds> kKindNames = {
    "convolution", "depthwise convolution", "batch normalisation", "ReLU",
    "addition",    "global average pooling"};
constexpr std::array<const char*, kCostParts> kPartNames = {"reboot",  "fetch",  "index fetch",
                                                            "compute", "backup", "index backup"};
constexpr std::array kReuses = {Reuse::input, Reuse::weight, Reuse::output};

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

/// What a model computes per kind of layer: steps on the vector unit or on the CPU alone, and
/// what each tile adds.
struct ComputeSteps {
    TileKind kind;
    bool vector_call;
    CpuUse step;
    std::array<std::vector<Overhead>, 3> overheads;  ///< beside each step, by loop order
    CpuUse tile;                                     ///< once per tile
    bool norm_adds = false;  ///< its additions are those of the compatibility switches
};

/// The same overheads in every loop order.
std::array<std::vector<Overhead>, 3> all_orders(std::vector<Overhead> o) { return {o, o, o}; }

const std::vector<ComputeSteps>& inas_steps() {
    static const std::vector<ComputeSteps> kSteps = {
        {TileKind::conv,
         true,
         {1, 0, 0, 0},
         all_orders({Overhead::lea_partial_sum, Overhead::accumulate}),
         {}},
        {TileKind::global_pool, false, {2, 1, 0, 1}, {}, {}},
    };
    return kSteps;
}

const std::vector<ComputeSteps>& tinas_steps() {
    static const std::vector<ComputeSteps> kSteps = {
        {TileKind::conv, true, {1, 0, 0, 0}, all_orders({Overhead::conv_compute}), {0, 5, 0, 0}},
        {TileKind::depthwise,
         false,
         {0, 1, 0, 0},
         {{{Overhead::depthwise_compute_reuse_i},
           {Overhead::depthwise_compute_other},
           {Overhead::depthwise_compute_other}}},
         {}},
        {TileKind::batch_norm, false, {0, 2, 0, 0}, all_orders({Overhead::batch_norm}), {}, true},
        {TileKind::relu, false, {2, 2, 0, 1}, {}, {}},
        {TileKind::add, false, {1, 0, 0, 0}, all_orders({Overhead::elementwise_add}), {}},
        {TileKind::global_pool, false, {6, 1, 1, 0}, {}, {}},
    };
    return kSteps;
}

/// The models, each by its steps; everything else is in the platform's table.
struct ModelSteps {
    const char* name;
    const std::vector<ComputeSteps>& (*steps)();
};
constexpr std::array kModels = {ModelSteps{"inas", inas_steps}, ModelSteps{"tinas", tinas_steps}};
const ModelSteps& model_of(TileModelKind kind) { return kModels[static_cast<std::size_t>(kind)]; }

constexpr std::array kFetchOutput = {Overhead::fetch_output_reuse_i, Overhead::fetch_output_reuse_w,
                                     Overhead::fetch_output_reuse_o};
constexpr std::array kBackupOutput = {Overhead::backup_output_reuse_i,
                                      Overhead::backup_output_reuse_w,
                                      Overhead::backup_output_reuse_o};

struct CpuPart {
    Operation op;
    std::int64_t CpuUse::*times;
};
constexpr std::array kCpuParts = {
    CpuPart{Operation::cpu_add, &CpuUse::add}, CpuPart{Operation::cpu_mul, &CpuUse::mul},
    CpuPart{Operation::cpu_div, &CpuUse::div}, CpuPart{Operation::cpu_max, &CpuUse::max}};

void add_times(CpuUse& to, const CpuCounts& counts) {
    to.add += counts.add;
    to.mul += counts.mul;
}

TileModelKind named_model(const OperationTable& table) {
    if (!table.tile_model) {
        throw InputError(
            "the platform names no tile model (operations.tile_model), so that no closed form "
            "belongs to its costs");
    }
    return *table.tile_model;
}

}  // namespace

/// Turns a platform's table into prices of calls.
class TilePricing {
public:
    TilePricing(const OperationTable& table, TileModelKind kind) : table_(table), kind_(kind) {}

    void fill(TileModel& model) const {
        if (!table_.reboot || table_.index_elements < 1) {
            throw InputError(
                "the platform gives no reboot or no index_elements: without them a power cycle "
                "has no cost");
        }
        model.reboot_ = {table_.reboot->energy_j, table_.reboot->latency_s};
        model.index_elements_ = table_.index_elements;
        model.element_bytes_ = table_.element_bytes;
        model.fetch_input_ = call(Operation::dma_nvm_to_vm, {Overhead::fetch_input});
        model.fetch_weights_ = call(Operation::dma_nvm_to_vm, {Overhead::fetch_weights});
        model.index_fetch_ = call(Operation::dma_nvm_to_vm, {});
        model.index_backup_ = call(Operation::dma_vm_to_nvm, {});
        for (std::size_t i = 0; i < kReuses.size(); ++i) {
            auto& prices = model.by_reuse_[i];
            prices.fetch_output = of_output(call(Operation::dma_nvm_to_vm, {kFetchOutput[i]}));
            prices.backup_output = of_output(call(Operation::dma_vm_to_nvm, {kBackupOutput[i]}));
        }
        for (std::size_t k = 0; k < kTileKinds; ++k) {
            model.refusals_[k] =
                fmt::format("the {} model has no rule for {}", model_of(kind_).name, kKindNames[k]);
        }
        for (const ComputeSteps& steps : model_of(kind_).steps()) {
            price_steps(steps, model);
        }
    }

private:
    void price_steps(const ComputeSteps& steps, TileModel& model) const {
        const std::size_t k = index_of(steps.kind);
        try {
            for (std::size_t i = 0; i < kReuses.size(); ++i) {
                auto& prices = model.by_reuse_[i];
                prices.step[k] = step(steps, i, table_.compatibility.batch_norm_adds_intermittent);
                prices.step_continuous[k] =
                    step(steps, i, table_.compatibility.batch_norm_adds_continuous);
                prices.tile[k] = priced({}, steps.tile, steps.tile);
            }
            model.refusals_[k].clear();
        } catch (const InputError& error) {
            model.refusals_[k] = fmt::format("{}, which {} needs", error.what(), kKindNames[k]);
        }
    }

    [[nodiscard]] CallPrice step(const ComputeSteps& steps, std::size_t reuse,
                                 std::int64_t norm_adds) const {
        CpuUse energy = steps.step;
        CpuUse latency = steps.step;
        if (steps.norm_adds) {
            energy.add += table_.compatibility.batch_norm_adds_continuous;
            latency.add += norm_adds;
        }
        add_overheads(steps.overheads[reuse], energy, latency);
        return priced(steps.vector_call ? std::optional(Operation::lea_vector_mac) : std::nullopt,
                      energy, latency);
    }

    [[nodiscard]] CallPrice call(Operation op, const std::vector<Overhead>& overheads) const {
        CpuUse energy, latency;
        add_overheads(overheads, energy, latency);
        return priced(op, energy, latency);
    }

    void add_overheads(const std::vector<Overhead>& overheads, CpuUse& energy,
                       CpuUse& latency) const {
        for (const Overhead overhead : overheads) {
            const OverheadCounts& counts = table_.counts(overhead);
            add_times(energy, counts.energy);
            add_times(latency, counts.latency);
        }
    }

    [[nodiscard]] CallPrice priced(std::optional<Operation> op, const CpuUse& energy,
                                   const CpuUse& latency) const {
        CallPrice price;
        price.op = op;
        if (op) {
            (void)table_.energy_j(*op);  // throws if it is not there
            (void)table_.latency_s(*op);
            const OperationCost& cost = *table_.ops[static_cast<std::size_t>(*op)];
            price.energy_j = *cost.energy_j;
            price.latency_s = *cost.latency_s;
        }
        price.cpu = energy;
        price.cpu_latency = latency;
        for (const CpuPart& part : kCpuParts) {
            if (energy.*part.times != 0) {
                price.cpu_cost.energy_j +=
                    static_cast<double>(energy.*part.times) * table_.energy_j(part.op);
            }
            if (latency.*part.times != 0) {
                price.cpu_cost.latency_s +=
                    static_cast<double>(latency.*part.times) * table_.latency_s(part.op);
            }
        }
        return price;
    }

    /// The released iNAS takes the time of this overhead from its energy.
    [[nodiscard]] CallPrice of_output(CallPrice price) const {
        if (table_.compatibility.output_overhead_latency_from_energy) {
            price.cpu_cost.latency_s = price.cpu_cost.energy_j;
        }
        return price;
    }

    const OperationTable& table_;
    TileModelKind kind_;
};

namespace {

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

std::vector<std::string> missing_costs(const OperationTable& table, TileModelKind kind) {
    std::set<Operation> ops = {Operation::dma_nvm_to_vm, Operation::dma_vm_to_nvm,
                               Operation::cpu_add, Operation::cpu_mul};
    std::set<Overhead> overheads = {Overhead::fetch_input, Overhead::fetch_weights};
    overheads.insert(kFetchOutput.begin(), kFetchOutput.end());
    overheads.insert(kBackupOutput.begin(), kBackupOutput.end());
    for (const ComputeSteps& steps : model_of(kind).steps()) {
        for (const auto& beside : steps.overheads) {
            overheads.insert(beside.begin(), beside.end());
        }
        if (steps.vector_call) {
            ops.insert(Operation::lea_vector_mac);
        }
        for (const CpuPart& part : kCpuParts) {
            if (steps.step.*part.times + steps.tile.*part.times > 0) {
                ops.insert(part.op);
            }
        }
    }
    std::vector<std::string> missing;
    for (const Operation op : ops) {
        const std::string key = std::string("costs.") + name_of(op);
        const auto& cost = table.ops[static_cast<std::size_t>(op)];
        if (!cost) {
            missing.push_back(key);
        } else if (!cost->energy_j) {
            missing.push_back(key + ".energy");
        } else if (!cost->latency_s) {
            missing.push_back(key + ".latency");
        }
    }
    for (const Overhead overhead : overheads) {
        if (!table.has(overhead)) {
            missing.push_back(std::string("overheads.") + name_of(overhead));
        }
    }
    if (!table.reboot) {
        missing.emplace_back("reboot");
    }
    if (table.index_elements < 1) {
        missing.emplace_back("index_elements");
    }
    return missing;
}

TileModel::TileModel(const OperationTable& table, TileModelKind kind) {
    TilePricing(table, kind).fill(*this);
}

TileModel::TileModel(const OperationTable& table) : TileModel(table, named_model(table)) {}

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
