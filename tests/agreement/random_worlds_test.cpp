// SPDX-License-Identifier: Apache-2.0
/// Do the exact walker and the slow witness say the same of everything a scenario may hold?
///
/// Random scenarios as text, read by the reader with the files that they name (random_worlds.hpp);
/// how they are compared stands in two_modes.hpp. A line says how often each component was drawn.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "tests/agreement/random_worlds.hpp"
#include "tests/agreement/two_modes.hpp"
#include "tests/support/scenarios.hpp"
#include "tests/support/scratch_folder.hpp"

namespace {

using namespace ebb;
using namespace ebb::test;

Scenario read_in(const ScratchFolder& folder, const std::string& yaml) {
    return read_scenario_text(yaml, folder.file("world.yaml"), all_components(), source_tree());
}

Candidate world_of(std::uint64_t seed) {
    const auto folder = std::make_shared<ScratchFolder>();
    const RandomWorld world = random_world(seed);
    std::string text = "\n" + world.yaml;
    for (const auto& [name, content] : world.files) {
        std::ofstream(folder->file(name)) << content;
        text += "# " + name + "\n" + content;
    }
    return {[folder, seed](const Perturbation& p) {
                return read_in(*folder, random_world(seed, p).yaml);
            },
            text};
}

/// What has to occur in every thousand worlds.
const std::set<std::string>& components() {
    static const std::set<std::string> kAll = {"constant_power",
                                               "constant_current",
                                               "power",
                                               "current",
                                               "voltage_across",
                                               "thevenin",
                                               "teg",
                                               "received_rf",
                                               "piezo_bridge",
                                               "irradiance_efficiency",
                                               "pv_cell",
                                               "iv_curve",
                                               "resonant",
                                               "held trace",
                                               "linear trace",
                                               "generated rf",
                                               "generated thermal",
                                               "more sources",
                                               "operate direct",
                                               "operate mpp",
                                               "operate voltage",
                                               "operate voc_fraction",
                                               "operate perturb_observe",
                                               "no converter",
                                               "diode drop",
                                               "diode by equation",
                                               "efficiency",
                                               "boost",
                                               "boost part",
                                               "cold start",
                                               "capacitor",
                                               "decoupling",
                                               "store part",
                                               "mlcc",
                                               "exponential leak",
                                               "supercapacitor",
                                               "banks",
                                               "array",
                                               "battery",
                                               "no regulator",
                                               "ldo",
                                               "buck",
                                               "buck with table",
                                               "regulator part",
                                               "mcu part",
                                               "boot profile",
                                               "supervision",
                                               "sleep state with ram",
                                               "sleep state without ram",
                                               "waits in a state",
                                               "checkpoint sleeps in a state",
                                               "clock by name",
                                               "clock by voltage",
                                               "nvm",
                                               "nvm part",
                                               "no checkpoint",
                                               "jit",
                                               "commit",
                                               "peripherals",
                                               "peripheral part",
                                               "task uses a peripheral",
                                               "task profile",
                                               "tasks",
                                               "network"};
    return kAll;
}

void compare_worlds(std::uint64_t first_seed, int wanted) {
    std::map<std::string, int> drawn;
    Campaign campaign{"worlds", first_seed, wanted, world_of};
    campaign.compared = [&](std::uint64_t seed, const Result&) {
        const RandomWorld world = random_world(seed);
        for (const std::string& name :
             std::set<std::string>(world.drawn.begin(), world.drawn.end())) {
            ++drawn[name];
        }
    };
    const Tally tally = compare_many(campaign);
    std::cout << "  drawn:";
    for (const auto& [name, times] : drawn) {
        std::cout << " " << name << " " << times << ",";
        INFO(name);
        CHECK(components().count(name) == 1);
    }
    std::cout << "\n";
    for (const std::string& name : components()) {
        INFO(name);
        CHECK((drawn.count(name) == 1 || wanted < 250));
    }
    CHECK(tally.unread * 5 <= wanted);
    // A comparison of devices that do nothing would say nothing.
    CHECK(tally.powered * 10 >= wanted * 6);
    CHECK(tally.browned_out * 4 >= wanted);
    CHECK(tally.with_jobs * 10 >= wanted * 3);
    CHECK(tally.with_checkpoints * 20 >= wanted * 3);
    CHECK(tally.clipped * 10 >= wanted);
}

}  // namespace

TEST_CASE("random worlds 1 to 250 do the same under the exact walker and the slow witness") {
    compare_worlds(40000000, 250);
}
TEST_CASE("random worlds 251 to 500 do the same under both") { compare_worlds(40001000, 250); }

TEST_CASE("3000 more random worlds do so too", "[.long]") { compare_worlds(50000000, 3000); }

TEST_CASE("the random world of seed $EBB_SEED, with its files, in $EBB_KEEP_IN", "[.seed]") {
    const char* seed = std::getenv("EBB_SEED");
    const char* folder = std::getenv("EBB_KEEP_IN");
    REQUIRE(seed != nullptr);
    REQUIRE(folder != nullptr);
    const RandomWorld world = random_world(std::stoull(seed));
    std::ofstream(std::string(folder) + "/world.yaml") << world.yaml;
    for (const auto& [name, content] : world.files) {
        std::ofstream(std::string(folder) + "/" + name) << content;
    }
}

TEST_CASE("the random world of seed $EBB_SEED does does so too", "[.seed]") {
    const char* seed = std::getenv("EBB_SEED");
    REQUIRE(seed != nullptr);
    Tally tally;
    compare_one({"worlds", 0, 1, world_of}, std::stoull(seed), tally);
    CHECK(tally.compared + tally.redrawn + tally.refused == 1);
}
