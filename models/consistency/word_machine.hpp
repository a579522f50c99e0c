// SPDX-License-Identifier: Apache-2.0
/// A twin of the device on real bytes: it runs a program and a journal word by word, fails where it
/// is told to, recovers from what is in its memory and goes on. The independent witness of the
/// oracle, which it can carry along.
///
/// Every execution mixes all bytes that it reads into a state and stores words drawn from it, so
/// that a single wrong byte that is read shows in what is written. The host puts a new input in
/// place when a job starts, and takes the results when it is done.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "models/consistency/journal.hpp"
#include "models/consistency/oracle.hpp"
#include "models/consistency/program_accesses.hpp"
#include "models/consistency/shared_bytes.hpp"
#include "models/runtime/protocol.hpp"

namespace ebb {

/// What is left of the word in hand.
enum class CutLeaves : unsigned char { old_word, new_word, garbage };

/// Everything that outlives a power failure.
struct MachineMemory {
    std::vector<SharedBytes> data;    ///< per buffer, all slots
    std::vector<std::int64_t> words;  ///< of the journal
    /// Whose data a word of a log holds: step, unit; {-1, -1} nobody's.
    std::vector<std::pair<std::int64_t, std::int64_t>> owner;
    [[nodiscard]] bool same_content(const MachineMemory& other) const {
        return data == other.data && words == other.words;
    }
};

/// All that a machine is at one moment; to go back to, or to branch from.
struct MachineState {
    struct Volatile {
        MachinePosition at;
        std::uint64_t mixed = 0;   ///< of all that this execution has read
        std::int64_t written = 0;  ///< bytes of data that this execution has stored
        std::size_t of_op = 0;     ///< words of the operation in hand
    };
    /// A slot of the snapshot.
    struct Slot {
        Volatile registers;
        std::int64_t registers_of = 0;     ///< which snapshot stored them, counted from 1
        std::vector<SharedBytes> buffers;  ///< what is volatile; empty for what is not
        struct Run {
            std::int64_t end = 0, of = 0;
        };
        /// The same for the bytes, all buffers one behind the other; 0: nobody, -1: garbage.
        std::vector<Run> runs;
        std::int64_t sequence = 0;  ///< what its header says; 0: not whole
    };
    MachineMemory memory;
    Volatile now;
    std::array<Slot, 2> slots;
    std::vector<Volatile> saved_at;  ///< per snapshot, counted from 1: the moment
    bool in_job = false;
    bool again = false;  ///< a snapshot of a job that is over was restored: it is done again
    std::vector<std::vector<std::uint8_t>> results;  ///< per job, as the host took them
};

class WordMachine {
public:
    /// A slot of a snapshot of which `NvOp::slot` is this: the newest whole one, which a snapshot
    /// must never touch. -1: the other one; 0 and 1: always the same.
    static constexpr int kNewestSlot = -2;
    struct Options {
        CutLeaves cut = CutLeaves::old_word;
        std::int64_t atomic_b = 2;
        /// The stores of a snapshot, in order (Protocol::snapshot). Each stores registers and then
        /// the volatile buffers, as many bytes as it has beyond `register_b`, or all of it at once
        /// if it has none; a header says whose the slot is.
        std::vector<NvOp> snapshot = {};
        std::int64_t register_b = 0;
        /// It saves before each execution whose number is a multiple of this, and works on; 0: not.
        std::int64_t snapshot_every = 0;
    };
    enum class End : unsigned char { done, power_failed, reached, stuck };

    /// Program and journal must outlive the machine. Volatile buffers are lost at a failure unless
    /// `take_snapshot` has saved them.
    WordMachine(const ProgramAccesses& accesses, const Journal& journal, const Options& options);

    // ---- running
    /// Runs until so many jobs are done, the execution before `stop` is behind it, or the power
    /// fails at the `words`-th word stored from now, in whatever memory (negative: never).
    End run(std::int64_t jobs, std::int64_t words = -1,
            const std::optional<MachinePosition>& stop = std::nullopt);
    /// Boots: everything volatile is gone, the journal finds the position. False if the power fails
    /// again, at the `words`-th word.
    bool boot(std::int64_t words = -1);
    /// Saves what is volatile, as a trigger asks for: the next boot goes on from here. False if the
    /// power fails at the `words`-th word; then the snapshot before it is what is left, if there is
    /// one and the protocol keeps it.
    bool take_snapshot(std::int64_t words = -1);

