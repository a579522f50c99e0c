// SPDX-License-Identifier: Apache-2.0
// The split of a measured total over the layers: sums close, classes decide, gaps are told.
#include "models/workload/layer_cost.hpp"
#include "models/core/error.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

using namespace ebb;

namespace {

const std::string kNetworks = std::string(EBB_SOURCE_DIR) + "/models/workload/networks";
const std::string kPlatforms = std::string(EBB_SOURCE_DIR) + "/models/workload/platforms";

std::shared_ptr<const Network> network(const std::string& name) {
    return read_network(name, "", kNetworks, {});
}

std::shared_ptr<const Platform> platform(const std::string& name) {
    return read_platform(name, "", kPlatforms, {});
}

bool shipped(const std::string& name) {
    const auto names = network_names(kNetworks);
    return std::find(names.begin(), names.end(), name) != names.end();
}

double sum(const std::vector<LayerCost>& costs, double LayerCost::*member) {
    return std::accumulate(costs.begin(), costs.end(), 0.0,
                           [&](double s, const LayerCost& c) { return s + c.*member; });
}

/// Cells of a line without quotes.
std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> out(1);
    for (const char c : line) {
        if (c == ',') {
            out.emplace_back();
        } else {
            out.back() += c;
        }
    }
    return out;
}

Network hand_made() {
    Network n;
    n.name = "hand_made";
    Layer conv;
    conv.op = LayerOp::conv;
    conv.kernel_h = conv.kernel_w = 3;
    conv.macs = 100;
    Layer point = conv;
    point.kernel_h = point.kernel_w = 1;
    point.macs = 10;
    Layer deep;
    deep.op = LayerOp::dwconv;
    deep.kernel_h = deep.kernel_w = 3;
    deep.macs = 20;
    Layer dense;
    dense.op = LayerOp::fc;
    dense.macs = 5;
    Layer pool;
    pool.op = LayerOp::maxpool;
    n.layers = {conv, point, deep, pool, dense};
    return n;
}

Platform hand_made_platform() {
    PlatformVariant v;
    v.label = "by hand";
    v.clock_hz = 1000.0;
    v.fc_cycles_per_mac = 4.0;
    v.conv_cycles_per_mac = 2.0;
    v.fc_energy_per_mac_j = 3e-9;
    v.conv_energy_per_mac_j = 1e-9;
    v.networks = {{"first", 1.0, 1.0, 1.0, 5e-9},
                  {"second", 1.0, 1.0, 3.0, 7e-9},
                  {"third", 1.0, 1.0, 0.0, std::nullopt}};
    Platform p;
    p.name = "p";
    p.variants = {v};
    return p;
}

}  // namespace

TEST_CASE("the layers of a measured network sum to its measured latency and energy") {
    for (const auto& name : platform_names(kPlatforms)) {
        const auto p = platform(name);
        for (const auto& variant : p->variants) {
            for (const auto& total : variant.networks) {
                INFO(name << " / " << variant.label << " / " << total.network);
                if (!shipped(total.network)) {
                    continue;  // a vendor's example: its totals are known, its layers are not
                }
                const auto n = network(total.network);
                const auto latencies = layer_latencies(*n, *p, variant);
                CHECK(std::accumulate(latencies.begin(), latencies.end(), 0.0) ==
                      Approx(total.latency_s).epsilon(1e-14));
                if (has_energy(*n, variant)) {
                    const auto costs = layer_costs(*n, *p, variant);
                    CHECK(sum(costs, &LayerCost::energy_j) ==
                          Approx(*total.energy_j).epsilon(1e-14));
                    CHECK(sum(costs, &LayerCost::latency_s) ==
                          Approx(total.latency_s).epsilon(1e-14));
                }
            }
        }
    }
}

