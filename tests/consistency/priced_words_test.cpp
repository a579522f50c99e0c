// SPDX-License-Identifier: Apache-2.0
// Does the machine that is followed word by word store the words for which the engine lets a policy
// pay?
#include <catch2/catch.hpp>

#include <string>

#include "tests/consistency/small_networks.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

constexpr std::int64_t kWordBytes = 2;
constexpr std::int64_t kRecordBytes = 12;  // sequence 2, nest 2, unit 4, check 2, padded

std::int64_t priced_words(const Unit& unit) {
    double bytes = 0.0;
    for (const Phase& phase : unit.phases) {
        if (phase.kind == PhaseKind::write || phase.kind == PhaseKind::index) {
            bytes += phase.bytes;
        }
    }
    return static_cast<std::int64_t>(bytes) / kWordBytes;
}

/// Words of one execution; none if it stores some through a redo log, or under a condition: what a
/// library's log takes is counted for its own layout (operations.commits).
std::optional<std::int64_t> stored_words(const std::vector<MachineOp>& ops) {
    std::int64_t words = 0;
    for (const MachineOp& op : ops) {
        if (op.when || op.kind == MachineOp::Kind::log || op.what.rfind("log ", 0) == 0) {
            return std::nullopt;
        }
        if (op.kind == MachineOp::Kind::write) {
            words += op.access->bytes() / kWordBytes;
        } else if (op.protocol()) {
            ++words;
        }
    }
    return words;
}

}  // namespace

TEST_CASE("loop counters, undo logs and footprints are priced word for word as they are stored") {
    int units = 0;
    for (const SmallNetwork& network : small_networks()) {
        for (const SmallCase& c : small_cases(network)) {
            if (c.policy != "sonic" && c.policy != "tails" && c.policy != "hawaii") {
                continue;
            }
            const WordMachine machine(*c.accesses, *c.journal, c.machine);
            for (std::size_t step = 0; step < c.accesses->steps(); ++step) {
                const NestIndex& index = c.accesses->index(step);
                for (std::size_t leaf = 0; leaf < index.leaves().size(); ++leaf) {
                    const Unit& unit =
                        c.program->nests[step].units[index.leaves()[leaf].block->unit];
                    if (const auto stored = stored_words(machine.script(step, leaf))) {
                        INFO(network.name << ", " << c.policy << ", " << unit.name);
                        CHECK(*stored == priced_words(unit));
                        ++units;
                    }
                }
            }
        }
    }
    CHECK(units > 80);
}

TEST_CASE("a record is stored once behind each border at which one is paid for") {
    for (const PolicyLine& line : policy_lines()) {
        const auto policy = policy_of(line);
        if (policy->commits() == Granularity::never) {
            continue;
        }
        const Protocol protocol = policy->protocol(small_facts(Program{}));
        std::int64_t records = 0;
        for (const NvOp& op : protocol.commit) {
            records += op.slot == -1 && op.len == kRecordBytes ? 1 : 0;
        }
        INFO(line.name);
        CHECK(records == 1);
    }
    for (const SmallCase& c : small_cases(small_networks()[0])) {
        const WordMachine machine(*c.accesses, *c.journal, c.machine);
        for (std::size_t step = 0; step < c.accesses->steps(); ++step) {
            const NestIndex& index = c.accesses->index(step);
            for (std::size_t leaf = 0; leaf < index.leaves().size(); ++leaf) {
                int sequences = 0;
                for (const MachineOp& op : machine.script(step, leaf)) {
                    sequences += op.what == "record, sequence and check" ? 1 : 0;
                }
                const Unit& unit = c.program->nests[step].units[index.leaves()[leaf].block->unit];
                INFO(c.policy << ", " << unit.name);
                CHECK(sequences == (unit.role == UnitRole::commit ? 1 : 0));
            }
        }
    }
}
