// SPDX-License-Identifier: Apache-2.0
// Is every operation of every journal needed, and is its loss noticed?
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <string>

#include "tests/consistency/small_networks.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

FailureReport search(const SmallCase& c, const Mutant& mutant,
                     CutLeaves cut = CutLeaves::old_word) {
    FailurePlan plan = c.plan();
    plan.machine.cut = cut;
    return search_failures(*c.accesses, *c.journal, plan, [&](WordMachine& machine) {
        machine.replace(mutant.step, mutant.leaf, mutant.ops);
    });
}

bool at_rest(const SmallCase& c) { return c.machine.snapshot_every == 0 || c.in_sram; }

/// The first mutant of that name that does harm, or the last one.
FailureReport report(const SmallCase& c, const std::string& what,
                     CutLeaves cut = CutLeaves::old_word) {
    FailureReport last;
    int found = 0;
    for (const Mutant& mutant : mutants(*c.accesses, *c.journal)) {
        if (mutant.what.rfind(what, 0) == 0 && last.sound()) {
            last = search(c, mutant, cut);
            ++found;
        }
    }
    INFO(what);
    CHECK(found > 0);
    return last;
}

bool has(const FailureReport& r, ViolationKind kind) {
    return std::find(r.kinds.begin(), r.kinds.end(), kind) != r.kinds.end();
}

}  // namespace

TEST_CASE("each mutant is caught by the oracle, or the twin shows that it does no harm") {
    std::map<std::string, std::pair<int, int>> caught;  // per policy: caught, all
    for (const SmallNetwork& network : small_networks()) {
        for (const SmallCase& c : small_cases(network)) {
            if (c.saved != SavedAtFailure::nothing || !at_rest(c)) {
                continue;  // their journal is a snapshot: see below
            }
            for (const Mutant& mutant : mutants(*c.accesses, *c.journal)) {
                const FailureReport r = search(c, mutant);
                INFO(network.name << ", " << c.policy << ", " << mutant.what << ": " << r.first
                                  << " / " << r.disagreement);
                CHECK(r.disagreeing == 0);
                CHECK((r.sound() || r.broken || r.stuck > 0 || r.violating > 0));
                caught[c.policy].first += r.sound() ? 0 : 1;
                ++caught[c.policy].second;
            }
        }
    }
    for (const auto& [policy, n] : caught) {
        INFO(policy << ": " << n.first << " of " << n.second << " do harm");
        CHECK(n.first > 0);
    }
}

TEST_CASE("an undo log in another order loses or doubles a product") {
    const SmallCase sonic = case_of("sparse", "sonic");
    for (const char* swapped :
         {"'saved position' before 'saved value'", "'result' before 'saved position'"}) {
        const FailureReport r = report(sonic, swapped);
        INFO(swapped);
        CHECK(r.wrong > 0);
        CHECK(r.violating > 0);
        CHECK(r.disagreeing == 0);
    }
}

TEST_CASE("a footprint before its result skips work that was never done") {
    const FailureReport r = report(case_of("odd filter", "hawaii"), "'footprint' before 'result'");
    CHECK(r.wrong > 0);
    CHECK(has(r, ViolationKind::stale));
    CHECK(has(r, ViolationKind::stale_job));
}

TEST_CASE("indicators of the job before are taken for this job's if all jobs write the same") {
    SmallCase japari = case_of("odd filter", "japari");
    japari.journal = indicator_journal(1);
    FailurePlan plan;
    const FailureReport r = search_failures(*japari.accesses, *japari.journal, plan);
    CHECK(r.wrong > 0);
    CHECK(r.kinds == std::vector<ViolationKind>{ViolationKind::stale_job});
    CHECK(r.disagreeing == 0);
}

TEST_CASE("data in SRAM that no snapshot saves are lost") {
    SmallCase jit = case_of("odd filter", "jit, data in SRAM");
    FailurePlan plan;
    jit.journal = footprint_journal();  // progress survives, the data do not
    Program durable = *jit.program;
    for (Nest& nest : durable.nests) {
        for (Unit& unit : nest.units) {
            unit.durable = true;
        }
    }
    const ProgramAccesses accesses(durable);
    const FailureReport r = search_failures(accesses, *jit.journal, plan);
    CHECK(r.wrong > 0);
    CHECK(has(r, ViolationKind::lost));
    CHECK(r.disagreeing == 0);
}

TEST_CASE("computing on behind a snapshot is harmless in SRAM and not in non-volatile memory") {
    for (const char* policy : {"jit", "jit, data in SRAM"}) {
        const SmallCase c = case_of("channels", policy);
        WordMachine machine(*c.accesses, *c.journal, c.machine);
        WordMachine straight(*c.accesses, *c.journal, c.machine);
        REQUIRE(straight.run(2) == WordMachine::End::done);
        MemoryOracle oracle(*c.program, {2, CutWord::old_value});
        machine.carry(&oracle);
        // Saves in the first sum, computes on through the rest of it, and fails.
        REQUIRE(machine.run(2, -1, MachinePosition{0, 0, 1, 0}) == WordMachine::End::reached);
        machine.take_snapshot();
        REQUIRE(machine.run(2, -1, MachinePosition{0, 1, 2, 0}) == WordMachine::End::reached);
        oracle.failed({1, 2, 0, 0, false});
        REQUIRE(machine.boot());
        REQUIRE(machine.run(2) == WordMachine::End::done);
        const bool in_sram = std::string(policy) != "jit";
        CHECK((machine.state().results == straight.state().results) == in_sram);
        CHECK((oracle.count() == 0) == in_sram);
    }
}

TEST_CASE("sums kept in place, as if there were one slot only, are doubled") {
    SmallCase inas = case_of("channels", "inas");
    Program one = *inas.program;
    const std::function<void(Block&)> in_place = [&](Block& block) {
        for (Access& access : block.accesses) {
            access.slot = 0;
            access.slot_step = {};
        }
        for (Block& inner : block.body) {
            in_place(inner);
        }
    };
    for (Nest& nest : one.nests) {
        in_place(nest.root);
    }
    for (TensorPlace& place : one.tensors) {
        place.slot = 0;
    }
    const ProgramAccesses accesses(one);
    const FailureReport r = search_failures(accesses, *inas.journal, {});
    CHECK(r.wrong > 0);
    CHECK(has(r, ViolationKind::war));
    CHECK(r.disagreeing == 0);
}

TEST_CASE("garbage in a cut word harms counters of one word, and no record with a check") {
    for (const char* policy : {"commit tile", "hawaii"}) {
        const SmallCase c = case_of("odd filter", policy);
        FailurePlan plan;
        plan.machine.cut = CutLeaves::garbage;
        const FailureReport r = search_failures(*c.accesses, *c.journal, plan);
        INFO(policy << ": " << r.first << " / " << r.disagreement);
        CHECK(r.sound() == (std::string(policy) == "commit tile"));
    }
}
