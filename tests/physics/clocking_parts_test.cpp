// SPDX-License-Identifier: Apache-2.0
// Operating points that parts bring: without effect until asked for, and as good as what they rest
// on.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/scenarios.hpp"

using namespace ebb;
using namespace ebb::test;

namespace {

std::string device(const std::string& mcu, const std::string& task) {
    return "name: points\nduration: 1 s\n"
           "source: {model: {type: constant_power, power: 0 W}}\n"
           "store: {type: capacitor, capacitance: 1 F, initial: 3 V, max: 5 V}\n"
           "mcu: {turn_on: 2.9 V, turn_off: 1.8 V, initial: powered, " +
           mcu + "}\nworkload: {tasks: [{name: work, " + task + "}]}\n";
}

const std::string kBare =
    "boot: {time: 0 s, charge: 0 C}, off_current: 0 A, sleep: {current: 0 A, wake: 0 s}";

/// Energy [J] and latency [s] of a network at the slow and at the fast point, MLPerf Tiny logs
/// (mlcommons/tiny_results_v1.0 @c7761cf8 for GAP9, v1.1 to v1.3 for the NDP9120).
struct Measured {
    const char* part;
    const char* network;
    double slow_j, slow_s, fast_j, fast_s;
};
constexpr Measured kMeasured[] = {
    {"gap9", "ad", 5.25e-6, 272e-6, 7.29e-6, 176e-6},
    {"gap9", "kws", 18.56e-6, 731e-6, 26.66e-6, 474e-6},
    {"gap9", "ic", 27.71e-6, 958e-6, 40.36e-6, 622e-6},
    {"gap9", "vww", 40.8e-6, 1730e-6, 58.36e-6, 1123e-6},
    {"ndp9120", "kws", 31.5e-6, 4.4e-3, 43.8e-6, 1.5e-3},
    {"ndp9120", "ic", 101.8e-6, 16.06e-3, 139.4e-6, 5.13e-3},
    {"ndp9120", "vww", 71.7e-6, 12.81e-3, 97.2e-6, 4.15e-3},
};

}  // namespace

TEST_CASE("the points of a part have no effect until the scenario says which to use") {
    const std::string task = "time: 100 ms";
    const Result without = result_of(device("part: msp430fr5994", task));
    const Result fast = result_of(device("part: msp430fr5994, clocking: {use: fast}", task));
    const Result slow = result_of(device("part: msp430fr5994, clocking: {use: slow}", task));
    CHECK(without.work.first_done_s.value() == Approx(0.1).epsilon(1e-12));
    CHECK(fast.work.first_done_s.value() == without.work.first_done_s.value());
    CHECK(fast.energy_j.sinks[Sink::compute] == without.energy_j.sinks[Sink::compute]);
    CHECK(slow.work.first_done_s.value() == Approx(0.8).epsilon(1e-12));
    // 118 uA/MHz at either clock: the same charge.
    CHECK(slow.energy_j.sinks[Sink::compute] ==
          Approx(without.energy_j.sinks[Sink::compute]).epsilon(1e-4));
}

TEST_CASE("a scenario's own points need to be asked for") {
    const std::string own =
        "active: {current: 1 mA}, " + kBare +
        ", clocking: {work_at: 8 MHz, points: [{name: slow, clock: 1 MHz, from: 1.8 V, current: "
        "200 uA}]}";
    CHECK_THROWS_WITH(result_of(device(own, "time: 1 ms")),
                      Catch::Contains("mcu.clocking needs 'use'"));
    CHECK_THROWS_WITH(
        result_of(device("part: msp430fr5994, clocking: {hysteresis: 50 mV}", "time: 1 ms")),
        Catch::Contains("mcu.clocking needs 'use'"));
}

TEST_CASE("two points measured with one network foretell the others of the same chip") {
    for (const Measured& m : kMeasured) {
        CAPTURE(m.part, m.network);
        const std::string task =
            fmt::format("time: {} us, power: {} uW", m.slow_s * 1e6, m.slow_j / m.slow_s * 1e6);
        const auto at = [&](const std::string& point) {
            return result_of(device(fmt::format("part: {}, {}, clocking: {{use: {}}}, regulator: "
                                                "{{type: buck, output: 0.8 V, efficiency: 100 %, "
                                                "quiescent: 0 A, quiescent_off: 0 A}}",
                                                m.part, kBare, point),
                                    task));
        };
        const Result slow = at("slow");
        CHECK(slow.energy_j.sinks[Sink::compute] == Approx(m.slow_j).epsilon(1e-9));
        CHECK(slow.work.first_done_s.value() == Approx(m.slow_s).epsilon(1e-9));
        const Result fast = at("fast");
        // GAP9's time goes with its clock and its power with the network by 3 %; the NDP9120's time
        // goes less than with its clock.
        const bool gap9 = std::string(m.part) == "gap9";
        CHECK(fast.energy_j.sinks[Sink::compute] == Approx(m.fast_j).epsilon(gap9 ? 0.035 : 0.09));
        CHECK(fast.work.first_done_s.value() == Approx(m.fast_s).epsilon(gap9 ? 0.003 : 0.09));
    }
}
