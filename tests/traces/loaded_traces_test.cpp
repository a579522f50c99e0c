// SPDX-License-Identifier: Apache-2.0
// Do readings of one scenario share what they read, and only where they ask for the same?
#include <catch2/catch.hpp>

#include <memory>
#include <string>

#include "sim/scenario/loaded_files.hpp"
#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

std::shared_ptr<const Series> series_of(const std::shared_ptr<LoadedFiles>& loaded,
                                        const std::string& set) {
    ReadOptions options = source_tree({set});
    options.loaded = loaded;
    return read_scenario(std::string(EBB_SOURCE_DIR) + "/scenarios/quickstart.yaml",
                         all_components(), options)
        .source.series;
}

}  // namespace

TEST_CASE("readings with other keys share a recording, other columns or rules are read apart") {
    const auto loaded = std::make_shared<LoadedFiles>();
    const auto first = series_of(loaded, "store.capacitance=47 uF");
    REQUIRE(first != nullptr);
    CHECK(series_of(loaded, "store.capacitance=22 uF") == first);
    CHECK(series_of(loaded, "source.interpolation=linear") != first);
    CHECK(series_of(nullptr, "store.capacitance=47 uF") != first);
    CHECK(series_of(nullptr, "store.capacitance=47 uF")->duration_ns() == first->duration_ns());
}

TEST_CASE("readings share network and platform; a scenario whose text has changed is read anew") {
    ReadOptions options = source_tree({});
    options.loaded = std::make_shared<LoadedFiles>();
    const auto read = [&](const std::string& end) {
        return read_scenario_text(
            "name: one\nsource: {model: {type: constant_power, power: 1 mW}}\n"
            "store: {type: capacitor, capacitance: 47 uF, initial: 1.8 V, max: 5 V}\n"
            "mcu: {part: stm32u385, turn_on: 3.0 V, turn_off: 1.8 V, initial: unpowered}\n"
            "workload: {network: mlperf_tiny_kws, platform: cortex_m33_stm32u385}\n" +
                end,
            "one name.yaml", all_components(), options);
    };
    const Scenario first = read("duration: 1 s\n");
    const Scenario second = read("duration: 2 s\n");
    CHECK(first.duration_s == 1.0);
    CHECK(second.duration_s == 2.0);
    CHECK(first.workload.network->network == second.workload.network->network);
    CHECK(first.workload.network->platform == second.workload.network->platform);
    CHECK(first.resolved_yaml != second.resolved_yaml);
    REQUIRE(first.inputs.size() == 4);  // scenario, part, network, platform
    CHECK(first.inputs[0].sha256 != second.inputs[0].sha256);
    CHECK(first.inputs[1].sha256 == second.inputs[1].sha256);
    CHECK_THROWS_WITH(read("duration: 2 W\n"), Catch::Contains("duration"));
    CHECK_THROWS_WITH(read("duration: 2 W\n"), Catch::Contains("duration"));
}
