// SPDX-License-Identifier: Apache-2.0
// Keep the weights while asleep, or load them again? Full runs against the closed form.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "models/workload/weight_memory.hpp"
#include "sim/scenario/platform_reader.hpp"
#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

constexpr double kWeights_b = 24368.0;  // of the keyword spotting network

std::string device(const std::string& asleep, double every_s) {
    return fmt::format(
        "name: weights\nduration: {} s\n"
        "source: {{model: {{type: constant_power, power: 10 mW}}}}\n"
        "store: {{type: capacitor, capacitance: 10 mF, initial: 3 V, max: 3.6 V}}\n"
        "mcu: {{turn_on: 3.0 V, turn_off: 1.8 V, initial: powered, off_current: 0 A,\n"
        "  boot: {{time: 0 s, charge: 0 C}}, sleep: {{current: 1 uA, wake: 0 s}}}}\n"
        "workload: {{network: mlperf_tiny_kws, platform: max78002, arrival: {{every: {} s}},\n"
        "  weights: {{asleep: {}, state: micropower}}}}\n",
        20.0 * every_s, every_s, asleep);
}

/// Joules that 20 periods draw.
double drawn_j(const std::string& asleep, double every_s) {
    const Result r = result_of(device(asleep, every_s));
    double sum = 0.0;
    for (const Sink sink : {Sink::sleep, Sink::restore, Sink::compute, Sink::idle}) {
        sum += r.energy_j.sinks[sink];
    }
    return sum;
}

}  // namespace

TEST_CASE(
    "the off-time from which loading pays, by bisection over runs, is that of the closed form") {
    const auto platform = read_platform(
        "max78002", "", std::string(EBB_SOURCE_DIR) + "/models/workload/platforms", {});
    const WeightMemoryParams& memory = *platform->weight_memory;
    const double expected = break_even_off_s(find_state(memory, "micropower"),
                                             weight_load(memory, kWeights_b).energy_j);
    double low = 0.05;
    double high = 2.0;
    REQUIRE(drawn_j("retain", low) < drawn_j("reload", low));
    REQUIRE(drawn_j("retain", high) > drawn_j("reload", high));
    for (int i = 0; i < 25; ++i) {
        const double middle = 0.5 * (low + high);
        (drawn_j("retain", middle) < drawn_j("reload", middle) ? low : high) = middle;
    }
    // A period is the off-time and the inference.
    const Result one = result_of(device("retain", high));
    const double busy_s = one.layers.empty() ? 0.0 : one.work.latency_mean_s.value();
    CHECK(high - busy_s == Approx(expected).epsilon(0.01));
}

TEST_CASE("a power failure loses the weights, whatever sleep does") {
    const std::string failing =
        "name: failing\nduration: 20 s\n"
        "source: {model: {type: constant_power, power: 0.3 mW}}\n"
        "store: {type: capacitor, capacitance: 470 uF, initial: 0 V, max: 3.6 V}\n"
        "mcu: {turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered, off_current: 0 A,\n"
        "  boot: {time: 1 ms, charge: 1 uC}}\n"
        "workload: {network: mlperf_tiny_kws, platform: max78002,\n"
        "  weights: {asleep: retain, state: standby}}\n";
    const Result r = result_of(failing);
    REQUIRE(r.power.boots > 2);
    const auto platform = read_platform(
        "max78002", "", std::string(EBB_SOURCE_DIR) + "/models/workload/platforms", {});
    const double load_j = weight_load(*platform->weight_memory, kWeights_b).energy_j;
    CHECK(r.energy_j.sinks[Sink::restore] ==
          Approx(static_cast<double>(r.power.boots) * load_j).epsilon(1e-9));
}

TEST_CASE("volatile weights must be spoken of, and only they") {
    const std::string text = device("retain", 1.0);
    CHECK_THROWS_WITH(result_of(text, {"workload.weights.state=nap"}), Catch::Contains("nap"));
    const std::string plain =
        std::string(text).replace(text.find("max78002"), 8, "cortex_m33_stm32u385");
    CHECK_THROWS_WITH(result_of(plain), Catch::Contains("no volatile weight memory"));
    const auto at = text.find(",\n  weights:");
    CHECK_THROWS_WITH(result_of(std::string(text).erase(at, text.rfind("}\n") - at)),
                      Catch::Contains("workload.weights"));
}
