// SPDX-License-Identifier: Apache-2.0
// Loop counters as SONIC and TAILS keep them. The counters of the loops around an execution add up
// to its position in the nest: each holds the executions behind it within a trip of the loop around
// it.
#include <array>
#include <utility>

#include "models/consistency/journal.hpp"
#include "models/consistency/word_machine.hpp"

namespace ebb {

namespace {

constexpr std::size_t kTask = 0;  ///< job and step, one word
constexpr std::size_t kLoops = 1;
constexpr std::size_t kAll = kLoops + kNestDepth;  ///< words that a redo log may hold
constexpr std::size_t kSealed = kAll;              ///< which of them: one bit each; 0: none
constexpr std::size_t kLog = kSealed + 1;
constexpr std::size_t kSavedValue = kLog + kAll;
constexpr std::size_t kSavedPlace = kSavedValue + 1;
constexpr std::size_t kSavedRow = kSavedPlace + 1;
constexpr std::size_t kWords = kSavedRow + 1;
constexpr std::int64_t kManyUnits = std::int64_t{1} << 40;

using Value = std::function<std::int64_t(const WordMachine&)>;

MachineOp set(std::string what, std::size_t word, Value value) {
    MachineOp op{MachineOp::Kind::set, nullptr, std::move(what)};
    op.word = [word](const WordMachine&) { return word; };
    op.value = std::move(value);
    return op;
}

std::int64_t sum(const WordMachine& m) {
    std::int64_t all = 0;
    for (std::size_t d = 0; d < kNestDepth; ++d) {
        all += m.word(kLoops + d);
    }
    return all;
}

/// Marks of one execution that are never mistaken for another's, in whatever step or job.
std::int64_t mark(const WordMachine& m, std::int64_t unit) {
    return m.word(kTask) * kManyUnits + unit + 1;
}

/// What the counter of that depth has to hold for all of them to add up to the next execution.
Value counter_behind(std::size_t depth) {
    return [depth](const WordMachine& m) {
        return m.at().unit + 1 - (sum(m) - m.word(kLoops + depth));
    };
}
/// The same once the counters below are cleared.
Value counter_behind_cleared(std::size_t depth) {
    return [depth](const WordMachine& m) {
        std::int64_t outer = 0;
        for (std::size_t d = 0; d < depth; ++d) {
            outer += m.word(kLoops + d);
        }
        return m.at().unit + 1 - outer;
    };
}
std::int64_t zero(const WordMachine&) { return 0; }

bool ends_step(const WordMachine& m) {
    return m.at().unit + 1 == m.accesses().index(m.at().step).length();
}

class CounterJournal final : public Journal {
public:
    [[nodiscard]] std::size_t words(const ProgramAccesses&) const override { return kWords; }

    [[nodiscard]] std::vector<MachineOp> script(const ProgramAccesses& accesses, std::size_t step,
                                                std::size_t leaf,
                                                std::vector<MachineOp> data) const override {
        const NestIndex& index = accesses.index(step);
        const NestIndex::Leaf& here = index.leaves()[leaf];
        const NestIndex::Node& node = index.nodes()[here.node];
        const NestIndex::Node& around = index.nodes()[node.parent];
        const Unit& unit = accesses.program().nests[step].units[here.block->unit];
        if (unit.undone > 0) {
            undo_log(data);
        }
        const bool last_child = node.depth > 0 && around.children.back() == here.node;
        const bool ends_loop = unit.role == UnitRole::upkeep && last_child && node.n == 1;
        if (!ends_loop) {
            data.push_back(set("loop counter", kLoops + node.depth, counter_behind(node.depth)));
            if (comes_last(index, leaf)) {
                next_step(data, ends_step);
            }
            return data;
        }
        bool innermost = true;
        for (const std::size_t child : around.children) {
            innermost = innermost && index.nodes()[child].leaf();
        }
        const bool ends_operation = comes_last(index, leaf) && node.depth == 1 && around.n == 1;
        if (ends_operation) {
            next_step(data, {});
        } else if (innermost) {
            end_of_row(data, node.depth, has_undo(accesses, step));
        } else {
            end_of_loop(data, node.depth);
        }
        if (comes_last(index, leaf) && !ends_operation) {
            next_step(data, ends_step);
        }
        return data;
    }

