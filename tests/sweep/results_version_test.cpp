// SPDX-License-Identifier: Apache-2.0
/// The reminder to raise results_version: stored results of runs, beside the version they belong
/// to.
#include "sim/result/results_version.hpp"
#include "sim/device/run.hpp"
#include "tests/refusal/reading.hpp"
#include "tests/sweep/sweeping.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

struct Stored {
    const char* scenario;
    std::int64_t units_done, brown_outs;
    double harvested_j, compute_j, on_s;
};

constexpr int kVersion = 1;
constexpr Stored kStored[] = {
    {"quickstart", 30604, 99, 0.015632830390976588, 0.008939132562517873, 2.1858424259872256},
    {"examples/circuit_a", 18, 18, 0.015000000000000001, 0.01483675532476836, 6.4584182862817},
    {"examples/circuit_b", 5, 5, 0.5577879519835426, 0.511484967721486, 6.029636059322086},
    {"examples/bursts", 2907, 22, 0.013191735604071712, 0.01308184129813049, 14.609780106345086},
    {"examples/react", 448, 16, 0.3358105539192946, 0.31645355661386, 239.87727470126444},
    {"examples/body_heat", 13746, 1755, 1.7343102927582588, 1.717064279311747, 733.9482081923928},
};

}  // namespace

TEST_CASE("results are those that results_version stands for") {
    INFO(
        "Results have changed: if that is meant, raise kResultsVersion in "
        "sim/result/results_version.hpp and store the new ones here; else finished points of a "
        "sweep would be kept beside new ones that do not fit them.");
    CHECK(kResultsVersion == kVersion);
    for (const Stored& stored : kStored) {
        INFO(stored.scenario);
        const Scenario scenario =
            read_file(std::string(EBB_SOURCE_DIR) + "/scenarios/" + stored.scenario + ".yaml");
        const Result r = run(scenario, {}, nullptr);
        CHECK(r.work.units_done == stored.units_done);
        CHECK(r.power.brown_outs == stored.brown_outs);
        CHECK(r.energy_j.harvested == Approx(stored.harvested_j).epsilon(1e-9));
        CHECK(r.energy_j.sinks[Sink::compute] == Approx(stored.compute_j).epsilon(1e-9));
        CHECK(r.power.on_s == Approx(stored.on_s).epsilon(1e-9));
    }
}
