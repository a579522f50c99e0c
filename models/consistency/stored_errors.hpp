// SPDX-License-Identifier: Apache-2.0
/// Where bits of the non-volatile memory are wrong, and what becomes of it: read, corrected,
/// detected, or overwritten before anybody looks.
///
/// A hit lies in a word: of the error-correcting code, or a byte without one. It lies there until
/// an execution, or a record, or a snapshot, writes the word again (any of its bytes); a hit while
/// an execution writes counts from the end of that execution. A read of the word is
///
///   right       no wrong bit
///   corrected   told once per word; the memory stays as it is
///   detected    the job in hand has to start over (detected()); weights are then taken from where
///               they came from
///   unnoticed   a violation (CORRUPT), reported to the oracle, once per access of an execution
///
/// as models/nvm/ecc.hpp says; without a code every wrong bit goes unnoticed. What a recovery
/// reads: the newest record or snapshot, and buffers of loop counters, logs and flags. The results
/// of a job are read when it ends; its input is taken anew when it begins.
///
/// Words are counted from the beginning of each buffer, slots apart, and a partly written word is
/// written whole. Hits in what a recovery itself writes are told, and not followed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/consistency/oracle.hpp"
#include "models/consistency/program_accesses.hpp"
#include "models/nvm/ecc.hpp"

namespace ebb {

class StoredErrors {
public:
    struct Memory {
        std::optional<EccParams> ecc;
        std::int64_t record_b = 0, snapshot_b = 0;  ///< of one slot of two
    };
    struct Counts {
        std::int64_t written = 0, decayed = 0;     ///< hits
        std::int64_t corrected = 0;                ///< words, each once until it is written again
        std::int64_t detected = 0, unnoticed = 0;  ///< reads
    };
    struct News {
        std::string event, detail;
    };
    /// The program must outlive this. `oracle` null: addresses mean nothing, and hits are told
    /// only.
    StoredErrors(const Program& program, const Memory& memory, MemoryOracle* oracle);

    // ---- hits
    /// The execution at that point writes a bit wrong: the `bit`-th of what its phase stores, with
    /// `before_b` of `all_b` bytes written by the phases before.
    void hit_write(const WorkPoint& at, double before_b, double all_b, std::int64_t bit);
    /// A bit of the record, or snapshot, that is the n-th to be written (from 0).
    void hit_record(std::int64_t n, std::int64_t bit) { hit_slot(records_, n, bit); }
    void hit_snapshot(std::int64_t n, std::int64_t bit) { hit_slot(snapshots_, n, bit); }
    /// In what nobody follows.
    void hit_elsewhere(const char* what);
    /// Bits that are stored: buffers of the program, and both slots of records and snapshots.
    [[nodiscard]] std::int64_t stored_bits() const noexcept;
    /// One of them has decayed; so many records and snapshots have been written so far.
    void hit_stored(std::int64_t bit, std::int64_t record_writes, std::int64_t snapshot_writes);

    // ---- what happens
    void passed(std::size_t step, std::int64_t from, std::int64_t to) {
        if (!damaged_.empty() || !pending_.empty()) {
            follow(step, from, to);
        }
    }
    /// The power has failed, in the midst of work or not; so many records and snapshots are whole.
    void failed(const std::optional<WorkPoint>& at, std::int64_t records, std::int64_t snapshots);
    /// A recovery has read these (-1: none), and goes on there.
    void recovered(std::int64_t record, std::int64_t snapshot, const WorkPoint& at);
    void input_taken();
    void results_read();

    // ---- what came of it
    /// Something that a read found beyond repair; until it is taken.
    [[nodiscard]] bool take_detected() noexcept { return std::exchange(detected_, false); }
    /// A word lies there, or may soon lie there, that a read would find beyond repair: to notice it
    /// at the end of the execution that reads it, they are to come one by one.
    [[nodiscard]] bool wary() const noexcept {
        return memory_.ecc && (beyond_repair_ > 0 || !pending_.empty());
    }
    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
    /// Since the last time.
    [[nodiscard]] std::vector<News> take_news() { return std::exchange(news_, {}); }

private:
    using Word = std::pair<std::size_t, std::int64_t>;  ///< buffer, number of the word in it
    struct Damage {
        std::set<std::int64_t> bits;
        std::string from;  ///< "execution 17 of conv, which wrote a bit wrong"
        bool told = false;
        std::int64_t n = 0;  ///< of records and snapshots: which one it is
    };
    struct Pending {
        std::size_t step = 0;
        std::int64_t unit = 0;
        Word word;
        std::int64_t bit = 0;
        std::string from;
    };
    using Words = std::map<Word, Damage>;

    [[nodiscard]] EccVerdict verdict(const Damage& damage) const noexcept;
    [[nodiscard]] std::string name_of(std::size_t buffer) const;
    [[nodiscard]] std::string place_of_bit(const Word& word, std::int64_t bit) const;
    [[nodiscard]] bool stored(std::size_t buffer) const;
    void hit_slot(std::size_t buffer, std::int64_t n, std::int64_t bit);
    void damage(const Word& word, std::int64_t bit, const std::string& from, std::int64_t n = 0);
    Words::iterator mend(Words::iterator at);
    [[nodiscard]] std::int64_t makes_wary(const Words::value_type& word) const noexcept;
    void tell_hit(const std::string& how, const std::string& place);
    void follow(std::size_t step, std::int64_t from, std::int64_t to);
    void run(std::size_t step, std::int64_t from, std::int64_t to);
    void settle_pending();
    [[nodiscard]] bool touches(std::size_t buffer, std::int64_t lo, std::int64_t hi,
                               bool reads) const;
    [[nodiscard]] bool reads_damage(std::size_t step, std::int64_t from, std::int64_t to) const;
    void clear(std::size_t buffer, std::int64_t lo, std::int64_t hi);
    /// True if it was a violation.
    bool read(std::size_t step, std::int64_t unit, std::size_t buffer, std::int64_t lo,
              std::int64_t hi);
    /// What a read makes of the word; the next one.
    Words::iterator read_word(Words::iterator at, std::size_t step, std::int64_t unit, bool& told);

    const Program& program_;
    Memory memory_;
    MemoryOracle* oracle_;
    std::unique_ptr<ProgramAccesses> accesses_;
    std::size_t records_, snapshots_;  ///< numbers behind those of the program's buffers
    std::int64_t word_b_ = 1, word_bits_ = 8;
    Words damaged_;
    std::vector<std::int64_t> in_buffer_;  ///< damaged words, per buffer
    std::vector<Pending> pending_;         ///< in the order in which they are written
    std::int64_t beyond_repair_ = 0;
    bool detected_ = false;
    Counts counts_;
    std::vector<News> news_;
};

}  // namespace ebb
