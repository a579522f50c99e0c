// SPDX-License-Identifier: Apache-2.0
// Journals that mark the place of the work by records, footprints, indicators and task pointers.
#include <boost/crc.hpp>
#include <utility>

#include "models/consistency/journal.hpp"
#include "models/consistency/word_machine.hpp"

namespace ebb {

namespace {

using Word = std::function<std::size_t(const WordMachine&)>;

Word fixed(std::size_t i) {
    return [i](const WordMachine&) { return i; };
}

/// What is behind the machine once the execution in hand is done, counted over all jobs.
std::int64_t behind(const WordMachine& m) {
    return m.at().job * m.length() + m.flat(m.at().step, m.at().unit) + 1;
}

MachinePosition place_of_count(const WordMachine& m, std::int64_t count) {
    const std::int64_t job = count / m.length();
    return m.position(job, count % m.length());
}

MachineOp set(std::string what, Word word, std::function<std::int64_t(const WordMachine&)> value) {
    MachineOp op{MachineOp::Kind::set, nullptr, std::move(what)};
    op.word = std::move(word);
    op.value = std::move(value);
    return op;
}

const Unit& unit_of_leaf(const ProgramAccesses& accesses, std::size_t step, std::size_t leaf) {
    return accesses.program().nests[step].units[accesses.index(step).leaves()[leaf].block->unit];
}

class NoJournal final : public Journal {
public:
    [[nodiscard]] std::size_t words(const ProgramAccesses&) const override { return 0; }
    [[nodiscard]] std::vector<MachineOp> script(const ProgramAccesses&, std::size_t, std::size_t,
                                                std::vector<MachineOp> data) const override {
        return data;
    }
    [[nodiscard]] MachinePosition recover(WordMachine& m) const override {
        return {m.jobs_done(), 0, 0, 0};
    }
};

// ---- two records in turn
// ----------------------------------------------------------------------------------------

class RecordJournal final : public Journal {
public:
    explicit RecordJournal(int slots) : slots_(static_cast<std::size_t>(slots)) {}
    [[nodiscard]] std::size_t words(const ProgramAccesses&) const override {
        return slots_ * kRecord;
    }
    [[nodiscard]] std::vector<MachineOp> script(const ProgramAccesses& accesses, std::size_t step,
                                                std::size_t leaf,
                                                std::vector<MachineOp> data) const override {
        if (unit_of_leaf(accesses, step, leaf).role != UnitRole::commit) {
            return data;
        }
        const auto add = [&](const char* what, std::size_t field,
                             std::function<std::int64_t(const WordMachine&)> value) {
            data.push_back(set(what, slot_for(field, 1), std::move(value)));
            if (slots_ > 1) {
                data.back().other_word = slot_for(field, 0);
            }
        };
        add("record, position", 0, behind);
        add("record, job", 1, [](const WordMachine& m) { return m.at().job; });
        add("record, sequence and check", 2, [this](const WordMachine& m) {
            const std::int64_t next = sequence(m, newest(m)) + 1;
            return check(behind(m), m.at().job, next);
        });
        return data;
    }
    [[nodiscard]] MachinePosition recover(WordMachine& m) const override {
        const std::size_t slot = newest(m);
        return slot == kNone ? MachinePosition{m.jobs_done(), 0, 0, 0}
                             : place_of_count(m, m.word(slot * kRecord));
    }

private:
    static constexpr std::size_t kRecord = 3, kNone = static_cast<std::size_t>(-1);

    static std::int64_t check(std::int64_t position, std::int64_t job, std::int64_t sequence) {
        const std::int64_t all[] = {position, job, sequence};
        boost::crc_32_type crc;
        crc.process_bytes(all, sizeof all);
        return static_cast<std::int64_t>((static_cast<std::uint64_t>(sequence) << 32U) |
                                         crc.checksum());
    }
    static std::int64_t sequence(const WordMachine& m, std::size_t slot) {
        return slot == kNone ? 0 : m.word(slot * kRecord + 2) >> 32U;
    }
    [[nodiscard]] std::size_t newest(const WordMachine& m) const {
        std::size_t best = kNone;
        for (std::size_t slot = 0; slot < slots_; ++slot) {
            const std::int64_t s = sequence(m, slot);
            const bool whole =
                s > 0 && m.word(slot * kRecord + 2) ==
                             check(m.word(slot * kRecord), m.word(slot * kRecord + 1), s);
            if (whole && s > sequence(m, best)) {
                best = slot;
            }
        }
        return best;
    }
    /// The slot that is older, or (`ahead` 0) the newest.
    [[nodiscard]] Word slot_for(std::size_t field, std::size_t ahead) const {
        return [this, field, ahead](const WordMachine& m) {
            const std::size_t now = newest(m);
            const std::size_t slot = now == kNone ? (ahead + 1) % slots_ : (now + ahead) % slots_;
            return slot * kRecord + field;
        };
    }