TEST_CASE("class coefficients reproduce the totals they were computed from, before any rescaling") {
    // The coefficients carry four digits. The test fails if a coefficient stands at the wrong
    // network or class, which rescaling would hide.
    for (const auto& name : platform_names(kPlatforms)) {
        const auto p = platform(name);
        for (const auto& variant : p->variants) {
            if (&pricing_of(variant) != &class_pricing()) {
                continue;
            }
            for (const auto& total : variant.networks) {
                INFO(name << " / " << variant.label << " / " << total.network);
                const double dw_pw = total.dw_pw_cycles_per_mac > 0 ? total.dw_pw_cycles_per_mac
                                                                    : variant.conv_cycles_per_mac;
                double cycles = 0;
                const auto net = network(total.network);  // outlives the loop over its layers
                for (const auto& layer : net->layers) {
                    const auto c = cost_class(layer);
                    cycles += static_cast<double>(layer.macs) *
                              (c == CostClass::fc      ? variant.fc_cycles_per_mac
                               : c == CostClass::dw_pw ? dw_pw
                                                       : variant.conv_cycles_per_mac);
                }
                CHECK(cycles / variant.clock_hz == Approx(total.latency_s).epsilon(1e-3));
            }
        }
    }
}

TEST_CASE("a layer's class decides its share, and a layer without MACs costs nothing") {
    auto n = hand_made();
    const auto p = hand_made_platform();
    n.name = "second";
    CHECK(cost_class(n.layers[0]) == CostClass::conv);
    CHECK(cost_class(n.layers[1]) == CostClass::dw_pw);
    CHECK(cost_class(n.layers[2]) == CostClass::dw_pw);
    CHECK(cost_class(n.layers[3]) == CostClass::none);
    CHECK(cost_class(n.layers[4]) == CostClass::fc);
    const auto costs = layer_costs(n, p, p.variants[0]);
    // Raw cycles 200, 30, 60, 0, 20 of 310; raw energy 100, 70, 140, 0, 15 nJ of 325.
    CHECK(costs[0].latency_s == Approx(200.0 / 310));
    CHECK(costs[1].latency_s == Approx(30.0 / 310));
    CHECK(costs[2].energy_j == Approx(140.0 / 325));
    CHECK(costs[3].latency_s == 0.0);
    CHECK(costs[3].energy_j == 0.0);
    CHECK(costs[4].energy_j == Approx(15.0 / 325));
}

TEST_CASE("a network that was not measured takes the coefficients unscaled, and says so") {
    const auto n = hand_made();
    const auto p = hand_made_platform();
    CHECK(measured_total(n, p.variants[0]) == nullptr);
    const auto costs = layer_costs(n, p, p.variants[0]);
    // Depthwise and 1x1: mean of 1 and 3 cycles, of 5 and 7 nJ; the third network has none.
    CHECK(costs[0].latency_s == Approx(200.0 / 1000));
    CHECK(costs[1].latency_s == Approx(20.0 / 1000));
    CHECK(costs[2].latency_s == Approx(40.0 / 1000));
    CHECK(costs[2].energy_j == Approx(120e-9));
    CHECK(costs[4].energy_j == Approx(15e-9));
}

TEST_CASE("energy that was never measured is refused, not taken as zero") {
    const auto p = platform("cortex_m0plus_stm32g0b1");
    const auto n = network("mlperf_tiny_kws");
    CHECK_FALSE(has_energy(*n, p->variants[0]));
    CHECK_THROWS_WITH(layer_costs(*n, *p, p->variants[0]),
                      Catch::Contains("has latencies but no energy"));
    CHECK_NOTHROW(layer_latencies(*n, *p, p->variants[0]));
}

TEST_CASE("a network without MACs cannot be costed") {
    auto n = hand_made();
    n.layers.erase(n.layers.begin(), n.layers.begin() + 3);
    n.layers.pop_back();
    const auto p = hand_made_platform();
    CHECK_THROWS_WITH(layer_costs(n, p, p.variants[0]), Catch::Contains("no layer with MACs"));
}

