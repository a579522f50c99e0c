// SPDX-License-Identifier: Apache-2.0
// The published models as data, and their prices on a platform.
#include "models/workload/tile_cost.hpp"

#include "models/core/error.hpp"

#include <fmt/format.h>

#include <set>

namespace ebb {

namespace {

constexpr std::array kReuses = {Reuse::input, Reuse::weight, Reuse::output};
constexpr std::size_t index_of(TileKind kind) { return static_cast<std::size_t>(kind); }

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
                fmt::format("the {} model has no rule for {}", model_of(kind_).name,
                            name_of(static_cast<TileKind>(k)));
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
            model.refusals_[k] =
                fmt::format("{}, which {} needs", error.what(), name_of(static_cast<TileKind>(k)));
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

}  // namespace ebb
