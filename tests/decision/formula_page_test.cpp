// SPDX-License-Identifier: Apache-2.0
// Does the page of a closed form say what the formula gives, and what it cannot?
#include "sim/scenario/describe_operations.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using namespace ebb;

namespace {

const std::string kData = std::string(EBB_SOURCE_DIR) + "/models/workload/";

std::shared_ptr<const Platform> platform(const std::string& name) {
    return read_platform(name, "", kData + "platforms", {});
}

std::shared_ptr<const Network> network(const std::string& name) {
    return read_network(name, "", kData + "networks", {});
}

std::string text_of_page(const Page& page) { return page_as_text(page); }

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a published network shows its published totals, and what its formula leaves out") {
    FormulaRequest request;
    request.capacitance_f = 5e-3;
    const Page page = formula_page(*network("inas_cifar_cap005_ts1"),
                                   *platform("msp430fr5994_extfram_inas"), request);
    REQUIRE(page.paragraphs.size() == 3);
    CHECK(page.paragraphs[0] == "Under continuous power: 61.435 s, 314.52 mJ.");
    CHECK(has(page.paragraphs[1], "On 5 mF behind 300 Ohm"));
    CHECK(has(page.paragraphs[1], "1202.5 s end to end, of which 80.123 s on"));
    CHECK(has(page.paragraphs[1], "256 power cycles, 337.96 mJ"));
    CHECK(has(page.paragraphs[2], "the margin inside the end voltage"));
    const PageTable& layers = page.tables[0];
    REQUIRE(layers.rows.size() == 7);
    CHECK(layers.rows[0][3] == "3 x 15 x 8 x 1, outputs stay");
    CHECK(layers.rows[0][6] == "1.4901 mJ");
    CHECK(layers.rows[0][7] == "yes");
    CHECK(page.tables.size() == 2);  // nothing was chosen, nothing to explain
    const PageTable& split = page.tables[1];
    CHECK(split.rows.size() == kCostParts);
    CHECK(split.rows[0][0] == std::string("reboot"));
}

TEST_CASE("on a store that is too small the page names the layers that are not safe") {
    FormulaRequest request;
    request.capacitance_f = 1e-3;
    const auto text = text_of_page(formula_page(*network("inas_cifar_cap005_ts1"),
                                                *platform("msp430fr5994_extfram_inas"), request));
    CHECK(has(text, "Not safe"));
    CHECK(has(text, "CONV_0"));
    CHECK(has(text, "never"));
}

TEST_CASE("the supply's resistance goes with its capacitor, and an own value replaces it") {
    FormulaRequest request;
    request.capacitance_f = 470e-6;
    const auto held = platform("msp430fr5994_extfram_tinas");
    const auto held_network = network("tinas_har_lat_perc25");
    const Platform& tinas = *held;
    const Network& har = *held_network;
    CHECK(has(formula_page(har, tinas, request).paragraphs[1], "On 470 uF behind 3 kOhm"));
    request.resistance_ohm = 100;
    request.energy_margin = 0.5;
    const std::string own = formula_page(har, tinas, request).paragraphs[1];
    CHECK(has(own, "On 470 uF behind 100 Ohm"));
    CHECK(has(own, "may use 0.5 of"));
    request.capacitance_f.reset();
    request.resistance_ohm.reset();
    CHECK(has(formula_page(har, tinas, request).paragraphs[1], "On 5 mF behind 2.8 kOhm"));
}

TEST_CASE("chosen tiles are at least as good as the table's, and each is explained") {
    const auto held = platform("msp430fr5994_extfram_tinas");
    const auto held_network = network("tinas_har_lat_perc25");
    const Platform& tinas = *held;
    const Network& har = *held_network;
    FormulaRequest request;
    request.choose = true;
    const Page page = formula_page(har, tinas, request);
    REQUIRE(page.tables.size() == 3);
    CHECK(page.tables[2].heading == "Why these tiles");
    CHECK(page.tables[2].rows.size() == har.layers.size());
    const FormulaSupply supply = formula_supply(*tinas.operations->supply);
    const double published = closed_form(har, tinas, supply).latency_s.value();
    double chosen = 0;
    for (const LayerTiles& tiles :
         choose_tiles(har, *tinas.operations,
                      {tinas.operations->memory.vm_bytes, supply, TileObjective::latency,
                       TileCandidates::divisors})) {
        chosen += tiles.choice->best->value;
    }
    CHECK(published == Approx(18.40994003821).epsilon(1e-12));
    CHECK(chosen < published);
}

TEST_CASE("under continuous power there is no store on the page") {
    FormulaRequest request;
    request.continuous = true;
    const Page page = formula_page(*network("tinas_har_lat_perc25"),
                                   *platform("msp430fr5994_extfram_tinas"), request);
    REQUIRE(page.paragraphs.size() == 1);
    CHECK(page.paragraphs[0] == "Under continuous power: 3.0206 s, 18.012 mJ.");
    CHECK(page.tables[1].rows.size() == 3);  // fetch, compute, back up
}

TEST_CASE("a table of estimates is shown at its bounds") {
    Platform estimate = *platform("msp430fr5994_extfram_tinas");
    estimate.operations->sensitivity = Sensitivity{0.5, 2, "only what holds for all three counts"};
    const Page page = formula_page(*network("tinas_har_lat_perc25"), estimate, {});
    REQUIRE(page.tables.size() == 3);
    REQUIRE(page.tables[2].rows.size() == 3);
    CHECK(page.tables[2].rows[1][1] == "3.0206 s");
    CHECK(page.tables[2].rows[0][1] != page.tables[2].rows[1][1]);
    CHECK(has(page.paragraphs.back(), "only what holds for all three counts"));
}

TEST_CASE("a platform without operations, a closed form, or a supply is told so") {
    const auto held = network("tinas_har_lat_perc25");
    const Network& har = *held;
    CHECK_THROWS_WITH(formula_page(har, *platform("cortex_m33_stm32u385"), {}),
                      Catch::Contains("has no costs per operation"));
    FormulaRequest continuous;
    continuous.continuous = true;
    CHECK_THROWS_WITH(formula_page(har, *platform("msp430fr5994_cpu"), continuous),
                      Catch::Contains("names no tile model"));
    CHECK_THROWS_WITH(formula_page(har, *platform("msp430fr5994_cpu"), {}),
                      Catch::Contains("names no supply"));
    CHECK_THROWS_WITH(
        formula_page(*network("mlperf_tiny_kws"), *platform("msp430fr5994_extfram_inas"), {}),
        Catch::Contains("has no rule for depthwise convolution"));
}

TEST_CASE("a platform's page lists its operations, overheads, facts and words") {
    const auto tables = operation_tables(*platform("msp430fr5994_extfram_inas"));
    REQUIRE(tables.size() == 3);
    CHECK(tables[0].rows[0] ==
          std::vector<std::string>{"dma_nvm_to_vm", "200 nJ + 27 nJ per element",
                                   "26.5 us + 4 us per element", "measured", "finish"});
    CHECK(operation_tables(*platform("msp430fr5994_cpu")).back().heading ==
          "16-bit words that runtimes store");
    CHECK(operation_tables(*platform("cortex_m33_stm32u385")).empty());
}