    std::size_t slots_;
};

// ---- one word that counts
// ----------------------------------------------------------------------------------------

class FootprintJournal final : public Journal {
public:
    [[nodiscard]] std::size_t words(const ProgramAccesses&) const override { return 1; }
    [[nodiscard]] std::vector<MachineOp> script(const ProgramAccesses& accesses, std::size_t step,
                                                std::size_t leaf,
                                                std::vector<MachineOp> data) const override {
        if (unit_of_leaf(accesses, step, leaf).durable) {
            data.push_back(set("footprint", fixed(0), behind));
        }
        return data;
    }
    [[nodiscard]] MachinePosition recover(WordMachine& m) const override {
        return place_of_count(m, m.word(0));
    }
};

// ---- indicators beside the outputs
// ----------------------------------------------------------------------------------------

class IndicatorJournal final : public Journal {
public:
    explicit IndicatorJournal(int polarities) : polarities_(polarities) {}
    [[nodiscard]] std::size_t words(const ProgramAccesses& accesses) const override {
        std::int64_t n = 1;
        for (std::size_t step = 0; step < accesses.steps(); ++step) {
            n += accesses.index(step).length();
        }
        return static_cast<std::size_t>(n);
    }
    [[nodiscard]] std::vector<MachineOp> script(const ProgramAccesses&, std::size_t, std::size_t,
                                                std::vector<MachineOp> data) const override {
        data.push_back(set(
            "indicator",
            [](const WordMachine& m) {
                return static_cast<std::size_t>(1 + m.flat(m.at().step, m.at().unit));
            },
            [this](const WordMachine& m) { return polarity(m.at().job); }));
        data.push_back(set("job", fixed(0), [](const WordMachine& m) { return m.at().job + 1; }));
        data.back().when = [](const WordMachine& m) { return behind(m) % m.length() == 0; };
        return data;
    }
    [[nodiscard]] MachinePosition recover(WordMachine& m) const override {
        const std::int64_t job = m.word(0);
        std::int64_t done = 0;
        while (done < m.length() && m.word(static_cast<std::size_t>(1 + done)) == polarity(job)) {
            ++done;
        }
        return m.position(job, done);
    }

private:
    [[nodiscard]] std::int64_t polarity(std::int64_t job) const { return 1 + job % polarities_; }
    int polarities_;
};

// ---- tasks with a redo log
// ----------------------------------------------------------------------------------------

class TaskJournal final : public Journal {
public:
    [[nodiscard]] std::size_t words(const ProgramAccesses& accesses) const override {
        std::int64_t most = 0;
        for (std::size_t step = 0; step < accesses.steps(); ++step) {
            for (std::size_t leaf = 0; leaf < accesses.index(step).leaves().size(); ++leaf) {
                for (const Access* access : accesses.of(step, leaf)) {
                    most = std::max(most, access->write ? access->bytes() : 0);
                }
            }
        }
        return kLog + static_cast<std::size_t>(most);
    }
    [[nodiscard]] std::vector<MachineOp> script(const ProgramAccesses&, std::size_t, std::size_t,
                                                std::vector<MachineOp> data) const override {
        std::vector<MachineOp> ops;
        std::vector<MachineOp> apply;
        for (MachineOp& op : data) {
            if (op.kind != MachineOp::Kind::write) {
                ops.push_back(std::move(op));
                continue;
            }
            op.word = fixed(kLog);
            apply.push_back(op);
            apply.back().kind = MachineOp::Kind::apply;
            op.kind = MachineOp::Kind::log;
            ops.push_back(std::move(op));
        }
        if (!apply.empty()) {
            ops.push_back(set("log, whose", fixed(kOwner),
                              [](const WordMachine& m) { return behind(m) - 1; }));
            ops.push_back(set("log, sealed", fixed(kSealed), [](const WordMachine&) { return 1; }));
            ops.insert(ops.end(), apply.begin(), apply.end());
        }
        ops.push_back(set("next task", fixed(kNext), behind));
        if (!apply.empty()) {
            ops.push_back(set("log, done", fixed(kSealed), [](const WordMachine&) { return 0; }));
        }
        return ops;
    }
    [[nodiscard]] MachinePosition recover(WordMachine& m) const override {
        if (m.word(kSealed) == 0) {
            return place_of_count(m, m.word(kNext));
        }
        MachinePosition at = place_of_count(m, m.word(kOwner));
        if (at.step < m.accesses().steps()) {
            const std::size_t leaf = m.accesses().index(at.step).locate(at.unit).leaf;
            for (const MachineOp& op : m.script(at.step, leaf)) {
                if (op.kind == MachineOp::Kind::apply) {
                    return at;
                }
                ++at.op;
            }
            at.op = 0;
        }
        return at;
    }

private:
    static constexpr std::size_t kNext = 0, kSealed = 1, kOwner = 2, kLog = 3;
};

}  // namespace

std::unique_ptr<Journal> no_journal() { return std::make_unique<NoJournal>(); }
std::unique_ptr<Journal> record_journal(int slots) {
    return std::make_unique<RecordJournal>(slots);
}
std::unique_ptr<Journal> footprint_journal() { return std::make_unique<FootprintJournal>(); }
std::unique_ptr<Journal> indicator_journal(int polarities) {
    return std::make_unique<IndicatorJournal>(polarities);
}
std::unique_ptr<Journal> task_journal() { return std::make_unique<TaskJournal>(); }

}  // namespace ebb
