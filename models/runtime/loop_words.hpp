// SPDX-License-Identifier: Apache-2.0
/// What runtimes share that keep their loop counters in non-volatile memory and store single words:
/// phases made of operations, the words that an operation of a library stores by count, and where
/// its counters lie.
///
///   per multiply-accumulate   reads of operands, CPU or vector work, result words, index words
///   at the end of a loop      direct words, and logged ones: each costs `log_word_while_logging`
///                             words when noted and `log_word_at_commit` when the list is committed
///
/// Counts: OperationTable::commits, per runtime and kind of operation; costs: the platform's words,
/// copies, DMA and CPU operations. Words are of element size.
#pragma once

#include <string>
#include <vector>

#include "models/runtime/lowering.hpp"
#include "models/runtime/protocol.hpp"

namespace ebb {

class LoopWords {
public:
    /// Throws InputError if the platform has no operations, counts or costs that the runtime needs.
    LoopWords(const Lowering& lowering, const char* runtime, Program& program);

    [[nodiscard]] const OperationTable& table() const noexcept { return *table_; }
    [[nodiscard]] std::int64_t bytes() const noexcept { return table_->element_bytes; }
    /// Throws InputError if the platform has none.
    [[nodiscard]] const CommitCounts& commits() const;
    /// The counts of one kind of operation ("dense_conv"). Throws InputError if there are none.
    [[nodiscard]] const CommitCount& counts(const char* operation) const;

    // ---- phases
    [[nodiscard]] Phase read_words(std::int64_t n) const;
    [[nodiscard]] Phase write_words(std::int64_t n, PhaseKind kind = PhaseKind::write) const;
    [[nodiscard]] Phase dma(Operation op, std::int64_t elements, std::int64_t calls = 1) const;
    /// One multiply and one add on the CPU, `n` times.
    [[nodiscard]] Phase multiply_add(std::int64_t n = 1) const;
    [[nodiscard]] Phase compare(std::int64_t n = 1) const;
    [[nodiscard]] Phase vector_mac(std::int64_t elements, std::int64_t calls = 1) const;

    // ---- units
    /// `direct` words stored by themselves and `logged` through the log and its commit.
    [[nodiscard]] Unit upkeep(std::string name, std::int64_t direct, std::int64_t logged) const;
    /// The end of a task or operation: scratch words cleared, a transition to the next task.
    [[nodiscard]] Unit operation_end() const;

    // ---- places
    /// Words of the loop counters and of the log, rewritten all the time.
    [[nodiscard]] Access index_words(std::int64_t n, std::size_t phase) const;
    [[nodiscard]] Access log_words(std::int64_t n, std::size_t phase) const;
    [[nodiscard]] std::int64_t logged_words(std::int64_t logged) const;

    /// Reading the counters back after a boot.
    [[nodiscard]] static std::vector<NvOp> recovery(const OperationTable& table);
    static constexpr std::int64_t kIndexWords = 16;

private:
    [[nodiscard]] Cost words(Operation op, Operation otherwise, std::int64_t n) const;

    const OperationTable* table_;
    const char* runtime_;
    std::string platform_;
    std::size_t index_ = 0, log_ = 0;  ///< buffers
};

}  // namespace ebb
