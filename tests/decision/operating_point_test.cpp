// SPDX-License-Identifier: Apache-2.0
// From one operating point of a chip to another, against chips that were measured at two.
#include "models/workload/operating_point.hpp"
#include "tests/support/test_data.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

using namespace ebb;
using namespace ebb::test;

namespace {

/// Two points of each work of a chip, by the work's name.
using Works = std::map<std::string, PointPair>;

std::map<std::string, Works> measured_chips() {
    std::map<std::string, Works> chips;
    for (const CsvRow& row : test_table("zoo/dvfs_points.csv")) {
        const PointMeasurement point{row.number("supply_v"), row.number("clock_hz"),
                                     row.number("latency_s"), row.number("energy_j")};
        PointPair& pair = chips[row.text("device")][row.text("task")];
        (pair.from.supply_v == 0.0 ? pair.from : pair.to) = point;
    }
    return chips;
}

double error(double predicted, double measured) { return std::abs(predicted / measured - 1.0); }

/// Largest errors over all works of a chip, each point predicted from the other one.
struct Worst {
    double latency = 0.0, energy = 0.0;
};

Worst worst_of(const Works& works, bool with_static) {
    Worst worst;
    for (const auto& [name, pair] : works) {
        std::vector<PointPair> others;
        for (const auto& [other, other_pair] : works) {
            if (other != name) {
                others.push_back(other_pair);
            }
        }
        const double static_w = with_static ? fit_static_power(others) : 0.0;
        for (const auto& [from, to] :
             {std::pair(pair.from, pair.to), std::pair(pair.to, pair.from)}) {
            worst.latency =
                std::max(worst.latency, error(latency_at(from, to.clock_hz), to.latency_s));
            worst.energy =
                std::max(worst.energy,
                         error(energy_at(from, to.supply_v, to.clock_hz, static_w), to.energy_j));
        }
    }
    return worst;
}

}  // namespace

TEST_CASE("time goes with the clock, energy with the square of the voltage and static power") {
    const PointMeasurement known{1.0, 100e6, 2e-3, 5e-6};
    CHECK(latency_at(known, 50e6) == Approx(4e-3));
    CHECK(energy_at(known, 2.0, 50e6, 0.0) == Approx(20e-6));
    // 1 mW over 2 ms is 2 uJ of the 5: the other 3 grow fourfold, the static part with the time.
    CHECK(energy_at(known, 2.0, 50e6, 1e-3) == Approx(16e-6));
}

TEST_CASE("the static power behind made-up points is found again") {
    std::vector<PointPair> pairs;
    for (const double dynamic_j : {1e-6, 7e-6, 30e-6}) {
        for (const double latency_s : {1e-4, 2e-3}) {
            const auto point = [&](double v, double f) {
                const double t = latency_s * 100e6 / f;
                return PointMeasurement{v, f, t, dynamic_j * v * v + 0.75e-3 * t};
            };
            pairs.push_back({point(0.8, 40e6), point(1.2, 160e6)});
        }
    }
    CHECK(fit_static_power(pairs) == Approx(0.75e-3).epsilon(1e-10));
    CHECK(fit_static_power({}) == 0.0);
    const PointMeasurement same{1.0, 1e6, 1.0, 1.0};
    CHECK(fit_static_power({{same, same}}) == 0.0);
}

TEST_CASE("GAP9 and NDP9120 at one point predict the other, within the errors that are stated") {
    const auto chips = measured_chips();
    if (chips.empty()) {
        return;
    }
    const Worst gap9 = worst_of(chips.at("gap9"), false);
    const Worst ndp = worst_of(chips.at("ndp9120"), false);
    CHECK(gap9.latency < 0.0026);
    CHECK(ndp.latency < 0.097);
    CHECK(std::max(gap9.energy, ndp.energy) < 0.103);
    CHECK(std::max(gap9.energy, ndp.energy) > 0.09);  // what the square alone leaves
    // The static power comes from the other works of the chip, never from the predicted one.
    CHECK(worst_of(chips.at("gap9"), true).energy < 0.02);
    CHECK(worst_of(chips.at("ndp9120"), true).energy < 0.0116);
}

TEST_CASE("NDP9120's fitted static power is what it was seen to draw between inferences") {
    const auto chips = measured_chips();
    if (chips.empty()) {
        return;
    }
    std::vector<PointPair> pairs;
    for (const auto& [name, pair] : chips.at("ndp9120")) {
        pairs.push_back(pair);
    }
    // 0.60 mW between the windows of the energy run; the fit knows nothing of it.
    CHECK(fit_static_power(pairs) == Approx(0.60e-3).epsilon(0.12));
}
