// SPDX-License-Identifier: Apache-2.0
// Does a power failure at any word leave any policy with other results than an uninterrupted run?
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/consistency/small_networks.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

FailureReport search(const SmallCase& c, bool pairs, CutLeaves cut) {
    FailurePlan plan = c.plan();
    plan.pairs = pairs;
    plan.machine.cut = cut;
    return search_failures(*c.accesses, *c.journal, plan);
}

/// Work behind a snapshot changes what lies in non-volatile memory, and is done again from there.
bool works_on_over_its_data(const SmallCase& c) {
    return c.machine.snapshot_every > 0 && !c.in_sram;
}

}  // namespace

TEST_CASE("a failure at every word: same results, no violation, and twin and oracle agree") {
    std::int64_t cases = 0;
    for (const SmallNetwork& network : small_networks()) {
        for (const SmallCase& c : small_cases(network)) {
            for (const CutLeaves cut : {CutLeaves::old_word, CutLeaves::new_word}) {
                const FailureReport r = search(c, false, cut);
                INFO(network.name << ", " << c.policy << ", "
                                  << (cut == CutLeaves::old_word ? "old" : "new") << ": " << r.first
                                  << " / " << r.disagreement);
                CHECK((r.sound() || works_on_over_its_data(c)));
                CHECK(r.disagreeing == 0);
                CHECK(r.cases == r.words);
                CHECK((r.words <= 2 * 2000 || c.machine.snapshot_every > 0));
                cases += r.cases;
            }
        }
    }
    CHECK(cases > 50000);
}

TEST_CASE("and a second failure during the recovery or within fifty words of it") {
    std::int64_t cases = 0;
    for (const SmallNetwork& network : small_networks()) {
        for (const SmallCase& c : different_cases(network)) {
            const FailureReport r = search(c, true, CutLeaves::old_word);
            INFO(network.name << ", " << c.policy << ": " << r.first << " / " << r.disagreement);
            CHECK((r.sound() || works_on_over_its_data(c)));
            CHECK(r.disagreeing == 0);
            CHECK(r.cases > r.words);
            cases += r.cases;
        }
    }
    CHECK(cases > 500000);
}

TEST_CASE("one failure in each kind of execution says what all of them say, for every mutant") {
    int mutated = 0;
    std::int64_t all_cases = 0;
    std::int64_t kind_cases = 0;
    for (const SmallNetwork& network : small_networks()) {
        if (network.name != "sparse" && network.name != "channels") {
            continue;
        }
        for (const SmallCase& c : small_cases(network)) {
            const std::vector<bool> first = one_of_each_kind(*c.accesses);
            for (const Mutant& mutant : mutants(*c.accesses, *c.journal)) {
                const auto change = [&](WordMachine& machine) {
                    machine.replace(mutant.step, mutant.leaf, mutant.ops);
                };
                FailurePlan plan = c.plan();
                const FailureReport all = search_failures(*c.accesses, *c.journal, plan, change);
                plan.in_execution = [&first](std::int64_t flat) {
                    return first[static_cast<std::size_t>(flat)];
                };
                const FailureReport kinds = search_failures(*c.accesses, *c.journal, plan, change);
                INFO(network.name << ", " << c.policy << ", " << mutant.what);
                CHECK(kinds.sound() == all.sound());
                ++mutated;
                all_cases += all.cases;
                kind_cases += kinds.cases;
            }
        }
    }
    CHECK(mutated > 200);
    CHECK(kind_cases < all_cases);
}