    [[nodiscard]] MachinePosition recover(WordMachine& m) const override {
        carry_out(m);
        const auto steps = static_cast<std::int64_t>(m.accesses().steps());
        MachinePosition at{m.word(kTask) / steps, static_cast<std::size_t>(m.word(kTask) % steps),
                           sum(m), 0};
        const std::int64_t row = m.word(kSavedRow) - mark(m, -1);
        if (row > at.unit && row < kManyUnits) {  // a row had ended, its counter not moved on yet
            for (std::size_t d = kNestDepth; d-- > 1;) {
                if (m.word(kLoops + d) != 0) {
                    m.store(kLoops + d, 0);
                }
            }
            m.store(kLoops, row);
            at.unit = row;
        }
        if (at.unit >= m.accesses().index(at.step).length()) {  // done, the next one not begun yet
            std::int64_t mask = std::int64_t{1} << kTask;
            for (std::size_t d = kNestDepth; d-- > 0;) {
                m.store(kLog + kLoops + d, 0);
                mask |= std::int64_t{1} << (kLoops + d);
            }
            m.store(kLog + kTask, m.word(kTask) + 1);
            m.store(kSealed, mask);
            carry_out(m);
            return m.position(at.job, m.flat(at.step, 0) + m.accesses().index(at.step).length());
        }
        if (m.word(kSavedPlace) == mark(m, at.unit)) {
            m.put_back(kSavedValue, at);
        }
        return at;
    }

private:
    /// What a sealed log holds, to its words; at any time, as often as one likes.
    static void carry_out(WordMachine& m) {
        for (std::size_t w = 0; w < kAll; ++w) {
            if ((m.word(kSealed) >> w & 1) != 0) {
                m.store(w, m.word(kLog + w));
            }
        }
        if (m.word(kSealed) != 0) {
            m.store(kSealed, 0);
        }
    }
    static bool comes_last(const NestIndex& index, std::size_t leaf) {
        return index.locate(index.length() - 1).leaf == leaf;
    }
    static bool has_undo(const ProgramAccesses& accesses, std::size_t step) {
        bool any = false;
        for (const Unit& unit : accesses.program().nests[step].units) {
            any = any || unit.undone > 0;
        }
        return any;
    }
    /// Saved value, saved position, then the result.
    static void undo_log(std::vector<MachineOp>& ops) {
        for (std::size_t i = 0; i < ops.size(); ++i) {
            if (ops[i].kind != MachineOp::Kind::write) {
                continue;
            }
            MachineOp save{MachineOp::Kind::save, ops[i].access, "saved value"};
            save.word = [](const WordMachine&) { return kSavedValue; };
            const auto at = ops.begin() + static_cast<std::ptrdiff_t>(i);
            const auto place =
                ops.insert(at, set("saved position", kSavedPlace,
                                   [](const WordMachine& m) { return mark(m, m.at().unit); }));
            ops.insert(place, std::move(save));
            return;
        }
    }
    static void end_of_row(std::vector<MachineOp>& ops, std::size_t depth, bool in_place) {
        if (in_place) {
            ops.push_back(set("saved row", kSavedRow,
                              [](const WordMachine& m) { return mark(m, m.at().unit); }));
        }
        ops.push_back(set("loop counter cleared", kLoops + depth, zero));
        ops.push_back(set("row counter", kLoops + depth - 1, counter_behind_cleared(depth - 1)));
    }
    /// The counters below cleared and the loop's own moved on, all at once.
    static void end_of_loop(std::vector<MachineOp>& ops, std::size_t depth) {
        std::vector<std::pair<std::size_t, Value>> entries;
        for (std::size_t d = kNestDepth; d-- > depth;) {
            entries.emplace_back(kLoops + d, zero);
        }
        entries.emplace_back(kLoops + depth - 1, counter_behind_cleared(depth - 1));
        logged(ops, entries, {});
    }
    static void next_step(std::vector<MachineOp>& ops,
                          const std::function<bool(const WordMachine&)>& when) {
        std::vector<std::pair<std::size_t, Value>> entries;
        for (std::size_t d = kNestDepth; d-- > 0;) {
            entries.emplace_back(kLoops + d, zero);
        }
        entries.emplace_back(kTask, [](const WordMachine& m) {
            const auto steps = static_cast<std::int64_t>(m.accesses().steps());
            return m.at().job * steps + static_cast<std::int64_t>(m.at().step) + 1;
        });
        logged(ops, entries, when);
    }
    static void logged(std::vector<MachineOp>& ops,
                       const std::vector<std::pair<std::size_t, Value>>& entries,
                       const std::function<bool(const WordMachine&)>& when) {
        std::int64_t mask = 0;
        const auto add = [&](MachineOp op) {
            op.when = when;
            ops.push_back(std::move(op));
        };
        for (const auto& [word, value] : entries) {
            add(set("log entry", kLog + word, value));
            mask |= std::int64_t{1} << word;
        }
        add(set("log sealed", kSealed, [mask](const WordMachine&) { return mask; }));
        for (const auto& entry : entries) {
            const std::size_t word = entry.first;
            add(set("log carried out", word,
                    [word](const WordMachine& m) { return m.word(kLog + word); }));
        }
        add(set("log done", kSealed, zero));
    }
};

}  // namespace

std::unique_ptr<Journal> counter_journal() { return std::make_unique<CounterJournal>(); }

}  // namespace ebb
