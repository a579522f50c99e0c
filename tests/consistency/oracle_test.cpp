// SPDX-License-Identifier: Apache-2.0
// Does the oracle find what a memory followed cell by cell holds wrongly, and nothing else?
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "models/consistency/oracle.hpp"
#include "models/workload/access_runs.hpp"
#include "models/workload/nest_index.hpp"
#include "tests/support/random_program.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

/// A unit that adds to a sum, in place or from one slot to the other.
Program sums(bool two_slots) {
    Program program;
    Buffer buffer;
    buffer.name = "sums";
    buffer.bytes = 8;
    buffer.slots = 2;
    program.buffers = {buffer};
    Nest nest;
    nest.name = "add";
    nest.units.resize(1);
    nest.units[0].phases.resize(2);
    Access read;
    read.len = 8;
    Access write = read;
    write.write = true;
    write.phase = 1;
    if (two_slots) {
        read.slot = 1;
        read.slot_step[0] = write.slot_step[0] = 1;
    }
    nest.root = repeat(6, 0, {read, write});
    program.nests = {nest};
    return program;
}

std::vector<ViolationKind> kinds(const MemoryOracle& oracle) {
    std::vector<ViolationKind> all;
    for (const Violation& v : oracle.violations()) {
        all.push_back(v.kind);
    }
    return all;
}

/// Every cell by itself: which write it holds.
class Cells {
public:
    static constexpr int kTorn = -1, kLost = -2;
    explicit Cells(const Program& program) : program_(program) {
        for (const Nest& nest : program.nests) {
            index_.emplace_back(nest);
        }
        for (const Buffer& b : program.buffers) {
            memory_.emplace_back(static_cast<std::size_t>(b.bytes * b.slots), 0);
        }
        right_ = memory_;
        for (std::size_t step = 0; step < index_.size(); ++step) {
            for (std::int64_t unit = 0; unit < index_[step].length(); ++unit) {
                before_.push_back(right_);
                positions_.emplace_back(step, unit);
                execute(right_, positions_.size() - 1, kEverything, nullptr);
            }
        }
        before_.push_back(right_);
    }
    using Memory = std::vector<std::vector<int>>;
    static constexpr int kEverything = 1 << 30;

    [[nodiscard]] std::size_t length() const { return positions_.size(); }
    [[nodiscard]] WorkPoint point(std::size_t position, std::int64_t written = 0) const {
        if (position == positions_.size()) {
            return {index_.size(), 0, 0, 0};
        }
        return {positions_[position].first, positions_[position].second, 0, written};
    }
    /// Runs one execution; counts the reads that meet what they should not.
    int run(std::size_t position) {
        Memory golden = before_[position];
        int wrong = 0;
        const auto read = [&](std::size_t buffer, std::int64_t lo, std::int64_t len) {
            bool differs = false;
            for (std::int64_t i = lo; i < lo + len; ++i) {
                const auto at = static_cast<std::size_t>(i);
                differs = differs || memory_[buffer][at] != golden_now_->at(buffer)[at];
            }
            return differs;
        };
        golden_now_ = &golden;
        visit(position, [&](const Access& access, const std::vector<std::int64_t>& cells, int tag) {
            if (access.write) {
                for (const std::int64_t cell : cells) {
                    memory_[access.buffer][static_cast<std::size_t>(cell)] = tag;
                    golden[access.buffer][static_cast<std::size_t>(cell)] = tag;
                }
                return;
            }
            bool differs = false;
            for (const std::int64_t cell : cells) {
                differs = read(access.buffer, cell, 1) || differs;
            }
            wrong += differs ? 1 : 0;
        });
        return wrong;
    }
    /// The power fails in an execution, so many bytes of its writes done.
    void fail(std::size_t position, int written, bool garbage, bool restored, std::size_t goes_on) {
        if (position < positions_.size()) {
            execute(memory_, position, written, garbage ? &written : nullptr);
        }
        for (std::size_t i = 0; i < program_.buffers.size(); ++i) {
            if (program_.buffers[i].space != Space::nvm) {
                if (restored) {
                    memory_[i] = before_[goes_on][i];
                } else {
                    std::fill(memory_[i].begin(), memory_[i].end(), kLost);
                }
            }
        }
    }
    [[nodiscard]] int writes(std::size_t position) {
        int n = 0;
        visit(position, [&](const Access& a, const std::vector<std::int64_t>& cells, int) {
            n += a.write ? static_cast<int>(cells.size()) : 0;
        });
        return n;
    }

private:
    template <class F>
    void visit(std::size_t position, F&& f) const {
        const auto [step, unit] = positions_[position];
        const NestIndex::Spot spot = index_[step].locate(unit);
        std::vector<Access> accesses = index_[step].leaves()[spot.leaf].block->accesses;
        std::stable_sort(accesses.begin(), accesses.end(), [](const Access& a, const Access& b) {
            return a.phase != b.phase ? a.phase < b.phase : a.write < b.write;
        });
        int tag = static_cast<int>(position) * 10 + 1;
        for (const Access& access : accesses) {
            std::vector<std::int64_t> cells;
            for_each_range(access, place_of(access, program_.buffers[access.buffer], spot.counter),
                           [&](std::int64_t lo, std::int64_t len) {
                               for (std::int64_t i = 0; i < len; ++i) {
                                   cells.push_back(lo + i);
                               }
                           });
            f(access, cells, tag++);
        }
    }
    void execute(Memory& memory, std::size_t position, int most, const int* tear) const {
        int n = 0;
        visit(position, [&](const Access& a, const std::vector<std::int64_t>& cells, int tag) {
            for (const std::int64_t cell : cells) {
                if (!a.write) {
                    break;
                }
                if (n < most) {
                    memory[a.buffer][static_cast<std::size_t>(cell)] = tag;
                } else if (n == most && tear != nullptr &&
                           program_.buffers[a.buffer].space == Space::nvm) {
                    memory[a.buffer][static_cast<std::size_t>(cell)] = kTorn;
                }
                ++n;
            }
        });
    }

