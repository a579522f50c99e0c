// SPDX-License-Identifier: Apache-2.0
/// What a runtime writes beside its data so that a recovery finds where the work stands: every word
/// of it, in order, and a recovery that knows nothing but the words that it reads.
///
/// A journal turns one execution of a leaf into operations: the reads and writes of the program,
/// and between them its own stores. Words are atomic; how many bits one has is not looked at (a
/// counter of a real device may be two words of 16). A power failure cuts between words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/consistency/program_accesses.hpp"

namespace ebb {

class WordMachine;

/// Where a device goes on: `op` operations of the execution are behind it.
struct MachinePosition {
    std::int64_t job = 0;
    std::size_t step = 0;
    std::int64_t unit = 0;
    std::size_t op = 0;
};

struct MachineOp {
    enum class Kind : unsigned char {
        read,   ///< data into the computation
        write,  ///< results of the computation
        set,    ///< a word of the journal
        save,   ///< undo log: what lies at a place, into a word
        log,    ///< redo log: results of the computation, into words
        apply   ///< redo log: its words to their place
    };
    Kind kind = Kind::read;
    const Access* access = nullptr;  ///< read, write, save, log, apply
    std::string what;                ///< "loop counter", "snapshot header"
    /// set, save: the word; log: the first word.
    std::function<std::size_t(const WordMachine&)> word = {};
    std::function<std::int64_t(const WordMachine&)> value = {};  ///< set
    /// Of two slots the other one; empty if there is but one.
    std::function<std::size_t(const WordMachine&)> other_word = {};
    std::function<bool(const WordMachine&)> when = {};  ///< empty: always
    [[nodiscard]] bool protocol() const noexcept { return kind > Kind::write; }
};

class Journal {
public:
    virtual ~Journal() = default;
    /// How many words it keeps.
    [[nodiscard]] virtual std::size_t words(const ProgramAccesses& accesses) const = 0;
    /// The operations of one execution of a leaf; `data` are those of the program, in order.
    [[nodiscard]] virtual std::vector<MachineOp> script(const ProgramAccesses& accesses,
                                                        std::size_t step, std::size_t leaf,
                                                        std::vector<MachineOp> data) const = 0;
    /// Finds where the work stands from the machine's words, and puts back what an undo log holds.
    [[nodiscard]] virtual MachinePosition recover(WordMachine& machine) const = 0;
};

/// Nothing is kept: the job starts over.
[[nodiscard]] std::unique_ptr<Journal> no_journal();
/// Two records, written in turn behind each unit of the role `commit`: position, job, and a
/// sequence number with a check over all of it; the newest whole one counts. `slots` 1: the same
/// one always.
[[nodiscard]] std::unique_ptr<Journal> record_journal(int slots = 2);
/// One word that counts what has been done, stored behind each durable execution.
[[nodiscard]] std::unique_ptr<Journal> footprint_journal();
/// A counter for each loop: the innermost is stored behind each execution; the end of a row clears
/// it and then moves the row's on; ends further out do so through a redo log. In-place sums have an
/// undo log, put back if its position is the one at which the work stands.
[[nodiscard]] std::unique_ptr<Journal> counter_journal();
/// Progress indicators beside the outputs, of the job's polarity; a recovery searches the first
/// that is not. `polarities` 1: all jobs write the same.
[[nodiscard]] std::unique_ptr<Journal> indicator_journal(int polarities = 2);
/// Tasks: results go to a redo log, are sealed, carried out, and the next task is named.
[[nodiscard]] std::unique_ptr<Journal> task_journal();

}  // namespace ebb
