// SPDX-License-Identifier: Apache-2.0
#include "models/consistency/failure_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace ebb {

namespace {

class Search {
public:
    Search(const ProgramAccesses& accesses, const Journal& journal, const FailurePlan& plan,
           const std::function<void(WordMachine&)>& change)
        : accesses_(accesses),
          journal_(journal),
          plan_(plan),
          golden_(accesses, journal, plan.machine),
          branch_(accesses, journal, plan.machine),
          oracle_(accesses.program(), memory_of(plan.machine)) {
        if (change) {
            change(golden_);
            change(branch_);
        }
        branch_.carry(&oracle_);
    }

    FailureReport run() {
        // An uninterrupted run of the machine as it should be: its results are the truth.
        WordMachine right(accesses_, journal_, plan_.machine);
        right.run(plan_.jobs);
        truth_ = right.state().results;
        const bool ends = golden_.run(plan_.jobs) == WordMachine::End::done;
        if (!ends || golden_.state().results != truth_) {
            report_.broken = true;
            report_.first = "wrong without any failure";
            return std::move(report_);
        }
        report_.words = golden_.words_stored();
        golden_.restore(branch_.state());
        for (std::int64_t job = 0; job < plan_.jobs; ++job) {
            for (std::int64_t flat = 0; flat < golden_.length(); ++flat) {
                const bool looked_at = !plan_.in_execution || plan_.in_execution(flat);
                const MachineState from = looked_at ? golden_.state() : MachineState();
                const std::int64_t before = golden_.words_stored();
                behind_ = flat + 1 < golden_.length()
                              ? golden_.position(job, flat + 1)
                              : MachinePosition{job, accesses_.steps(), 0, 0};
                golden_.run(plan_.jobs, -1, behind_);
                const std::int64_t words = golden_.words_stored() - before;
                for (std::int64_t word = 1; looked_at && word <= words; ++word) {
                    single(from, job, flat, word);
                }
            }
        }
        return std::move(report_);
    }

private:
    static MemoryOracle::Memory memory_of(const WordMachine::Options& o) {
        return {o.atomic_b, o.cut == CutLeaves::garbage ? CutWord::garbage : CutWord::old_value};
    }

    void begin(const MachineState& from, std::int64_t job) {
        branch_.restore(from);
        oracle_.reset(job);
    }

    void single(const MachineState& from, std::int64_t job, std::int64_t flat, std::int64_t word) {
        const std::string where = fmt::format("job {}, execution {}, word {}", job, flat, word);
        if (plan_.saved == SavedAtFailure::cut) {
            begin(from, job);
            for (std::int64_t cut = 1; !fail_at(word, cut); ++cut) {
                branch_.boot();
                finish(fmt::format("{}, snapshot cut at word {}", where, cut));
                begin(from, job);
            }
            return;
        }
        const auto fail_first = [&] {  // the oracle has no copy: played again for each second one
            begin(from, job);
            fail_at(word);
        };
        if (!plan_.pairs) {
            fail_first();
            branch_.boot();
            finish(where);
        }
        for (std::int64_t second = 1; plan_.pairs ? second <= plan_.within : plan_.in_recovery;
             ++second) {
            fail_first();
            if (!second_failure(second)) {
                break;
            }
            branch_.boot();
            finish(fmt::format("{}, then word {}", where, second));
        }
    }
    /// True if a snapshot that came before the failure was whole.
    bool fail_at(std::int64_t word, std::int64_t cut = -1) {
        return branch_.run(plan_.jobs, word) == WordMachine::End::power_failed &&
               plan_.saved != SavedAtFailure::nothing && branch_.take_snapshot(cut);
    }
    /// False if there are not so many words any more.
    bool second_failure(std::int64_t second) {
        const std::int64_t before = branch_.words_stored();
        if (!branch_.boot(second)) {
            return true;
        }
        if (!plan_.pairs) {
            return false;
        }
        const std::int64_t used = branch_.words_stored() - before;
        const bool failed =
            branch_.run(plan_.jobs, second - used) == WordMachine::End::power_failed;
        if (failed && plan_.saved == SavedAtFailure::whole) {
            branch_.take_snapshot();
        }
        return failed;
    }

    void finish(const std::string& where) {
        ++report_.cases;
        WordMachine::End end = branch_.run(plan_.jobs, -1, behind_);
        const bool same = end == WordMachine::End::reached && oracle_.clean() &&
                          branch_.state().memory.same_content(golden_.state().memory) &&
                          branch_.state().results == golden_.state().results;
        bool wrong = false;
        if (!same) {
            end = branch_.run(plan_.jobs);
            wrong = end == WordMachine::End::done && branch_.state().results != truth_;
        }
        const bool found = oracle_.count() > 0;
        const bool stuck = end == WordMachine::End::stuck;
        report_.wrong += wrong ? 1 : 0;
        report_.violating += found ? 1 : 0;
        report_.stuck += stuck ? 1 : 0;
        report_.disagreeing += !stuck && wrong != found ? 1 : 0;
        for (const Violation& v : oracle_.violations()) {
            if (std::find(report_.kinds.begin(), report_.kinds.end(), v.kind) ==
                report_.kinds.end()) {
                report_.kinds.push_back(v.kind);
            }
        }
        const auto tell_once = [&](std::string& text) {
            if (text.empty()) {
                text = fmt::format("{}: {}{}{}", where, wrong ? "wrong results; " : "",
                                   stuck ? "no end; " : "",
                                   found ? oracle_.violations().front().text() : "");
            }
        };
        if (wrong || found || stuck) {
            tell_once(report_.first);
        }
        if (!stuck && wrong != found) {
            tell_once(report_.disagreement);
        }
    }

