// SPDX-License-Identifier: Apache-2.0
/// Does the work ever compute on data that a run without power failures would not have had?
///
/// The oracle follows where memory differs from what it would hold, at the same point of the work,
/// had no power failure ever happened. Between failures nothing is kept and nothing is done: all
/// reads meet what they should. At a failure the work falls back from a point p to a point r, and
/// what was written between them is there too early:
///
///   D := D + writes(r .. p)       what a later execution wrote                     -> WAR
///          + the word in hand     if the memory leaves garbage of it               -> TORN
///          + volatile memory      unless a snapshot brings it back                 -> LOST
///   forward: r behind p           what was skipped was never written               -> STALE,
///                                 or is the previous job's                         -> STALE_JOB
///
/// As the work goes on, an execution that writes a range takes it out of D, and one that reads a
/// range of D reads what it should not: a violation, as is a result of D that the job ends with. A
/// phase that may happen once only and happens again is one, too (RIO). Once D is empty, and that
/// is soon, following costs nothing again.
///
/// An execution's results count as right once it has been reported: a wrong read is told where it
/// happens, and not again in everything that follows from it. Ranges are bytes of a buffer, slots
/// apart; accesses are as exact as the program states them.
/// Bits that the memory itself has got wrong (CORRUPT) are followed by StoredErrors.
/// Terms: WAR, STALE, TORN, ... as in work on intermittent computing; formal ground: Surbatovich,
/// Jia, Lucia, OOPSLA 2020.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/consistency/program_accesses.hpp"
#include "models/nvm/nvm_params.hpp"

namespace ebb {

enum class ViolationKind : unsigned char { war, stale, stale_job, torn, lost, rio, corrupt };
/// "WAR", "STALE_JOB", ...
[[nodiscard]] std::string_view name_of(ViolationKind kind) noexcept;

struct Violation {
    ViolationKind kind = ViolationKind::war;
    std::int64_t job = 0;
    std::size_t step = 0;
    std::int64_t unit = 0;  ///< execution that reads; behind the last one: the end of the job
    std::string layer;
    std::string buffer;
    std::int64_t lo = 0, hi = 0;  ///< first wrong range of the read, bytes from the first slot
    std::string wrote;            ///< what left it so: "execution 17 of conv2"
    [[nodiscard]] std::string text() const;
};

class MemoryOracle {
public:
    struct Memory {
        std::int64_t atomic_b = 1;
        CutWord cut = CutWord::garbage;
    };
    /// The program must outlive the oracle and stay where it is.
    MemoryOracle(const Program& program, const Memory& memory);
    ~MemoryOracle();
    MemoryOracle(const MemoryOracle&) = delete;
    MemoryOracle& operator=(const MemoryOracle&) = delete;

    // ---- what happens
    /// A job begins; its input is there.
    void start_job(std::int64_t job);
    /// Executions [from, to) of a step have been done.
    void passed(std::size_t step, std::int64_t from, std::int64_t to) {
        if (!clean_) {
            follow(step, from, to);
        }
    }
    /// The power failed at that point; a second failure before resumed() changes nothing more.
    void failed(const WorkPoint& at);
    /// The work goes on from there; `volatile_restored`: by a snapshot, with all volatile memory as
    /// it was there; `jobs_back`: in a job before the one in hand, so many.
    void resumed(const WorkPoint& at, bool volatile_restored, std::int64_t jobs_back = 0);
    /// A range of volatile memory was restored as it was at another point of the same job.
    void restored_from(std::size_t buffer, std::int64_t lo, std::int64_t hi, const WorkPoint& from);
    /// A recovery has put back what the execution at that point found in its ranges.
    void undone(const WorkPoint& at);
    /// A recovery, or a log that is carried out, has put something into a range: what belongs
    /// there, or something wrong.
    void put(std::size_t buffer, std::int64_t lo, std::int64_t hi, const WorkPoint& at,
             std::optional<ViolationKind> wrong = std::nullopt);
    /// The job is done: its results are read.
    void job_done();
    /// Somebody else has found a wrong read (StoredErrors).
    void report(Violation violation);

    /// As new, in the midst of a job.
    void reset(std::int64_t job);

    // ---- what came of it
    [[nodiscard]] bool waits() const noexcept { return failed_; }  ///< for resumed()
    [[nodiscard]] bool clean() const noexcept { return clean_; }
    [[nodiscard]] std::int64_t count() const noexcept { return count_; }
    /// The first ones, kMost at most.
    [[nodiscard]] const std::vector<Violation>& violations() const noexcept { return kept_; }
    static constexpr std::size_t kMost = 20;

private:
    struct Body;
    void follow(std::size_t step, std::int64_t from, std::int64_t to);
    void repeated_io(std::size_t step, std::int64_t from, std::int64_t to);
    /// True, and told, if the range is wrong.
    bool read(std::size_t step, std::int64_t unit, std::size_t buffer, std::int64_t lo,
              std::int64_t hi);

    std::unique_ptr<Body> body_;
    bool clean_ = true;
    bool failed_ = false;
    std::int64_t count_ = 0;
    std::vector<Violation> kept_;
};

}  // namespace ebb