    const Program& program_;
    std::vector<NestIndex> index_;
    std::vector<std::pair<std::size_t, std::int64_t>> positions_;
    Memory memory_, right_;
    const Memory* golden_now_ = nullptr;
    std::vector<Memory> before_;
};

}  // namespace

TEST_CASE("a sum that is kept in place and cut is read too new, one between two slots is not") {
    for (const bool two_slots : {false, true}) {
        const Program program = sums(two_slots);
        MemoryOracle oracle(program, {2, CutWord::old_value});
        oracle.start_job(0);
        oracle.passed(0, 0, 3);
        oracle.failed({0, 3, 1, 4});
        CHECK(oracle.waits());
        oracle.resumed({0, 3, 0, 0}, false);
        oracle.passed(0, 3, 6);
        oracle.job_done();
        CHECK(oracle.clean());
        if (two_slots) {
            CHECK(oracle.count() == 0);
        } else {
            REQUIRE(oracle.count() == 1);
            CHECK(oracle.violations()[0].text() ==
                  "WAR: job 0: execution 3 of add reads bytes 0..3 of sums, left by execution 3 of "
                  "add");
        }
    }
}

TEST_CASE("the word in hand is torn only where the memory leaves garbage of it") {
    for (const CutWord cut : {CutWord::old_value, CutWord::garbage}) {
        const Program program = sums(false);
        MemoryOracle oracle(program, {2, cut});
        oracle.passed(0, 0, 1);
        oracle.failed({0, 1, 1, 0, true});
        oracle.resumed({0, 1, 0, 0}, false);
        oracle.passed(0, 1, 2);
        if (cut == CutWord::garbage) {
            CHECK(kinds(oracle) == std::vector<ViolationKind>{ViolationKind::torn});
            CHECK(oracle.violations()[0].hi == 2);
        } else {
            CHECK(oracle.count() == 0);
        }
    }
}

TEST_CASE("an undo log that has put the sum back leaves nothing wrong") {
    const Program program = sums(false);
    MemoryOracle oracle(program, {2, CutWord::garbage});
    oracle.passed(0, 0, 3);
    oracle.failed({0, 3, 1, 4});
    oracle.resumed({0, 3, 0, 0}, false);
    oracle.undone({0, 3, 0, 0});
    CHECK(oracle.clean());
}

TEST_CASE("work that is skipped leaves older data, in a later job those of the job before") {
    for (const int job : {0, 1}) {
        const Program program = sums(true);
        MemoryOracle oracle(program, {2, CutWord::old_value});
        oracle.start_job(job);
        oracle.passed(0, 0, 2);
        oracle.failed({0, 2, 0, 0});
        oracle.resumed({0, 4, 0, 0}, false);
        oracle.passed(0, 4, 6);
        const ViolationKind kind = job == 0 ? ViolationKind::stale : ViolationKind::stale_job;
        CHECK(kinds(oracle) == std::vector<ViolationKind>{kind});
    }
}

