// SPDX-License-Identifier: Apache-2.0
/// Do the exact walker and the slow witness say the same, whatever the device?
///
/// Random scenarios over all models of the engine; how they are compared stands in two_modes.hpp.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <string>

#include "tests/agreement/random_scenarios.hpp"
#include "tests/agreement/two_modes.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

Candidate device_of(std::uint64_t seed) {
    const RandomScenario random = random_scenario(seed);
    return {[random](const Perturbation& p) { return random.perturbed(p.capacitance, p.initial); },
            random.text};
}

/// Is a job released at the very end of the run?
bool releases_at_end(std::uint64_t seed, const Result& r) {
    const Scenario scenario = random_scenario(seed).scenario;
    const auto& network = scenario.workload.network;
    if (!network || network->arrival.back_to_back || r.time.end != End::duration) {
        return false;
    }
    const double releases = scenario.duration_s / network->arrival.every_s;
    return std::fabs(releases - std::round(releases)) < 1e-9;
}

void compare_devices(std::uint64_t first_seed, int wanted) {
    int release_at_end = 0;
    Campaign campaign{"engine", first_seed, wanted, device_of};
    campaign.compared = [&](std::uint64_t seed, const Result& r) {
        release_at_end += releases_at_end(seed, r) ? 1 : 0;
    };
    const Tally tally = compare_many(campaign);
    std::cout << "  " << release_at_end << " with a release at the very end\n";
    // A comparison of devices that do nothing would say nothing.
    CHECK(tally.powered * 10 >= wanted * 7);
    CHECK(tally.browned_out * 10 >= wanted * 3);
    CHECK(tally.with_jobs * 10 >= wanted * 4);
    CHECK(tally.with_checkpoints * 10 >= wanted * 2);
    CHECK(tally.clipped * 10 >= wanted);
    CHECK(release_at_end >= 1);
}

/// Blocks of seeds that do not meet: a hundred devices, and what is drawn again or refused.
void compare_block(int block) {
    compare_devices(20260201 + 110 * static_cast<std::uint64_t>(block), 100);
}

}  // namespace

TEST_CASE("random devices 1 to 100 do the same under the exact walker and the slow witness") {
    compare_block(0);
}
TEST_CASE("random devices 101 to 200 do the same under both") { compare_block(1); }
TEST_CASE("random devices 201 to 300 do the same under both") { compare_block(2); }
TEST_CASE("random devices 301 to 400 do the same under both") { compare_block(3); }
TEST_CASE("random devices 401 to 500 do the same under both") { compare_block(4); }

TEST_CASE("5000 more random devices do so too", "[.long]") { compare_devices(30000000, 5000); }

TEST_CASE("the random device of seed $EBB_SEED does so too", "[.seed]") {
    const char* seed = std::getenv("EBB_SEED");
    REQUIRE(seed != nullptr);
    Tally tally;
    compare_one({"engine", 0, 1, device_of}, std::stoull(seed), tally);
    CHECK(tally.compared + tally.redrawn + tally.refused == 1);
}