    // ---- where it stands
    [[nodiscard]] const MachinePosition& at() const noexcept { return s_.now.at; }
    [[nodiscard]] const MachineState& state() const noexcept { return s_; }
    void restore(const MachineState& state) { s_ = state; }
    [[nodiscard]] std::int64_t jobs_done() const noexcept {
        return static_cast<std::int64_t>(s_.results.size());
    }
    [[nodiscard]] const ProgramAccesses& accesses() const noexcept { return *accesses_; }
    [[nodiscard]] std::int64_t words_stored() const noexcept { return stored_; }
    /// Executions of the whole program before a position, and back.
    [[nodiscard]] std::int64_t flat(std::size_t step, std::int64_t unit) const {
        return begin_of_[step] + unit;
    }
    [[nodiscard]] std::int64_t length() const noexcept { return begin_of_.back(); }
    [[nodiscard]] MachinePosition position(std::int64_t job, std::int64_t flat) const;

    // ---- for journals
    [[nodiscard]] std::int64_t word(std::size_t i) const { return s_.memory.words[i]; }
    void store(std::size_t i, std::int64_t value);
    /// A word of an undo log back to the place that the execution at the position writes.
    void put_back(std::size_t word, const MachinePosition& at);

    /// Operations of leaves in place of the journal's: to see whether a change is noticed.
    void replace(std::size_t step, std::size_t leaf, std::vector<MachineOp> ops) {
        scripts_[step][leaf] = std::move(ops);
    }
    [[nodiscard]] const std::vector<MachineOp>& script(std::size_t step, std::size_t leaf) const {
        return scripts_[step][leaf];
    }
    void carry(MemoryOracle* oracle) noexcept { oracle_ = oracle; }

private:
    struct PowerFailed {};

    void start_job();
    [[nodiscard]] std::int64_t job_in_hand() const noexcept {
        return s_.again ? s_.now.at.job : jobs_done();
    }
    void take_input();
    void finish_job();
    void execute(const MachineOp& op);
    void put_word(std::size_t buffer, std::int64_t lo, std::int64_t n, std::uint64_t value);
    void write_range(std::size_t buffer, std::int64_t lo, std::int64_t len, const MachineOp& op);
    /// One atomic word, or the power fails at it.
    template <class Garbage, class New>
    void store_word(Garbage&& garbage, New&& put);
    [[nodiscard]] std::int64_t place_now(const Access& access) const {
        return place_of(access, accesses_->buffer(access), spot_.counter);
    }
    [[nodiscard]] WorkPoint point() const { return point(s_.now); }
    [[nodiscard]] WorkPoint point(const MachineState::Volatile& now) const;
    void lose_volatile();
    void save();
    void save_state(MachineState::Slot& slot, std::int64_t number, std::int64_t bytes);
    [[nodiscard]] std::size_t newest_slot() const noexcept;
    void store_prefix(MachineState::Slot& slot, std::int64_t number, std::int64_t bytes);
    void tell_of_slot(const MachineState::Slot& slot);

    const ProgramAccesses* accesses_;
    const Journal* journal_;
    Options options_;
    std::vector<std::int64_t> begin_of_;  ///< per step, and the end
    std::vector<std::vector<std::vector<MachineOp>>> scripts_;
    std::vector<SharedBytes> lost_;  ///< what a power failure leaves of each volatile buffer
    MachineState s_;
    NestIndex::Spot spot_;  ///< of the execution in hand
    std::int64_t left_ = -1;
    std::int64_t stored_ = 0;
    bool in_hand_ = false;  ///< a word of data was being stored when the power failed
    std::size_t log_at_ = 0;
    struct Put {
        std::size_t buffer = 0;
        std::int64_t lo = 0, hi = 0;
        bool right = false;
    };
    std::vector<Put> puts_;
    MemoryOracle* oracle_ = nullptr;
};

template <class Garbage, class New>
void WordMachine::store_word(Garbage&& garbage, New&& put) {
    ++stored_;
    if (left_ < 0 || --left_ > 0) {
        put();
        return;
    }
    if (options_.cut == CutLeaves::garbage) {
        garbage();
    } else if (options_.cut == CutLeaves::new_word) {
        put();
    }
    throw PowerFailed{};
}

}  // namespace ebb