TEST_CASE("volatile data are lost unless a snapshot brings them back") {
    for (const bool restored : {false, true}) {
        Program program = sums(false);
        program.buffers[0].space = Space::sram;
        MemoryOracle oracle(program, {2, CutWord::garbage});
        oracle.passed(0, 0, 3);
        oracle.failed({0, 3, 1, 4});
        oracle.resumed({0, 3, 0, 0}, restored);
        oracle.passed(0, 3, 6);
        CHECK(oracle.count() == (restored ? 0 : 1));
    }
}

TEST_CASE("the results of a job are read at its end") {
    Program program = sums(true);
    program.tensors = {{0, 0, 1, 0, 8}};
    MemoryOracle oracle(program, {2, CutWord::old_value});
    oracle.passed(0, 0, 5);
    oracle.failed({0, 5, 0, 0});
    oracle.resumed({1, 0, 0, 0}, false);  // as if the last one had been done
    oracle.job_done();
    REQUIRE(oracle.count() == 1);
    CHECK(oracle.violations()[0].layer == "the job's end");
}

TEST_CASE("an input that may be taken only once is missed when it is taken again") {
    Program program = sums(true);
    program.nests[0].units[0].phases[0].io = Io::once;
    MemoryOracle oracle(program, {2, CutWord::old_value});
    oracle.passed(0, 0, 3);
    oracle.failed({0, 3, 0, 0});
    oracle.resumed({0, 3, 0, 0}, false);
    CHECK(oracle.count() == 0);
    oracle.failed({0, 3, 0, 0});
    oracle.resumed({0, 1, 0, 0}, false);
    CHECK(kinds(oracle) == std::vector<ViolationKind>{ViolationKind::rio, ViolationKind::rio});
}

TEST_CASE("only the first violations are kept, all are counted") {
    Program program = sums(false);
    program.nests[0].root.n = 100;
    MemoryOracle oracle(program, {2, CutWord::old_value});
    for (int i = 0; i < 50; ++i) {
        oracle.passed(0, i, i + 1);
        oracle.failed({0, i + 1, 1, 2});
        oracle.resumed({0, i + 1, 0, 0}, false);
    }
    CHECK(oracle.count() == 49);
    CHECK(oracle.violations().size() == MemoryOracle::kMost);
}

TEST_CASE("random programs and failures: as many wrong reads as cell by cell") {
    std::mt19937 random(5);
    const auto up_to = [&random](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n)(random);
    };
    std::int64_t found = 0;
    int without = 0;
    for (int round = 0; round < 600; ++round) {
        const Program program = random_program(random, 2);
        const CutWord cut = up_to(1) == 0 ? CutWord::garbage : CutWord::old_value;
        Cells cells(program);
        MemoryOracle oracle(program, {1, cut});
        oracle.start_job(0);
        std::int64_t wrong = 0;
        std::size_t at = 0;
        for (int failure = 0; failure < 4; ++failure) {
            const std::size_t until = at + up_to(cells.length() - at);
            // Stretches as the engine reports them: some executions of one step at a time.
            while (at < until) {
                const WorkPoint from = cells.point(at);
                std::size_t end = at;
                while (end < until && cells.point(end).step == from.step && up_to(3) > 0) {
                    wrong += cells.run(end++);
                }
                oracle.passed(from.step, from.unit,
                              from.unit + static_cast<std::int64_t>(end - at));
                at = end;
            }
            const int all = at < cells.length() ? cells.writes(at) : 0;
            const int written = static_cast<int>(up_to(static_cast<std::size_t>(all)));
            const std::size_t back = up_to(at);
            const bool restored = up_to(1) == 0;
            WorkPoint failed = cells.point(at, written);
            failed.writing = written < all && up_to(1) == 0;
            cells.fail(at, written, failed.writing && cut == CutWord::garbage, restored, back);
            oracle.failed(failed);
            oracle.resumed(cells.point(back), restored);
            at = back;
        }
        while (at < cells.length()) {
            const WorkPoint p = cells.point(at);
            wrong += cells.run(at++);
            oracle.passed(p.step, p.unit, p.unit + 1);
        }
        INFO("round " << round);
        REQUIRE(oracle.count() == wrong);
        found += wrong;
        without += wrong == 0 ? 1 : 0;
    }
    CHECK(found > 1000);
    CHECK(without > 0);
}
