// SPDX-License-Identifier: Apache-2.0
// Blocks of a platform file beyond coefficients: totals alone, an NPU, an array, weights that are
// lost.
#include "models/workload/layer_pricing.hpp"
#include "models/workload/pricing_by_array.hpp"
#include "models/workload/pricing_by_totals.hpp"
#include "sim/scenario/platform_reader.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>
#include <vector>

using namespace ebb;

namespace {

const std::string kHead = "source: measured by us\ncore: Some core\nelement: 1 B\n";

const std::string kArray = kHead +
                           "variants:\n"
                           "  - label: first\n"
                           "    clock: 100 MHz\n"
                           "    array:\n"
                           "      rows: 8\n"
                           "      columns: 4\n"
                           "      dataflow: row_stationary\n"
                           "      tile_for: latency\n"
                           "      buffer: 64 KiB\n"
                           "      weights_bypass_buffer: true\n"
                           "      held_weights: 24\n"
                           "      held_partials: 16\n"
                           "      element: {input: 1 B, weight: 1 B, partial: 2 B}\n"
                           "      energy:\n"
                           "        mac: 2 pJ\n"
                           "        memory: {row: 8 B, read: 512 pJ, write: 256 pJ}\n"
                           "        buffer: {row: 8 B, read: 16 pJ, write: 8 pJ}\n"
                           "        scratchpads:\n"
                           "          input: {row: 2 B, read: 4 pJ, write: 2 pJ}\n"
                           "          weight: {row: 4 B, read: 4 pJ, write: 2 pJ}\n"
                           "          partial: {row: 2 B, read: 6 pJ, write: 5 pJ}\n";

const std::string kWeights = kHead +
                             "variants:\n"
                             "  - label: first\n"
                             "    networks:\n"
                             "      - {network: a, macs: 100, latency: 1 ms, energy: 2 mJ}\n"
                             "weight_memory:\n"
                             "  load_time: 1 ms\n"
                             "  load_energy: 2 uJ\n"
                             "  load_time_per_byte: 70 ns\n"
                             "  load_energy_per_byte: 3 nJ\n"
                             "  size: 400 KiB\n"
                             "  states:\n"
                             "    - {name: deep, lost: 1 uW}\n"
                             "    - {name: standby, lost: 0.1 mW, retained: 0.4 mW}\n"
                             "  loads:\n"
                             "    - {network: a, weights: 1000 B, time: 2 ms, energy: 9 uJ}\n";

std::vector<Mistake> mistakes_of(const std::string& text) {
    try {
        (void)parse_platform(text, "p", "p.yaml");
    } catch (const InputError& error) {
        return error.mistakes();
    }
    return {};
}

std::string with(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("an array block reads into energies per element") {
    const Platform p = parse_platform(kArray, "mine", "mine.yaml");
    const auto& v = p.variants.at(0);
    REQUIRE(v.array);
    const SystolicArrayParams& a = *v.array;
    CHECK(&pricing_of(v) == &array_pricing());
    CHECK(a.rows == 8);
    CHECK(a.columns == 4);
    CHECK(a.dataflow == Dataflow::row_stationary);
    CHECK(a.goal == TilingGoal::latency);
    CHECK(a.clock_hz == 100e6);
    CHECK(a.buffer_b == 65536);
    CHECK(a.weights_bypass_buffer);
    CHECK(a.weight_words == 24);
    CHECK(a.mac_j == Approx(2e-12));
    CHECK(a.input.memory.read_j == Approx(64e-12));
    CHECK(a.input.buffer.write_j == Approx(1e-12));
    CHECK(a.input.scratchpad.read_j == Approx(2e-12));
    CHECK(a.weight.scratchpad.read_j == Approx(1e-12));
    CHECK(a.partial.buffer.read_j == Approx(4e-12));    // two bytes
    CHECK(a.partial.memory.write_j == Approx(32e-12));  // an output: one byte
    CHECK(a.partial.scratchpad.write_j == Approx(5e-12));
    const auto unlimited =
        parse_platform(with(kArray, "buffer: 64 KiB", "buffer: unlimited"), "m", "m.yaml");
    CHECK(std::isinf(unlimited.variants[0].array->buffer_b));
}

TEST_CASE("totals alone need no clock, and weights that are lost read into their memory") {
    const Platform p = parse_platform(kWeights, "mine", "mine.yaml");
    CHECK(&pricing_of(p.variants.at(0)) == &totals_pricing());
    CHECK(*p.variants[0].networks[0].macs == 100);
    REQUIRE(p.weight_memory);
    const WeightMemoryParams& m = *p.weight_memory;
    CHECK(m.is_volatile);
    CHECK(m.bytes == 409600);
    CHECK_FALSE(find_state(m, "deep").retained_w);
    CHECK(*find_state(m, "standby").retained_w == Approx(0.4e-3));
    CHECK(weight_load(m, "a", 5.0).energy_j == Approx(9e-6));
    CHECK(weight_load(m, "b", 1000.0).energy_j == Approx(5e-6));
    CHECK(weight_load(m, "b", 1000.0).time_s == Approx(1.07e-3));
}

TEST_CASE("a variant prices layers in one way, and says in which") {
    const auto two = mistakes_of(with(kArray, "    clock: 100 MHz\n",
                                      "    clock: 100 MHz\n"
                                      "    cycles_per_mac: {fc: 4, conv: 2}\n"));
    REQUIRE(two.size() == 1);
    CHECK(two[0].message ==
          "platform.variants[0] prices layers in more than one way: cycles_per_mac and array");
    CHECK(two[0].place.line == 8);
    const auto none = mistakes_of(kHead + "variants:\n  - label: first\n");
    REQUIRE(none.size() == 1);
    CHECK(none[0].message ==
          "platform.variants[0] needs 'cycles_per_mac', 'npu', 'array' or measured 'networks'");
    const auto no_clock = mistakes_of(with(kArray, "    clock: 100 MHz\n", ""));
    REQUIRE(no_clock.size() == 1);
    CHECK(no_clock[0].message == "platform.variants[0] needs 'clock': its array count in cycles");
    const auto no_clock_either =
        mistakes_of(kHead + "variants:\n  - {label: first, npu: {cycles: u, macs_per_cycle: 2}}\n");
    REQUIRE(no_clock_either.size() == 1);
    CHECK(no_clock_either[0].place.line == 5);
}

TEST_CASE("mistakes in the new blocks are told all at once, at their places") {
    std::string text = with(kArray, "dataflow: row_stationary", "dataflow: row_stationery");
    text = with(text, "rows: 8", "rows: 0");
    text = with(text, "mac: 2 pJ", "mac: -2 pJ");
    const auto array = mistakes_of(text);
    REQUIRE(array.size() == 3);
    CHECK(array[0].place.line == 8);
    CHECK(array[1].hint == "did you mean 'row_stationary'?");
    CHECK(array[2].place.line == 18);
    std::string weights = with(kWeights, "retained: 0.4 mW", "retained: 0.04 mW");
    weights = with(weights, "name: deep", "name: standby");
    const auto memory = mistakes_of(weights);
    REQUIRE(memory.size() == 2);
    CHECK(memory[0].message == "state 'standby' is there twice");
    CHECK(memory[1].message ==
          "state 'standby' draws less with the weights kept than with the weights lost");
    CHECK(memory[1].place.line == 16);
}
