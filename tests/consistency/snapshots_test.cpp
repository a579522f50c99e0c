// SPDX-License-Identifier: Apache-2.0
// Do snapshots keep what a recovery needs, whole or cut, in every policy that takes them?
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/consistency/small_networks.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

bool saves(const SmallCase& c) { return !c.machine.snapshot.empty(); }

FailureReport cut_snapshots(const SmallCase& c) {
    // Older snapshots at borders, so that a cut one falls back to something.
    FailurePlan plan = c.plan();
    plan.saved = SavedAtFailure::cut;
    plan.machine.snapshot_every = 7;
    return search_failures(*c.accesses, *c.journal, plan);
}

bool has(const FailureReport& r, ViolationKind kind) {
    return std::find(r.kinds.begin(), r.kinds.end(), kind) != r.kinds.end();
}

}  // namespace

TEST_CASE("every policy says by which words it recovers, or that it is given by rates") {
    for (const std::string& name : all_components().names_of("checkpoint")) {
        bool known = false;
        for (const PolicyLine& line : policy_lines()) {
            const std::string policy = line.checkpoint.substr(0, line.checkpoint.find(','));
            if (policy == "policy: " + name) {
                known = true;
                const auto made = policy_of(line);
                INFO(line.name);
                CHECK((made->journal() == nullptr) ==
                      (made->policy_class() == PolicyClass::parametric));
            }
        }
        INFO(name << " is missing in tests/consistency/small_networks.hpp");
        CHECK(known);
    }
}

TEST_CASE("a snapshot that is cut at any word leaves the one before it, with data in SRAM") {
    for (const SmallNetwork& network : small_networks()) {
        if (network.name != "channels" && network.name != "even filter") {
            continue;
        }
        for (const SmallCase& c : different_cases(network)) {
            // One is known never to be cut, and one stores in one step.
            if (!saves(c) || c.policy.rfind("clairvoyant", 0) == 0) {
                continue;
            }
            const FailureReport r = cut_snapshots(c);
            INFO(network.name << ", " << c.policy << ": " << r.first << " / " << r.disagreement);
            CHECK(r.cases > 0);
            CHECK(r.disagreeing == 0);
            CHECK(r.sound() == c.in_sram);
            CHECK(r.stuck == 0);
        }
    }
}

TEST_CASE("a policy that saves registers alone refuses a program whose data would be lost") {
    const SmallCase jit = case_of("channels", "jit, data in SRAM");
    for (const PolicyLine& line : policy_lines()) {
        if (line.name == "quickrecall") {
            CHECK_FALSE(accepts(*policy_of(line), *jit.program));
        }
    }
    SmallCase c = jit;
    for (NvOp& op : c.machine.snapshot) {
        op.len = op.header ? op.len : c.machine.register_b;
    }
    const FailureReport r = search_failures(*c.accesses, *c.journal, c.plan());
    CHECK(r.wrong > 0);
    CHECK(r.disagreeing == 0);
    CHECK(has(r, ViolationKind::lost));
}

TEST_CASE("a policy that works on behind its snapshots needs all of its data in them") {
    for (const char* policy : {"mementos", "jit_continue"}) {
        const SmallCase in_nvm = case_of("channels", policy);
        const FailureReport r = search_failures(*in_nvm.accesses, *in_nvm.journal, in_nvm.plan());
        INFO(policy << ": " << r.first << " / " << r.disagreement);
        CHECK(r.wrong > 0);
        CHECK(r.disagreeing == 0);
        const SmallCase in_sram = case_of("channels", std::string(policy) + ", data in SRAM");
        CHECK(search_failures(*in_sram.accesses, *in_sram.journal, in_sram.plan()).sound());
    }
}

TEST_CASE("each change of a snapshot's stores is caught, or the twin shows that it does no harm") {
    std::map<std::string, std::pair<int, int>> caught;
    std::vector<WordMachine::Options> seen;
    for (const SmallNetwork& network : small_networks()) {
        if (network.name != "channels") {
            continue;
        }
        for (const SmallCase& original : different_cases(network)) {
            WordMachine::Options machine = original.machine;
            machine.snapshot_every = 5;
            if (!saves(original) || !original.in_sram ||
                std::any_of(seen.begin(), seen.end(),
                            [&](const auto& other) { return same_snapshots(machine, other); })) {
                continue;
            }
            seen.push_back(machine);
            for (const SnapshotMutant& mutant : snapshot_mutants(original.machine.snapshot)) {
                for (const SavedAtFailure saved :
                     {SavedAtFailure::whole, SavedAtFailure::cut, SavedAtFailure::nothing}) {
                    SmallCase c = original;
                    c.machine = machine;
                    c.machine.snapshot = mutant.ops;
                    c.saved = saved;
                    const FailureReport r = search_failures(*c.accesses, *c.journal, c.plan());
                    INFO(network.name << ", " << c.policy << ", " << mutant.what << ", "
                                      << static_cast<int>(saved) << ": " << r.first << " / "
                                      << r.disagreement);
                    CHECK(r.disagreeing == 0);
                    caught[c.policy].first += r.sound() ? 0 : 1;
                    ++caught[c.policy].second;
                }
            }
        }
    }
    CHECK(caught.size() > 2);
    for (const auto& [policy, n] : caught) {
        INFO(policy << ": " << n.first << " of " << n.second << " do harm");
        // What is stored in one step can only be missing, and then the job starts over.
        CHECK((n.first > 0 || policy.rfind("nvp_", 0) == 0));
    }
}

TEST_CASE("a snapshot that holds less than the program keeps in SRAM loses the rest") {
    SmallCase c = case_of("channels", "allocated_state, data in SRAM");
    REQUIRE(search_failures(*c.accesses, *c.journal, c.plan()).sound());
    for (NvOp& op : c.machine.snapshot) {
        op.len = op.header ? op.len : c.machine.register_b + 4;
    }
    const FailureReport r = search_failures(*c.accesses, *c.journal, c.plan());
    CHECK(r.wrong > 0);
    CHECK(r.disagreeing == 0);
    CHECK(has(r, ViolationKind::lost));
}

TEST_CASE("with one slot a snapshot that is cut is torn, and believed") {
    SmallCase c = case_of("channels", "jit, data in SRAM");
    for (NvOp& op : c.machine.snapshot) {
        op.slot = 0;
    }
    CHECK(search_failures(*c.accesses, *c.journal, c.plan()).sound());
    const FailureReport r = cut_snapshots(c);
    INFO(r.first << " / " << r.disagreement);
    CHECK(r.wrong > 0);
    CHECK(r.disagreeing == 0);
    CHECK(has(r, ViolationKind::torn));
}