TEST_CASE("leaving a network out gives the errors that were computed independently") {
    // Published computation: KWS from VWW -26 to -27 %, VWW from KWS +38 to +40 % with X-CUBE-AI;
    // +4 / -4 % with HALE on the M0+; microTVM +6 / -6 %. Bands: those, rounded to whole percent.
    struct Band {
        const char* platform;
        std::size_t variant;
        double kws_low, kws_high, vww_low, vww_high;
    };
    const std::vector<Band> bands = {
        {"cortex_m33_stm32u385", 0, -0.275, -0.255, 0.375, 0.405},
        {"cortex_m33_stm32u575", 0, -0.275, -0.255, 0.375, 0.405},
        {"cortex_m4_stm32l4r5", 0, -0.275, -0.255, 0.375, 0.405},
        {"cortex_m4_stm32l4r5", 2, 0.055, 0.065, -0.065, -0.055},
        {"cortex_m0plus_stm32g0b1", 0, 0.035, 0.045, -0.045, -0.035},
    };
    for (const auto& band : bands) {
        INFO(band.platform << " variant " << band.variant);
        const auto p = platform(band.platform);
        const auto& v = p->variants[band.variant];
        const auto kws = left_out_error(*network("mlperf_tiny_kws"), v);
        const auto vww = left_out_error(*network("mlperf_tiny_vww"), v);
        REQUIRE(kws);
        REQUIRE(vww);
        CHECK(*kws > band.kws_low);
        CHECK(*kws < band.kws_high);
        CHECK(*vww > band.vww_low);
        CHECK(*vww < band.vww_high);
        CHECK_FALSE(left_out_error(*network("mlperf_tiny_ad"), v));
    }
}

TEST_CASE("platform totals are the submitted medians of their system and round") {
    const char* data = std::getenv("EBB_TEST_DATA");
    const std::string file = "/data/golden/mlperf_tiny.csv";
    if (data == nullptr) {
        WARN("skipped: EBB_TEST_DATA is not set, would read " << file.substr(1));
        return;
    }
    std::ifstream in(data + file);
    REQUIRE(in);
    using Row = std::pair<double, double>;  // energy [J], throughput [1/s]
    std::map<std::string, Row> rows;
    for (std::string line; std::getline(in, line);) {
        const auto c = cells(line);
        if (line[0] != '#' && c[0] != "round" && !c[11].empty()) {
            rows[c[0] + " " + c[4] + " " + c[3] + " mlperf_tiny_" + c[5]] = {
                c[7].empty() ? 0.0 : std::stod(c[7]), std::stod(c[11])};
        }
    }
    const std::vector<std::tuple<std::string, std::size_t, std::string>> systems = {
        {"cortex_m33_stm32u385", 0, "1.3 NUCLEO_U385RG_Q X-CUBE-AI 10.2"},
        {"cortex_m33_stm32u575", 0, "1.2 NUCLEO_U575ZI_Q X-CUBE-AI 9.0"},
        {"cortex_m33_stm32u575", 1, "1.3 NUCLEO_U575ZI_Q X-CUBE-AI 10.2"},
        {"cortex_m4_stm32l4r5", 0, "1.2 NUCLEO_L4R5ZI X-CUBE-AI 9.0"},
        {"cortex_m4_stm32l4r5", 1, "1.3 NUCLEO_L4R5ZI-P X-CUBE-AI 10.2"},
        {"cortex_m4_stm32l4r5", 2, "1.0 NUCLEO_L4R5ZI microtvm_cmsis_nn"},
        {"cortex_m0plus_stm32g0b1", 0, "1.2 NUCLEO_G0B1RE_int8 HALE int8"},
    };
    for (const auto& [name, variant, system] : systems) {
        const auto p = platform(name);
        for (const auto& total : p->variants[variant].networks) {
            INFO(system << " " << total.network);
            const auto row = rows.find(system + " " + total.network);
            REQUIRE(row != rows.end());
            // The logs print throughput with three decimals, 0.657/s at the least.
            CHECK(1.0 / total.latency_s == Approx(row->second.second).margin(5.01e-4));
            CHECK(total.energy_j.value_or(0.0) == Approx(row->second.first).epsilon(1e-12));
        }
    }
}
