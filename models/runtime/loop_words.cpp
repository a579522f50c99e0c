// SPDX-License-Identifier: Apache-2.0
#include "models/runtime/loop_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/core/error.hpp"

namespace ebb {

namespace {

constexpr std::int64_t kLogWords = 64;

Preempt preempt_of(const OperationTable& table, Operation op) {
    const auto& cost = table.ops[static_cast<std::size_t>(op)];
    if (!cost) {
        return Preempt::any;
    }
    switch (cost->preempt) {
        case CallPreempt::finish:
            return Preempt::finish;
        case CallPreempt::abort:
            return Preempt::abort;
        default:
            return Preempt::any;
    }
}

}  // namespace

LoopWords::LoopWords(const Lowering& lowering, const char* runtime, Program& program)
    : table_(&operations_of(lowering, runtime)),
      runtime_(runtime),
      platform_(lowering.platform.name) {
    const auto add = [&](const char* name, std::int64_t words, BufferRole role) {
        Buffer buffer;
        buffer.name = name;
        buffer.bytes = words * bytes();
        buffer.element_bytes = static_cast<int>(bytes());
        buffer.role = role;
        program.buffers.push_back(buffer);
        return program.buffers.size() - 1;
    };
    index_ = add("loop counters", kIndexWords, BufferRole::index);
    log_ = add("log", kLogWords, BufferRole::log);
}

const CommitCounts& LoopWords::commits() const {
    if (!table_->commits) {
        throw InputError(
            fmt::format("platform {} does not say how many words {} stores (operations.commits)",
                        platform_, runtime_));
    }
    return *table_->commits;
}

const CommitCount& LoopWords::counts(const char* operation) const {
    for (const CommitCount& count : commits().counts) {
        if (count.runtime == runtime_ && count.operation == operation) {
            return count;
        }
    }
    throw InputError(fmt::format("platform {} does not say what {} stores for {}", platform_,
                                 runtime_, operation));
}

Cost LoopWords::words(Operation op, Operation otherwise, std::int64_t n) const {
    const Operation used = table_->has(op) ? op : otherwise;
    return static_cast<double>(n) * Cost{table_->energy_j(used), table_->latency_s(used)};
}

Phase LoopWords::read_words(std::int64_t n) const {
    return priced_phase(PhaseKind::fetch,
                        words(Operation::nvm_word_read, Operation::copy_nvm_to_vm, n), n * bytes(),
                        Preempt::any);
}

Phase LoopWords::write_words(std::int64_t n, PhaseKind kind) const {
    return priced_phase(kind, words(Operation::nvm_word_write, Operation::copy_vm_to_nvm, n),
                        n * bytes(), Preempt::any);
}

Phase LoopWords::dma(Operation op, std::int64_t elements, std::int64_t calls) const {
    const Cost each = {table_->energy_j(op, elements), table_->latency_s(op, elements)};
    return priced_phase(op == Operation::dma_nvm_to_vm ? PhaseKind::fetch : PhaseKind::write,
                        static_cast<double>(calls) * each, calls * elements * bytes(),
                        preempt_of(*table_, op));
}

Phase LoopWords::multiply_add(std::int64_t n) const {
    const Cost both = {
        table_->energy_j(Operation::cpu_mul) + table_->energy_j(Operation::cpu_add),
        table_->latency_s(Operation::cpu_mul) + table_->latency_s(Operation::cpu_add)};
    return priced_phase(PhaseKind::compute, static_cast<double>(n) * both, 0, Preempt::any);
}

Phase LoopWords::compare(std::int64_t n) const {
    return priced_phase(PhaseKind::compute,
                        static_cast<double>(n) * Cost{table_->energy_j(Operation::cpu_max),
                                                      table_->latency_s(Operation::cpu_max)},
                        0, Preempt::any);
}

Phase LoopWords::vector_mac(std::int64_t elements, std::int64_t calls) const {
    const Cost each = {table_->energy_j(Operation::lea_vector_mac, elements),
                       table_->latency_s(Operation::lea_vector_mac, elements)};
    return priced_phase(PhaseKind::compute, static_cast<double>(calls) * each, 0,
                        preempt_of(*table_, Operation::lea_vector_mac));
}

std::int64_t LoopWords::logged_words(std::int64_t logged) const {
    return logged == 0 ? 0
                       : logged * (commits().log_word_while_logging + commits().log_word_at_commit);
}

Unit LoopWords::upkeep(std::string name, std::int64_t direct, std::int64_t logged) const {
    Unit unit;
    unit.name = std::move(name);
    unit.role = UnitRole::upkeep;
    unit.durable = true;
    unit.phases = {write_words(direct + logged_words(logged), PhaseKind::index)};
    return unit;
}

Unit LoopWords::operation_end() const {
    const CommitCounts& counts = commits();
    return upkeep("end of operation", counts.operation_end_words + counts.task_transition_words,
                  counts.operation_end_log_words);
}

Access LoopWords::index_words(std::int64_t n, std::size_t phase) const {
    Access access;
    access.buffer = index_;
    access.len = std::min(n, kIndexWords) * bytes();
    access.write = true;
    access.phase = phase;
    return access;
}

Access LoopWords::log_words(std::int64_t n, std::size_t phase) const {
    Access access;
    access.buffer = log_;
    access.len = std::min(n, kLogWords) * bytes();
    access.write = true;
    access.phase = phase;
    return access;
}

std::vector<NvOp> LoopWords::recovery(const OperationTable& table) {
    const auto words = [&table](NvOpKind kind, const char* what, std::int64_t n, Growth growth) {
        const bool reads = kind == NvOpKind::read;
        const Operation word = reads ? Operation::nvm_word_read : Operation::nvm_word_write;
        const Operation copy = reads ? Operation::copy_nvm_to_vm : Operation::copy_vm_to_nvm;
        const Operation op = table.has(word) ? word : copy;
        NvOp made{kind, what, 0, 0, n * table.element_bytes};
        made.price = OpPrice{static_cast<double>(n) * table.latency_s(op),
                             static_cast<double>(n) * table.energy_j(op)};
        made.growth = growth;
        return made;
    };
    return {words(NvOpKind::read, "loop counters", kIndexWords, Growth::none),
            words(NvOpKind::read, "saved position", 1, Growth::ask_undo),
            words(NvOpKind::read, "saved value", 1, Growth::put_back),
            words(NvOpKind::write, "sum put back", 1, Growth::put_back)};
}

}  // namespace ebb
