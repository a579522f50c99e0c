// SPDX-License-Identifier: Apache-2.0
// What estimates are worth: leave one network out, carry over from another point, and quotes of
// networks on all platforms.
#include "models/workload/estimate_errors.hpp"
#include "sim/network/network_costs.hpp"
#include "sim/scenario/network_reader.hpp"
#include "sim/scenario/platform_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace ebb;

namespace {

const std::string kNetworks = std::string(EBB_SOURCE_DIR) + "/models/workload/networks";
const std::string kPlatforms = std::string(EBB_SOURCE_DIR) + "/models/workload/platforms";

std::shared_ptr<const Network> network(const std::string& name) {
    return read_network(name, "", kNetworks, {});
}

struct Measured {
    std::vector<std::shared_ptr<const Network>> kept;
    std::vector<const Network*> tables;
    Measured() {
        for (const char* name :
             {"mlperf_tiny_ad", "mlperf_tiny_ic", "mlperf_tiny_kws", "mlperf_tiny_vww"}) {
            kept.push_back(network(name));
            tables.push_back(kept.back().get());
        }
    }
};

double only(const std::optional<ErrorRange>& range) {
    REQUIRE(range);
    CHECK(range->low == range->high);
    return 100.0 * range->low;
}

std::vector<std::shared_ptr<const Platform>> all_platforms() {
    std::vector<std::shared_ptr<const Platform>> all;
    for (const auto& name : platform_names(kPlatforms)) {
        all.push_back(read_platform(name, "", kPlatforms, {}));
    }
    return all;
}

const NetworkQuote* find_quote(const NetworkQuotes& quotes, const std::string& platform) {
    const auto it = std::find_if(quotes.quotes.begin(), quotes.quotes.end(),
                                 [&](const auto& q) { return q.platform == platform; });
    return it == quotes.quotes.end() ? nullptr : &*it;
}

}  // namespace

TEST_CASE("leaving one network out is off by what the published measurements show") {
    const Measured measured;
    struct Band {
        const char* network;
        double latency_low, latency_high, energy_low, energy_high;  ///< per cent, X-CUBE-AI
    };
    // Per class for KWS and VWW; AD and IC are the only sources of theirs, so by the mean cost per
    // MAC of the others (of energy the published bands are -28 to -37 and -3 to +3 %).
    const std::vector<Band> bands = {{"mlperf_tiny_kws", -27, -26, -26, -24},
                                     {"mlperf_tiny_vww", 38, 40, 33, 38},
                                     {"mlperf_tiny_ad", -60, 0, -37.5, -27.5},
                                     {"mlperf_tiny_ic", -20, 40, -3.5, 3.5}};
    int compared = 0;
    for (const auto& platform : all_platforms()) {
        for (const auto& variant : platform->variants) {
            if (variant.label.find("X-CUBE-AI") == std::string::npos) {
                continue;
            }
            for (const Band& band : bands) {
                INFO(platform->name << ", " << variant.label << ", " << band.network);
                const auto errors =
                    left_out_errors(*network(band.network), variant, measured.tables);
                const double latency = only(errors.latency);
                const double energy = only(errors.energy);
                CHECK(latency >= band.latency_low - 0.5);
                CHECK(latency <= band.latency_high + 0.5);
                CHECK(energy >= band.energy_low - 0.5);
                CHECK(energy <= band.energy_high + 0.5);
                ++compared;
            }
        }
    }
    CHECK(compared >= 20);
}

TEST_CASE("a network that was not measured carries the errors of those that were") {
    const Measured measured;
    const auto p = read_platform("cortex_m33_stm32u385", "", kPlatforms, {});
    const auto& variant = p->variants.front();
    const auto other = left_out_errors(*network("hawaii_lenet_mnist"), variant, measured.tables);
    REQUIRE(other.latency);
    ErrorRange all{1e9, -1e9};
    for (const Network* table : measured.tables) {
        const auto one = left_out_errors(*table, variant, measured.tables);
        all.low = std::min(all.low, one.latency->low);
        all.high = std::max(all.high, one.latency->high);
    }
    CHECK(other.latency->low == all.low);
    CHECK(other.latency->high == all.high);
    CHECK(all.low < -0.2);
    CHECK(all.high > 0.3);
}

