// SPDX-License-Identifier: Apache-2.0
// Platform files: the shipped ones read, and mistakes are told at their place, all at once.
#include "sim/scenario/platform_reader.hpp"
#include "models/workload/pricing_by_class.hpp"
#include "sim/scenario/network_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace ebb;

namespace {

const std::string kPlatforms = std::string(EBB_SOURCE_DIR) + "/models/workload/platforms";
const std::string kNetworks = std::string(EBB_SOURCE_DIR) + "/models/workload/networks";

const std::string kGood =
    "source: measured by us\n"
    "core: Some core\n"
    "element: 2 B\n"
    "variants:\n"
    "  - label: first\n"
    "    clock: 8 MHz\n"
    "    cycles_per_mac: {fc: 4, conv: 2.5}\n"
    "    energy_per_mac: {fc: 3 nJ, conv: 1 nJ}\n"
    "    networks:\n"
    "      - {network: a, latency: 1 ms, energy: 2 mJ, dw_pw_cycles_per_mac: 3,\n"
    "         dw_pw_energy_per_mac: 2 nJ}\n"
    "      - {network: b, latency: 5 ms}\n";

std::vector<Mistake> mistakes_of(const std::string& text) {
    try {
        (void)parse_platform(text, "p", "p.yaml");
    } catch (const InputError& error) {
        return error.mistakes();
    }
    return {};
}

std::string with(const std::string& from, const std::string& to) {
    std::string text = kGood;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a platform file reads into SI values") {
    const Platform p = parse_platform(kGood, "mine", "mine.yaml");
    CHECK(p.name == "mine");
    CHECK(p.core == "Some core");
    CHECK(p.element_bytes == 2);
    REQUIRE(p.variants.size() == 1);
    const auto& v = p.variants[0];
    CHECK(v.clock_hz == 8e6);
    CHECK(v.conv_cycles_per_mac == 2.5);
    CHECK(v.fc_energy_per_mac_j == 3e-9);
    REQUIRE(v.networks.size() == 2);
    CHECK(v.networks[0].latency_s == 1e-3);
    CHECK(v.networks[0].energy_j == 2e-3);
    CHECK(v.networks[0].dw_pw_cycles_per_mac == 3);
    CHECK_FALSE(v.networks[1].energy_j);
    CHECK(v.networks[1].dw_pw_cycles_per_mac == 0);
}

TEST_CASE("every mistake of a platform file is told in one pass, at its line and column") {
    std::string text = with("clock: 8 MHz", "clock: 8");
    text.replace(text.find("core: Some core"), 15, "kore: Some core");
    text.replace(text.find("source: measured by us"), 22, "# no source, nothing  ");
    text.replace(text.find("latency: 5 ms"), 13, "latency: 5 mJ");
    const auto all = mistakes_of(text);
    REQUIRE(all.size() == 4);
    CHECK(all[0].message == "platform needs 'source': where the numbers are from");
    CHECK(all[1].message == "unknown key 'kore' in platform");
    CHECK(all[1].hint == "did you mean 'core'?");
    CHECK(all[1].place.line == 2);
    CHECK(all[1].place.column == 1);
    CHECK(all[2].message.find("platform.variants[0].clock needs a unit") == 0);
    CHECK(all[2].place.line == 6);
    CHECK(all[2].place.column == 12);
    CHECK(all[3].message.find("platform.variants[0].networks[1].latency must be a time") == 0);
    CHECK(all[3].place.line == 12);
}

TEST_CASE("a platform file whose values contradict each other is refused") {
    const auto no_energy = mistakes_of(with("    energy_per_mac: {fc: 3 nJ, conv: 1 nJ}\n", ""));
    REQUIRE(no_energy.size() == 1);
    CHECK(no_energy[0].message ==
          "platform.variants[0].networks[0].energy needs energy_per_mac of its variant");
    CHECK(no_energy[0].place.line == 9);
    const auto half = mistakes_of(with("dw_pw_cycles_per_mac: 3,", ""));
    REQUIRE(half.size() == 1);
    CHECK(half[0].message.find("come together") != std::string::npos);
    const auto twice = mistakes_of(with("network: b", "network: a"));
    REQUIRE(twice.size() == 1);
    CHECK(twice[0].message == "network 'a' is there twice");
    CHECK(mistakes_of("").size() == 1);
    CHECK(mistakes_of("just a word\n").size() == 1);
    CHECK_FALSE(mistakes_of("a: [\n").empty());
}

TEST_CASE("every shipped platform reads; those with coefficients name shipped networks and logs") {
    const auto names = platform_names(kPlatforms);
    for (const char* measured : {"cortex_m0plus_stm32g0b1", "cortex_m33_stm32u385",
                                 "cortex_m33_stm32u575", "cortex_m4_stm32l4r5"}) {
        CHECK(std::find(names.begin(), names.end(), measured) != names.end());
    }
    const auto networks = network_names(kNetworks);
    for (const auto& name : names) {
        INFO(name);
        const auto p = read_platform(name, "", kPlatforms, {});
        CHECK(p->variants.empty() == p->operations.has_value());
        CHECK(p->source.size() > 20);
        for (const auto& variant : p->variants) {
            if (&pricing_of(variant) != &class_pricing()) {
                continue;
            }
            CHECK(p->source.find("mlcommons/tiny_results") != std::string::npos);
            CHECK(variant.networks.size() == 4);
            for (const auto& total : variant.networks) {
                INFO(total.network);
                CHECK(std::find(networks.begin(), networks.end(), total.network) != networks.end());
            }
        }
    }
}

TEST_CASE("a variant is found by its label, the first without one, else the nearest is named") {
    const auto p = read_platform("cortex_m4_stm32l4r5", "", kPlatforms, {});
    CHECK(&find_variant(*p, "", {}) == &p->variants[0]);
    CHECK(&find_variant(*p, "microTVM + CMSIS-NN", {}) == &p->variants[2]);
    try {
        (void)find_variant(*p, "microTVM + CMSISNN", {"s.yaml", 4, 2, "x", 1});
        FAIL("was found");
    } catch (const InputError& error) {
        CHECK(error.mistakes()[0].hint == "did you mean 'microTVM + CMSIS-NN'?");
        CHECK(error.mistakes()[0].place.line == 4);
    }
    CHECK_THROWS_AS(read_platform("cortex_m4_stm32l4r6", "", kPlatforms, {}), InputError);
}

TEST_CASE("a platform without energy is refused with the list of those that have it") {
    const auto p = read_platform("cortex_m0plus_stm32g0b1", "", kPlatforms, {});
    const auto n = read_network("mlperf_tiny_ic", "", kNetworks, {});
    try {
        require_energy(*n, *p, p->variants[0], kPlatforms, {"s.yaml", 7, 1, "x", 1});
        FAIL("was accepted");
    } catch (const InputError& error) {
        const auto& m = error.mistakes()[0];
        CHECK(m.place.line == 7);
        CHECK(m.message.find("latencies but no energy for network 'mlperf_tiny_ic'") !=
              std::string::npos);
        CHECK(m.hint ==
              "platforms with energy: accelergy_eyeriss_like, accelergy_simba_like, "
              "accelergy_simple_weight_stationary, cortex_m33_stm32u385, cortex_m33_stm32u575, "
              "cortex_m4_stm32l4r5, gap9, max78002, ndp9120");
    }
    const auto good = read_platform("cortex_m33_stm32u385", "", kPlatforms, {});
    CHECK_NOTHROW(require_energy(*n, *good, good->variants[0], kPlatforms, {}));
}
