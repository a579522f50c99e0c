// SPDX-License-Identifier: Apache-2.0
#include "models/workload/operation_table.hpp"

#include "models/core/error.hpp"

#include <fmt/format.h>

namespace ebb {

namespace {

constexpr std::array<const char*, kOperations> kOperationNames = {
    "dma_nvm_to_vm",   "dma_vm_to_nvm", "lea_vector_mac", "cpu_add",        "cpu_mul",
    "cpu_div",         "cpu_mod",       "cpu_max",        "copy_nvm_to_vm", "copy_vm_to_nvm",
    "copy_nvm_to_nvm", "copy_vm_to_vm", "nvm_word_write", "nvm_word_read"};

constexpr std::array<const char*, kOverheads> kOverheadNames = {"fetch_input",
                                                                "fetch_weights",
                                                                "fetch_output_reuse_i",
                                                                "fetch_output_reuse_w",
                                                                "fetch_output_reuse_o",
                                                                "backup_output_reuse_i",
                                                                "backup_output_reuse_w",
                                                                "backup_output_reuse_o",
                                                                "lea_partial_sum",
                                                                "accumulate",
                                                                "max_compare",
                                                                "conv_compute",
                                                                "depthwise_compute_reuse_i",
                                                                "depthwise_compute_other",
                                                                "batch_norm",
                                                                "elementwise_add"};

constexpr std::array<const char*, 4> kEvidenceNames = {"measured", "model", "estimate",
                                                       "unconfirmed"};
constexpr std::array<const char*, 3> kPreemptNames = {"any", "finish", "abort"};

double figure_at(const OperationTable& table, Operation op,
                 std::optional<AffineFigure> OperationCost::*figure, const char* what,
                 std::int64_t elements) {
    const auto& cost = table.ops[static_cast<std::size_t>(op)];
    if (!cost || !((*cost).*figure)) {
        throw InputError({Mistake{
            {},
            fmt::format("the platform gives no {} for the operation {}", what, name_of(op)),
            {},
            fmt::format("give operations.costs.{}.{} in the platform's file, or take another "
                        "platform (see: ebb describe platform)",
                        name_of(op), what)}});
    }
    return ((*cost).*figure)->at(static_cast<double>(elements));
}

}  // namespace

const char* name_of(Operation op) noexcept { return kOperationNames[static_cast<std::size_t>(op)]; }
const char* name_of(Overhead overhead) noexcept {
    return kOverheadNames[static_cast<std::size_t>(overhead)];
}
const char* name_of(Evidence evidence) noexcept {
    return kEvidenceNames[static_cast<std::size_t>(evidence)];
}
const char* name_of(CallPreempt preempt) noexcept {
    return kPreemptNames[static_cast<std::size_t>(preempt)];
}

double OperationTable::energy_j(Operation op, std::int64_t elements) const {
    return figure_at(*this, op, &OperationCost::energy_j, "energy", elements);
}

double OperationTable::latency_s(Operation op, std::int64_t elements) const {
    return figure_at(*this, op, &OperationCost::latency_s, "latency", elements);
}

const OverheadCounts& OperationTable::counts(Overhead overhead) const {
    const auto& found = overheads[static_cast<std::size_t>(overhead)];
    if (!found) {
        throw InputError(
            fmt::format("the platform gives no counts for the overhead {}", name_of(overhead)));
    }
    return *found;
}

double OperationTable::energy_j(Overhead overhead) const {
    const CpuCounts& n = counts(overhead).energy;
    return static_cast<double>(n.add) * energy_j(Operation::cpu_add) +
           static_cast<double>(n.mul) * energy_j(Operation::cpu_mul);
}

double OperationTable::latency_s(Overhead overhead) const {
    const CpuCounts& n = counts(overhead).latency;
    return static_cast<double>(n.add) * latency_s(Operation::cpu_add) +
           static_cast<double>(n.mul) * latency_s(Operation::cpu_mul);
}

OperationTable scaled(const OperationTable& table, double factor) {
    constexpr std::array kUncertain = {Operation::dma_nvm_to_vm,   Operation::dma_vm_to_nvm,
                                       Operation::copy_nvm_to_vm,  Operation::copy_vm_to_nvm,
                                       Operation::copy_nvm_to_nvm, Operation::copy_vm_to_vm,
                                       Operation::nvm_word_write,  Operation::nvm_word_read};
    OperationTable out = table;
    for (const Operation op : kUncertain) {
        auto& cost = out.ops[static_cast<std::size_t>(op)];
        if (!cost) {
            continue;
        }
        for (auto* figure : {&cost->energy_j, &cost->latency_s}) {
            if (*figure) {
                (*figure)->base *= factor;
                (*figure)->per_element *= factor;
            }
        }
    }
    return out;
}

}  // namespace ebb
