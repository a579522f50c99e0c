// SPDX-License-Identifier: Apache-2.0
// Do readings of one scenario share its recording, and only where they ask for the same?
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
