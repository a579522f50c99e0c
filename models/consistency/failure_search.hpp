// SPDX-License-Identifier: Apache-2.0
/// Power failures at every word of a program and its journal: does the device end with the results
/// of an uninterrupted run, and does the oracle say so?
///
///   single   a failure at each word of `jobs` jobs in turn
///   pairs    after each of them a second one, at each word of the recovery and of what follows, up
///            to `within` words
///   recovery after each of them a second one at each word of the recovery alone
///
/// Each case branches from the uninterrupted run just before the execution that is cut, and is over
/// as soon as its memory is that of the uninterrupted run again; otherwise it runs to the end.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "models/consistency/word_machine.hpp"

namespace ebb {

/// What a trigger does before each failure: nothing; a whole snapshot; one that the power failure
/// cuts, at each of its words in turn.
enum class SavedAtFailure : unsigned char { nothing, whole, cut };

struct FailurePlan {
    std::int64_t jobs = 2;
    bool pairs = false;
    std::int64_t within = 50;
    SavedAtFailure saved = SavedAtFailure::nothing;
    /// Single failures, and second ones in the recovery; not together with pairs.
    bool in_recovery = false;
    WordMachine::Options machine = {};
    /// Only failures in these executions (flat positions of the program); empty: all.
    std::function<bool(std::int64_t)> in_execution = {};
};

struct FailureReport {
    std::int64_t words = 0;  ///< stored by the uninterrupted run
    std::int64_t cases = 0;
    std::int64_t wrong = 0;            ///< results differ, by the twin
    std::int64_t violating = 0;        ///< cases in which the oracle found something
    std::int64_t disagreeing = 0;      ///< cases in which only one of the two did
    std::int64_t stuck = 0;            ///< cases that come to no end
    bool broken = false;               ///< wrong, or without end, even if the power never fails
    std::vector<ViolationKind> kinds;  ///< that occurred, each once
    std::string first;                 ///< the first case that is not as it should be
    std::string disagreement;          ///< the first case of which only one of the two says so
    [[nodiscard]] bool sound() const noexcept {
        return wrong == 0 && violating == 0 && stuck == 0 && !broken;
    }
};

/// The program without the accesses that stand for a journal's words (roles index and log): a
/// machine takes those from the journal.
[[nodiscard]] Program without_bookkeeping(Program program);

/// One execution of each kind: the same leaf, and each loop around it in its first trip, its last
/// one, or in between. True at the flat position of the first of its kind.
[[nodiscard]] std::vector<bool> one_of_each_kind(const ProgramAccesses& accesses);

/// `change`: alters the machine before it runs (a mutant). The accesses are those of a program
/// without bookkeeping.
[[nodiscard]] FailureReport search_failures(const ProgramAccesses& accesses, const Journal& journal,
                                            const FailurePlan& plan,
                                            const std::function<void(WordMachine&)>& change = {});

/// One change of one operation of a leaf's script.
struct Mutant {
    std::size_t step = 0, leaf = 0;
    std::string what;  ///< "swap 'saved value' and 'saved position' of fc1"
    std::vector<MachineOp> ops;
};

/// Every operation of the journal dropped, done twice, put before its neighbour, and, where it has
/// another slot, stored there. One leaf of each kind: leaves with the same operations count once.
[[nodiscard]] std::vector<Mutant> mutants(const ProgramAccesses& accesses, const Journal& journal);

/// One change of the stores of a snapshot.
struct SnapshotMutant {
    std::string what;
    std::vector<NvOp> ops;
};
/// Each store dropped, done twice, put before its neighbour, and put into the newest slot in place
/// of the other one.
[[nodiscard]] std::vector<SnapshotMutant> snapshot_mutants(const std::vector<NvOp>& snapshot);

}  // namespace ebb