TEST_CASE("carried over to another point, time goes with the clock, energy with the voltage") {
    Platform p;
    PlatformVariant slow;
    slow.label = "slow";
    slow.clock_hz = 100e6;
    slow.networks = {{"n", 1.0, 2.0, 0, {}}, {"m", 1.0, {}, 0, {}}};
    PlatformVariant fast;
    fast.label = "fast";
    fast.clock_hz = 200e6;
    fast.networks = {{"n", 0.4, 3.0, 0, {}}, {"m", 0.5, 1.0, 0, {}}};
    p.variants = {slow, fast};
    Network n;
    n.name = "n";
    const auto one = other_point_errors(n, p.variants[1], p);
    CHECK(only(one.latency) == Approx(25.0));         // 0.5 s instead of 0.4 s
    CHECK(only(one.energy) == Approx(-100.0 / 3.0));  // 2 J instead of 3 J
    n.name = "unmeasured";
    const auto any = other_point_errors(n, p.variants[1], p);
    CHECK(any.latency->low == 0.0);
    CHECK(any.latency->high == Approx(0.25));
    CHECK(any.energy->low == any.energy->high);  // m has no energy on the slow one
    p.variants[0].core_voltage_v = 1.0;
    p.variants[1].core_voltage_v = 1.5;
    n.name = "n";
    CHECK(only(other_point_errors(n, p.variants[1], p).energy) == Approx(50.0));  // 4.5 J, not 3 J
    p.variants.pop_back();
    CHECK_FALSE(other_point_errors(n, p.variants[0], p).latency);
}

TEST_CASE("a measured network is quoted its total, its layers add up, and the errors stand by") {
    const Measured measured;
    const auto n = network("mlperf_tiny_kws");
    const auto quotes = network_quotes(*n, all_platforms(), measured.tables);
    const NetworkQuote* q = find_quote(quotes, "cortex_m33_stm32u385");
    REQUIRE(q != nullptr);
    CHECK(q->total == "measured");
    CHECK(q->latency_s == Approx(48.3022e-3).epsilon(1e-9));
    CHECK(*q->energy_j == Approx(245.3412e-6).epsilon(1e-9));
    REQUIRE(q->layers.size() == n->layers.size());
    double sum_s = 0.0;
    for (const LayerQuote& layer : q->layers) {
        sum_s += layer.latency_s;
    }
    CHECK(sum_s == Approx(q->latency_s).epsilon(1e-12));
    CHECK(only(q->left_out.latency) == Approx(-27.0).margin(1.0));
    const NetworkQuote* no_energy = find_quote(quotes, "cortex_m0plus_stm32g0b1");
    REQUIRE(no_energy != nullptr);
    CHECK_FALSE(no_energy->energy_j);
    for (const NetworkQuote& quote : quotes.quotes) {
        CHECK(quote.latency_s > 0.0);
        CHECK(quote.layers.size() == n->layers.size());
    }
}

TEST_CASE("a platform of operations quotes the published plan, or says why it cannot") {
    const Measured measured;
    const auto tinas =
        network_quotes(*network("tinas_har_lat_perc25"), all_platforms(), measured.tables);
    const NetworkQuote* q = find_quote(tinas, "msp430fr5994_extfram_tinas");
    REQUIRE(q != nullptr);
    CHECK(q->total == "model");
    CHECK(q->method == "tile by tile, with the table's tiles");
    CHECK(q->latency_s == Approx(3.020587).epsilon(1e-6));  // L_cont of the published solution
    const auto inas =
        network_quotes(*network("inas_har_cap005_ts1"), all_platforms(), measured.tables);
    q = find_quote(inas, "msp430fr5994_extfram_inas");
    REQUIRE(q != nullptr);
    CHECK(q->latency_s == Approx(4.3375).epsilon(1e-4));
    CHECK(*q->energy_j == Approx(22.92e-3).epsilon(1e-3));

    const auto refusal =
        std::find_if(inas.refusals.begin(), inas.refusals.end(),
                     [](const auto& r) { return r.platform == "msp430fr5994_cpu"; });
    REQUIRE(refusal != inas.refusals.end());
    CHECK(refusal->why.find("no model") != std::string::npos);
    // An estimated table is quoted with its bounds.
    q = find_quote(inas, "msp430fr5994_lea_intfram_estimate");
    if (q != nullptr) {
        REQUIRE(q->uncertain.latency);
        CHECK(q->uncertain.latency->low < 0.0);
        CHECK(q->uncertain.latency->high > 0.0);
    }
}

TEST_CASE("what is known by totals alone expects the errors of all that was measured") {
    // Each of the measured networks left out, by the mean cost per MAC of the others: by hand.
    PlatformVariant v;
    v.networks = {{"a", 1.0, 4.0, 0, {}, 10.0}, {"b", 3.0, 2.0, 0, {}, 10.0}};
    Network c;
    c.name = "c";
    const auto errors = left_out_errors(c, v, {});
    CHECK(errors.latency->low == Approx(1.0 / 3.0 - 1.0));
    CHECK(errors.latency->high == Approx(3.0 - 1.0));
    CHECK(errors.energy->low == Approx(0.5 - 1.0));
    CHECK(errors.energy->high == Approx(2.0 - 1.0));
    c.name = "b";
    CHECK(only(left_out_errors(c, v, {}).latency) == Approx(100.0 / 3.0 - 100.0));
}

TEST_CASE("a network whose layers repeat is quoted nowhere, and it says so") {
    const auto quotes = network_quotes(*network("budget_rnn_uci_har"), all_platforms(), {});
    CHECK(quotes.quotes.empty());
    REQUIRE(quotes.refusals.size() == 1);
    CHECK(quotes.refusals.front().why.find("once per element") != std::string::npos);
}