    const ProgramAccesses& accesses_;
    const Journal& journal_;
    const FailurePlan& plan_;
    WordMachine golden_, branch_;
    MemoryOracle oracle_;
    MachinePosition behind_;
    std::vector<std::vector<std::uint8_t>> truth_;
    FailureReport report_;
};

bool same_script(const std::vector<MachineOp>& a, const std::vector<MachineOp>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const MachineOp& x, const MachineOp& y) {
                          return x.kind == y.kind && x.what == y.what;
                      });
}

}  // namespace

Program without_bookkeeping(Program program) {
    const std::function<void(Block&)> strip = [&](Block& block) {
        block.accesses.erase(
            std::remove_if(block.accesses.begin(), block.accesses.end(),
                           [&](const Access& a) {
                               const BufferRole role = program.buffers[a.buffer].role;
                               return role == BufferRole::index || role == BufferRole::log;
                           }),
            block.accesses.end());
        for (Block& inner : block.body) {
            strip(inner);
        }
    };
    for (Nest& nest : program.nests) {
        strip(nest.root);
    }
    return program;
}

std::vector<bool> one_of_each_kind(const ProgramAccesses& accesses) {
    std::vector<bool> first;
    for (std::size_t step = 0; step < accesses.steps(); ++step) {
        const NestIndex& index = accesses.index(step);
        std::set<std::vector<std::int64_t>> seen;
        for (std::int64_t unit = 0; unit < index.length(); ++unit) {
            const NestIndex::Spot spot = index.locate(unit);
            std::vector<std::int64_t> kind = {static_cast<std::int64_t>(spot.leaf)};
            for (std::size_t node = index.leaves()[spot.leaf].node;;
                 node = index.nodes()[node].parent) {
                const NestIndex::Node& at = index.nodes()[node];
                const std::int64_t trip = spot.counter[at.depth];
                kind.push_back(trip == 0 ? 0 : trip + 1 == at.n ? 2 : 1);
                if (at.depth == 0) {
                    break;
                }
            }
            first.push_back(seen.insert(std::move(kind)).second);
        }
    }
    return first;
}

FailureReport search_failures(const ProgramAccesses& accesses, const Journal& journal,
                              const FailurePlan& plan,
                              const std::function<void(WordMachine&)>& change) {
    return Search(accesses, journal, plan, change).run();
}

std::vector<Mutant> mutants(const ProgramAccesses& accesses, const Journal& journal) {
    const WordMachine machine(accesses, journal, {});
    std::vector<Mutant> all;
    std::vector<const std::vector<MachineOp>*> seen;
    for (std::size_t step = 0; step < accesses.steps(); ++step) {
        for (std::size_t leaf = 0; leaf < accesses.index(step).leaves().size(); ++leaf) {
            const std::vector<MachineOp>& ops = machine.script(step, leaf);
            if (std::any_of(seen.begin(), seen.end(),
                            [&](const auto* other) { return same_script(*other, ops); })) {
                continue;
            }
            seen.push_back(&ops);
            const std::string& layer = accesses.program().nests[step].name;
            const auto add = [&](std::string what, std::vector<MachineOp> changed) {
                all.push_back(
                    {step, leaf, fmt::format("{} in {}", what, layer), std::move(changed)});
            };
            for (std::size_t i = 0; i < ops.size(); ++i) {
                if (ops[i].protocol()) {
                    std::vector<MachineOp> dropped = ops;
                    dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
                    add(fmt::format("drop '{}'", ops[i].what), std::move(dropped));
                    std::vector<MachineOp> twice = ops;
                    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), ops[i]);
                    add(fmt::format("'{}' twice", ops[i].what), std::move(twice));
                }
                if (ops[i].other_word) {
                    std::vector<MachineOp> elsewhere = ops;
                    elsewhere[i].word = ops[i].other_word;
                    add(fmt::format("'{}' in the other slot", ops[i].what), std::move(elsewhere));
                }
                const bool stores = i > 0 && ops[i].kind != MachineOp::Kind::read &&
                                    ops[i - 1].kind != MachineOp::Kind::read;
                if (stores && (ops[i].protocol() || ops[i - 1].protocol())) {
                    std::vector<MachineOp> swapped = ops;
                    std::swap(swapped[i - 1], swapped[i]);
                    add(fmt::format("'{}' before '{}'", ops[i].what, ops[i - 1].what),
                        std::move(swapped));
                }
            }
        }
    }
    return all;
}

std::vector<SnapshotMutant> snapshot_mutants(const std::vector<NvOp>& snapshot) {
    std::vector<SnapshotMutant> all;
    for (std::size_t i = 0; i < snapshot.size(); ++i) {
        const auto here = static_cast<std::ptrdiff_t>(i);
        std::vector<NvOp> dropped = snapshot;
        dropped.erase(dropped.begin() + here);
        all.push_back({fmt::format("drop '{}'", snapshot[i].what), std::move(dropped)});
        std::vector<NvOp> twice = snapshot;
        twice.insert(twice.begin() + here, snapshot[i]);
        all.push_back({fmt::format("'{}' twice", snapshot[i].what), std::move(twice)});
        std::vector<NvOp> elsewhere = snapshot;
        elsewhere[i].slot = WordMachine::kNewestSlot;
        all.push_back(
            {fmt::format("'{}' into the newest slot", snapshot[i].what), std::move(elsewhere)});
        if (i > 0) {
            std::vector<NvOp> swapped = snapshot;
            std::swap(swapped[i - 1], swapped[i]);
            all.push_back({fmt::format("'{}' before '{}'", snapshot[i].what, snapshot[i - 1].what),
                           std::move(swapped)});
        }
    }
    return all;
}

}  // namespace ebb
