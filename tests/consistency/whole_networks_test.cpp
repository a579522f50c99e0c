// SPDX-License-Identifier: Apache-2.0
// Does any policy end whole networks with other results after a power failure in each kind of
// execution, or in the recovery from it?
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <functional>
#include <string>
#include <vector>

#include "models/checkpoint/checkpoint_policy.hpp"
#include "models/consistency/failure_search.hpp"
#include "sim/device/lower_work.hpp"
#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

/// A policy as a scenario names it; what it stores is what its room says.
struct Kept {
    std::string policy;
    bool tiles = false;     ///< runs tile plans; false: single products, words or vectors
    bool in_sram = false;   ///< its data are volatile
    bool far_back = false;  ///< a failure costs a layer, or the job: many executions are done again
    bool indicators = false;  ///< JAPARI's, in place of its own
};

const std::vector<Kept>& kept() {
    static const std::vector<Kept> kAll = {
        {"sonic"},
        {"tails"},
        {"alpaca, task: 8"},
        {"hawaii"},
        {"inas", true},
        // JAPARI's indicators over the same tiles: its own need more volatile memory than is there.
        {"inas", true, false, false, true},
        {"commit, granularity: unit", true},
        {"commit, granularity: tile", true},
        {"commit, granularity: layer", true, false, true},
        {"none", true, false, true},
        {"jit", true},
        {"jit", true, true},
    };
    return kAll;
}

/// The network as the policy runs it, lowered as for a run.
Scenario scenario_under(const std::string& network, const Kept& policy) {
    return scenario_file(
        policy.tiles ? "examples/inas.yaml" : "examples/sonic.yaml",
        {fmt::format(
             "workload={{network: {}, platform: {}{}}}", network,
             policy.tiles ? "msp430fr5994_extfram_tinas" : "msp430fr5994_lea_intfram_estimate",
             policy.tiles ? ", tiles: {for: latency}" : ""),
         "nvm={part: msp430fr599x_fram}", "checkpoint={policy: " + policy.policy + "}"});
}

FailureReport one_of_each(const std::string& network, const Kept& kept) {
    const Scenario scenario = scenario_under(network, kept);
    const CheckpointPolicy& policy = *scenario.checkpoint;
    Program program = without_bookkeeping(lower_work(scenario).program);
    for (Buffer& buffer : program.buffers) {
        if (kept.in_sram && buffer.role != BufferRole::weight) {
            buffer.space = Space::sram;
            program.volatile_bytes += buffer.bytes * buffer.slots;
        }
    }
    const ProgramAccesses accesses(program);
    const std::vector<bool> first = one_of_each_kind(accesses);
    FailurePlan plan;
    plan.in_recovery = true;
    plan.in_execution = [&first](std::int64_t flat) {
        return first[static_cast<std::size_t>(flat)];
    };
    if (policy.snapshots()) {
        PolicyFacts facts;
        facts.volatile_bytes = program.volatile_bytes;
        plan.machine.snapshot = policy.protocol(facts).snapshot;
        plan.saved = SavedAtFailure::whole;
    }
    return search_failures(accesses, kept.indicators ? *indicator_journal() : *policy.journal(),
                           plan);
}

/// Runs policies over a network; how many cases that were.
std::int64_t check_all(const std::string& network, const std::function<bool(const Kept&)>& which) {
    std::int64_t cases = 0;
    for (const Kept& policy : kept()) {
        if (!which(policy)) {
            continue;
        }
        const FailureReport r = one_of_each(network, policy);
        INFO(network << ", " << policy.policy << (policy.in_sram ? ", data in SRAM" : "") << ": "
                     << r.words << " words, " << r.cases << " cases: " << r.first);
        CHECK(r.sound());
        CHECK(r.disagreeing == 0);
        CHECK(r.cases > 50);
        cases += r.cases;
    }
    return cases;
}

bool any(const Kept&) { return true; }
bool goes_far_back(const Kept& policy) { return policy.far_back; }
bool stays_near(const Kept& policy) { return !policy.far_back; }
bool on_tiles(const Kept& policy) { return policy.tiles; }
bool by_products(const Kept& policy) { return !policy.tiles; }

}  // namespace

TEST_CASE("a failure in each kind of execution of a whole LeNet leaves its results as they are") {
    CHECK(check_all("hawaii_lenet_mnist", stays_near) > 50'000);
}

TEST_CASE("and of a network for human activity") {
    CHECK(check_all("inas_har_cap005_ts1", any) > 50'000);
}

TEST_CASE("and where it costs a layer or the job", "[.long]") {
    CHECK(check_all("hawaii_lenet_mnist", goes_far_back) > 40'000);
}

TEST_CASE("and of a sparse LeNet", "[.long]") {
    CHECK(check_all("sonic_lenet_mnist", by_products) > 100'000);
}

TEST_CASE("and of a network with skip connections", "[.long]") {
    CHECK(check_all("tinas_har_lat_perc25", on_tiles) > 50'000);
}
